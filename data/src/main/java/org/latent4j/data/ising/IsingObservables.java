package org.latent4j.data.ising;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.latent4j.data.DataException;

/**
 * Thermal means of a sequence of configurations, each with its standard error.
 *
 * <p>Per spin: absMagnetisation is the mean of |m|, squaredMagnetisation of m^2, energy of e; specificHeat = L^2 (mean of e^2 - (mean of
 * e)^2) / T^2; susceptibility = L^2 (mean of m^2 - (mean of |m|)^2) / T. correlation[r] is G(r) along the axes, r = 0 .. L/2, not connected.
 *
 * <p>Means count the integrated autocorrelation time of their series ({@link Estimate}); the two fluctuations take a jackknife over blocks
 * of at least ten such times. Throws {@link DataException} for fewer than 2 samples or a temperature that is not above 0.
 */
public record IsingObservables(
        int size,
        double temperature,
        int samples,
        Estimate absMagnetisation,
        Estimate squaredMagnetisation,
        Estimate energy,
        Estimate specificHeat,
        Estimate susceptibility,
        List<Estimate> correlation) {

    private static final int MAX_BLOCKS = 64;
    private static final int MIN_BLOCKS = 8;
    private static final double BLOCK_IN_TIMES = 10;

    public static IsingObservables of(IsingSeries series, double temperature) {
        int n = series.samples();
        if (n < 2 || !(temperature > 0)) {
            throw new DataException("Ising observables take at least 2 samples and a temperature above 0, but got " + n
                    + " and " + temperature);
        }
        double spins = (double) series.size() * series.size();
        double[] m = map(series.magnetisation(), Math::abs);
        Estimate absMagnetisation = Estimate.ofMean(m);
        Estimate squared = Estimate.ofMean(map(m, v -> v * v));
        Estimate energy = Estimate.ofMean(series.energy());
        double time = Math.max(squared.autocorrelationTime(), energy.autocorrelationTime());
        int blocks = (int) Math.max(MIN_BLOCKS, Math.min(MAX_BLOCKS, n / (BLOCK_IN_TIMES * time)));
        return new IsingObservables(
                series.size(),
                temperature,
                n,
                absMagnetisation,
                squared,
                energy,
                variance(series.energy(), spins / (temperature * temperature), Math.min(blocks, n)),
                variance(m, spins / temperature, Math.min(blocks, n)),
                Arrays.stream(series.correlation()).map(Estimate::ofMean).toList());
    }

    /** Factor times the variance of a series, with the jackknife's error. */
    private static Estimate variance(double[] series, double factor, int blocks) {
        int n = series.length;
        double mean = Arrays.stream(series).average().orElseThrow();
        double[] sums = new double[blocks];
        double[] squares = new double[blocks];
        for (int i = 0; i < n; i++) {
            int block = (int) ((long) i * blocks / n);
            double deviation = series[i] - mean; // from the mean of all: the difference of squares keeps its digits
            sums[block] += deviation;
            squares[block] += deviation * deviation;
        }
        double square = Arrays.stream(squares).sum();
        double[] leaveOneOut = new double[blocks];
        for (int block = 0; block < blocks; block++) {
            // Block b holds the indices i with floor(i blocks / n) = b.
            double kept = n - (ceilDivide((block + 1L) * n, blocks) - ceilDivide((long) block * n, blocks));
            double keptMean = -sums[block] / kept; // all deviations add up to 0
            leaveOneOut[block] = factor * ((square - squares[block]) / kept - keptMean * keptMean);
        }
        return Estimate.ofJackknife(factor * square / n, leaveOneOut);
    }

    private static long ceilDivide(long a, long b) {
        return (a + b - 1) / b;
    }

    private static double[] map(double[] series, DoubleUnaryOperator function) {
        return Arrays.stream(series).map(function).toArray();
    }
}

package org.latent4j.data.ising;

import java.util.Arrays;

/**
 * A measured number with its standard error and, where it is the mean of a series, the integrated autocorrelation time of that series.
 *
 * <p>The time is in samples, 1/2 for independent ones (and by convention for quantities that are no plain mean, whose errors come from
 * the jackknife). Estimates never throw; a constant series has error 0.
 *
 * <p>Source: Sokal, "Monte Carlo methods in statistical mechanics" (1997), section 3 (self-consistent window); bias of the window's sum
 * corrected as in Wolff, Comput. Phys. Commun. 156 (2004) 143, equation 49.
 */
public record Estimate(double value, double standardError, double autocorrelationTime) {
    private static final double INDEPENDENT = 0.5;
    private static final double WINDOW_IN_TIMES = 6; // Sokal: 4 to 10; the cut tail is e^-6

    /** How many standard errors of the difference lie between two independent estimates. */
    public double sigmasFrom(Estimate other) {
        double difference = Math.abs(value - other.value);
        return difference == 0 ? 0 : difference / Math.hypot(standardError, other.standardError);
    }

    /** The mean of a series in the order in which it was sampled. */
    static Estimate ofMean(double[] series) {
        int n = series.length;
        double mean = Arrays.stream(series).average().orElseThrow();
        double variance = covariance(series, mean, 0);
        if (!(variance > 0)) {
            return new Estimate(mean, 0, INDEPENDENT);
        }
        double time = INDEPENDENT;
        int lag = 1;
        for (; lag < n / 2 && lag < WINDOW_IN_TIMES * time; lag++) {
            time += covariance(series, mean, lag) / variance;
            time = Math.max(time, INDEPENDENT); // anticorrelation is not trusted to shrink an error
        }
        time *= 1 + (2.0 * lag - 1) / n;
        return new Estimate(mean, Math.sqrt(2 * time * variance / n), time);
    }

    /** A jackknife estimate: the value from all samples, and the values with one block left out each. */
    static Estimate ofJackknife(double value, double[] leaveOneOut) {
        int blocks = leaveOneOut.length;
        double mean = Arrays.stream(leaveOneOut).average().orElseThrow();
        double squares =
                Arrays.stream(leaveOneOut).map(v -> (v - mean) * (v - mean)).sum();
        return new Estimate(value, Math.sqrt(squares * (blocks - 1) / blocks), INDEPENDENT);
    }

    private static double covariance(double[] series, double mean, int lag) {
        double sum = 0;
        for (int i = lag; i < series.length; i++) {
            sum += (series[i] - mean) * (series[i - lag] - mean);
        }
        return sum / (series.length - lag);
    }
}

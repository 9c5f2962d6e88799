package org.latent4j.reduction.divergence;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.latent4j.data.DataException;

/**
 * Two samples of one feature counted in the same bins: a divergence of their histograms is that of the binned distributions, and is biased
 * upwards by about (bins - 1) (1/n + 1/m) / 2 for KL and a quarter of that for JS (Miller and Madow's first order).
 *
 * <p>Throws {@link DataException} for empty samples, numbers that are not finite, and less than one bin.
 *
 * <p>Source of the width: Freedman, Diaconis, 1981.
 *
 * @param edges bins + 1, ascending, over the range of both samples
 * @param p shares of the first sample
 * @param q shares of the second
 */
public record Histograms(double[] edges, double[] p, double[] q) {
    private static final int MOST_BINS = 10_000;

    /** Bins of the width that Freedman and Diaconis advise for the smaller sample. */
    public static Histograms of(double[] x, double[] y) {
        check(x, y);
        double[] smaller = (x.length <= y.length ? x : y).clone();
        Arrays.sort(smaller);
        double spread = smaller[(int) (0.75 * (smaller.length - 1))] - smaller[(int) (0.25 * (smaller.length - 1))];
        double width = 2 * spread / Math.cbrt(smaller.length);
        double low = Math.min(
                Arrays.stream(x).min().orElseThrow(), Arrays.stream(y).min().orElseThrow());
        double high = Math.max(
                Arrays.stream(x).max().orElseThrow(), Arrays.stream(y).max().orElseThrow());
        int bins = width > 0 ? (int) Math.max(1, Math.min(MOST_BINS, Math.ceil((high - low) / width))) : 1;
        return of(x, y, bins);
    }

    public static Histograms of(double[] x, double[] y, int bins) {
        check(x, y);
        if (bins < 1 || bins > MOST_BINS) {
            throw new DataException("the number of bins must be 1 to " + MOST_BINS + ", but is " + bins);
        }
        double low = Math.min(
                Arrays.stream(x).min().orElseThrow(), Arrays.stream(y).min().orElseThrow());
        double high = Math.max(
                Arrays.stream(x).max().orElseThrow(), Arrays.stream(y).max().orElseThrow());
        double[] edges = new double[bins + 1];
        for (int i = 0; i <= bins; i++) {
            edges[i] = low + (high - low) * i / bins;
        }
        return new Histograms(edges, shares(x, low, high, bins), shares(y, low, high, bins));
    }

    public Discrete.Comparison compare() {
        return Discrete.compare(p, q);
    }

    private static void check(double[] x, double[] y) {
        if (x.length == 0 || y.length == 0) {
            throw new DataException("histograms need at least one number of each sample, but there are " + x.length
                    + " and " + y.length);
        }
        if (!DoubleStream.concat(Arrays.stream(x), Arrays.stream(y)).allMatch(Double::isFinite)) {
            throw new DataException("a sample holds a number that is not finite; remove such rows");
        }
    }

    private static double[] shares(double[] x, double low, double high, int bins) {
        double[] shares = new double[bins];
        double scale = high > low ? bins / (high - low) : 0;
        for (double value : x) {
            shares[Math.min(bins - 1, (int) ((value - low) * scale))] += 1.0 / x.length;
        }
        return shares;
    }
}

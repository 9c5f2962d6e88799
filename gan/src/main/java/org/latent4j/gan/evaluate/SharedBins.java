package org.latent4j.gan.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Bins in which several samples of one quantity are compared: equally full of the reference, and one below and one above all of it, so
 * that what never occurs in the reference counts in full.
 */
final class SharedBins {
    private final double[] edges;

    /** Bins from the quantiles of the reference; fewer than asked for where values repeat. */
    SharedBins(double[] reference, int bins) {
        double[] sorted = reference.clone();
        Arrays.sort(sorted);
        this.edges = IntStream.rangeClosed(0, bins)
                .mapToDouble(i -> i == bins
                        ? Math.nextUp(sorted[sorted.length - 1])
                        : sorted[(int) ((long) i * sorted.length / bins)])
                .distinct()
                .toArray();
    }

    /** Jensen-Shannon divergence of the two histograms, in nats: 0 to ln 2. */
    double jensenShannon(double[] a, double[] b) {
        return jensenShannonOf(shares(a), shares(b));
    }

    static double jensenShannonOf(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double middle = (p[i] + q[i]) / 2;
            sum += (p[i] > 0 ? p[i] * Math.log(p[i] / middle) : 0) + (q[i] > 0 ? q[i] * Math.log(q[i] / middle) : 0);
        }
        return Math.max(0, sum / 2);
    }

    private double[] shares(double[] values) {
        double[] shares = new double[edges.length + 1];
        for (double value : values) {
            int found = Arrays.binarySearch(edges, value);
            shares[found >= 0 ? found + 1 : -found - 1] += 1.0 / values.length;
        }
        return shares;
    }
}

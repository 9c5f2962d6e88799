package org.latent4j.bench;

import java.util.Arrays;

/** Order statistics of a few measurements. */
final class Medians {
    private Medians() {}

    /** The middle value; the mean of the middle two of an even number. */
    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** (largest - smallest) / median. */
    static double spread(double[] values) {
        double low = Arrays.stream(values).min().orElseThrow();
        double high = Arrays.stream(values).max().orElseThrow();
        return (high - low) / median(values);
    }
}

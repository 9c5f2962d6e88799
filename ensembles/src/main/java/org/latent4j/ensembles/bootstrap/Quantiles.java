package org.latent4j.ensembles.bootstrap;

import java.util.Arrays;

/**
 * Quantiles that interpolate between order statistics, type 7 of Hyndman and Fan (1996), without sorting.
 *
 * <p>Source of the selection: Floyd and Rivest, "Algorithm 489: SELECT", Comm. ACM 18 (1975) 173.
 */
final class Quantiles {
    /** A longer range is narrowed by a sample of it first. */
    private static final int LONG = 600;

    private Quantiles() {}

    /** Of finite numbers, which are left as they are. */
    static double[] of(double[] values, double... probabilities) {
        double[] own = values.clone();
        double[] quantiles = new double[probabilities.length];
        for (int i = 0; i < quantiles.length; i++) {
            quantiles[i] = of(own, probabilities[i]);
        }
        return quantiles;
    }

    /** Reorders the numbers. */
    private static double of(double[] own, double probability) {
        double at = probability * (own.length - 1);
        int below = (int) Math.min(own.length - 1, Math.floor(at));
        if (below + 1 == own.length) {
            return Arrays.stream(own).max().orElseThrow();
        }
        // Both neighbours: one is selected, the other sought on the shorter side of it.
        boolean lower = below < own.length / 2;
        int selected = lower ? below + 1 : below;
        select(own, 0, own.length - 1, selected);
        double other = lower ? own[0] : own[selected + 1];
        for (int i = lower ? 0 : selected + 1; i < (lower ? selected : own.length); i++) {
            other = lower ? Math.max(other, own[i]) : Math.min(other, own[i]);
        }
        double low = lower ? other : own[selected];
        double next = lower ? own[selected] : other;
        return low + (at - below) * (next - low);
    }

    /** Brings the number of rank {@code k} to its place, with smaller ones before and larger ones behind it. */
    private static void select(double[] a, int from, int to, int k) {
        int left = from;
        int right = to;
        while (right > left) {
            if (right - left > LONG) {
                double n = right - left + 1;
                double i = k - left + 1;
                double log = Math.log(n);
                double size = 0.5 * Math.exp(2 * log / 3);
                double spread = 0.5 * Math.sqrt(log * size * (n - size) / n) * Math.signum(i - n / 2);
                int newLeft = Math.max(left, (int) (k - i * size / n + spread));
                int newRight = Math.min(right, (int) (k + (n - i) * size / n + spread));
                select(a, newLeft, newRight, k);
            }
            double pivot = a[k];
            int i = left;
            int j = right;
            swap(a, left, k);
            if (a[right] > pivot) {
                swap(a, right, left);
            }
            while (i < j) {
                swap(a, i++, j--);
                while (a[i] < pivot) {
                    i++;
                }
                while (a[j] > pivot) {
                    j--;
                }
            }
            if (a[left] == pivot) {
                swap(a, left, j);
            } else {
                swap(a, ++j, right);
            }
            if (j <= k) {
                left = j + 1;
            }
            if (k <= j) {
                right = j - 1;
            }
        }
    }

    private static void swap(double[] a, int i, int j) {
        double kept = a[i];
        a[i] = a[j];
        a[j] = kept;
    }
}

package org.latent4j.compute.cuda;

import java.util.ArrayList;
import java.util.List;

/**
 * Points in the order of their labels, equal ones in their own order.
 *
 * @param order indices of points; those without a label are left out
 * @param firsts where each label's points begin in the order, and where the last one's end
 */
record Segments(int[] order, int[] firsts, double[] weights, long[] counts) {

    static Segments of(int[] labels, double[] weights, int k) {
        int[] firsts = new int[k + 1];
        double[] totals = new double[k];
        long[] counts = new long[k];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= 0) {
                counts[labels[i]]++;
                totals[labels[i]] += weights == null ? 1 : weights[i];
            }
        }
        for (int label = 0; label < k; label++) {
            firsts[label + 1] = firsts[label] + (int) counts[label];
        }
        int[] next = firsts.clone();
        int[] order = new int[firsts[k]];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= 0) {
                order[next[labels[i]]++] = i;
            }
        }
        return new Segments(order, firsts, totals, counts);
    }

    /** From and to of pieces of one label each, of at most so many points. */
    long[] pieces(int most) {
        List<Long> pieces = new ArrayList<>();
        for (int label = 0; label + 1 < firsts.length; label++) {
            for (int from = firsts[label]; from < firsts[label + 1]; from += most) {
                pieces.add((long) from);
                pieces.add((long) Math.min(from + most, firsts[label + 1]));
            }
        }
        return pieces.stream().mapToLong(Long::longValue).toArray();
    }

    /** The first piece of each label, and how many there are. */
    long[] firstPieces(int most) {
        long[] first = new long[firsts.length];
        for (int label = 0; label + 1 < firsts.length; label++) {
            first[label + 1] = first[label] + (counts[label] + most - 1) / most;
        }
        return first;
    }
}

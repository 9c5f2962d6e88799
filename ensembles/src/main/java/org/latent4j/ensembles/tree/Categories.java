package org.latent4j.ensembles.tree;

import java.util.Arrays;

/**
 * The best division of categories into two sets.
 *
 * <p>Categories are ordered by the share of a class, or by their mean, and cut like a number. For two classes and for numbers with squared
 * errors no division is better (Breiman et al. 1984, theorem 4.5; Fisher 1958); for more classes the order by each class is tried.
 */
final class Categories {
    private final Groups ordered;
    private final Groups original;
    private final double[] key = new double[256];

    Categories(Groups original, boolean counted) {
        this.original = original;
        this.ordered = new Groups(original.channels, counted);
    }

    /** Scans the groups that were counted last; gives whether a division is better than the best cut, whose {@code left} is then set. */
    boolean scan(NodeRows node, double[] total, Impurity impurity, int minLeaf, Cut best) {
        boolean classified = node.label != null;
        boolean better = false;
        int orders = classified && original.channels > 2 ? original.channels : 1;
        for (int o = 0; o < orders; o++) {
            Integer[] order = order(classified, o);
            rearrange(order, node);
            if (impurity.scan(ordered, node, total, minLeaf, best)) {
                best.left = leftCodes(best, order);
                better = true;
            }
        }
        return better;
    }

    private Integer[] order(boolean classified, int byClass) {
        int channels = original.channels;
        Integer[] order = new Integer[original.size];
        for (int g = 0; g < original.size; g++) {
            order[g] = g;
            double weight = 0;
            for (int c = 0; c < (classified ? channels : 1); c++) {
                weight += original.sums[g * channels + c];
            }
            key[g] = original.sums[g * channels + (classified ? byClass : 1)] / weight;
        }
        Arrays.sort(order, (a, b) -> Double.compare(key[a], key[b])); // stable: equals stay in the order of their codes
        return order;
    }

    private void rearrange(Integer[] order, NodeRows node) {
        int channels = original.channels;
        boolean sorted = original.sorted;
        if (sorted && ordered.order.length < original.order.length) {
            ordered.order = new int[original.order.length];
            ordered.end = new int[original.order.length];
        }
        int at = 0;
        for (int i = 0; i < order.length; i++) {
            int g = order[i];
            System.arraycopy(original.sums, g * channels, ordered.sums, i * channels, channels);
            if (original.count != null) {
                ordered.count[i] = original.count[g];
            }
            if (sorted) {
                int start = g == 0 ? 0 : original.end[g - 1];
                System.arraycopy(original.order, start, ordered.order, at, original.end[g] - start);
                at += original.end[g] - start;
                ordered.end[i] = at;
            }
        }
        if (sorted) {
            System.arraycopy(original.order, at, ordered.order, at, node.size - at);
        }
        ordered.size = original.size;
        ordered.missingCount = original.missingCount;
        System.arraycopy(original.missing, 0, ordered.missing, 0, channels);
    }

    private long[] leftCodes(Cut best, Integer[] order) {
        long[] left = new long[4];
        for (int i = 0; i <= best.group; i++) {
            set(left, original.code[order[i]]);
        }
        return left;
    }

    static void set(long[] bits, int code) {
        bits[code >>> 6] |= 1L << code;
    }

    static boolean isSet(long[] bits, int at, int code) {
        return (bits[at + (code >>> 6)] >>> code & 1) != 0;
    }
}

package org.latent4j.ensembles.tree;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** One cut of a number, anywhere between a node's least and largest value with the same probability, as extremely randomised trees try it. */
final class RandomCuts {
    private final Quantised data;
    private final Impurity impurity;
    private final int minLeaf;
    private final double[] left;
    private final double[] right;
    private final double[] missing;

    private int least;
    private int largest;
    private int missingRows;

    RandomCuts(Quantised data, Impurity impurity, int minLeaf) {
        this.data = data;
        this.impurity = impurity;
        this.minLeaf = minLeaf;
        this.left = new double[impurity.channels];
        this.right = new double[impurity.channels];
        this.missing = new double[impurity.channels];
    }

    /** Finds the range of a feature in a node; gives whether it has two values at least, missing ones aside. */
    boolean open(int feature, NodeRows node) {
        byte[] bytes = data.codes[feature];
        int[] ranks = data.ranks[feature];
        int missingCode = bytes == null ? data.low[feature].length : Quantised.MISSING;
        least = Integer.MAX_VALUE;
        largest = -1;
        missingRows = 0;
        for (int i = 0; i < node.size; i++) {
            int row = node.rows[node.from + i];
            int code = bytes != null ? bytes[row] & 0xFF : ranks[row];
            if (code == missingCode) {
                missingRows++;
            } else {
                least = Math.min(least, code);
                largest = Math.max(largest, code);
            }
        }
        return least < largest;
    }

    /** Draws a cut of the feature that was opened last, and takes it if it is better. */
    void search(int feature, NodeRows node, double[] total, Cut best, RandomGenerator random) {
        float[] low = data.low[feature];
        float[] high = data.high[feature];
        double drawn = low[least] + ((double) high[largest] - low[least]) * random.nextDouble();
        int code = least;
        int above = largest;
        while (above - code > 1) {
            int middle = (code + above) >>> 1;
            if (low[middle] <= drawn) {
                code = middle;
            } else {
                above = middle;
            }
        }
        int leftRows = sumLeft(feature, node, code);
        double before = best.score;
        if (missingRows > 0) {
            take(leftRows + missingRows, true, node, total, best);
        }
        take(leftRows, false, node, total, best);
        if (best.score > before) {
            best.feature = feature;
            best.left = null;
            best.code = code;
            best.fine = false;
            best.sawMissing = missingRows > 0;
            boolean between = drawn >= high[code] && (float) drawn < low[code + 1];
            best.threshold =
                    between ? Math.max(high[code], (float) drawn) : FloatOrder.between(high[code], low[code + 1]);
        }
    }

    private int sumLeft(int feature, NodeRows node, int code) {
        byte[] bytes = data.codes[feature];
        int[] ranks = data.ranks[feature];
        int missingCode = bytes == null ? data.low[feature].length : Quantised.MISSING;
        Arrays.fill(left, 0);
        Arrays.fill(missing, 0);
        int rows = 0;
        for (int i = 0; i < node.size; i++) {
            int row = node.rows[node.from + i];
            int rowCode = bytes != null ? bytes[row] & 0xFF : ranks[row];
            int goes = rowCode <= code ? 1 : 0;
            rows += goes;
            double weight = node.weight[i];
            if (node.label != null) {
                left[node.label[i]] += goes * weight;
            } else {
                left[0] += goes * weight;
                left[1] += goes * weight * node.value[i];
            }
            if (rowCode == missingCode && missingRows > 0) {
                if (node.label != null) {
                    missing[node.label[i]] += weight;
                } else {
                    missing[0] += weight;
                    missing[1] += weight * node.value[i];
                }
            }
        }
        return rows;
    }

    private void take(int leftRows, boolean missingLeft, NodeRows node, double[] total, Cut best) {
        if (leftRows < minLeaf || node.size - leftRows < minLeaf) {
            return;
        }
        for (int c = 0; c < left.length; c++) {
            double own = left[c] + (missingLeft ? missing[c] : 0);
            right[c] = total[c] - own;
        }
        double score;
        if (missingLeft) {
            for (int c = 0; c < left.length; c++) {
                left[c] += missing[c];
            }
            score = impurity.score(left, right);
            for (int c = 0; c < left.length; c++) {
                left[c] -= missing[c];
            }
        } else {
            score = impurity.score(left, right);
        }
        if (score > best.score) {
            best.score = score;
            best.missingLeft = missingLeft;
        }
    }
}

package org.latent4j.ensembles.tree;

import java.util.Arrays;

/**
 * A binary tree of cuts as flat arrays: node 0 is the root, children come after their parents, the right child next to the left one.
 *
 * <p>A point goes left where its feature is at most the threshold, or is one of the categories of a set; a missing value goes where the node
 * says. Not copied: don't change the arrays.
 *
 * @param feature of each node; -1 of a leaf
 * @param threshold of each node; of a node that divides categories, the number of its set
 * @param left index of the left child; 0 of a leaf
 * @param kinds bits of each node: {@link #MISSING_LEFT}, {@link #CATEGORICAL}, {@link #SAW_MISSING}
 * @param sets 4 longs for each set: bit c of these 256 says that category c goes left, bit 255 stands for unknown ones
 * @param value row of {@code values} that belongs to the node; -1 where it has none
 * @param values rows of {@code outputs} numbers: shares of the classes, or the predicted number
 * @param statistics of each node, or null
 */
public record Tree(
        int features,
        int outputs,
        int[] feature,
        float[] threshold,
        int[] left,
        byte[] kinds,
        long[] sets,
        int[] value,
        double[] values,
        Statistics statistics) {

    /** Missing values go left: those in training, or as most others did. */
    public static final int MISSING_LEFT = 1;

    public static final int CATEGORICAL = 2;
    /** There were missing values in training. */
    public static final int SAW_MISSING = 4;

    /**
     * What training saw.
     *
     * @param rows points in each node
     * @param weight their weight
     * @param impurity by the criterion
     */
    public record Statistics(int[] rows, double[] weight, double[] impurity) {}

    public int size() {
        return feature.length;
    }

    public boolean isLeaf(int node) {
        return feature[node] < 0;
    }

    public int leaves() {
        return (size() + 1) / 2;
    }

    /** Most cuts between the root and a leaf. */
    public int depth() {
        int[] depth = new int[size()];
        for (int node = 0; node < size(); node++) {
            if (!isLeaf(node)) {
                depth[left[node]] = depth[node] + 1;
                depth[left[node] + 1] = depth[node] + 1;
            }
        }
        return Arrays.stream(depth).max().orElse(0);
    }

    public boolean hasCategories() {
        return sets.length > 0;
    }

    /** The leaf of the point {@code points[at .. at + features)}. */
    public int leaf(float[] points, int at) {
        int node = 0;
        while (feature[node] >= 0) {
            node = left[node] + (goesLeft(node, points[at + feature[node]]) ? 0 : 1);
        }
        return node;
    }

    /** Which way a value goes at a node that is no leaf. */
    boolean goesLeft(int node, float x) {
        if ((kinds[node] & CATEGORICAL) != 0) {
            int category = x >= 0 && x < Quantised.MISSING && x == (int) x ? (int) x : Quantised.MISSING;
            return Categories.isSet(sets, (int) threshold[node] * 4, category);
        }
        return Float.isNaN(x) ? (kinds[node] & MISSING_LEFT) != 0 : x <= threshold[node];
    }

    /** Output {@code k} of a node that has a value. */
    public double value(int node, int k) {
        return values[value[node] * outputs + k];
    }
}

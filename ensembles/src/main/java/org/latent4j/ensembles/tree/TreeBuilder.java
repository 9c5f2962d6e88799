package org.latent4j.ensembles.tree;

import java.util.Arrays;

/** Arrays of a {@link Tree} that grow; used again for the next tree. */
final class TreeBuilder {
    private final int features;
    private final int outputs;
    private final boolean statistics;

    int size;
    private int[] feature = new int[1024];
    private float[] threshold = new float[1024];
    private int[] left = new int[1024];
    private byte[] kinds = new byte[1024];
    private int[] value = new int[1024];
    private int[] rows = new int[1024];
    private double[] weight = new double[1024];
    private double[] impurity = new double[1024];
    private long[] sets = new long[64];
    private int setCount;
    private double[] values = new double[1024];
    private int valueCount;
    /** Rows of values of single classes, which most leaves of a forest share; -1 where there is none yet. */
    private final int[] pure;

    TreeBuilder(int features, int outputs, boolean statistics) {
        this.features = features;
        this.outputs = outputs;
        this.statistics = statistics;
        this.pure = new int[outputs];
    }

    void begin() {
        size = 0;
        setCount = 0;
        valueCount = 0;
        Arrays.fill(pure, -1);
    }

    /** A new leaf without a value. */
    int add() {
        if (size == feature.length) {
            int more = size * 2;
            feature = Arrays.copyOf(feature, more);
            threshold = Arrays.copyOf(threshold, more);
            left = Arrays.copyOf(left, more);
            kinds = Arrays.copyOf(kinds, more);
            value = Arrays.copyOf(value, more);
            if (statistics) {
                rows = Arrays.copyOf(rows, more);
                weight = Arrays.copyOf(weight, more);
                impurity = Arrays.copyOf(impurity, more);
            }
        }
        feature[size] = -1;
        threshold[size] = 0;
        left[size] = 0;
        kinds[size] = 0;
        value[size] = -1;
        return size++;
    }

    void describe(int node, int nodeRows, double nodeWeight, double nodeImpurity) {
        rows[node] = nodeRows;
        weight[node] = nodeWeight;
        impurity[node] = nodeImpurity;
    }

    /** Gives a node its shares of the classes or its number; {@code single} is the only class there, or -1. */
    void setValue(int node, double[] output, int single) {
        if (single >= 0 && outputs > 1 && pure[single] >= 0) {
            value[node] = pure[single];
            return;
        }
        if ((valueCount + 1) * outputs > values.length) {
            values = Arrays.copyOf(values, Math.max(values.length * 2, (valueCount + 1) * outputs));
        }
        System.arraycopy(output, 0, values, valueCount * outputs, outputs);
        if (single >= 0 && outputs > 1) {
            pure[single] = valueCount;
        }
        value[node] = valueCount++;
    }

    /** Splits a leaf; gives the left child, which the right one follows. */
    int split(int node, Cut cut, boolean missingLeft) {
        feature[node] = cut.feature;
        kinds[node] = (byte) ((missingLeft ? Tree.MISSING_LEFT : 0) | (cut.sawMissing ? Tree.SAW_MISSING : 0));
        if (cut.left == null) {
            threshold[node] = cut.threshold;
        } else {
            kinds[node] |= Tree.CATEGORICAL;
            threshold[node] = setCount;
            if ((setCount + 1) * 4 > sets.length) {
                sets = Arrays.copyOf(sets, sets.length * 2);
            }
            System.arraycopy(cut.left, 0, sets, setCount++ * 4, 4);
        }
        int child = add();
        add();
        left[node] = child;
        return child;
    }

    Tree build() {
        return new Tree(
                features,
                outputs,
                Arrays.copyOf(feature, size),
                Arrays.copyOf(threshold, size),
                Arrays.copyOf(left, size),
                Arrays.copyOf(kinds, size),
                Arrays.copyOf(sets, setCount * 4),
                Arrays.copyOf(value, size),
                Arrays.copyOf(values, valueCount * outputs),
                statistics
                        ? new Tree.Statistics(
                                Arrays.copyOf(rows, size), Arrays.copyOf(weight, size), Arrays.copyOf(impurity, size))
                        : null);
    }
}

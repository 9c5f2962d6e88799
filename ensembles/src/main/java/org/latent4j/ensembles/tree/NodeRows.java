package org.latent4j.ensembles.tree;

/** The rows of the node that is being split, with what belongs to them side by side in memory. */
final class NodeRows {
    final int[] rows; // of the whole tree; this node's are from ... from + size - 1
    int from;
    int size;
    final double[] weight;
    final int[] label; // of classes, else null
    final double[] value; // of numbers, else null

    NodeRows(int most, boolean classified) {
        rows = new int[most];
        weight = new double[most];
        label = classified ? new int[most] : null;
        value = classified ? null : new double[most];
    }

    void open(int newFrom, int newSize, double[] weights, int[] labels, double[] values) {
        from = newFrom;
        size = newSize;
        for (int i = 0; i < size; i++) {
            int row = rows[from + i];
            weight[i] = weights[row];
            if (label != null) {
                label[i] = labels[row];
            } else {
                value[i] = values[row];
            }
        }
    }
}

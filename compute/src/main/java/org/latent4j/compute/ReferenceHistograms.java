package org.latent4j.compute;

import java.util.Arrays;

/** {@link Histograms} as they are defined, one row and one bin after the other. */
public final class ReferenceHistograms implements Histograms {
    private final byte[][] columns;

    /** @param columns p columns of n codes; not copied */
    public ReferenceHistograms(byte[][] columns) {
        this.columns = columns;
    }

    @Override
    public void classSums(Nodes nodes, int[] labels, double[] weights, int classes, double[] sums) {
        Arrays.fill(sums, 0, nodes.size() * nodes.each() * BINS * classes, 0);
        visit(nodes, (bin, row) -> sums[bin * classes + labels[row]] += weights[row]);
    }

    @Override
    public void valueSums(Nodes nodes, double[] values, double[] weights, double[] sums) {
        Arrays.fill(sums, 0, nodes.size() * nodes.each() * BINS * 2, 0);
        visit(nodes, (bin, row) -> {
            sums[bin * 2] += weights[row];
            sums[bin * 2 + 1] += weights[row] * values[row];
        });
    }

    @Override
    public void counts(Nodes nodes, int[] counts) {
        Arrays.fill(counts, 0, nodes.size() * nodes.each() * BINS, 0);
        visit(nodes, (bin, row) -> counts[bin]++);
    }

    private interface Visitor {
        void visit(int bin, int row);
    }

    private void visit(Nodes nodes, Visitor visitor) {
        for (int node = 0; node < nodes.size(); node++) {
            for (int j = 0; j < nodes.each(); j++) {
                int histogram = node * nodes.each() + j;
                byte[] column = columns[nodes.features()[histogram]];
                for (int i = nodes.from()[node]; i < nodes.to()[node]; i++) {
                    int row = nodes.rows()[i];
                    visitor.visit(histogram * BINS + (column[row] & 0xFF), row);
                }
            }
        }
    }
}

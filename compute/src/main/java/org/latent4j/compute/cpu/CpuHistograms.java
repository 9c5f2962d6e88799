package org.latent4j.compute.cpu;

import java.util.Arrays;
import org.latent4j.compute.Histograms;

/** {@link Histograms} in chunks of rows that stay in the first cache while all features of a node are counted. */
public final class CpuHistograms implements Histograms {
    private static final int CHUNK = 1024;

    private final byte[][] columns;

    /** @param columns p columns of n codes; not copied */
    public CpuHistograms(byte[][] columns) {
        this.columns = columns;
    }

    @Override
    public void classSums(Nodes nodes, int[] labels, double[] weights, int classes, double[] sums) {
        Arrays.fill(sums, 0, nodes.size() * nodes.each() * BINS * classes, 0);
        int[] label = new int[CHUNK];
        double[] weight = new double[CHUNK];
        for (int node = 0; node < nodes.size(); node++) {
            int end = nodes.to()[node];
            for (int start = nodes.from()[node]; start < end; start += CHUNK) {
                int length = Math.min(CHUNK, end - start);
                for (int i = 0; i < length; i++) {
                    int row = nodes.rows()[start + i];
                    label[i] = labels[row];
                    weight[i] = weights[row];
                }
                for (int j = 0; j < nodes.each(); j++) {
                    int histogram = node * nodes.each() + j;
                    byte[] column = columns[nodes.features()[histogram]];
                    addClasses(
                            column,
                            nodes.rows(),
                            start,
                            length,
                            label,
                            weight,
                            classes,
                            sums,
                            histogram * BINS * classes);
                }
            }
        }
    }

    private static void addClasses(
            byte[] column,
            int[] rows,
            int start,
            int length,
            int[] label,
            double[] weight,
            int classes,
            double[] sums,
            int base) {
        for (int i = 0; i < length; i++) {
            sums[base + (column[rows[start + i]] & 0xFF) * classes + label[i]] += weight[i];
        }
    }

    @Override
    public void valueSums(Nodes nodes, double[] values, double[] weights, double[] sums) {
        Arrays.fill(sums, 0, nodes.size() * nodes.each() * BINS * 2, 0);
        double[] weighted = new double[CHUNK];
        double[] weight = new double[CHUNK];
        for (int node = 0; node < nodes.size(); node++) {
            int end = nodes.to()[node];
            for (int start = nodes.from()[node]; start < end; start += CHUNK) {
                int length = Math.min(CHUNK, end - start);
                for (int i = 0; i < length; i++) {
                    int row = nodes.rows()[start + i];
                    weight[i] = weights[row];
                    weighted[i] = weights[row] * values[row];
                }
                for (int j = 0; j < nodes.each(); j++) {
                    int histogram = node * nodes.each() + j;
                    byte[] column = columns[nodes.features()[histogram]];
                    addValues(column, nodes.rows(), start, length, weighted, weight, sums, histogram * BINS * 2);
                }
            }
        }
    }

    private static void addValues(
            byte[] column,
            int[] rows,
            int start,
            int length,
            double[] weighted,
            double[] weight,
            double[] sums,
            int base) {
        for (int i = 0; i < length; i++) {
            int at = base + (column[rows[start + i]] & 0xFF) * 2;
            sums[at] += weight[i];
            sums[at + 1] += weighted[i];
        }
    }

    @Override
    public void counts(Nodes nodes, int[] counts) {
        Arrays.fill(counts, 0, nodes.size() * nodes.each() * BINS, 0);
        for (int node = 0; node < nodes.size(); node++) {
            for (int j = 0; j < nodes.each(); j++) {
                int histogram = node * nodes.each() + j;
                byte[] column = columns[nodes.features()[histogram]];
                int base = histogram * BINS;
                for (int i = nodes.from()[node]; i < nodes.to()[node]; i++) {
                    counts[base + (column[nodes.rows()[i]] & 0xFF)]++;
                }
            }
        }
    }
}

package org.latent4j.compute.cpu;

import java.util.Arrays;
import org.latent4j.compute.Primitives.ChangedSums;
import org.nd4j.linalg.api.buffer.DataType;

/** Sums of the points whose label has changed: of the blocks of {@link SegmentSumming}, each row read once, then of the blocks in their order. */
final class LabelChanges {
    /** Numbers of all blocks' sums that are held at once. */
    private static final int MOST_SUMS = 1 << 25;

    private static final int LABELS_TOGETHER = 32;
    /** Rows that the processor is made to fetch beside each other. */
    private static final int FETCHED = 64;

    private final Points points;
    private final int[] before;
    private final int[] now;
    private final double[] weights; // or null
    private final int k;
    private final int p;
    private final int blocks;
    private float[] fetched; // so that fetching is not left out

    LabelChanges(Points points, int[] before, int[] now, double[] weights, int k) {
        this.points = points;
        this.before = before;
        this.now = now;
        this.weights = weights;
        this.k = k;
        this.p = points.columns();
        this.blocks = SegmentSumming.blocks(points.rows());
    }

    /** Whether sums of so many labels and blocks may be held. */
    boolean fit() {
        return 2L * blocks * k * p <= MOST_SUMS;
    }

    ChangedSums run(Team team) {
        fetched = new float[team.workers()];
        double[][][] added = new double[blocks][k][];
        double[][][] taken = new double[blocks][k][];
        long[][] counts = new long[blocks][k];
        team.run(blocks, (block, worker) -> sum(block, worker, added[block], taken[block], counts[block]));
        double[][] totals = new double[2][k * p];
        team.run((k + LABELS_TOGETHER - 1) / LABELS_TOGETHER, (task, worker) -> {
            int from = task * LABELS_TOGETHER;
            total(added, from, totals[0]);
            total(taken, from, totals[1]);
        });
        long[] more = new long[k];
        for (long[] part : counts) {
            for (int label = 0; label < k; label++) {
                more[label] += part[label];
            }
        }
        return new ChangedSums(totals[0], totals[1], more);
    }

    private void sum(int block, int worker, double[][] added, double[][] taken, long[] counts) {
        Points.Buffer buffer = new Points.Buffer();
        double[] row = new double[p];
        float[] floats = new float[p];
        boolean single = points.type() == DataType.FLOAT;
        int[] changed = changed(block);
        for (int j = 0; j < changed.length; j++) {
            if (j % FETCHED == 0) {
                for (int ahead = j; ahead < Math.min(changed.length, j + FETCHED); ahead++) {
                    fetched[worker] += points.fetch(changed[ahead]);
                }
            }
            int i = changed[j];
            if (single) {
                points.readRow(i, floats, 0);
                weigh(floats, weights == null ? 1 : weights[i], row);
            } else {
                points.readRow(i, row, 0, buffer);
                weigh(row, weights == null ? 1 : weights[i], row);
            }
            add(row, of(added, now[i]));
            add(row, of(taken, before[i]));
            counts[now[i]]++;
            counts[before[i]]--;
        }
    }

    private int[] changed(int block) {
        int from = SegmentSumming.start(block, blocks, points.rows());
        int end = SegmentSumming.start(block + 1, blocks, points.rows());
        int[] changed = new int[end - from];
        int count = 0;
        for (int i = from; i < end; i++) {
            changed[count] = i;
            count += before[i] == now[i] ? 0 : 1;
        }
        return Arrays.copyOf(changed, count);
    }

    private double[] of(double[][] sums, int label) {
        if (sums[label] == null) {
            sums[label] = new double[p];
        }
        return sums[label];
    }

    private void total(double[][][] parts, int from, double[] total) {
        for (int label = from; label < Math.min(k, from + LABELS_TOGETHER); label++) {
            for (double[][] part : parts) {
                if (part[label] != null) {
                    add(part[label], total, label * p);
                }
            }
        }
    }

    // Loops of their own, that Java compiles to vector instructions.

    private static void weigh(float[] row, double weight, double[] out) {
        for (int f = 0; f < out.length; f++) {
            out[f] = weight * row[f];
        }
    }

    private static void weigh(double[] row, double weight, double[] out) {
        for (int f = 0; f < out.length; f++) {
            out[f] = weight * row[f];
        }
    }

    private static void add(double[] row, double[] sum) {
        for (int f = 0; f < row.length; f++) {
            sum[f] += row[f];
        }
    }

    private static void add(double[] row, double[] sum, int at) {
        for (int f = 0; f < row.length; f++) {
            sum[at + f] += row[f];
        }
    }
}

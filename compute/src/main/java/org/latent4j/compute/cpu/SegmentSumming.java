package org.latent4j.compute.cpu;

import org.latent4j.compute.Primitives.SegmentSums;
import org.nd4j.linalg.api.buffer.DataType;

/** Sums by label: of blocks of points, whose number depends on that of the points alone, then of the blocks in their order. */
final class SegmentSumming {
    private static final int MOST_BLOCKS = 16;
    private static final int LEAST_IN_BLOCK = 8192;
    private static final int TOGETHER = 256;
    /** If fewer than one point of so many has a label, they are read one by one. */
    private static final int SPARSE = 4;
    /** Sums of all blocks that are held at once. */
    private static final int MOST_SUMS = 1 << 25;

    private final Points points;
    private final int[] labels;
    private final double[] weights; // or null
    private final int k;
    private final int blocks;

    SegmentSumming(Points points, int[] labels, double[] weights, int k) {
        this.points = points;
        this.labels = labels;
        this.weights = weights;
        this.k = k;
        this.blocks = blocks(points.rows());
    }

    /** How many blocks so many points are cut into. */
    static int blocks(long rows) {
        return (int) Math.max(1, Math.min(MOST_BLOCKS, rows / LEAST_IN_BLOCK));
    }

    /** The first point of a block. */
    static int start(int block, int blocks, long rows) {
        return (int) (rows * block / blocks);
    }

    SegmentSums run(Team team) {
        int p = points.columns();
        double[] sums = new double[Math.multiplyExact(k, p)];
        double[] totals = new double[k];
        long[] counts = new long[k];
        int width = (int) Math.max(1, Math.min(p, (long) MOST_SUMS / blocks / k));
        for (int column = 0; column < p; column += width) {
            int first = column;
            int columns = Math.min(width, p - column);
            double[][][] parts = new double[blocks][][];
            team.run(blocks, (block, worker) -> parts[block] = partial(block, first, columns));
            for (double[][] part : parts) {
                for (int label = 0; label < k; label++) {
                    if (part[label] != null) {
                        add(part[label], sums, label * p + first);
                    }
                }
            }
        }
        double[][] totalParts = new double[blocks][];
        long[][] countParts = new long[blocks][];
        team.run(blocks, (block, worker) -> {
            totalParts[block] = new double[k];
            countParts[block] = new long[k];
            count(block, totalParts[block], countParts[block]);
        });
        for (int block = 0; block < blocks; block++) {
            for (int label = 0; label < k; label++) {
                totals[label] += totalParts[block][label];
                counts[label] += countParts[block][label];
            }
        }
        return new SegmentSums(sums, totals, counts);
    }

    private int start(int block) {
        return start(block, blocks, points.rows());
    }

    /** Sums of a block's points in some columns; null for labels without points. */
    private double[][] partial(int block, int first, int columns) {
        double[][] sums = new double[k][];
        Points.Buffer buffer = new Points.Buffer();
        boolean floats = points.type() == DataType.FLOAT;
        for (int from = start(block); from < start(block + 1); from += TOGETHER) {
            int end = Math.min(from + TOGETHER, start(block + 1));
            boolean dense = labelled(from, end) > (end - from) / SPARSE;
            for (int i = from; i < end; i++) {
                int label = labels[i];
                if (dense && i == from) {
                    read(from, end - from, buffer);
                }
                if (label < 0) {
                    continue;
                }
                if (!dense) {
                    read(i, 1, buffer);
                }
                if (sums[label] == null) {
                    sums[label] = new double[columns];
                }
                double weight = weights == null ? 1 : weights[i];
                int at = (dense ? i - from : 0) * points.columns() + first;
                if (floats) {
                    add(sums[label], buffer.floats, at, weight);
                } else {
                    add(sums[label], buffer.doubles, at, weight);
                }
            }
        }
        return sums;
    }

    private int labelled(int from, int end) {
        int labelled = 0;
        for (int i = from; i < end; i++) {
            labelled += labels[i] >= 0 ? 1 : 0;
        }
        return labelled;
    }

    private void read(int from, int count, Points.Buffer buffer) {
        if (points.type() == DataType.FLOAT) {
            points.readFloats(from, count, buffer);
        } else {
            points.read(from, count, buffer);
        }
    }

    private static void add(double[] sums, float[] rows, int at, double weight) {
        for (int f = 0; f < sums.length; f++) {
            sums[f] += weight * rows[at + f];
        }
    }

    private static void add(double[] sums, double[] rows, int at, double weight) {
        for (int f = 0; f < sums.length; f++) {
            sums[f] += weight * rows[at + f];
        }
    }

    private static void add(double[] part, double[] sums, int at) {
        for (int f = 0; f < part.length; f++) {
            sums[at + f] += part[f];
        }
    }

    private void count(int block, double[] totals, long[] counts) {
        for (int i = start(block); i < start(block + 1); i++) {
            if (labels[i] >= 0) {
                counts[labels[i]]++;
                totals[labels[i]] += weights == null ? 1 : weights[i];
            }
        }
    }
}

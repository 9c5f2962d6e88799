package org.latent4j.compute.cpu;

import java.util.Arrays;
import org.latent4j.compute.Primitives.SegmentSums;
import org.nd4j.linalg.api.buffer.DataType;

/** Sums by label: of blocks of points, whose number depends on that of the points alone, then of the blocks in their order. */
final class SegmentSumming {
    private static final int MOST_BLOCKS = 16;
    private static final int LEAST_IN_BLOCK = 2048;
    private static final int TOGETHER = 256;
    /** If fewer than one point of so many has a label, they are read one by one. */
    private static final int SPARSE = 4;
    /** That an addition takes with what is around it. */
    private static final int OPERATIONS = 4;

    private static final int MOST_BY_COLUMNS = 8;
    private static final int MOST_LABELS_BY_COLUMNS = 256;
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
        boolean byColumns = p <= MOST_BY_COLUMNS && k <= MOST_LABELS_BY_COLUMNS;
        int width = (int) Math.max(1, Math.min(p, (long) MOST_SUMS / blocks / k));
        for (int column = 0; column < p; column += width) {
            int first = column;
            int columns = Math.min(width, p - column);
            double[][][] parts = new double[blocks][][];
            team.share(blocks, points.rows() * columns * OPERATIONS, (from, end) -> {
                for (int block = from; block < end; block++) {
                    parts[block] = byColumns ? byColumns(block) : partial(block, first, columns);
                }
            });
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
        team.share(blocks, points.rows() * OPERATIONS, (from, end) -> {
            for (int block = from; block < end; block++) {
                totalParts[block] = new double[k];
                countParts[block] = new long[k];
                count(block, totalParts[block], countParts[block]);
            }
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

    /** The same of all columns, if they are few, one after the other: loops over the few numbers of a row take longer than to add these. */
    private double[][] byColumns(int block) {
        int p = points.columns();
        Points.Buffer buffer = new Points.Buffer();
        double[][] sums = new double[p][k + 1]; // the last is of points that are left out
        int[] slots = new int[TOGETHER];
        double[] own = new double[TOGETHER];
        Arrays.fill(own, 1);
        for (int from = start(block); from < start(block + 1); from += TOGETHER) {
            int count = Math.min(TOGETHER, start(block + 1) - from);
            points.read(from, count, buffer);
            for (int i = 0; i < count; i++) {
                slots[i] = labels[from + i] < 0 ? k : labels[from + i];
            }
            if (weights != null) {
                System.arraycopy(weights, from, own, 0, count);
            }
            for (int f = 0; f < p; f++) {
                addColumn(sums[f], slots, own, buffer.doubles, f, p, count);
            }
        }
        double[][] byLabel = new double[k][p];
        for (int label = 0; label < k; label++) {
            for (int f = 0; f < p; f++) {
                byLabel[label][f] = sums[f][label];
            }
        }
        return byLabel;
    }

    private static void addColumn(double[] sums, int[] slots, double[] own, double[] rows, int f, int p, int count) {
        for (int i = 0, at = f; i < count; i++, at += p) {
            sums[slots[i]] += own[i] * rows[at];
        }
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
        int end = start(block + 1);
        if (weights == null) {
            countPairs(start(block), end, counts);
            for (int label = 0; label < k; label++) {
                totals[label] = counts[label];
            }
            return;
        }
        for (int i = start(block); i < end; i++) {
            if (labels[i] >= 0) {
                counts[labels[i]]++;
                totals[labels[i]] += weights[i];
            }
        }
    }

    /** Every other point in counters of its own, as one addition waits for the one before to the same label. */
    private void countPairs(int from, int end, long[] counts) {
        long[] others = new long[k];
        int i = from;
        for (; i + 2 <= end; i += 2) {
            if (labels[i] >= 0) {
                counts[labels[i]]++;
            }
            if (labels[i + 1] >= 0) {
                others[labels[i + 1]]++;
            }
        }
        if (i < end && labels[i] >= 0) {
            counts[labels[i]]++;
        }
        for (int label = 0; label < k; label++) {
            counts[label] += others[label];
        }
    }
}

package org.latent4j.clustering;

import java.util.Arrays;
import org.latent4j.compute.Metric;

/**
 * Points stored in blocks, each feature of a block in an array of its own, so that loops over a block's points are vector instructions:
 * distances from one point to all of a block.
 *
 * <p>Arrays are read from their first element on: with an offset, Java 17 and later compile such loops to one number at a time. Sums run over
 * the features in their order, for every point alike: a distance has the same bits wherever it is computed.
 *
 * @param values of each block and feature, the numbers of its points; all blocks but the last have {@link #BLOCK} points
 */
record Columns(int n, int features, double[][][] values) {
    /** Points of a block: with up to 16 features they stay in the first cache while several points are compared with them. */
    static final int BLOCK = 256;

    /** Room for n points, all 0. */
    Columns(int n, int features) {
        this(n, features, new double[(n + BLOCK - 1) / BLOCK][features][]);
        for (int b = 0; b < values.length; b++) {
            for (int f = 0; f < features; f++) {
                values[b][f] = new double[size(b)];
            }
        }
    }

    int blocks() {
        return values.length;
    }

    /** Points in a block. */
    int size(int block) {
        return Math.min(BLOCK, n - block * BLOCK);
    }

    /** Index of a block's first point. */
    static int first(int block) {
        return block * BLOCK;
    }

    double get(int i, int feature) {
        return values[i / BLOCK][feature][i % BLOCK];
    }

    void set(int i, int feature, double value) {
        values[i / BLOCK][feature][i % BLOCK] = value;
    }

    double[] row(int i) {
        double[] row = new double[features];
        double[][] block = values[i / BLOCK];
        for (int f = 0; f < features; f++) {
            row[f] = block[f][i % BLOCK];
        }
        return row;
    }

    /** Some of the points, in an order. */
    Columns inOrder(int[] points) {
        Columns ordered = new Columns(points.length, features);
        for (int b = 0; b < ordered.blocks(); b++) {
            for (int f = 0; f < features; f++) {
                double[] to = ordered.values[b][f];
                for (int i = 0; i < to.length; i++) {
                    to[i] = get(points[first(b) + i], f);
                }
            }
        }
        return ordered;
    }

    /** A feature of all points. */
    double[] column(int feature) {
        double[] column = new double[n];
        for (int b = 0; b < values.length; b++) {
            System.arraycopy(values[b][feature], 0, column, first(b), size(b));
        }
        return column;
    }

    /**
     * Distances from a point to those of a block, to the start of {@code out}. For {@link Metric#COSINE} all points have to be of length 1
     * already.
     */
    void distances(Metric metric, double[] point, int block, double[] out) {
        double[][] x = values[block];
        int count = size(block);
        switch (metric) {
            case SQUARED_EUCLIDEAN -> euclidean(point, block, out, false);
            case EUCLIDEAN -> euclidean(point, block, out, true);
            case MANHATTAN -> {
                Arrays.fill(out, 0, count, 0);
                for (int f = 0; f < features; f++) {
                    addAbsolute(x[f], point[f], out, count);
                }
            }
            case CHEBYSHEV -> {
                Arrays.fill(out, 0, count, 0);
                for (int f = 0; f < features; f++) {
                    largestAbsolute(x[f], point[f], out, count);
                }
            }
            case COSINE -> {
                Arrays.fill(out, 0, count, 0);
                for (int f = 0; f < features; f++) {
                    addProduct(x[f], point[f], out, count);
                }
                for (int i = 0; i < count; i++) {
                    out[i] = Math.max(0, 1 - out[i]);
                }
            }
        }
    }

    /** Squared Euclidean distance from a point to one of a block: the same bits as in {@link #distances}. */
    double squared(double[] point, int block, int at) {
        double[][] x = values[block];
        double sum = 0;
        for (int f = 0; f < features; f++) {
            double by = x[f][at] - point[f];
            sum = Math.fma(by, by, sum);
        }
        return sum;
    }

    /** Cosine distance of points of length 1: the same bits as in {@link #distances}. */
    double cosine(double[] point, int block, int at) {
        double[][] x = values[block];
        double product = 0;
        for (int f = 0; f < features; f++) {
            product += x[f][at] * point[f];
        }
        return Math.max(0, 1 - product);
    }

    /** Whether one of the first count numbers is below a limit; without a branch, so that numbers are compared as vectors. */
    static boolean anyBelow(double[] numbers, int count, double limit) {
        boolean any = false;
        for (int i = 0; i < count; i++) {
            any |= numbers[i] < limit;
        }
        return any;
    }

    /** Squared Euclidean distances from a point to those of a block. */
    void squared(double[] point, int block, double[] out) {
        euclidean(point, block, out, false);
    }

    private void euclidean(double[] point, int block, double[] out, boolean root) {
        double[][] x = values[block];
        int count = size(block);
        int f = 0;
        if (features >= 4) {
            startFour(x[0], x[1], x[2], x[3], point[0], point[1], point[2], point[3], out, count);
            f = 4;
        } else {
            Arrays.fill(out, 0, count, 0);
        }
        boolean rootLeft = root;
        for (; f + 4 <= features; f += 4) {
            double[] a = x[f];
            double[] b = x[f + 1];
            double[] c = x[f + 2];
            double[] d = x[f + 3];
            if (rootLeft && f + 4 == features) { // the roots' slow unit works beside the others
                addFourAndRoot(a, b, c, d, point[f], point[f + 1], point[f + 2], point[f + 3], out, count);
                rootLeft = false;
            } else {
                addFour(a, b, c, d, point[f], point[f + 1], point[f + 2], point[f + 3], out, count);
            }
        }
        for (; f < features; f++) {
            addOne(x[f], point[f], out, count);
        }
        if (rootLeft) {
            roots(out, count);
        }
    }

    private static void startFour(
            double[] a,
            double[] b,
            double[] c,
            double[] d,
            double pa,
            double pb,
            double pc,
            double pd,
            double[] out,
            int count) {
        for (int i = 0; i < count; i++) {
            double da = a[i] - pa;
            double db = b[i] - pb;
            double dc = c[i] - pc;
            double dd = d[i] - pd;
            out[i] = Math.fma(dd, dd, Math.fma(dc, dc, Math.fma(db, db, da * da)));
        }
    }

    private static void addFour(
            double[] a,
            double[] b,
            double[] c,
            double[] d,
            double pa,
            double pb,
            double pc,
            double pd,
            double[] out,
            int count) {
        for (int i = 0; i < count; i++) {
            double da = a[i] - pa;
            double db = b[i] - pb;
            double dc = c[i] - pc;
            double dd = d[i] - pd;
            out[i] = Math.fma(dd, dd, Math.fma(dc, dc, Math.fma(db, db, Math.fma(da, da, out[i]))));
        }
    }

    private static void addFourAndRoot(
            double[] a,
            double[] b,
            double[] c,
            double[] d,
            double pa,
            double pb,
            double pc,
            double pd,
            double[] out,
            int count) {
        for (int i = 0; i < count; i++) {
            double da = a[i] - pa;
            double db = b[i] - pb;
            double dc = c[i] - pc;
            double dd = d[i] - pd;
            out[i] = Math.sqrt(Math.fma(dd, dd, Math.fma(dc, dc, Math.fma(db, db, Math.fma(da, da, out[i])))));
        }
    }

    private static void addOne(double[] a, double pa, double[] out, int count) {
        for (int i = 0; i < count; i++) {
            double da = a[i] - pa;
            out[i] = Math.fma(da, da, out[i]);
        }
    }

    private static void roots(double[] out, int count) {
        for (int i = 0; i < count; i++) {
            out[i] = Math.sqrt(out[i]);
        }
    }

    private static void addAbsolute(double[] a, double pa, double[] out, int count) {
        for (int i = 0; i < count; i++) {
            out[i] += Math.abs(a[i] - pa);
        }
    }

    private static void largestAbsolute(double[] a, double pa, double[] out, int count) {
        for (int i = 0; i < count; i++) {
            out[i] = Math.max(out[i], Math.abs(a[i] - pa));
        }
    }

    private static void addProduct(double[] a, double pa, double[] out, int count) {
        for (int i = 0; i < count; i++) {
            out[i] += a[i] * pa;
        }
    }
}

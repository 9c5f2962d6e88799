package org.latent4j.clustering;

import java.util.Arrays;
import org.latent4j.compute.Metric;

/**
 * Points stored column by column, so that loops over many points are vector instructions: distances from one point to a range of others.
 *
 * <p>Sums run over the features in their order, for every point alike: a distance has the same bits whichever range it is computed in.
 *
 * @param values p columns of n numbers
 */
record Columns(double[][] values) {
    /** How many points a loop takes at once: their sums stay in the first cache. */
    static final int CHUNK = 512;

    private static final int CACHED_VALUES = 4096;

    /** Points of which all features stay in the first cache while several points are compared with them. */
    int cachedPoints() {
        return Math.max(64, Math.min(CHUNK, CACHED_VALUES / values.length / 8 * 8));
    }

    /**
     * Distances from a point to points {@code from ... to - 1}, to {@code out[0 ...]}. For {@link Metric#COSINE} the points have to be of
     * length 1 already.
     */
    void distances(Metric metric, double[] point, int from, int to, double[] out) {
        int count = to - from;
        switch (metric) {
            case SQUARED_EUCLIDEAN -> squared(point, from, to, out);
            case EUCLIDEAN -> {
                squared(point, from, to, out);
                for (int i = 0; i < count; i++) {
                    out[i] = Math.sqrt(out[i]);
                }
            }
            case MANHATTAN -> {
                Arrays.fill(out, 0, count, 0);
                for (int f = 0; f < point.length; f++) {
                    addAbsolute(values[f], from, count, point[f], out);
                }
            }
            case CHEBYSHEV -> {
                Arrays.fill(out, 0, count, 0);
                for (int f = 0; f < point.length; f++) {
                    largestAbsolute(values[f], from, count, point[f], out);
                }
            }
            case COSINE -> {
                Arrays.fill(out, 0, count, 0);
                for (int f = 0; f < point.length; f++) {
                    addProduct(values[f], from, count, point[f], out);
                }
                for (int i = 0; i < count; i++) {
                    out[i] = Math.max(0, 1 - out[i]);
                }
            }
        }
    }

    private static void addAbsolute(double[] a, int from, int count, double pa, double[] out) {
        for (int i = 0; i < count; i++) {
            out[i] += Math.abs(a[from + i] - pa);
        }
    }

    private static void largestAbsolute(double[] a, int from, int count, double pa, double[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = Math.max(out[i], Math.abs(a[from + i] - pa));
        }
    }

    private static void addProduct(double[] a, int from, int count, double pa, double[] out) {
        for (int i = 0; i < count; i++) {
            out[i] += a[from + i] * pa;
        }
    }

    int n() {
        return values[0].length;
    }

    int features() {
        return values.length;
    }

    double[] row(int i) {
        double[] row = new double[values.length];
        for (int f = 0; f < row.length; f++) {
            row[f] = values[f][i];
        }
        return row;
    }

    /** Squared Euclidean distances from a point to points {@code from ... to - 1}, to {@code out[0 ...]}. */
    void squared(double[] point, int from, int to, double[] out) {
        int count = to - from;
        int p = values.length;
        int f = 0;
        if (p >= 4) {
            first(values[0], values[1], values[2], values[3], from, count, point, out);
            for (f = 4; f + 4 <= p; f += 4) {
                next(values[f], values[f + 1], values[f + 2], values[f + 3], from, count, point, f, out);
            }
        } else {
            Arrays.fill(out, 0, count, 0);
        }
        for (; f < p; f++) {
            one(values[f], from, count, point[f], out);
        }
    }

    private static void first(
            double[] a, double[] b, double[] c, double[] d, int from, int count, double[] point, double[] out) {
        double pa = point[0];
        double pb = point[1];
        double pc = point[2];
        double pd = point[3];
        for (int i = 0; i < count; i++) {
            double da = a[from + i] - pa;
            double db = b[from + i] - pb;
            double dc = c[from + i] - pc;
            double dd = d[from + i] - pd;
            out[i] = da * da + db * db + dc * dc + dd * dd;
        }
    }

    private static void next(
            double[] a, double[] b, double[] c, double[] d, int from, int count, double[] point, int f, double[] out) {
        double pa = point[f];
        double pb = point[f + 1];
        double pc = point[f + 2];
        double pd = point[f + 3];
        for (int i = 0; i < count; i++) {
            double da = a[from + i] - pa;
            double db = b[from + i] - pb;
            double dc = c[from + i] - pc;
            double dd = d[from + i] - pd;
            out[i] = out[i] + da * da + db * db + dc * dc + dd * dd;
        }
    }

    private static void one(double[] a, int from, int count, double pa, double[] out) {
        for (int i = 0; i < count; i++) {
            double da = a[from + i] - pa;
            out[i] += da * da;
        }
    }
}

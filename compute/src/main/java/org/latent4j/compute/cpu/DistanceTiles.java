package org.latent4j.compute.cpu;

import java.util.Arrays;
import org.latent4j.compute.Metric;

/**
 * Pairwise distances by their definitions in double, many columns of a tile at once: each pair's sum runs over the features in their order, as in
 * the reference.
 */
final class DistanceTiles {
    /** Columns of a tile whose points lie feature by feature. */
    static final int WIDTH = 256;

    private final Metric metric;
    private final int p;
    private final double[][] transposed; // of up to WIDTH points: feature by feature
    private final double[] norms = new double[WIDTH];
    private final double[] sums = new double[WIDTH];
    private final Points.Buffer buffer = new Points.Buffer();

    DistanceTiles(Metric metric, int p) {
        this.metric = metric;
        this.p = p;
        this.transposed = new double[p][WIDTH];
    }

    /** Takes points from ... from + count - 1 as columns. */
    void columns(Points points, long from, int count) {
        points.read(from, count, buffer);
        for (int f = 0; f < p; f++) {
            double[] feature = transposed[f];
            for (int j = 0; j < count; j++) {
                feature[j] = buffer.doubles[j * p + f];
            }
        }
        if (metric == Metric.COSINE) {
            Arrays.fill(norms, 0);
            for (int f = 0; f < p; f++) {
                addProducts(norms, transposed[f], transposed[f]);
            }
            for (int j = 0; j < WIDTH; j++) {
                norms[j] = Math.sqrt(norms[j]);
            }
        }
    }

    /** Distances of x[at ... at + p - 1] to the columns; valid until the next call. */
    double[] row(double[] x, int at) {
        Arrays.fill(sums, 0);
        switch (metric) {
            case SQUARED_EUCLIDEAN -> addSquares(x, at);
            case EUCLIDEAN -> {
                addSquares(x, at);
                roots(sums);
            }
            case MANHATTAN -> {
                for (int f = 0; f < p; f++) {
                    addMagnitudes(sums, transposed[f], x[at + f]);
                }
            }
            case CHEBYSHEV -> {
                for (int f = 0; f < p; f++) {
                    mostOf(sums, transposed[f], x[at + f]);
                }
            }
            case COSINE -> {
                double square = 0;
                for (int f = 0; f < p; f++) {
                    square += x[at + f] * x[at + f];
                    addMultiple(sums, transposed[f], x[at + f]);
                }
                double norm = Math.sqrt(square);
                for (int j = 0; j < WIDTH; j++) {
                    sums[j] = Math.max(0, 1 - sums[j] / (norm * norms[j]));
                }
            }
        }
        return sums;
    }

    private void addSquares(double[] x, int at) {
        int f = 0;
        for (; f + 4 <= p; f += 4) {
            addSquares(
                    sums,
                    transposed[f],
                    x[at + f],
                    transposed[f + 1],
                    x[at + f + 1],
                    transposed[f + 2],
                    x[at + f + 2],
                    transposed[f + 3],
                    x[at + f + 3]);
        }
        for (; f < p; f++) {
            addSquares(sums, transposed[f], x[at + f]);
        }
    }

    private static void addSquares(
            double[] sums, double[] a, double xa, double[] b, double xb, double[] c, double xc, double[] d, double xd) {
        for (int j = 0; j < WIDTH; j++) {
            double da = xa - a[j];
            double db = xb - b[j];
            double dc = xc - c[j];
            double dd = xd - d[j];
            sums[j] = sums[j] + da * da + db * db + dc * dc + dd * dd;
        }
    }

    private static void addSquares(double[] sums, double[] column, double x) {
        for (int j = 0; j < WIDTH; j++) {
            double difference = x - column[j];
            sums[j] += difference * difference;
        }
    }

    private static void roots(double[] sums) {
        for (int j = 0; j < WIDTH; j++) {
            sums[j] = Math.sqrt(sums[j]);
        }
    }

    private static void addMagnitudes(double[] sums, double[] column, double x) {
        for (int j = 0; j < WIDTH; j++) {
            sums[j] += Math.abs(x - column[j]);
        }
    }

    private static void mostOf(double[] sums, double[] column, double x) {
        for (int j = 0; j < WIDTH; j++) {
            sums[j] = Math.max(sums[j], Math.abs(x - column[j]));
        }
    }

    private static void addMultiple(double[] sums, double[] column, double x) {
        for (int j = 0; j < WIDTH; j++) {
            sums[j] += x * column[j];
        }
    }

    private static void addProducts(double[] sums, double[] a, double[] b) {
        for (int j = 0; j < WIDTH; j++) {
            sums[j] += a[j] * b[j];
        }
    }

    /** Distances of some rows of a to some of b, row by row in {@code out}. */
    static void fill(
            Points a, long fromA, int rowsA, Points b, long fromB, int rowsB, Metric metric, double[] out, Team team) {
        int tiles = (rowsB + WIDTH - 1) / WIDTH;
        int together = Math.max(16, Math.min(256, rowsA));
        int groups = (rowsA + together - 1) / together;
        DistanceTiles[] mine = new DistanceTiles[team.workers()];
        Points.Buffer[] rows = new Points.Buffer[team.workers()];
        team.run(tiles * groups, (task, worker) -> {
            if (mine[worker] == null) {
                mine[worker] = new DistanceTiles(metric, a.columns());
                rows[worker] = new Points.Buffer();
            }
            int column = task / groups * WIDTH;
            int columns = Math.min(WIDTH, rowsB - column);
            int row = task % groups * together;
            int count = Math.min(together, rowsA - row);
            mine[worker].columns(b, fromB + column, columns);
            a.read(fromA + row, count, rows[worker]);
            for (int i = 0; i < count; i++) {
                double[] found = mine[worker].row(rows[worker].doubles, i * a.columns());
                System.arraycopy(found, 0, out, (row + i) * rowsB + column, columns);
            }
        });
    }
}

package org.latent4j.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Silhouettes: (b - a) / max(a, b) of a point, with a its mean distance to the others of its cluster and b the smallest mean distance to
 * the points of another cluster; 0 for a point alone in its cluster.
 *
 * <p>Of more points than asked for, a random sample is scored, each against all points: exact values of fewer points. Throws
 * {@link DataException} for less than two clusters and negative labels.
 *
 * <p>Source: Rousseeuw, "Silhouettes", J. Comput. Appl. Math. 20 (1987) 53.
 *
 * @param points row indices of the scored points, ascending
 * @param values their silhouettes
 * @param labels their clusters
 */
public record Silhouette(int[] points, double[] values, int[] labels) {
    private static final int TILE_VALUES = 1 << 20;

    /** In Euclidean distance, of at most {@code sample} points. */
    public static Silhouette of(INDArray points, int[] labels, int sample, long seed, Primitives primitives) {
        Points checked = Points.of(points);
        int k = Labels.check(labels, checked.n());
        long[] counts = new long[k];
        for (int label : labels) {
            counts[label]++;
        }
        if (Arrays.stream(counts).filter(count -> count > 0).count() < 2) {
            throw new DataException("silhouettes need at least two clusters, but all points have one label");
        }
        int[] chosen = sample(checked.n(), sample, seed);
        double[] values = new double[chosen.length];
        INDArray queries = Points.array(flat(checked.rows(chosen)), chosen.length, checked.features(), checked.type());
        try (Matrix all = primitives.matrix(checked.array());
                Matrix scored = primitives.matrix(queries)) {
            int rowsAtOnce = Math.max(1, Math.min(chosen.length, TILE_VALUES / Math.min(TILE_VALUES, checked.n())));
            int columnsAtOnce = Math.min(checked.n(), TILE_VALUES);
            for (int from = 0; from < chosen.length; from += rowsAtOnce) {
                int rows = Math.min(rowsAtOnce, chosen.length - from);
                double[][] sums = new double[rows][k];
                for (int at = 0; at < checked.n(); at += columnsAtOnce) {
                    int columns = Math.min(columnsAtOnce, checked.n() - at);
                    double[] tile = new double[rows * columns];
                    primitives.distances(scored, from, rows, all, at, columns, Metric.EUCLIDEAN, tile);
                    add(tile, labels, at, columns, sums);
                }
                for (int r = 0; r < rows; r++) {
                    values[from + r] = value(sums[r], counts, labels[chosen[from + r]]);
                }
            }
        }
        return new Silhouette(
                chosen, values, Arrays.stream(chosen).map(i -> labels[i]).toArray());
    }

    /** Each point's distances summed by the cluster of the other. */
    private static void add(double[] tile, int[] labels, int at, int columns, double[][] sums) {
        IntStream.range(0, sums.length).parallel().forEach(r -> {
            for (int j = 0; j < columns; j++) {
                sums[r][labels[at + j]] += tile[r * columns + j];
            }
        });
    }

    private static double value(double[] sums, long[] counts, int own) {
        if (counts[own] == 1) {
            return 0;
        }
        double a = sums[own] / (counts[own] - 1);
        double b = Double.POSITIVE_INFINITY;
        for (int c = 0; c < sums.length; c++) {
            if (c != own && counts[c] > 0) {
                b = Math.min(b, sums[c] / counts[c]);
            }
        }
        double most = Math.max(a, b);
        return most == 0 ? 0 : (b - a) / most;
    }

    private static int[] sample(int n, int sample, long seed) {
        if (sample < 1) {
            throw new DataException("the number of points to score must be at least 1, but is " + sample);
        }
        int[] all = IntStream.range(0, n).toArray();
        if (n <= sample) {
            return all;
        }
        new Philox(seed, Philox.Purpose.EVALUATION, 0).shuffle(all);
        int[] chosen = Arrays.copyOf(all, sample);
        Arrays.sort(chosen);
        return chosen;
    }

    private static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    /** The mean of all values. */
    public double mean() {
        return Arrays.stream(values).average().orElseThrow();
    }
}

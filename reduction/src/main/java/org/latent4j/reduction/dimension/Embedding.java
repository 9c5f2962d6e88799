package org.latent4j.reduction.dimension;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.reduction.FinitePoints;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How well an embedding (n, q) keeps the neighbourhoods of points (n, p), each from 0 (worst) to 1.
 *
 * <p>Trustworthiness counts neighbours in the embedding that were far away; continuity counts neighbours of the data that were torn away. Both
 * weigh a wrong neighbour by how far down the list of the others it is.
 *
 * <p>Throws {@link DataException} for different numbers of rows, for k outside 1 ... (n - 1) / 2 and for numbers that are not finite.
 *
 * <p>Source: Venna, Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN 2001.
 */
public record Embedding(int k, double trustworthiness, double continuity) {
    private static final long TILE_NUMBERS = 1L << 22;

    public static Embedding measure(INDArray points, INDArray embedded, int k, Primitives primitives) {
        long n = points.size(0);
        if (embedded.size(0) != n) {
            throw new DataException(n + " points, but " + embedded.size(0) + " embedded ones");
        }
        if (k < 1 || 2L * k >= n) {
            throw new DataException("k must be at least 1 and less than half of the " + n + " points, but is " + k);
        }
        FinitePoints.require(points, "the points");
        FinitePoints.require(embedded, "the embedded points");
        try (Matrix before = primitives.matrix(points);
                Matrix after = primitives.matrix(embedded)) {
            return new Embedding(k, kept(before, after, k, primitives), kept(after, before, k, primitives));
        }
    }

    /** 1 - 2 / (n k (2 n - 3 k - 1)) times the sum of r - k over neighbours in {@code found} of rank r > k in {@code truth}. */
    private static double kept(Matrix truth, Matrix found, int k, Primitives primitives) {
        int n = Math.toIntExact(truth.rows());
        int rowsEach = (int) Math.max(1, Math.min(n, TILE_NUMBERS / n));
        double penalty = 0;
        double[] truthTile = new double[rowsEach * n];
        double[] foundTile = new double[rowsEach * n];
        for (int from = 0; from < n; from += rowsEach) {
            int rows = Math.min(rowsEach, n - from);
            primitives.distances(truth, from, rows, truth, 0, n, Metric.SQUARED_EUCLIDEAN, truthTile);
            primitives.distances(found, from, rows, found, 0, n, Metric.SQUARED_EUCLIDEAN, foundTile);
            int first = from;
            penalty += IntStream.range(0, rows)
                    .parallel()
                    .mapToLong(i -> excess(
                            Arrays.copyOfRange(truthTile, i * n, (i + 1) * n),
                            Arrays.copyOfRange(foundTile, i * n, (i + 1) * n),
                            first + i,
                            k))
                    .sum();
        }
        return 1 - 2 / ((double) n * k * (2.0 * n - 3.0 * k - 1)) * penalty;
    }

    private static long excess(double[] truth, double[] found, int self, int k) {
        truth[self] = -1; // itself has rank 0 in both
        found[self] = -1;
        int[] rank = new int[truth.length];
        int[] order = sorted(truth);
        for (int r = 0; r < order.length; r++) {
            rank[order[r]] = r;
        }
        long excess = 0;
        int[] near = sorted(found);
        for (int r = 1; r <= k; r++) {
            excess += Math.max(0, rank[near[r]] - k);
        }
        return excess;
    }

    /** Indices by ascending value, the lower index first among equals. */
    private static int[] sorted(double[] values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted((a, b) -> {
                    int byValue = Double.compare(values[a], values[b]);
                    return byValue != 0 ? byValue : Integer.compare(a, b);
                })
                .mapToInt(Integer::intValue)
                .toArray();
    }
}

package org.latent4j.compute;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What the algorithm modules ask of a backend: products, distances, sums by label, decompositions, histograms, resamples.
 *
 * <p>Arrays are (rows, columns) of FLOAT or DOUBLE in any order; products and distances are computed in the type of the data, sums in
 * double. Results have the same bits at any number of threads. Sizes are checked: {@link IllegalArgumentException} names the argument, what was
 * expected and what came. Decompositions refuse numbers that are not finite; elsewhere values are not checked: NaN in gives NaN out, and a
 * label of a point that is NaN means nothing. One call at a time for each instance.
 */
public interface Primitives extends AutoCloseable {

    /** What runs these. */
    Device device();

    /** Makes (n, p) numbers ready for the calls below. */
    Matrix matrix(INDArray rows);

    /** op(a) op(b), row by row in memory, where op transposes if asked. Both of one type. */
    INDArray product(INDArray a, boolean transposeA, INDArray b, boolean transposeB);

    /**
     * Adds x^T x to the lower triangle of a sum; what stands right of the diagonal means nothing afterwards. Of long data the products of parts
     * of rows, in the type of the data, are added in double.
     *
     * @param sum (p, p) DOUBLE, row by row in memory
     * @param x (n, p)
     */
    default void addScatter(INDArray sum, INDArray x) {
        try (INDArray product = product(x, true, x, false);
                INDArray exact = product.castTo(DataType.DOUBLE)) {
            sum.addi(exact);
        }
    }

    /**
     * Returns x q, (n, w), and adds (x q)^T x to a sum: what power iterations need, in one pass over the rows of x where that pays. Of long data
     * the products of parts of rows are added in double.
     *
     * @param sum (w, p) DOUBLE, row by row in memory
     * @param x (n, p)
     * @param q (p, w), of x's type
     */
    default INDArray addImages(INDArray sum, INDArray x, INDArray q) {
        INDArray image = product(x, false, q, false);
        try (INDArray back = product(image, true, x, false);
                INDArray exact = back.castTo(DataType.DOUBLE)) {
            sum.addi(exact);
        }
        return image;
    }

    /**
     * The nearest centre of each point, in squared Euclidean distance; the lowest of several equally near ones.
     *
     * <p>Labels are those of exact arithmetic on the given numbers, up to distances that agree within 4 units in the last place of a double sum:
     * a fast product in the data's own type only screens, and candidates that it can't separate are compared again by sums of squared
     * differences in double. No (n, k) matrix is held.
     *
     * @param points (n, p)
     * @param centres (k, p), of the points' type
     * @param labels n, overwritten with 0 ... k - 1
     * @param squared n, overwritten with the squared distances to the nearest centres as sums of squared differences in double; or null
     */
    void nearest(Matrix points, INDArray centres, int[] labels, double[] squared);

    /**
     * {@link #nearest} of the same points again and again while centres move, as those of k-means do: points whose centre is certain to be the nearest
     * still, by how far centres have moved, need not be looked at. The same results.
     */
    default MovingCentres movingCentres(Matrix points) {
        return (centres, labels, squared) -> nearest(points, centres, labels, squared);
    }

    /** See {@link #movingCentres}. */
    @FunctionalInterface
    interface MovingCentres {
        /** As {@link Primitives#nearest}. */
        void nearest(INDArray centres, int[] labels, double[] squared);
    }

    /**
     * Sums of points by label, in double, in an order that depends on n alone.
     *
     * @param labels n, each 0 ... k - 1, or negative for points that are left out
     * @param weights n, or null for 1 each
     */
    SegmentSums segmentSums(Matrix points, int[] labels, double[] weights, int k);

    /**
     * Result of {@link #segmentSums}.
     *
     * @param sums k * p, row by row: the weighted sum of each label's points
     * @param weights k: the sum of their weights
     * @param counts k: how many points there are
     */
    record SegmentSums(double[] sums, double[] weights, long[] counts) {}

    /**
     * Sums of those points whose label has changed, in the order of {@link #segmentSums}.
     *
     * @param before n, each 0 ... k - 1
     * @param now n, each 0 ... k - 1
     * @param weights n, or null for 1 each
     */
    default ChangedSums changedSums(Matrix points, int[] before, int[] now, double[] weights, int k) {
        int[] added = new int[now.length];
        int[] taken = new int[now.length];
        for (int i = 0; i < now.length; i++) {
            boolean same = now[i] == before[i];
            added[i] = same ? -1 : now[i];
            taken[i] = same ? -1 : before[i];
        }
        SegmentSums won = segmentSums(points, added, weights, k);
        SegmentSums lost = segmentSums(points, taken, weights, k);
        long[] counts = new long[k];
        for (int label = 0; label < k; label++) {
            counts[label] = won.counts()[label] - lost.counts()[label];
        }
        return new ChangedSums(won.sums(), lost.sums(), counts);
    }

    /**
     * Result of {@link #changedSums}.
     *
     * @param added k * p: what each label's sum has won
     * @param taken k * p: what it has lost
     * @param counts k: how many more points each label has than before
     */
    record ChangedSums(double[] added, double[] taken, long[] counts) {}

    /**
     * A tile of pairwise distances: those of rows fromA ... fromA + rowsA - 1 of a to rows fromB ... of b.
     *
     * <p>By differences, never by |x|^2 - 2 x.y + |y|^2, so that near points of large norm keep their digits; cosine by products in double.
     *
     * @param out rowsA * rowsB distances, row by row, overwritten
     */
    void distances(Matrix a, long fromA, int rowsA, Matrix b, long fromB, int rowsB, Metric metric, double[] out);

    /**
     * The k nearest points of each query in Euclidean distance, nearest first, the lower index first among equals; exact as {@link #nearest} is.
     *
     * <p>A query that is itself one of the points finds itself: ask for k + 1 and drop it.
     */
    Neighbours neighbours(Matrix points, Matrix queries, int k);

    /**
     * Result of {@link #neighbours}.
     *
     * @param indices queries * k row indices of points
     * @param distances queries * k Euclidean distances
     */
    record Neighbours(int k, int[] indices, double[] distances) {}

    /** How far a merged cluster is from another one, by how far its two parts were. */
    enum Merging {
        /** The smaller distance. */
        SINGLE,
        /** The larger distance. */
        COMPLETE,
        /** The mean, weighted by numbers of points. */
        AVERAGE,
        /** The mean. */
        WEIGHTED,
        /** By the growth of the sum of squares, for Euclidean distances. */
        WARD
    }

    /** Whether this device has merges of its own, {@link #merges}, and room for those of so many points. */
    default boolean hasMerges(long points, Merging rule) {
        return false;
    }

    /**
     * Agglomerative clustering: from single points, the closest two clusters are merged until one is left, all pairs that are each other's
     * nearest at once. Distances are computed in double. Only where {@link #hasMerges}.
     *
     * @param metric EUCLIDEAN for WARD
     */
    default Merges merges(Matrix points, Metric metric, Merging rule) {
        throw new UnsupportedOperationException("device " + device() + " has no merges");
    }

    /**
     * Result of {@link #merges}: merge i joins the cluster that holds point {@code kept[i]} with the one that holds {@code gone[i]}.
     *
     * @param heights distances of the two, not sorted: no merge comes before those that it is of; for SINGLE the edges of a minimum spanning
     *     tree in any order
     */
    record Merges(int[] kept, int[] gone, double[] heights) {}

    /** Eigenvalues, descending, and unit eigenvectors, in columns, of a symmetric matrix; only its lower triangle is read. */
    Eigen symmetricEigen(INDArray matrix);

    /**
     * Result of {@link #symmetricEigen}.
     *
     * @param values n, descending
     * @param vectors (n, n), of the matrix's type; column i belongs to value i, its largest-magnitude number is positive
     */
    record Eigen(double[] values, INDArray vectors) {}

    /** The thin singular value decomposition A = U S V^T; the argument is left as it is. */
    Svd svd(INDArray matrix);

    /**
     * Result of {@link #svd}, with r = min(m, n).
     *
     * @param u (m, r)
     * @param s r, descending
     * @param vt (r, n); the largest-magnitude number of each row is positive
     */
    record Svd(INDArray u, double[] s, INDArray vt) {}

    /** {@link #svd} of each of b matrices of one size in one call: (b, m, n) to u (b, m, r), s (b, r), vt (b, r, n). */
    BatchedSvd batchedSvd(INDArray matrices);

    /** Result of {@link #batchedSvd}. */
    record BatchedSvd(INDArray u, INDArray s, INDArray vt) {}

    /** Singular values and right singular vectors of each of b matrices (b, m, n), without the left ones; to float data as exact as a decomposition. */
    default RightSvd batchedRightSvd(INDArray matrices) {
        BatchedSvd all = batchedSvd(matrices);
        all.u().close();
        return new RightSvd(all.s(), all.vt());
    }

    /** Result of {@link #batchedRightSvd}, with r = min(m, n): s (b, r), descending, and vt (b, r, n), signs as in {@link Svd}. */
    record RightSvd(INDArray s, INDArray vt) {}

    /** The orthonormal factor (m, n) of the thin QR decomposition of an (m, n) matrix, m >= n. */
    INDArray orthonormal(INDArray matrix);

    /** How often each of n points is drawn in bootstrap {@link Resamples} first ... first + resamples - 1: (resamples, n) FLOAT counts, each row of sum n. */
    INDArray resampleCounts(long seed, long first, int resamples, int n);

    /**
     * Sums of data (n, p) over {@link Resamples} first ... first + resamples - 1: (resamples, p) DOUBLE, the product of {@link #resampleCounts} and
     * the data, in blocks and in float.
     */
    default INDArray resampleSums(long seed, long first, int resamples, INDArray data) {
        int n = Math.toIntExact(data.size(0));
        INDArray numbers = data.castTo(DataType.FLOAT);
        INDArray all = Nd4j.createUninitialized(DataType.DOUBLE, new long[] {resamples, data.size(1)}, 'c');
        int perBlock = Math.max(1, Math.min(resamples, (1 << 24) / n)); // counts of 64 MiB
        for (int done = 0; done < resamples; done += perBlock) {
            int rows = Math.min(perBlock, resamples - done);
            INDArray counts = resampleCounts(seed, first + done, rows, n);
            INDArray sums = product(counts, false, numbers, false);
            all.get(NDArrayIndex.interval(done, done + rows), NDArrayIndex.all())
                    .assign(sums);
            counts.close();
            sums.close();
        }
        return all;
    }

    @Override
    void close();
}

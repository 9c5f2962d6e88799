package org.latent4j.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** The face of every backend's primitives: refuses arguments that don't fit, all problems in one message, before the backend sees them. */
final class CheckedPrimitives implements Primitives {
    private final Primitives backend;

    CheckedPrimitives(Primitives backend) {
        this.backend = backend;
    }

    /** The problems of one call. */
    private static final class Problems {
        private final List<String> found = new ArrayList<>();

        Problems unless(boolean fine, String what, Object came) {
            if (!fine) {
                found.add(what + ", but is " + came);
            }
            return this;
        }

        Problems array(String name, INDArray x, int rank, String axes) {
            if (x == null) {
                found.add(name + " must be an array " + axes + ", but is null");
                return this;
            }
            unless(x.rank() == rank, name + " must be of shape " + axes, "of shape " + Arrays.toString(x.shape()));
            unless(!x.isEmpty() && x.length() > 0, name + " must hold numbers", "empty");
            DataType type = x.dataType();
            unless(type == DataType.FLOAT || type == DataType.DOUBLE, name + " must be FLOAT or DOUBLE", type);
            return this;
        }

        /** The first number that is not finite, with its place. */
        Problems finite(String name, INDArray x) {
            if (FiniteNumbers.all(x)) {
                return this;
            }
            for (long i = 0; i < x.length(); i++) {
                long[] place = Shape.ind2subC(x.shape(), i);
                double number = x.getDouble(place);
                if (!Double.isFinite(number)) {
                    found.add(name + " must hold finite numbers, but is " + number + " at " + Arrays.toString(place));
                    return this;
                }
            }
            return this;
        }

        /** Of products, in place. */
        Problems sum(INDArray sum, long rows, long columns) {
            return unless(
                            sum.dataType() == DataType.DOUBLE && sum.ordering() == 'c' && !sum.isView(),
                            "sum must be DOUBLE, row by row, and no view",
                            sum.dataType() + " of order " + sum.ordering())
                    .unless(
                            sum.size(0) == rows && sum.size(1) == columns,
                            "sum must be of shape [" + rows + ", " + columns + "]",
                            Arrays.toString(sum.shape()));
        }

        Problems length(String name, int length, long expected) {
            return unless(length == expected, name + " must have " + expected + " elements", length);
        }

        Problems labels(String name, int[] labels, Matrix points, int least, int k) {
            length(name, labels.length, points.rows());
            int bad = 0;
            for (int label : labels) { // a loop that Java compiles to vector instructions
                bad |= (label - least) | (k - 1 - label);
            }
            if (bad >= 0) {
                return this;
            }
            for (int i = 0; i < labels.length; i++) {
                if (labels[i] < least || labels[i] >= k) {
                    String expected = labels[i] >= k ? "less than k = " + k : "at least " + least;
                    return unless(false, name + "[" + i + "] must be " + expected, labels[i]);
                }
            }
            return this;
        }

        Problems weights(double[] weights, Matrix points) {
            return weights == null ? this : length("weights", weights.length, points.rows());
        }

        /** Later checks read sizes that earlier ones vouch for. */
        void end() {
            if (!found.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", found));
            }
        }
    }

    private static Problems check() {
        return new Problems();
    }

    @Override
    public Device device() {
        return backend.device();
    }

    @Override
    public Matrix matrix(INDArray rows) {
        check().array("rows", rows, 2, "(n, p)").end();
        return backend.matrix(rows);
    }

    @Override
    public INDArray product(INDArray a, boolean transposeA, INDArray b, boolean transposeB) {
        check().array("a", a, 2, "(m, k)").array("b", b, 2, "(k, n)").end();
        long inner = a.size(transposeA ? 0 : 1);
        check().unless(
                        b.size(transposeB ? 1 : 0) == inner,
                        "b must have " + inner + (transposeB ? " columns" : " rows"),
                        "of shape " + Arrays.toString(b.shape()))
                .unless(b.dataType() == a.dataType(), "b must be " + a.dataType() + " as a is", b.dataType())
                .end();
        return backend.product(a, transposeA, b, transposeB);
    }

    @Override
    public void addScatter(INDArray sum, INDArray x) {
        check().array("sum", sum, 2, "(p, p)").array("x", x, 2, "(n, p)").end();
        check().sum(sum, x.size(1), x.size(1)).end();
        backend.addScatter(sum, x);
    }

    @Override
    public INDArray addImages(INDArray sum, INDArray x, INDArray q) {
        check().array("sum", sum, 2, "(w, p)")
                .array("x", x, 2, "(n, p)")
                .array("q", q, 2, "(p, w)")
                .end();
        check().sum(sum, q.size(1), x.size(1))
                .unless(
                        q.size(0) == x.size(1),
                        "q must have " + x.size(1) + " rows, as many as x has columns",
                        "of shape " + Arrays.toString(q.shape()))
                .unless(q.dataType() == x.dataType(), "q must be " + x.dataType() + " as x is", q.dataType())
                .end();
        return backend.addImages(sum, x, q);
    }

    @Override
    public void nearest(Matrix points, INDArray centres, int[] labels, double[] squared) {
        checkNearest(points, centres, labels, squared);
        backend.nearest(points, centres, labels, squared);
    }

    @Override
    public MovingCentres movingCentres(Matrix points) {
        MovingCentres moving = backend.movingCentres(points);
        return (centres, labels, squared) -> {
            checkNearest(points, centres, labels, squared);
            moving.nearest(centres, labels, squared);
        };
    }

    private static void checkNearest(Matrix points, INDArray centres, int[] labels, double[] squared) {
        check().array("centres", centres, 2, "(k, p)").end();
        Problems problems = check().unless(
                        centres.size(1) == points.columns(),
                        "centres must have " + points.columns() + " columns as the points have",
                        "of shape " + Arrays.toString(centres.shape()))
                .unless(
                        centres.dataType() == points.type(),
                        "centres must be " + points.type() + " as the points are",
                        centres.dataType())
                .length("labels", labels.length, points.rows());
        if (squared != null) {
            problems.length("squared", squared.length, points.rows());
        }
        problems.end();
    }

    @Override
    public SegmentSums segmentSums(Matrix points, int[] labels, double[] weights, int k) {
        check().unless(k >= 1, "k must be at least 1", k)
                .labels("labels", labels, points, Integer.MIN_VALUE, k)
                .weights(weights, points)
                .end();
        return backend.segmentSums(points, labels, weights, k);
    }

    @Override
    public ChangedSums changedSums(Matrix points, int[] before, int[] now, double[] weights, int k) {
        check().unless(k >= 1, "k must be at least 1", k)
                .labels("before", before, points, 0, k)
                .labels("now", now, points, 0, k)
                .weights(weights, points)
                .end();
        return backend.changedSums(points, before, now, weights, k);
    }

    @Override
    public void distances(
            Matrix a, long fromA, int rowsA, Matrix b, long fromB, int rowsB, Metric metric, double[] out) {
        sameKind(b, "b", a, "a")
                .unless(inside(fromA, rowsA, a), "rows of a must lie in 0 ... " + (a.rows() - 1), rows(fromA, rowsA))
                .unless(inside(fromB, rowsB, b), "rows of b must lie in 0 ... " + (b.rows() - 1), rows(fromB, rowsB))
                .unless(
                        (long) rowsA * rowsB <= out.length,
                        "out must have " + (long) rowsA * rowsB + " elements",
                        out.length)
                .end();
        backend.distances(a, fromA, rowsA, b, fromB, rowsB, metric, out);
    }

    private static boolean inside(long from, int count, Matrix matrix) {
        return from >= 0 && count >= 0 && from + count <= matrix.rows();
    }

    private static String rows(long from, int count) {
        return from + " ... " + (from + count - 1);
    }

    private static Problems sameKind(Matrix one, String name, Matrix other, String otherName) {
        return check().unless(
                        one.columns() == other.columns(),
                        name + " must have " + other.columns() + " columns as " + otherName + " has",
                        one.columns())
                .unless(
                        one.type() == other.type(),
                        name + " must be " + other.type() + " as " + otherName + " is",
                        one.type());
    }

    @Override
    public Neighbours neighbours(Matrix points, Matrix queries, int k) {
        sameKind(queries, "queries", points, "points")
                .unless(
                        k >= 1 && k <= points.rows(),
                        "k must be in 1 ... " + points.rows() + ", the number of points",
                        k)
                .end();
        return backend.neighbours(points, queries, k);
    }

    @Override
    public boolean hasMerges(long points, Merging rule) {
        return backend.hasMerges(points, rule);
    }

    @Override
    public Merges merges(Matrix points, Metric metric, Merging rule) {
        check().unless(
                        backend.hasMerges(points.rows(), rule),
                        "the device must have merges of " + points.rows() + " points",
                        "without")
                .unless(
                        rule != Merging.WARD || metric == Metric.EUCLIDEAN,
                        "the metric must be EUCLIDEAN for WARD",
                        metric)
                .end();
        return backend.merges(points, metric, rule);
    }

    @Override
    public Eigen symmetricEigen(INDArray matrix) {
        check().array("matrix", matrix, 2, "(n, n)").end();
        check().unless(
                        matrix.size(0) == matrix.size(1),
                        "a symmetric matrix must have as many columns as rows",
                        "of shape " + Arrays.toString(matrix.shape()))
                .finite("matrix", matrix)
                .end();
        return backend.symmetricEigen(matrix);
    }

    @Override
    public Svd svd(INDArray matrix) {
        check().array("matrix", matrix, 2, "(m, n)").end();
        check().finite("matrix", matrix).end();
        return backend.svd(matrix);
    }

    @Override
    public BatchedSvd batchedSvd(INDArray matrices) {
        check().array("matrices", matrices, 3, "(b, m, n)").end();
        check().finite("matrices", matrices).end();
        return backend.batchedSvd(matrices);
    }

    @Override
    public RightSvd batchedRightSvd(INDArray matrices) {
        check().array("matrices", matrices, 3, "(b, m, n)").end();
        return backend.batchedRightSvd(matrices);
    }

    @Override
    public INDArray orthonormal(INDArray matrix) {
        check().array("matrix", matrix, 2, "(m, n)").end();
        check().unless(
                        matrix.size(0) >= matrix.size(1),
                        "matrix must have at least as many rows as columns",
                        "of shape " + Arrays.toString(matrix.shape()))
                .finite("matrix", matrix)
                .end();
        return backend.orthonormal(matrix);
    }

    @Override
    public INDArray resampleCounts(long seed, long first, int resamples, int n) {
        check().unless(first >= 0, "first must not be negative", first)
                .unless(resamples >= 1, "resamples must be at least 1", resamples)
                .unless(n >= 1, "n must be at least 1", n)
                .end();
        return backend.resampleCounts(seed, first, resamples, n);
    }

    @Override
    public INDArray resampleSums(long seed, long first, int resamples, INDArray data) {
        check().array("data", data, 2, "(n, p)")
                .unless(first >= 0, "first must not be negative", first)
                .unless(resamples >= 1, "resamples must be at least 1", resamples)
                .end();
        return backend.resampleSums(seed, first, resamples, data);
    }

    @Override
    public void close() {
        backend.close();
    }
}

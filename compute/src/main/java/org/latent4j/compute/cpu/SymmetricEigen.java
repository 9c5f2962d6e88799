package org.latent4j.compute.cpu;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.latent4j.compute.Primitives.Eigen;
import org.latent4j.compute.SignRule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: tridiagonal by reflections, divide and conquer, and the reflections applied to blocks of
 * eigenvectors side by side, cut by the size alone.
 */
final class SymmetricEigen {
    /** Eigenvectors that are reflected together: the reflections are prepared for each block again. */
    private static final int LEAST_REFLECTED = 400;

    private static final int MOST_BLOCKS = 8;
    /** Eigenvectors that are transposed together. */
    private static final int BAND = 64;

    private SymmetricEigen() {}

    static Eigen of(INDArray matrix, Team team) {
        int n = (int) matrix.size(0);
        DataType type = matrix.dataType();
        INDArray reflections = matrix.dup('c');
        double scale = scale(reflections, n);
        INDArray vectors = RowMajor.empty(type, n, n); // ascending, one in each row
        OpenBlas.begin();
        double[] ascending;
        try {
            ascending = type == DataType.FLOAT
                    ? floats(n, reflections, vectors, team)
                    : doubles(n, reflections, vectors, team);
        } finally {
            OpenBlas.end();
        }
        reflections.close();
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = ascending[n - 1 - i] / scale;
        }
        INDArray columns = RowMajor.empty(type, n, n);
        int blocks = (n + BAND - 1) / BAND;
        team.run(blocks, (block, worker) -> turn(vectors, columns, block * BAND));
        vectors.close();
        return new Eigen(values, columns);
    }

    /** Brings the largest number near 1 by a power of 2, where squares would leave the range; returns that power. */
    private static double scale(INDArray matrix, int n) {
        double largest = matrix.amaxNumber().doubleValue();
        double range = matrix.dataType() == DataType.FLOAT ? 1e12 : 1e120;
        if (largest == 0 || largest < range && largest > 1 / range) {
            return 1;
        }
        double power = Math.scalb(1.0, -Math.getExponent(largest));
        for (int i = 0; i < n; i++) {
            double[] row = RowMajor.row(matrix, i);
            for (int j = 0; j < n; j++) {
                row[j] *= power;
            }
            RowMajor.putRow(matrix, i, row);
        }
        return power;
    }

    private static double[] floats(int n, INDArray reflections, INDArray vectors, Team team) {
        float[] values = new float[n];
        try (FloatPointer diagonal = new FloatPointer(n);
                FloatPointer beside = new FloatPointer(n);
                FloatPointer factors = new FloatPointer(n)) {
            FloatPointer a = RowMajor.floats(reflections);
            OpenBlas.tridiagonal(n, a, diagonal, beside, factors);
            OpenBlas.tridiagonalEigen(n, diagonal, beside, RowMajor.floats(vectors));
            forEachBlock(
                    n,
                    team,
                    (from, count) -> OpenBlas.reflect(
                            n, count, a, factors, RowMajor.floats(vectors).position((long) from * n)));
            diagonal.get(values);
        }
        double[] out = new double[n];
        for (int i = 0; i < n; i++) {
            out[i] = values[i];
        }
        return out;
    }

    private static double[] doubles(int n, INDArray reflections, INDArray vectors, Team team) {
        double[] values = new double[n];
        try (DoublePointer diagonal = new DoublePointer(n);
                DoublePointer beside = new DoublePointer(n);
                DoublePointer factors = new DoublePointer(n)) {
            DoublePointer a = RowMajor.doubles(reflections);
            OpenBlas.tridiagonal(n, a, diagonal, beside, factors);
            OpenBlas.tridiagonalEigen(n, diagonal, beside, RowMajor.doubles(vectors));
            forEachBlock(
                    n,
                    team,
                    (from, count) -> OpenBlas.reflect(
                            n, count, a, factors, RowMajor.doubles(vectors).position((long) from * n)));
            diagonal.get(values);
        }
        return values;
    }

    @FunctionalInterface
    private interface BlockWork {
        void accept(int from, int count);
    }

    private static void forEachBlock(int n, Team team, BlockWork work) {
        int size = Math.max(LEAST_REFLECTED, (n + MOST_BLOCKS - 1) / MOST_BLOCKS);
        team.run((n + size - 1) / size, (block, worker) -> {
            int from = block * size;
            work.accept(from, Math.min(size, n - from));
        });
    }

    /** Rows in ascending order to columns in descending order, each with its sign. */
    private static void turn(INDArray vectors, INDArray columns, int from) {
        int n = (int) columns.size(0);
        int count = Math.min(BAND, n - from);
        DataType type = columns.dataType();
        long bytes = columns.data().getElementSize();
        INDArray some = RowMajor.empty(type, count, n);
        for (int i = 0; i < count; i++) {
            double[] vector = RowMajor.row(vectors, n - 1 - from - i);
            if (SignRule.isNegative(vector, type)) {
                for (int j = 0; j < n; j++) {
                    vector[j] = -vector[j];
                }
            }
            RowMajor.putRow(some, i, vector);
        }
        Transposition.copy(type, count, n, RowMajor.address(some), n, RowMajor.address(columns) + from * bytes, n);
        some.close();
    }
}

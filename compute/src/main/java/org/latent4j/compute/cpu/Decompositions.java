package org.latent4j.compute.cpu;

import java.util.stream.IntStream;
import org.latent4j.compute.Primitives.BatchedSvd;
import org.latent4j.compute.Primitives.Eigen;
import org.latent4j.compute.Primitives.Svd;
import org.latent4j.compute.SignRule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Eigenvectors and singular vectors by LAPACK's divide and conquer, of long matrices by their R factor. */
final class Decompositions {
    /** How many times as many rows as columns pay for a QR decomposition first. */
    private static final int LONG = 2;

    private Decompositions() {}

    static Eigen symmetricEigen(INDArray matrix) {
        int n = (int) matrix.size(0);
        DataType type = matrix.dataType();
        INDArray rows = matrix.dup('c');
        OpenBlas.begin();
        double[] ascending;
        try {
            ascending = OpenBlas.symmetricEigen(type, n, RowMajor.address(rows));
        } finally {
            OpenBlas.end();
        }
        INDArray descending = RowMajor.empty(type, n, n);
        for (int i = 0; i < n; i++) {
            double[] vector = RowMajor.row(rows, n - 1 - i);
            if (SignRule.isNegative(vector, type)) {
                negate(vector);
            }
            RowMajor.putRow(descending, i, vector);
        }
        INDArray vectors = RowMajor.transposed(descending);
        rows.close();
        descending.close();
        return new Eigen(
                IntStream.range(0, n).mapToDouble(i -> ascending[n - 1 - i]).toArray(), vectors);
    }

    static Svd svd(INDArray matrix, Team team) {
        long m = matrix.size(0);
        long n = matrix.size(1);
        if (m >= LONG * n && n > 1) {
            TallQr.Factors factors = TallQr.of(matrix, team);
            Svd small = square(factors.r(), team);
            INDArray u = Products.product(factors.q(), false, small.u(), false, team);
            close(factors.q(), factors.r(), small.u());
            return new Svd(u, small.s(), small.vt());
        }
        if (n >= LONG * m && m > 1) {
            INDArray turned = RowMajor.transposed(matrix);
            TallQr.Factors factors = TallQr.of(turned, team);
            INDArray lower = RowMajor.transposed(factors.r());
            Svd small = square(lower, team);
            INDArray vt = Products.product(small.vt(), false, factors.q(), true, team);
            close(turned, factors.q(), factors.r(), lower, small.vt());
            return signed(small.u(), small.s(), vt);
        }
        return square(matrix, team);
    }

    private static void close(INDArray... arrays) {
        for (INDArray array : arrays) {
            array.close();
        }
    }

    private static Svd square(INDArray matrix, Team team) {
        int m = (int) matrix.size(0);
        int n = (int) matrix.size(1);
        int r = Math.min(m, n);
        DataType type = matrix.dataType();
        INDArray copy = matrix.dup('c');
        INDArray u = RowMajor.empty(type, m, r);
        INDArray s = RowMajor.empty(type, 1, r);
        INDArray vt = RowMajor.empty(type, r, n);
        OpenBlas.begin();
        try {
            OpenBlas.svd(
                    type, m, n, RowMajor.address(copy), RowMajor.address(u), RowMajor.address(s), RowMajor.address(vt));
        } finally {
            OpenBlas.end();
        }
        Svd result = signed(u, RowMajor.row(s, 0), vt);
        close(copy, s);
        return result;
    }

    private static Svd signed(INDArray u, double[] s, INDArray vt) {
        int r = s.length;
        INDArray signs = RowMajor.empty(u.dataType(), r);
        for (int i = 0; i < r; i++) {
            signs.putScalar(i, SignRule.isNegative(RowMajor.row(vt, i), u.dataType()) ? -1 : 1);
        }
        u.muliRowVector(signs);
        vt.muliColumnVector(signs.reshape(new long[] {r, 1}));
        signs.close();
        return new Svd(u, s, vt);
    }

    static BatchedSvd batchedSvd(INDArray matrices, Team team) {
        long b = matrices.size(0);
        int m = (int) matrices.size(1);
        int n = (int) matrices.size(2);
        int r = Math.min(m, n);
        DataType type = matrices.dataType();
        INDArray copy = matrices.dup('c');
        INDArray u = RowMajor.empty(type, b, m, r);
        INDArray s = RowMajor.empty(type, b, r);
        INDArray vt = RowMajor.empty(type, b, r, n);
        long bytes = copy.data().getElementSize();
        OpenBlas.begin();
        try {
            team.run(Math.toIntExact(b), (i, worker) -> {
                OpenBlas.svd(
                        type,
                        m,
                        n,
                        RowMajor.address(copy) + (long) i * m * n * bytes,
                        RowMajor.address(u) + (long) i * m * r * bytes,
                        RowMajor.address(s) + (long) i * r * bytes,
                        RowMajor.address(vt) + (long) i * r * n * bytes);
                turnSigns(u, vt, i, m, n);
            });
        } finally {
            OpenBlas.end();
        }
        copy.close();
        return new BatchedSvd(u, s, vt);
    }

    /** Makes the signs of one of a batch those of the rule. */
    private static void turnSigns(INDArray u, INDArray vt, int matrix, int m, int n) {
        int r = Math.min(m, n);
        double[] left = null;
        for (int i = 0; i < r; i++) {
            double[] right = RowMajor.numbers(vt, ((long) matrix * r + i) * n, n);
            if (!SignRule.isNegative(right, vt.dataType())) {
                continue;
            }
            negate(right);
            RowMajor.putNumbers(vt, ((long) matrix * r + i) * n, right);
            left = left != null ? left : RowMajor.numbers(u, (long) matrix * m * r, m * r);
            for (int row = 0; row < m; row++) {
                left[row * r + i] = -left[row * r + i];
            }
        }
        if (left != null) {
            RowMajor.putNumbers(u, (long) matrix * m * r, left);
        }
    }

    private static void negate(double[] vector) {
        for (int i = 0; i < vector.length; i++) {
            vector[i] = -vector[i];
        }
    }
}

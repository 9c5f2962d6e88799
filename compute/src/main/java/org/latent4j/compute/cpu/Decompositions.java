package org.latent4j.compute.cpu;

import org.latent4j.compute.Primitives.BatchedSvd;
import org.latent4j.compute.Primitives.Svd;
import org.latent4j.compute.SignRule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Singular vectors by LAPACK's divide and conquer, of long matrices by their R factor. */
final class Decompositions {
    /** How many times as many rows as columns pay for a QR decomposition first. */
    private static final int LONG = 2;

    private Decompositions() {}

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
        sign(u.dataType(), (int) u.size(0), (int) vt.size(1), s.length, RowMajor.address(u), RowMajor.address(vt));
        return new Svd(u, s, vt);
    }

    /** The sign rule on factors u (m, r) and vt (r, n) that lie row by row. */
    private static void sign(DataType type, int m, int n, int r, long u, long vt) {
        double[][] rows = null;
        for (int i = 0; i < r; i++) {
            double[] direction = RowMajor.row(type, vt, n, i);
            if (SignRule.isNegative(direction, type)) {
                negate(direction);
                RowMajor.putRow(type, vt, i, direction);
                rows = rows == null ? rows(type, u, m, r) : rows;
                for (double[] row : rows) {
                    row[i] = -row[i];
                }
            }
        }
        for (int i = 0; rows != null && i < m; i++) {
            RowMajor.putRow(type, u, i, rows[i]);
        }
    }

    private static double[][] rows(DataType type, long address, int m, int n) {
        double[][] rows = new double[m][];
        for (int i = 0; i < m; i++) {
            rows[i] = RowMajor.row(type, address, n, i);
        }
        return rows;
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
                long ui = RowMajor.address(u) + (long) i * m * r * bytes;
                long vti = RowMajor.address(vt) + (long) i * r * n * bytes;
                OpenBlas.svd(
                        type,
                        m,
                        n,
                        RowMajor.address(copy) + (long) i * m * n * bytes,
                        ui,
                        RowMajor.address(s) + (long) i * r * bytes,
                        vti);
                sign(type, m, n, r, ui, vti);
            });
        } finally {
            OpenBlas.end();
        }
        copy.close();
        return new BatchedSvd(u, s, vt);
    }

    private static void negate(double[] vector) {
        for (int i = 0; i < vector.length; i++) {
            vector[i] = -vector[i];
        }
    }
}

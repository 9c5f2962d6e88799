package org.latent4j.compute.cpu;

import static org.bytedeco.openblas.global.openblas.*;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.latent4j.compute.ComputeException;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * OpenBLAS and its LAPACK on native addresses, in FLOAT or DOUBLE: the one place that knows them.
 *
 * <p>Every call runs on its caller's thread alone: the library's own threads would change the order of sums with their number.
 */
final class OpenBlas {
    private static int users;
    private static int threadsBefore;

    private OpenBlas() {}

    /** Calls of the library between this and {@link #end} use one thread. */
    static synchronized void begin() {
        if (users++ == 0) {
            threadsBefore = openblas_nolapack.blas_get_num_threads();
            openblas_nolapack.blas_set_num_threads(1);
        }
    }

    static synchronized void end() {
        if (--users == 0) {
            openblas_nolapack.blas_set_num_threads(threadsBefore);
        }
    }

    /** Where a matrix lies row by row, and how many numbers each row takes. */
    record Operand(long address, long stride, boolean transposed) {
        Operand from(long numbers, long bytes) {
            return new Operand(address + numbers * bytes, stride, transposed);
        }
    }

    /** c = op(a) op(b), all row by row; c is (m, n), the sums run over k. */
    static void product(DataType type, long m, long n, long k, Operand a, Operand b, long c, long strideC) {
        int opA = a.transposed ? CblasTrans : CblasNoTrans;
        int opB = b.transposed ? CblasTrans : CblasNoTrans;
        if (type == DataType.FLOAT) {
            cblas_sgemm(
                    CblasRowMajor,
                    opA,
                    opB,
                    (int) m,
                    (int) n,
                    (int) k,
                    1,
                    RowMajor.floats(a.address),
                    (int) a.stride,
                    RowMajor.floats(b.address),
                    (int) b.stride,
                    0,
                    RowMajor.floats(c),
                    (int) strideC);
        } else {
            cblas_dgemm(
                    CblasRowMajor,
                    opA,
                    opB,
                    (int) m,
                    (int) n,
                    (int) k,
                    1,
                    RowMajor.doubles(a.address),
                    (int) a.stride,
                    RowMajor.doubles(b.address),
                    (int) b.stride,
                    0,
                    RowMajor.doubles(c),
                    (int) strideC);
        }
    }

    /** Eigenvalues of a symmetric (n, n) matrix, ascending; its lower triangle is read, its rows become the eigenvectors. */
    static double[] symmetricEigen(DataType type, int n, long a) {
        double[] values = new double[n];
        int info;
        if (type == DataType.FLOAT) {
            float[] floats = new float[n];
            try (FloatPointer w = new FloatPointer(n)) {
                info = LAPACKE_ssyevd(LAPACK_COL_MAJOR, (byte) 'V', (byte) 'U', n, RowMajor.floats(a), n, w);
                w.get(floats);
            }
            for (int i = 0; i < n; i++) {
                values[i] = floats[i];
            }
        } else {
            try (DoublePointer w = new DoublePointer(n)) {
                info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, (byte) 'V', (byte) 'U', n, RowMajor.doubles(a), n, w);
                w.get(values);
            }
        }
        check(info, "eigenvalues of a matrix of " + n + " columns");
        return values;
    }

    /**
     * Singular values of an (m, n) matrix, descending, into s, with u (m, r) and vt (r, n), r = min(m, n), row by row; a is overwritten. In the
     * library's eyes, which reads columns, this is the transposed matrix with u and vt exchanged.
     */
    static void svd(DataType type, int m, int n, long a, long u, long s, long vt) {
        int r = Math.min(m, n);
        int info = type == DataType.FLOAT
                ? LAPACKE_sgesdd(
                        LAPACK_COL_MAJOR,
                        (byte) 'S',
                        n,
                        m,
                        RowMajor.floats(a),
                        n,
                        RowMajor.floats(s),
                        RowMajor.floats(vt),
                        n,
                        RowMajor.floats(u),
                        r)
                : LAPACKE_dgesdd(
                        LAPACK_COL_MAJOR,
                        (byte) 'S',
                        n,
                        m,
                        RowMajor.doubles(a),
                        n,
                        RowMajor.doubles(s),
                        RowMajor.doubles(vt),
                        n,
                        RowMajor.doubles(u),
                        r);
        check(info, "singular values of a matrix of " + m + " rows and " + n + " columns");
    }

    /** Thin QR of an (m, n) matrix given column by column, m >= n: the factor Q takes its place; R goes into r, (n, n), column by column. */
    static void qr(DataType type, int m, int n, long a, long r) {
        int info;
        if (type == DataType.FLOAT) {
            try (FloatPointer tau = new FloatPointer(n)) {
                info = LAPACKE_sgeqrf(LAPACK_COL_MAJOR, m, n, RowMajor.floats(a), m, tau);
                check(info, "QR");
                LAPACKE_slaset(LAPACK_COL_MAJOR, (byte) 'A', n, n, 0, 0, RowMajor.floats(r), n);
                LAPACKE_slacpy(LAPACK_COL_MAJOR, (byte) 'U', n, n, RowMajor.floats(a), m, RowMajor.floats(r), n);
                info = LAPACKE_sorgqr(LAPACK_COL_MAJOR, m, n, n, RowMajor.floats(a), m, tau);
            }
        } else {
            try (DoublePointer tau = new DoublePointer(n)) {
                info = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, m, n, RowMajor.doubles(a), m, tau);
                check(info, "QR");
                LAPACKE_dlaset(LAPACK_COL_MAJOR, (byte) 'A', n, n, 0, 0, RowMajor.doubles(r), n);
                LAPACKE_dlacpy(LAPACK_COL_MAJOR, (byte) 'U', n, n, RowMajor.doubles(a), m, RowMajor.doubles(r), n);
                info = LAPACKE_dorgqr(LAPACK_COL_MAJOR, m, n, n, RowMajor.doubles(a), m, tau);
            }
        }
        check(info, "QR");
    }

    private static void check(int info, String what) {
        if (info > 0) {
            throw new ComputeException(what + " did not converge (LAPACK's info " + info + ")");
        }
        if (info < 0) {
            throw new ComputeException("LAPACK refused argument " + -info + " for " + what);
        }
    }
}

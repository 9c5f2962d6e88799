package org.latent4j.compute.cpu;

import static org.bytedeco.openblas.global.openblas.*;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.openblas.presets.openblas_nolapack.SetNumThreads;
import org.latent4j.compute.ComputeException;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * OpenBLAS and its LAPACK on native addresses, in FLOAT or DOUBLE: the one place that knows them.
 *
 * <p>Every call runs on its caller's thread alone: the library's own threads would change the order of sums with their number.
 */
final class OpenBlas {
    private static final SetNumThreads SET_THREADS = setThreads();
    private static int users;
    private static int threadsBefore;

    private OpenBlas() {}

    /** The library's own function; null where MKL answers in its stead. */
    private static SetNumThreads setThreads() {
        Loader.load(openblas_nolapack.class);
        Pointer found = Loader.addressof("openblas_set_num_threads");
        if (found == null || Loader.addressof("MKL_Set_Num_Threads") != null) {
            return null;
        }
        SetNumThreads function = new SetNumThreads() {};
        return function.put(found);
    }

    /** The preset's call goes through all libraries for MKL's names each time, which takes as long as a small decomposition. */
    private static void setThreads(int threads) {
        if (SET_THREADS == null) {
            openblas_nolapack.blas_set_num_threads(threads);
        } else {
            SET_THREADS.call(threads);
        }
    }

    /** Calls of the library between this and {@link #end} use one thread. */
    static synchronized void begin() {
        if (users++ == 0) {
            threadsBefore = openblas_nolapack.blas_get_num_threads();
            setThreads(1);
        }
    }

    static synchronized void end() {
        if (--users == 0) {
            setThreads(threadsBefore);
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

    /** The lower triangle of x^T x, of x (m, n), row by row; the rest of c is left as it is. */
    static void lowerScatter(DataType type, long m, int n, long x, long c) {
        if (type == DataType.FLOAT) {
            cblas_ssyrk(
                    CblasRowMajor,
                    CblasLower,
                    CblasTrans,
                    n,
                    (int) m,
                    1,
                    RowMajor.floats(x),
                    n,
                    0,
                    RowMajor.floats(c),
                    n);
        } else {
            cblas_dsyrk(
                    CblasRowMajor,
                    CblasLower,
                    CblasTrans,
                    n,
                    (int) m,
                    1,
                    RowMajor.doubles(x),
                    n,
                    0,
                    RowMajor.doubles(c),
                    n);
        }
    }

    /**
     * Makes a symmetric matrix tridiagonal: its lower triangle, row by row, is read; reflections take its place, with factors of their own.
     */
    static void tridiagonal(int n, FloatPointer a, FloatPointer diagonal, FloatPointer beside, FloatPointer factors) {
        check(LAPACKE_ssytrd(LAPACK_COL_MAJOR, (byte) 'U', n, a, n, diagonal, beside, factors), "a tridiagonal form");
    }

    static void tridiagonal(
            int n, DoublePointer a, DoublePointer diagonal, DoublePointer beside, DoublePointer factors) {
        check(LAPACKE_dsytrd(LAPACK_COL_MAJOR, (byte) 'U', n, a, n, diagonal, beside, factors), "a tridiagonal form");
    }

    /** Eigenvalues, ascending, in the diagonal's place, and eigenvectors, one after the other. */
    static void tridiagonalEigen(int n, FloatPointer diagonal, FloatPointer beside, FloatPointer vectors) {
        check(LAPACKE_sstedc(LAPACK_COL_MAJOR, (byte) 'I', n, diagonal, beside, vectors, n), eigenvalues(n));
    }

    static void tridiagonalEigen(int n, DoublePointer diagonal, DoublePointer beside, DoublePointer vectors) {
        check(LAPACKE_dstedc(LAPACK_COL_MAJOR, (byte) 'I', n, diagonal, beside, vectors, n), eigenvalues(n));
    }

    private static String eigenvalues(int n) {
        return "eigenvalues of a matrix of " + n + " columns";
    }

    /** Turns eigenvectors of the tridiagonal form, one after the other, into those of the matrix it was made of. */
    static void reflect(int n, int count, FloatPointer a, FloatPointer factors, FloatPointer vectors) {
        int info = LAPACKE_sormtr(
                LAPACK_COL_MAJOR, (byte) 'L', (byte) 'U', (byte) 'N', n, count, a, n, factors, vectors, n);
        check(info, "reflections");
    }

    static void reflect(int n, int count, DoublePointer a, DoublePointer factors, DoublePointer vectors) {
        int info = LAPACKE_dormtr(
                LAPACK_COL_MAJOR, (byte) 'L', (byte) 'U', (byte) 'N', n, count, a, n, factors, vectors, n);
        check(info, "reflections");
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

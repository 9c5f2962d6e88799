package org.latent4j.compute.cuda;

import static org.bytedeco.cuda.global.cublas.CUBLAS_FILL_MODE_LOWER;
import static org.bytedeco.cuda.global.cusolver.*;

import java.util.Arrays;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.cusolver.cusolverDnContext;
import org.bytedeco.cuda.cusolver.gesvdjInfo;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;

/**
 * Decompositions by cuSOLVER, in double. The one class that calls it and checks its answers.
 *
 * <p>Throws {@link CudaException}, also if an iteration does not converge.
 *
 * <p>Source: cuSOLVER 12: {@code syevd}, {@code gesvdj}, {@code gesvdjBatched}, {@code geqrf} and {@code orgqr}.
 */
final class Cusolver implements Decompositions {
    /** The batched Jacobi method knows matrices up to this size. */
    private static final int BATCHED = 32;

    private static final double TOLERANCE = 1e-15;

    private final Gpu gpu;
    private final cusolverDnContext handle = new cusolverDnContext();
    private final gesvdjInfo jacobi = new gesvdjInfo();

    Cusolver(Gpu gpu, CUstream_st stream) {
        this.gpu = gpu;
        check(cusolverDnCreate(handle), "cusolverDnCreate");
        check(cusolverDnSetStream(handle, stream), "cusolverDnSetStream");
        check(cusolverDnCreateGesvdjInfo(jacobi), "cusolverDnCreateGesvdjInfo");
        check(cusolverDnXgesvdjSetTolerance(jacobi, TOLERANCE), "cusolverDnXgesvdjSetTolerance");
    }

    private static void check(int status, String call) {
        if (status != CUSOLVER_STATUS_SUCCESS) {
            throw new CudaException(call + " failed: cuSOLVER's status is " + status);
        }
    }

    /** 12000 is 12.0.0, of CUDA 13.0. */
    static int version() {
        int[] version = new int[1];
        check(cusolverGetVersion(version), "cusolverGetVersion");
        return version[0];
    }

    /** Numbers on the card. */
    private final class Numbers implements AutoCloseable {
        final DeviceMemory memory;
        final DoublePointer pointer;

        Numbers(long count) {
            memory = new DeviceMemory(gpu, Double.BYTES * Math.max(1, count));
            pointer = new DoublePointer(Address.of(memory.address()));
        }

        Numbers(double[] values) {
            this(values.length);
            try (DoublePointer host = new DoublePointer(values)) {
                gpu.upload(memory.address(), host.address(), (long) Double.BYTES * values.length);
            }
        }

        double[] read(int count) {
            try (DoublePointer host = new DoublePointer(count)) {
                gpu.download(host.address(), memory.address(), (long) Double.BYTES * count);
                double[] values = new double[count];
                host.get(values);
                return values;
            }
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    /** The card's answer of whether a decomposition came to its end, for each of so many. */
    private final class Answer implements AutoCloseable {
        final DeviceMemory memory;
        final IntPointer pointer;
        private final int count;

        Answer(int count) {
            this.count = count;
            memory = new DeviceMemory(gpu, (long) Integer.BYTES * count);
            pointer = new IntPointer(Address.of(memory.address()));
        }

        void require(String what) {
            try (IntPointer host = new IntPointer(count)) {
                gpu.download(host.address(), memory.address(), (long) Integer.BYTES * count);
                for (int i = 0; i < count; i++) {
                    if (host.get(i) != 0) {
                        throw new CudaException(what + (count > 1 ? " of matrix " + i : "")
                                + " did not come to its end (cuSOLVER's info is " + host.get(i)
                                + "); are there numbers that are not finite? Use device cpu otherwise");
                    }
                }
            }
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    @Override
    public Eigen symmetricEigen(double[] matrix, int n) {
        gpu.enter();
        int[] length = new int[1];
        try (Numbers a = new Numbers(matrix);
                Numbers w = new Numbers(n);
                Answer answer = new Answer(1)) {
            try (IntPointer size = new IntPointer(1)) {
                check(
                        cusolverDnDsyevd_bufferSize(
                                handle,
                                CUSOLVER_EIG_MODE_VECTOR,
                                CUBLAS_FILL_MODE_LOWER,
                                n,
                                a.pointer,
                                n,
                                w.pointer,
                                size),
                        "cusolverDnDsyevd_bufferSize");
                length[0] = size.get();
            }
            try (Numbers work = new Numbers(length[0])) {
                check(
                        cusolverDnDsyevd(
                                handle,
                                CUSOLVER_EIG_MODE_VECTOR,
                                CUBLAS_FILL_MODE_LOWER,
                                n,
                                a.pointer,
                                n,
                                w.pointer,
                                work.pointer,
                                length[0],
                                answer.pointer),
                        "cusolverDnDsyevd");
                answer.require("the eigenproblem");
                return new Eigen(w.read(n), a.read(n * n));
            }
        }
    }

    @Override
    public Svd svd(double[] matrix, int m, int n) {
        gpu.enter();
        int r = Math.min(m, n);
        try (Numbers a = new Numbers(matrix);
                Numbers s = new Numbers(r);
                Numbers u = new Numbers((long) m * r);
                Numbers v = new Numbers((long) n * r);
                IntPointer size = new IntPointer(1);
                Answer answer = new Answer(1)) {
            check(
                    cusolverDnDgesvdj_bufferSize(
                            handle,
                            CUSOLVER_EIG_MODE_VECTOR,
                            1,
                            m,
                            n,
                            a.pointer,
                            m,
                            s.pointer,
                            u.pointer,
                            m,
                            v.pointer,
                            n,
                            size,
                            jacobi),
                    "cusolverDnDgesvdj_bufferSize");
            try (Numbers work = new Numbers(size.get())) {
                check(
                        cusolverDnDgesvdj(
                                handle,
                                CUSOLVER_EIG_MODE_VECTOR,
                                1,
                                m,
                                n,
                                a.pointer,
                                m,
                                s.pointer,
                                u.pointer,
                                m,
                                v.pointer,
                                n,
                                work.pointer,
                                size.get(),
                                answer.pointer,
                                jacobi),
                        "cusolverDnDgesvdj");
                answer.require("the singular value decomposition");
                return new Svd(u.read(m * r), s.read(r), v.read(n * r));
            }
        }
    }

    @Override
    public Svd[] svd(double[] matrices, int b, int m, int n) {
        Svd[] results = new Svd[b];
        if (m > BATCHED || n > BATCHED) {
            for (int i = 0; i < b; i++) {
                results[i] = svd(Arrays.copyOfRange(matrices, i * m * n, (i + 1) * m * n), m, n);
            }
            return results;
        }
        gpu.enter();
        int r = Math.min(m, n);
        try (Numbers a = new Numbers(matrices);
                Numbers s = new Numbers((long) b * r);
                Numbers u = new Numbers((long) b * m * m);
                Numbers v = new Numbers((long) b * n * n);
                IntPointer size = new IntPointer(1);
                Answer answer = new Answer(b)) {
            check(
                    cusolverDnDgesvdjBatched_bufferSize(
                            handle,
                            CUSOLVER_EIG_MODE_VECTOR,
                            m,
                            n,
                            a.pointer,
                            m,
                            s.pointer,
                            u.pointer,
                            m,
                            v.pointer,
                            n,
                            size,
                            jacobi,
                            b),
                    "cusolverDnDgesvdjBatched_bufferSize");
            try (Numbers work = new Numbers(size.get())) {
                check(
                        cusolverDnDgesvdjBatched(
                                handle,
                                CUSOLVER_EIG_MODE_VECTOR,
                                m,
                                n,
                                a.pointer,
                                m,
                                s.pointer,
                                u.pointer,
                                m,
                                v.pointer,
                                n,
                                work.pointer,
                                size.get(),
                                answer.pointer,
                                jacobi,
                                b),
                        "cusolverDnDgesvdjBatched");
                answer.require("the singular value decomposition");
                double[] allS = s.read(b * r);
                double[] allU = u.read(b * m * m);
                double[] allV = v.read(b * n * n);
                for (int i = 0; i < b; i++) {
                    // Square factors; the first r columns are the thin ones.
                    results[i] = new Svd(
                            Arrays.copyOfRange(allU, i * m * m, i * m * m + m * r),
                            Arrays.copyOfRange(allS, i * r, (i + 1) * r),
                            Arrays.copyOfRange(allV, i * n * n, i * n * n + n * r));
                }
                return results;
            }
        }
    }

    @Override
    public double[] orthonormal(double[] matrix, int m, int n) {
        gpu.enter();
        try (Numbers a = new Numbers(matrix);
                Numbers tau = new Numbers(n);
                IntPointer first = new IntPointer(1);
                IntPointer second = new IntPointer(1);
                Answer answer = new Answer(1)) {
            check(cusolverDnDgeqrf_bufferSize(handle, m, n, a.pointer, m, first), "cusolverDnDgeqrf_bufferSize");
            check(
                    cusolverDnDorgqr_bufferSize(handle, m, n, n, a.pointer, m, tau.pointer, second),
                    "cusolverDnDorgqr_bufferSize");
            int length = Math.max(first.get(), second.get());
            try (Numbers work = new Numbers(length)) {
                check(
                        cusolverDnDgeqrf(handle, m, n, a.pointer, m, tau.pointer, work.pointer, length, answer.pointer),
                        "cusolverDnDgeqrf");
                answer.require("the QR decomposition");
                check(
                        cusolverDnDorgqr(
                                handle, m, n, n, a.pointer, m, tau.pointer, work.pointer, length, answer.pointer),
                        "cusolverDnDorgqr");
                answer.require("the QR decomposition");
                return a.read(m * n);
            }
        }
    }
}

package org.latent4j.compute.cuda;

import static org.bytedeco.cuda.global.cublas.*;
import static org.bytedeco.cuda.global.cudart.CUDA_R_16BF;
import static org.bytedeco.cuda.global.cudart.CUDA_R_32F;
import static org.bytedeco.cuda.global.cudart.CUDA_R_64F;

import org.bytedeco.cuda.cublas.cublasLtContext;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulDescOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulHeuristicResult_t;
import org.bytedeco.cuda.cublas.cublasLtMatmulPreferenceOpaque_t;
import org.bytedeco.cuda.cublas.cublasLtMatrixLayoutOpaque_t;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Matrix products by cuBLASLt. The one class that calls it and checks its answers.
 *
 * <p>Throws {@link CudaException}.
 *
 * <p>Source: cuBLAS 13.
 */
final class CublasLt {
    /** What the library suggests for any product on a card of this generation. */
    static final long WORKSPACE_BYTES = 32L << 20;

    private static final int MOST_ALGORITHMS = 6;

    /** A type of numbers. */
    enum Numbers {
        F32(CUDA_R_32F),
        F64(CUDA_R_64F),
        BF16(CUDA_R_16BF);

        private final int code;

        Numbers(int code) {
            this.code = code;
        }
    }

    /**
     * A matrix in memory; one of the steps is 1.
     *
     * @param alignment bytes that every address of it is a multiple of, a power of two
     */
    record Operand(Numbers numbers, long rows, long columns, long rowStep, long columnStep, int alignment) {
        Operand transposed() {
            return new Operand(numbers, columns, rows, columnStep, rowStep, alignment);
        }

        boolean byRows() {
            return columnStep == 1 && rowStep >= columns;
        }

        boolean byColumns() {
            return rowStep == 1 && columnStep >= rows;
        }
    }

    private final cublasLtContext handle = new cublasLtContext();
    private final CUstream_st stream;

    CublasLt(CUstream_st stream) {
        this.stream = stream;
        check(cublasLtCreate(handle), "cublasLtCreate");
    }

    static void check(int status, String call) {
        if (status != CUBLAS_STATUS_SUCCESS) {
            throw new CudaException(
                    call + " failed: " + cublasGetStatusString(status).getString());
        }
    }

    /** 130100 is 13.1.0. */
    static long version() {
        return cublasLtGetVersion();
    }

    /**
     * A prepared product y = a b, or y += a b, with a bias for each column and ReLU if asked.
     *
     * <p>The library counts columns first, so that it is told y' = b' a'.
     */
    final class Product {
        private final cublasLtMatmulDescOpaque_t description;
        private final cublasLtMatrixLayoutOpaque_t first;
        private final cublasLtMatrixLayoutOpaque_t second;
        private final cublasLtMatrixLayoutOpaque_t target;
        private final Pointer alpha;
        private final Pointer beta;
        private final boolean biased;
        private final boolean swapped;
        private final cublasLtMatmulHeuristicResult_t algorithms = new cublasLtMatmulHeuristicResult_t(MOST_ALGORITHMS);
        private final int count;

        /** Every matrix lies by rows or by columns; with a bias, y lies by rows, and y's alignment is the bias's as well. */
        Product(Operand a, Operand b, Operand y, boolean add, boolean bias, boolean relu, CudaOptions options) {
            swapped = !y.byRows();
            Operand left = swapped ? a : b.transposed();
            Operand right = swapped ? b : a.transposed();
            Operand result = swapped ? y : y.transposed();
            biased = bias;
            boolean doubles = y.numbers() == Numbers.F64;
            int compute = doubles
                    ? CUBLAS_COMPUTE_64F
                    : options.tf32() && a.numbers() == Numbers.F32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
            alpha = doubles ? new DoublePointer(1d) : new FloatPointer(1f);
            beta = doubles ? new DoublePointer(add ? 1d : 0d) : new FloatPointer(add ? 1f : 0f);
            try (PointerPointer<Pointer> made = new PointerPointer<>(1)) {
                check(
                        cublasLtMatmulDescCreate(made, compute, doubles ? CUDA_R_64F : CUDA_R_32F),
                        "cublasLtMatmulDescCreate");
                description = new cublasLtMatmulDescOpaque_t(made.get());
            }
            set(CUBLASLT_MATMUL_DESC_TRANSA, left.byColumns() ? CUBLAS_OP_N : CUBLAS_OP_T);
            set(CUBLASLT_MATMUL_DESC_TRANSB, right.byColumns() ? CUBLAS_OP_N : CUBLAS_OP_T);
            set(
                    CUBLASLT_MATMUL_DESC_EPILOGUE,
                    bias
                            ? relu ? CUBLASLT_EPILOGUE_RELU_BIAS : CUBLASLT_EPILOGUE_BIAS
                            : relu ? CUBLASLT_EPILOGUE_RELU : CUBLASLT_EPILOGUE_DEFAULT);
            if (bias) {
                // Algorithms are chosen by whether there is one; where it lies is told when it runs.
                bias(y.alignment());
            }
            first = layout(left);
            second = layout(right);
            target = layout(result);
            count = search(left, right, result, options);
        }

        private void set(int attribute, int value) {
            try (IntPointer number = new IntPointer(new int[] {value})) {
                check(
                        cublasLtMatmulDescSetAttribute(description, attribute, number, Integer.BYTES),
                        "cublasLtMatmulDescSetAttribute");
            }
        }

        private void bias(long address) {
            try (LongPointer pointer = new LongPointer(new long[] {address})) {
                check(
                        cublasLtMatmulDescSetAttribute(
                                description, CUBLASLT_MATMUL_DESC_BIAS_POINTER, pointer, Long.BYTES),
                        "cublasLtMatmulDescSetAttribute");
            }
        }

        private cublasLtMatrixLayoutOpaque_t layout(Operand operand) {
            boolean columns = operand.byColumns();
            try (PointerPointer<Pointer> made = new PointerPointer<>(1)) {
                check(
                        cublasLtMatrixLayoutCreate(
                                made,
                                operand.numbers().code,
                                columns ? operand.rows() : operand.columns(),
                                columns ? operand.columns() : operand.rows(),
                                columns ? operand.columnStep() : operand.rowStep()),
                        "cublasLtMatrixLayoutCreate");
                return new cublasLtMatrixLayoutOpaque_t(made.get());
            }
        }

        private int search(Operand left, Operand right, Operand result, CudaOptions options) {
            try (PointerPointer<Pointer> made = new PointerPointer<>(1);
                    LongPointer bytes = new LongPointer(new long[] {WORKSPACE_BYTES});
                    IntPointer found = new IntPointer(1)) {
                check(cublasLtMatmulPreferenceCreate(made), "cublasLtMatmulPreferenceCreate");
                var preference = new cublasLtMatmulPreferenceOpaque_t(made.get());
                check(
                        cublasLtMatmulPreferenceSetAttribute(
                                preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, bytes, Long.BYTES),
                        "cublasLtMatmulPreferenceSetAttribute");
                prefer(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, left.alignment());
                prefer(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, right.alignment());
                prefer(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, result.alignment());
                prefer(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, result.alignment());
                if (options.deterministic()) {
                    // Sums of parts in place depend on which part comes first.
                    prefer(
                            preference,
                            CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK,
                            CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE | CUBLASLT_REDUCTION_SCHEME_OUTPUT_TYPE);
                }
                int status = cublasLtMatmulAlgoGetHeuristic(
                        handle,
                        description,
                        first,
                        second,
                        target,
                        target,
                        preference,
                        MOST_ALGORITHMS,
                        algorithms,
                        found);
                check(cublasLtMatmulPreferenceDestroy(preference), "cublasLtMatmulPreferenceDestroy");
                int good = 0;
                while (status == CUBLAS_STATUS_SUCCESS
                        && good < found.get()
                        && algorithms.getPointer(good).state() == CUBLAS_STATUS_SUCCESS) {
                    good++;
                }
                return good;
            }
        }

        private static void prefer(cublasLtMatmulPreferenceOpaque_t preference, int attribute, int value) {
            try (IntPointer number = new IntPointer(new int[] {value})) {
                check(
                        cublasLtMatmulPreferenceSetAttribute(preference, attribute, number, Integer.BYTES),
                        "cublasLtMatmulPreferenceSetAttribute");
            }
        }

        /** Algorithms that will do, the likely fastest first; none: the library can't do this product. */
        int algorithms() {
            return count;
        }

        void run(int algorithm, long a, long b, long y, long bias, long workspace) {
            if (biased) {
                bias(bias);
            }
            cublasLtMatmulAlgo_t chosen = algorithms.getPointer(algorithm).algo();
            check(
                    cublasLtMatmul(
                            handle,
                            description,
                            alpha,
                            Address.of(swapped ? a : b),
                            first,
                            Address.of(swapped ? b : a),
                            second,
                            beta,
                            Address.of(y),
                            target,
                            Address.of(y),
                            target,
                            chosen,
                            Address.of(workspace),
                            WORKSPACE_BYTES,
                            stream),
                    "cublasLtMatmul");
        }
    }
}

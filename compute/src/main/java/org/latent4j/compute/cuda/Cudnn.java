package org.latent4j.compute.cuda;

import static org.bytedeco.cuda.global.cudnn.*;

import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdDataAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdFilterAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionFwdAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionStruct;
import org.bytedeco.cuda.cudnn.cudnnFilterStruct;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.latent4j.compute.graph.DType;

/**
 * cuDNN's convolutions, channels last. The one class that calls it and checks its answers.
 *
 * <p>Throws {@link CudaException}.
 *
 * <p>Source: cuDNN 9.
 */
final class Cudnn {
    private static final int MOST_ALGORITHMS = 8;

    /** Which of a convolution's three products. */
    enum Direction {
        FORWARD,
        DATA,
        WEIGHTS
    }

    /**
     * An algorithm.
     *
     * @param bytes of its workspace
     */
    record Algorithm(int number, int math, long bytes) {
        @Override
        public String toString() {
            return number + " " + math + " " + bytes;
        }

        static Algorithm parse(String text) {
            String[] parts = text.split(" ");
            return new Algorithm(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
        }
    }

    private final cudnnContext handle = new cudnnContext();
    private final FloatPointer one = new FloatPointer(1f);
    private final FloatPointer zero = new FloatPointer(0f);

    Cudnn(CUstream_st stream) {
        check(cudnnCreate(handle), "cudnnCreate");
        check(cudnnSetStream(handle, stream), "cudnnSetStream");
    }

    static void check(int status, String call) {
        if (status != CUDNN_STATUS_SUCCESS) {
            throw new CudaException(
                    call + " failed: " + cudnnGetErrorString(status).getString());
        }
    }

    /** 91900 is 9.19.0. */
    static long version() {
        return cudnnGetVersion();
    }

    /** The CUDA version that it was built for: 13000 is 13.0. */
    static long cudaVersion() {
        return cudnnGetCudartVersion();
    }

    /** A prepared convolution or one of its two gradients. */
    final class Convolution {
        private final Direction direction;
        private final Geometry geometry;
        private final cudnnTensorStruct image;
        private final cudnnTensorStruct result;
        private final cudnnFilterStruct weights = new cudnnFilterStruct();
        private final cudnnConvolutionStruct sizes = new cudnnConvolutionStruct();
        private final int math;

        /** Padding must be symmetric. */
        Convolution(Direction direction, Geometry geometry, DType type, CudaOptions options) {
            this.direction = direction;
            this.geometry = geometry;
            int numbers = type == DType.BF16 ? CUDNN_DATA_BFLOAT16 : CUDNN_DATA_FLOAT;
            image = tensor(numbers, geometry.n(), geometry.c(), geometry.h(), geometry.w());
            result = tensor(numbers, geometry.n(), geometry.k(), geometry.oh(), geometry.ow());
            var window = geometry.window();
            check(cudnnCreateFilterDescriptor(weights), "cudnnCreateFilterDescriptor");
            check(
                    cudnnSetFilter4dDescriptor(
                            weights,
                            numbers,
                            CUDNN_TENSOR_NHWC,
                            geometry.k(),
                            geometry.groupChannels(),
                            window.height(),
                            window.width()),
                    "cudnnSetFilter4dDescriptor");
            check(cudnnCreateConvolutionDescriptor(sizes), "cudnnCreateConvolutionDescriptor");
            check(
                    cudnnSetConvolution2dDescriptor(
                            sizes,
                            window.top(),
                            window.left(),
                            window.strideHeight(),
                            window.strideWidth(),
                            window.dilationHeight(),
                            window.dilationWidth(),
                            CUDNN_CROSS_CORRELATION,
                            CUDNN_DATA_FLOAT),
                    "cudnnSetConvolution2dDescriptor");
            check(cudnnSetConvolutionGroupCount(sizes, geometry.groups()), "cudnnSetConvolutionGroupCount");
            math = type == DType.BF16 ? CUDNN_TENSOR_OP_MATH : options.tf32() ? CUDNN_DEFAULT_MATH : CUDNN_FMA_MATH;
            math(math);
        }

        private cudnnTensorStruct tensor(int type, int n, int c, int h, int w) {
            cudnnTensorStruct tensor = new cudnnTensorStruct();
            check(cudnnCreateTensorDescriptor(tensor), "cudnnCreateTensorDescriptor");
            check(
                    cudnnSetTensor4dDescriptor(tensor, CUDNN_TENSOR_NHWC, type, n, c, h, w),
                    "cudnnSetTensor4dDescriptor");
            return tensor;
        }

        private void math(int kind) {
            check(cudnnSetConvolutionMathType(sizes, kind), "cudnnSetConvolutionMathType");
        }

        /** The fastest algorithm as timed by the library on memory of its own, or null if it has none. */
        Algorithm find(boolean deterministic) {
            int[] count = new int[1];
            return switch (direction) {
                case FORWARD -> {
                    try (var found = new cudnnConvolutionFwdAlgoPerf_t(MOST_ALGORITHMS)) {
                        int status = cudnnFindConvolutionForwardAlgorithm(
                                handle, image, weights, sizes, result, MOST_ALGORITHMS, count, found);
                        Algorithm best = null;
                        for (int i = 0; status == CUDNN_STATUS_SUCCESS && i < count[0] && best == null; i++) {
                            found.position(i);
                            best = suits(found.status(), found.mathType(), found.determinism(), deterministic)
                                    ? new Algorithm(found.algo(), found.mathType(), found.memory())
                                    : null;
                        }
                        found.position(0);
                        yield best;
                    }
                }
                case DATA -> {
                    try (var found = new cudnnConvolutionBwdDataAlgoPerf_t(MOST_ALGORITHMS)) {
                        int status = cudnnFindConvolutionBackwardDataAlgorithm(
                                handle, weights, result, sizes, image, MOST_ALGORITHMS, count, found);
                        Algorithm best = null;
                        for (int i = 0; status == CUDNN_STATUS_SUCCESS && i < count[0] && best == null; i++) {
                            found.position(i);
                            best = suits(found.status(), found.mathType(), found.determinism(), deterministic)
                                    ? new Algorithm(found.algo(), found.mathType(), found.memory())
                                    : null;
                        }
                        found.position(0);
                        yield best;
                    }
                }
                case WEIGHTS -> {
                    try (var found = new cudnnConvolutionBwdFilterAlgoPerf_t(MOST_ALGORITHMS)) {
                        int status = cudnnFindConvolutionBackwardFilterAlgorithm(
                                handle, image, result, sizes, weights, MOST_ALGORITHMS, count, found);
                        Algorithm best = null;
                        for (int i = 0; status == CUDNN_STATUS_SUCCESS && i < count[0] && best == null; i++) {
                            found.position(i);
                            best = suits(found.status(), found.mathType(), found.determinism(), deterministic)
                                    ? new Algorithm(found.algo(), found.mathType(), found.memory())
                                    : null;
                        }
                        found.position(0);
                        yield best;
                    }
                }
            };
        }

        /** The library also tries its default mathematics, which may round factors to TF32 where that was not asked for. */
        private boolean suits(int status, int kind, int determinism, boolean deterministic) {
            return status == CUDNN_STATUS_SUCCESS
                    && (math != CUDNN_FMA_MATH || kind == CUDNN_FMA_MATH)
                    && (!deterministic || determinism == CUDNN_DETERMINISTIC);
        }

        /** From now on it runs by this algorithm. */
        void use(Algorithm algorithm) {
            math(algorithm.math());
        }

        /**
         * Runs.
         *
         * @param a image (FORWARD, WEIGHTS) or result's gradient (DATA)
         * @param b weights (FORWARD, DATA) or result's gradient (WEIGHTS)
         */
        void run(Algorithm algorithm, long a, long b, long y, long workspace) {
            Pointer first = Address.of(a);
            Pointer second = Address.of(b);
            Pointer target = Address.of(y);
            Pointer room = algorithm.bytes() == 0 ? null : Address.of(workspace);
            int status =
                    switch (direction) {
                        case FORWARD ->
                            cudnnConvolutionForward(
                                    handle,
                                    one,
                                    image,
                                    first,
                                    weights,
                                    second,
                                    sizes,
                                    algorithm.number(),
                                    room,
                                    algorithm.bytes(),
                                    zero,
                                    result,
                                    target);
                        case DATA ->
                            cudnnConvolutionBackwardData(
                                    handle,
                                    one,
                                    weights,
                                    second,
                                    result,
                                    first,
                                    sizes,
                                    algorithm.number(),
                                    room,
                                    algorithm.bytes(),
                                    zero,
                                    image,
                                    target);
                        case WEIGHTS ->
                            cudnnConvolutionBackwardFilter(
                                    handle,
                                    one,
                                    image,
                                    first,
                                    result,
                                    second,
                                    sizes,
                                    algorithm.number(),
                                    room,
                                    algorithm.bytes(),
                                    zero,
                                    weights,
                                    target);
                    };
            check(status, "convolution " + direction + " " + geometry);
        }
    }
}

package org.latent4j.compute.cuda;

import static org.bytedeco.cuda.global.cudart.*;

import java.nio.charset.StandardCharsets;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * The driver: cards, memory, streams, graphs, kernels. The one class that calls it and checks its answers.
 *
 * <p>Throws {@link CudaException}, and {@link DeviceMemoryException} where memory is short.
 *
 * <p>Source: CUDA Driver API, version 13.
 */
final class Cuda {
    private Cuda() {}

    static void check(int status, String call) {
        if (status == CUDA_SUCCESS) {
            return;
        }
        BytePointer name = new BytePointer((Pointer) null);
        BytePointer words = new BytePointer((Pointer) null);
        cuGetErrorName(status, name);
        cuGetErrorString(status, words);
        throw new CudaException(call + " failed: " + (name.isNull() ? "error " + status : name.getString())
                + (words.isNull() ? "" : ", " + words.getString()));
    }

    /** The CUDA version that the driver speaks: 13000 is 13.0. */
    static int driverVersion() {
        int[] version = new int[1];
        check(cuDriverGetVersion(version), "cuDriverGetVersion");
        return version[0];
    }

    static int runtimeVersion() {
        int[] version = new int[1];
        check(cudaRuntimeGetVersion(version), "cudaRuntimeGetVersion");
        return version[0];
    }

    /** How many cards there are; begins the driver's work in this process. */
    static int cards() {
        check(cuInit(0), "cuInit");
        int[] count = new int[1];
        check(cuDeviceGetCount(count), "cuDeviceGetCount");
        return count[0];
    }

    static CudaCard card(int index) {
        int[] device = new int[1];
        check(cuDeviceGet(device, index), "cuDeviceGet");
        byte[] name = new byte[256];
        check(cuDeviceGetName(name, name.length, device[0]), "cuDeviceGetName");
        int length = 0;
        while (length < name.length && name[length] != 0) {
            length++;
        }
        try (SizeTPointer bytes = new SizeTPointer(1)) {
            check(cuDeviceTotalMem(bytes, device[0]), "cuDeviceTotalMem");
            return new CudaCard(
                    index,
                    new String(name, 0, length, StandardCharsets.UTF_8),
                    10 * attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device[0])
                            + attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device[0]),
                    attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, device[0]),
                    bytes.get());
        }
    }

    private static int attribute(int attribute, int device) {
        int[] value = new int[1];
        check(cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
        return value[0];
    }

    /** The context that the CUDA libraries use too. */
    static CUctx_st context(int index) {
        int[] device = new int[1];
        check(cuDeviceGet(device, index), "cuDeviceGet");
        CUctx_st context = new CUctx_st();
        check(cuDevicePrimaryCtxRetain(context, device[0]), "cuDevicePrimaryCtxRetain");
        return context;
    }

    /** Makes a context the calling thread's. */
    static void enter(CUctx_st context) {
        check(cuCtxSetCurrent(context), "cuCtxSetCurrent");
    }

    static long allocate(String card, long bytes) {
        long[] address = new long[1];
        int status = cuMemAlloc(address, bytes);
        if (status == CUDA_ERROR_OUT_OF_MEMORY) {
            try (SizeTPointer free = new SizeTPointer(1);
                    SizeTPointer total = new SizeTPointer(1)) {
                check(cuMemGetInfo(free, total), "cuMemGetInfo");
                throw new DeviceMemoryException(card, bytes, total.get() - free.get(), free.get());
            }
        }
        check(status, "cuMemAlloc");
        return address[0];
    }

    static long freeBytes() {
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer total = new SizeTPointer(1)) {
            check(cuMemGetInfo(free, total), "cuMemGetInfo");
            return free.get();
        }
    }

    static void free(long address) {
        check(cuMemFree(address), "cuMemFree");
    }

    static CUstream_st stream() {
        CUstream_st stream = new CUstream_st();
        check(cuStreamCreate(stream, CU_STREAM_NON_BLOCKING), "cuStreamCreate");
        return stream;
    }

    static void synchronize(CUstream_st stream) {
        check(cuStreamSynchronize(stream), "cuStreamSynchronize");
    }

    static void upload(long to, Pointer from, long bytes, CUstream_st stream) {
        check(cuMemcpyHtoDAsync(to, from, bytes, stream), "cuMemcpyHtoDAsync");
    }

    static void download(Pointer to, long from, long bytes, CUstream_st stream) {
        check(cuMemcpyDtoHAsync(to, from, bytes, stream), "cuMemcpyDtoHAsync");
    }

    static void copy(long to, long from, long bytes, CUstream_st stream) {
        check(cuMemcpyDtoDAsync(to, from, bytes, stream), "cuMemcpyDtoDAsync");
    }

    static void zero(long to, long bytes, CUstream_st stream) {
        check(cuMemsetD8Async(to, (byte) 0, bytes, stream), "cuMemsetD8Async");
    }

    static CUmod_st module(Pointer image) {
        CUmod_st module = new CUmod_st();
        check(cuModuleLoadData(module, image), "cuModuleLoadData");
        return module;
    }

    static CUfunc_st function(CUmod_st module, String name) {
        CUfunc_st function = new CUfunc_st();
        check(cuModuleGetFunction(function, module, name), "cuModuleGetFunction of " + name);
        return function;
    }

    static void launch(
            CUfunc_st function, Grid grid, PointerPointer<Pointer> arguments, CUstream_st stream, String name) {
        check(
                cuLaunchKernel(
                        function,
                        grid.x(),
                        grid.y(),
                        grid.z(),
                        grid.threadsX(),
                        grid.threadsY(),
                        1,
                        0,
                        stream,
                        arguments,
                        (PointerPointer<Pointer>) null),
                "launch of " + name);
    }

    /** Relaxed: taking page-locked memory and loading a library's code in between is allowed, as neither belongs to the stream. */
    static void beginCapture(CUstream_st stream) {
        check(cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_RELAXED), "cuStreamBeginCapture");
    }

    /** Ends a capture and makes its graph ready to be launched. */
    static CUgraphExec_st endCapture(CUstream_st stream) {
        CUgraph_st graph = new CUgraph_st();
        check(cuStreamEndCapture(stream, graph), "cuStreamEndCapture");
        try {
            CUgraphExec_st executable = new CUgraphExec_st();
            check(cuGraphInstantiate(executable, graph, 0), "cuGraphInstantiate");
            return executable;
        } finally {
            check(cuGraphDestroy(graph), "cuGraphDestroy");
        }
    }

    /** After a failure within a capture: the stream can be used again. */
    static void abandonCapture(CUstream_st stream) {
        CUgraph_st graph = new CUgraph_st();
        if (cuStreamEndCapture(stream, graph) == CUDA_SUCCESS && !graph.isNull()) {
            cuGraphDestroy(graph);
        }
    }

    static void launch(CUgraphExec_st graph, CUstream_st stream) {
        check(cuGraphLaunch(graph, stream), "cuGraphLaunch");
    }

    static void destroy(CUgraphExec_st graph) {
        check(cuGraphExecDestroy(graph), "cuGraphExecDestroy");
    }

    /** Page-locked memory of the host, which copies within a recording need. */
    static long pinned(long bytes) {
        PointerPointer<Pointer> made = new PointerPointer<>(1);
        try (made) {
            check(cuMemHostAlloc(made, bytes, CU_MEMHOSTALLOC_PORTABLE), "cuMemHostAlloc of " + bytes + " bytes");
            return made.get(0).address();
        }
    }

    /** An event that is waited for, not timed. */
    static CUevent_st mark() {
        CUevent_st event = new CUevent_st();
        check(cuEventCreate(event, CU_EVENT_DISABLE_TIMING), "cuEventCreate");
        return event;
    }

    static void await(CUevent_st event) {
        check(cuEventSynchronize(event), "cuEventSynchronize");
    }

    static CUevent_st event() {
        CUevent_st event = new CUevent_st();
        check(cuEventCreate(event, CU_EVENT_DEFAULT), "cuEventCreate");
        return event;
    }

    static void record(CUevent_st event, CUstream_st stream) {
        check(cuEventRecord(event, stream), "cuEventRecord");
    }

    /** Waits for the second event; the time between the two. */
    static double milliseconds(CUevent_st start, CUevent_st end) {
        check(cuEventSynchronize(end), "cuEventSynchronize");
        float[] time = new float[1];
        check(cuEventElapsedTime(time, start, end), "cuEventElapsedTime");
        return time[0];
    }
}

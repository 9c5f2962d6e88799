package org.latent4j.compute.cuda;

import java.util.List;
import org.latent4j.compute.Histograms;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.graph.Backend;

/** The CUDA backend for tests, on a real card or an emulated one. */
public final class CudaUnderTest {
    private CudaUnderTest() {}

    /** Why there is no such device here; empty if there is. */
    public static String problem(String device) {
        return device.equals("cuda") ? CudaSetup.ofSystem().problem() : EmulatedGpu.problem();
    }

    public static Backend backend(String device) {
        return new CudaBackend(gpu(device), CudaOptions.DEFAULT);
    }

    /** The same, but steps are played piece by piece where they would be recorded. */
    public static Backend backendWithoutRecordings(String device) {
        return new CudaBackend(new LesserGpu(gpu(device), true, false), CudaOptions.DEFAULT);
    }

    /** Does some work while an emulated card has so much memory left. */
    public static void withFreeBytes(long bytes, Runnable work) {
        EmulatedGpu gpu = EmulatedGpu.get();
        gpu.limit(gpu.used() + bytes);
        try {
            work.run();
        } finally {
            gpu.limit(Long.MAX_VALUE);
        }
    }

    /** What an emulated card was asked to launch by some work. */
    public static List<String> launches(Runnable work) {
        EmulatedGpu.get().watch();
        work.run();
        return EmulatedGpu.get().launches();
    }

    /** Unchecked; on an emulated card, decompositions are the reference's. */
    public static Primitives primitives(String device) {
        return device.equals("cuda")
                ? new CudaPrimitives(0)
                : new CudaPrimitives(EmulatedGpu.get(), ReferenceDecompositions::new, null);
    }

    /** Unchecked, without decompositions; nearest centres by one kernel, or by products first. */
    public static Primitives primitives(String device, boolean fused) {
        return new CudaPrimitives(
                gpu(device), () -> null, fused ? NearestCentres.Way.FUSED : NearestCentres.Way.PRODUCTS);
    }

    public static Histograms histograms(String device, byte[][] columns) {
        return new CudaHistograms(gpu(device), columns);
    }

    static Gpu gpu(String device) {
        return device.equals("cuda") ? CudaGpu.of(CudaSetup.ofSystem(), 0) : EmulatedGpu.get();
    }
}

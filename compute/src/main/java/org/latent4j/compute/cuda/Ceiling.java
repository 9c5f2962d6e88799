package org.latent4j.compute.cuda;

import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Kernel;

/** What a card can do at best, measured: the rate of a large product, and of a copy. */
final class Ceiling {
    private static final int SIZE = 4096;
    private static final int RUNS = 5;
    private static final long COPIED_BYTES = 256L << 20;

    private Ceiling() {}

    static double flopsPerSecond(Gpu gpu, CudaOptions options, DType type) {
        gpu.enter();
        CudaLibraries libraries = gpu.libraries();
        if (libraries == null) {
            return Double.NaN;
        }
        var numbers = type == DType.BF16 ? CublasLt.Numbers.BF16 : CublasLt.Numbers.F32;
        long bytes = (long) SIZE * SIZE * type.bytes();
        CublasLt.Operand square = new CublasLt.Operand(numbers, SIZE, SIZE, SIZE, 1, 16);
        try (DeviceMemory a = new DeviceMemory(gpu, bytes);
                DeviceMemory b = new DeviceMemory(gpu, bytes);
                DeviceMemory y = new DeviceMemory(gpu, bytes);
                DeviceMemory workspace = new DeviceMemory(gpu, CublasLt.WORKSPACE_BYTES)) {
            var product = libraries.products().new Product(square, square, square, false, false, false, options);
            Kernel kernel = () -> product.run(0, a.address(), b.address(), y.address(), 0, workspace.address());
            return 2.0 * SIZE * SIZE * SIZE / (least(gpu, kernel) * 1e-3);
        }
    }

    /** Bytes read and written per second. */
    static double bytesPerSecond(Gpu gpu) {
        gpu.enter();
        try (DeviceMemory from = new DeviceMemory(gpu, COPIED_BYTES);
                DeviceMemory to = new DeviceMemory(gpu, COPIED_BYTES)) {
            Kernel kernel = () -> gpu.copy(to.address(), from.address(), COPIED_BYTES);
            return 2.0 * COPIED_BYTES / (least(gpu, kernel) * 1e-3);
        }
    }

    private static double least(Gpu gpu, Kernel kernel) {
        double least = Double.MAX_VALUE;
        for (int run = 0; run <= RUNS; run++) {
            double time = gpu.milliseconds(kernel);
            least = run == 0 ? least : Math.min(least, time);
        }
        return least;
    }
}

package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Kernel;

/**
 * What the processor can do at best, measured: the rate of a large product, and of a copy. The best of runs for so long that it is not others' use
 * of a shared machine that is measured.
 */
final class Ceiling {
    private static final int SIZE = 1536;
    private static final double SECONDS = 0.75;
    private static final int LEAST_RUNS = 5;
    private static final long COPIED_BYTES = 128L << 20;

    private Ceiling() {}

    static double flopsPerSecond(DType type) {
        memory.desc format = Dnnl.matrix(type, SIZE, SIZE);
        Workspace workspace = new Workspace();
        Array a = workspace.take(format);
        memory.desc any = Dnnl.any(type, SIZE, SIZE);
        var description = new matmul.primitive_desc(Dnnl.ENGINE, format, any, format, Dnnl.attributes(), false);
        Dnnl.Call product = new Dnnl.Arguments()
                .with(DNNL_ARG_SRC, a)
                .with(DNNL_ARG_WEIGHTS, workspace.take(new memory.desc(description.weights_desc())))
                .with(DNNL_ARG_DST, workspace.take(format))
                .call(description, new matmul(description), workspace);
        return 2.0 * SIZE * SIZE * SIZE / leastSeconds(product);
    }

    /** Bytes read and written per second. */
    static double bytesPerSecond() {
        memory.desc format = Dnnl.vector(DType.F32, COPIED_BYTES / Float.BYTES);
        Workspace workspace = new Workspace();
        Kernel copy = CpuPlan.reorder(workspace.take(format), workspace.take(format), false, workspace);
        return 2.0 * COPIED_BYTES / leastSeconds(copy);
    }

    private static double leastSeconds(Kernel kernel) {
        double least = Double.MAX_VALUE;
        double all = 0;
        for (int run = 0; run < LEAST_RUNS || all < SECONDS; run++) {
            long start = System.nanoTime();
            kernel.run();
            double seconds = (System.nanoTime() - start) * 1e-9;
            least = Math.min(least, seconds);
            all += seconds;
        }
        return least;
    }
}

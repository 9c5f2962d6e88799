package org.latent4j.compute.cuda;

import org.bytedeco.javacpp.DoublePointer;
import org.latent4j.compute.graph.Kernel;

/** The sum of squares of a vector on the card, always in the same order. */
final class Norm {
    private static final int MOST_PARTS = 1024;

    private final Gpu gpu;
    private final Place vector;
    private final long count;
    private Kernel kernel;
    private DeviceMemory result;

    Norm(Gpu gpu, Place vector, long count) {
        this.gpu = gpu;
        this.vector = vector;
        this.count = count;
    }

    /** Made on first use: most vectors are never asked for theirs. */
    double squared() {
        if (kernel == null) {
            result = new DeviceMemory(gpu, Double.BYTES * (1L + MOST_PARTS));
            kernel = kernel(gpu, vector, 0, count, null, -1, Place.of(result).plus(Double.BYTES), Place.of(result));
        }
        kernel.run();
        try (DoublePointer number = new DoublePointer(1)) {
            gpu.download(number.address(), result.address(), Double.BYTES);
            return number.get();
        }
    }

    /**
     * Prepares the sum over a range.
     *
     * @param average scalar that each number is multiplied by, or -1
     * @param parts room for {@link #parts} numbers
     */
    static Kernel kernel(
            Gpu gpu, Place vector, long offset, long count, Place scalars, int average, Place parts, Place norm) {
        Grid grid = Grid.blocks(parts(count));
        Kernel first = gpu.launch(
                KernelName.of("update", "norm_parts"),
                grid,
                new Arguments()
                        .at(vector)
                        .number(offset)
                        .number(count)
                        .at(scalars)
                        .integer(average)
                        .at(parts));
        Kernel second = gpu.launch(
                KernelName.of("update", "norm_sum"),
                Grid.blocks(1),
                new Arguments().at(parts).integer(grid.x()).at(norm));
        return () -> {
            first.run();
            second.run();
        };
    }

    static int parts(long count) {
        return (int) Math.min(MOST_PARTS, (count + Grid.THREADS - 1) / Grid.THREADS);
    }
}

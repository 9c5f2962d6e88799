package org.latent4j.compute.cuda;

import org.bytedeco.javacpp.DoublePointer;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.Kernel;

/** The sum of squares of a vector on the card, always in the same order. */
final class Norm implements Backend.Measure {
    static final int MOST_PARTS = 1024;

    private final Gpu gpu;
    private final DeviceMirror vector;
    private final DeviceMemory result;
    private final Kernel parts;
    private final Kernel sum;

    Norm(Gpu gpu, DeviceMirror vector, long count) {
        this.gpu = gpu;
        this.vector = vector;
        this.result = new DeviceMemory(gpu, Double.BYTES * (1L + MOST_PARTS));
        Place norm = Place.of(result);
        Place scratch = norm.plus(Double.BYTES);
        Grid grid = Grid.blocks(parts(count));
        this.parts = parts(gpu, grid, vector.place(), 0, count, null, -1, scratch);
        this.sum = sum(gpu, scratch, grid.x(), norm);
    }

    /**
     * Prepares the sums of parts of a range.
     *
     * @param average scalar that each number is multiplied by, or -1
     */
    static Kernel parts(
            Gpu gpu, Grid grid, Place vector, long offset, long count, Place scalars, int average, Place parts) {
        return gpu.launch(
                KernelName.of("update", "norm_parts"),
                grid,
                new Arguments()
                        .at(vector)
                        .number(offset)
                        .number(count)
                        .at(scalars)
                        .integer(average)
                        .at(parts));
    }

    static Kernel sum(Gpu gpu, Place parts, int count, Place norm) {
        return gpu.launch(
                KernelName.of("update", "norm_sum"),
                Grid.blocks(1),
                new Arguments().at(parts).integer(count).at(norm));
    }

    static int parts(long count) {
        return (int) Math.min(MOST_PARTS, (count + Grid.THREADS - 1) / Grid.THREADS);
    }

    /** Where the sum lies. */
    Place place() {
        return Place.of(result);
    }

    @Override
    public void run() {
        gpu.enter();
        vector.toDevice();
        parts.run();
        sum.run();
    }

    @Override
    public double value() {
        gpu.enter();
        try (DoublePointer number = new DoublePointer(1)) {
            gpu.download(number.address(), result.address(), Double.BYTES);
            return number.get();
        }
    }
}

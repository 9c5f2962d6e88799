package org.latent4j.compute.graph;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** What runs graphs. It speaks operations, not layers. */
public interface Backend {

    /**
     * Two tapes over the same memory.
     *
     * @param keptBytes beside the arena, of what some kernels leave for others
     */
    record Tapes(Tape forward, Tape backward, long keptBytes) {}

    /**
     * What tapes work on.
     *
     * @param border the memory of each border value
     * @param accumulate whether parameter gradients are added to those that are there
     * @param noise read by each forward pass that draws random numbers
     */
    record Setting(Parameters parameters, Map<Integer, Tensor> border, boolean accumulate, Noise noise) {}

    boolean supports(Op op);

    /** Floating point operations per second of a large matrix product, measured. */
    double ceiling(DType type);

    /** Bytes read and written per second by a copy that is too large for caches, measured. */
    double copyRate();

    /** Throws {@link org.latent4j.compute.ComputeException} where 16-bit numbers would be slower than 32-bit ones. */
    void requireBf16();

    /** Prepares every node. */
    Tapes prepare(Graph graph, MemoryPlan plan, Setting setting);

    /** Prepares an update of the parameters; the kernels read the clock each time they run. */
    Kernel update(List<UpdateStep> steps, Parameters parameters, UpdateClock clock);

    /** y = x / 127.5 - 1 of bytes in a direct buffer, which lie in y's order in memory. */
    Kernel fromBytes(ByteBuffer x, Tensor y);

    /** average = keep average + (1 - keep) values, for all parameters; {@code keep} is asked anew by each run. */
    Kernel average(Parameters values, Parameters average, DoubleSupplier keep);

    /** Sum of squares of all parameters, or of all their gradients; not finite if one of them is not. */
    Measure squares(Parameters parameters, boolean ofGradients);

    /** The game's own kernels; none where the host does that work as well. */
    default Optional<GameKernels> gameKernels() {
        return Optional.empty();
    }

    /**
     * Work that asks the same of the device in each run and reads nothing back, made into as few launches as the device can: its code still
     * runs each time, for what it brings from the host.
     */
    default Kernel step(Kernel work) {
        return work;
    }

    /** A number that each run computes anew. */
    interface Measure extends Kernel {
        double value();
    }
}

package org.latent4j.compute.graph;

import java.util.List;
import java.util.Map;

/** What runs graphs. It speaks operations, not layers. */
public interface Backend {

    /** Two tapes over the same memory. */
    record Tapes(Tape forward, Tape backward) {}

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

    /** Throws {@link org.latent4j.compute.ComputeException} where 16-bit numbers would be slower than 32-bit ones. */
    void requireBf16();

    /** Prepares every node. */
    Tapes prepare(Graph graph, MemoryPlan plan, Setting setting);

    /** Prepares an update of the parameters; the kernels read the clock each time they run. */
    Kernel update(List<UpdateStep> steps, Parameters parameters, UpdateClock clock);
}

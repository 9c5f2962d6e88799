package org.latent4j.compute.layer;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;

/** A vertex of DL4J graphs with one input and no parameters: what all such vertices of latent4j share. */
abstract class PlainVertex extends GraphVertex {
    @Override
    public final long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public final int minVertexInputs() {
        return 1;
    }

    @Override
    public final int maxVertexInputs() {
        return 1;
    }

    @Override
    public final MemoryReport getMemoryReport(InputType... inputs) {
        try {
            return new LayerMemoryReport.Builder(null, getClass(), inputs[0], getOutputType(0, inputs))
                    .standardMemory(0, 0)
                    .workingMemory(0, 0, 0, 0)
                    .cacheMemory(0, 0)
                    .build();
        } catch (InvalidInputTypeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}

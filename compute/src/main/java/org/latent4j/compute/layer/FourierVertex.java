package org.latent4j.compute.layer;

import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** {@link FourierFeatures} as a vertex of DL4J graphs: points (m, size) in, features (m, size (1 + 2 octaves)) out; no parameters. */
public final class FourierVertex extends PlainVertex {
    private final int size;
    private final double frequency;
    private final int octaves;

    public FourierVertex(
            @JsonProperty("size") int size,
            @JsonProperty("frequency") double frequency,
            @JsonProperty("octaves") int octaves) {
        this.size = size;
        this.frequency = frequency;
        this.octaves = octaves;
        features(); // checks the numbers
    }

    public FourierFeatures features() {
        return new FourierFeatures(size, frequency, octaves);
    }

    @JsonProperty("size")
    public int size() {
        return size;
    }

    @JsonProperty("frequency")
    public double frequency() {
        return frequency;
    }

    @JsonProperty("octaves")
    public int octaves() {
        return octaves;
    }

    @Override
    public GraphVertex clone() {
        return new FourierVertex(size, frequency, octaves);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FourierVertex vertex && vertex.features().equals(features());
    }

    @Override
    public int hashCode() {
        return Objects.hash(size, frequency, octaves);
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray parameters, boolean initialise, DataType type) {
        return new FourierVertexInGraph(graph, name, index, features(), type);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) throws InvalidInputTypeException {
        if (inputs.length != 1
                || !(inputs[0] instanceof InputType.InputTypeFeedForward points)
                || points.getSize() != size) {
            throw new InvalidInputTypeException(
                    "FourierVertex expects one input of " + size + " numbers, but got " + List.of(inputs));
        }
        return InputType.feedForward(features().width());
    }
}

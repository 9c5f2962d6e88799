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

/**
 * Periodic padding as a vertex of DL4J graphs: images (m, c, h, w) in, (m, c, h + 2 rows, w + 2 columns) out, where beyond an edge the image
 * goes on with its other side. A convolution behind it, without padding of its own, is one on a torus; no parameters.
 *
 * <p>Throws {@link IllegalArgumentException} for negative margins, none at all, and margins larger than an image.
 */
public final class WrapVertex extends PlainVertex {
    private final int rows;
    private final int columns;

    public WrapVertex(@JsonProperty("rows") int rows, @JsonProperty("columns") int columns) {
        if (Math.min(rows, columns) < 0 || rows + columns == 0) {
            throw new IllegalArgumentException(
                    "WrapVertex needs margins of 0 or more, one of them positive, but got " + rows + " and " + columns);
        }
        this.rows = rows;
        this.columns = columns;
    }

    /** Above, and as many below. */
    @JsonProperty("rows")
    public int rows() {
        return rows;
    }

    /** On the left, and as many on the right. */
    @JsonProperty("columns")
    public int columns() {
        return columns;
    }

    /** Throws if an image has no such margins. */
    public void require(long height, long width) {
        if (rows > height || columns > width) {
            throw new IllegalArgumentException("WrapVertex(" + rows + ", " + columns
                    + ") needs images of at least that many rows and columns, but got " + height + "x" + width);
        }
    }

    @Override
    public GraphVertex clone() {
        return new WrapVertex(rows, columns);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WrapVertex wrap && wrap.rows == rows && wrap.columns == columns;
    }

    @Override
    public int hashCode() {
        return Objects.hash(rows, columns);
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph, String name, int index, INDArray parameters, boolean initialise, DataType type) {
        return new WrapVertexInGraph(graph, name, index, this, type);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) throws InvalidInputTypeException {
        if (inputs.length != 1 || !(inputs[0] instanceof InputType.InputTypeConvolutional image)) {
            throw new InvalidInputTypeException("WrapVertex expects one input of images, but got " + List.of(inputs));
        }
        return InputType.convolutional(
                image.getHeight() + 2L * rows, image.getWidth() + 2L * columns, image.getChannels());
    }
}

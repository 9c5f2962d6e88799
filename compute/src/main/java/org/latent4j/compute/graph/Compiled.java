package org.latent4j.compute.graph;

import java.util.Map;
import org.latent4j.compute.ComputeException;

/**
 * A network compiled for one batch size: tapes for the forward and the backward pass, and the tensors at their borders.
 *
 * <p>Write the inputs, run {@link #forward}, read the outputs; write the gradients of a loss with respect to the outputs, run
 * {@link #backward}, and read the gradients with respect to the inputs. Gradients with respect to parameters land in DL4J's flat gradient,
 * as sums over the batch. Shapes are DL4J's, (N, F) and (N, C, H, W).
 *
 * <p>Throws {@link ComputeException} for a border that the network does not have. Not thread-safe.
 */
public final class Compiled {
    private final Graph graph;
    private final Map<String, Tensor> borders;
    private final Backend.Tapes tapes;

    Compiled(Graph graph, Map<String, Tensor> borders, Backend.Tapes tapes) {
        this.graph = graph;
        this.borders = borders;
        this.tapes = tapes;
    }

    /** An input or output. */
    public Tensor tensor(String name) {
        Tensor tensor = borders.get(name);
        if (tensor == null) {
            throw new ComputeException("there is no '" + name + "'; there are " + borders.keySet());
        }
        return tensor;
    }

    /** The gradient with respect to an input (read it) or an output (write it). */
    public Tensor gradient(String name) {
        return tensor(CompileOptions.gradientOf(name));
    }

    /** Whether there is a gradient with respect to an input or output. */
    public boolean hasGradient(String name) {
        return borders.containsKey(CompileOptions.gradientOf(name));
    }

    public void forward() {
        tapes.forward().run();
    }

    public void backward() {
        tapes.backward().run();
    }

    public Graph graph() {
        return graph;
    }
}

package org.latent4j.gan.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.latent4j.compute.graph.UpdatePace;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Forward, backward and update of one DL4J graph with one input and one output, driven by errors from outside.
 *
 * <p>DL4J's {@code backpropGradient} gives no gradient with respect to the input, which is what a generator learns from, and its
 * {@code feedForward} keeps activations outside of workspaces; so both walks over the vertices are done here, on DL4J's own layers, in an
 * {@link Arena} that is open. Gradients land in the graph's own flat view.
 */
final class GraphPass {
    private final ComputationGraph graph;
    private final UpdatePace pace;
    private Gradient gradient;

    GraphPass(ComputationGraph graph) {
        this(graph, UpdatePace.STEADY);
    }

    GraphPass(ComputationGraph graph, UpdatePace pace) {
        this.graph = graph;
        this.pace = pace;
        graph.init();
        if (graph.getFlattenedGradients() == null) {
            graph.initGradientsView();
        }
        graph.getUpdater(); // makes its state now, outside of any arena
    }

    /** Output of the graph; activations stay on the layers for {@link #backward}. */
    INDArray forward(INDArray input, boolean training, Arena arena) {
        graph.setInputs(input); // some preprocessors ask the graph for the size of the minibatch
        INDArray output = null;
        for (GraphVertex vertex : inOrder()) {
            INDArray activation = vertex.isInputVertex() ? input : vertex.doForward(training, arena.manager());
            if (vertex.getVertexName().equals(output())) {
                output = activation;
            }
            if (vertex.getOutputVertices() != null) {
                for (VertexIndices consumer : vertex.getOutputVertices()) {
                    graph.getVertices()[consumer.getVertexIndex()].setInput(
                            consumer.getVertexEdgeNumber(), activation, arena.manager());
                }
            }
        }
        return output;
    }

    /** Walks back from d loss / d output: fills the flat gradient, returns d loss / d input. Call once after each forward pass. */
    INDArray backward(INDArray epsilon, Arena arena) {
        GraphVertex[] vertices = graph.getVertices();
        INDArray[] epsilons = new INDArray[vertices.length];
        epsilons[graph.getVertex(output()).getVertexIndex()] = epsilon;
        gradient = new DefaultGradient(graph.getFlattenedGradients());
        int[] order = graph.topologicalSortOrder();
        for (int i = order.length - 1; i >= 0; i--) {
            GraphVertex vertex = vertices[order[i]];
            INDArray own = epsilons[order[i]];
            if (vertex.isInputVertex() || own == null) {
                continue;
            }
            vertex.setEpsilon(own);
            Pair<Gradient, INDArray[]> result = vertex.doBackward(false, arena.manager());
            if (result.getFirst() != null) {
                result.getFirst()
                        .gradientForVariable()
                        .forEach((name, view) -> gradient.setGradientFor(vertex.getVertexName() + "_" + name, view));
            }
            VertexIndices[] sources = vertex.getInputVertices();
            for (int s = 0; s < sources.length; s++) {
                INDArray passed = result.getSecond()[s];
                if (passed != null) {
                    int source = sources[s].getVertexIndex();
                    epsilons[source] = epsilons[source] == null ? passed : epsilons[source].add(passed);
                }
            }
        }
        INDArray input = epsilons[graph.getVertex(input()).getVertexIndex()];
        clear();
        return input;
    }

    /** Forgets the activations of a forward pass. */
    void clear() {
        for (GraphVertex vertex : graph.getVertices()) {
            vertex.clear();
        }
        graph.setInputs((INDArray[]) null);
    }

    /** The flat gradient of the last backward pass: sums over the minibatch, in the order of the parameters. */
    INDArray flatGradient() {
        return graph.getFlattenedGradients();
    }

    /** Applies DL4J's updater to the flat gradient, as {@code fit} would: normalisation, l1/l2, updater, constraints, iteration count. */
    void update(int minibatch, Arena arena) {
        int iteration = graph.getConfiguration().getIterationCount();
        int epoch = graph.getConfiguration().getEpochCount();
        for (Layer layer : graph.getLayers()) {
            layer.setIterationCount(iteration);
            layer.setEpochCount(epoch);
        }
        try (PacedUpdaters paced = PacedUpdaters.at(graph, pace)) {
            graph.getUpdater().update(gradient, iteration, epoch, minibatch, arena.manager());
        }
        INDArray parameters = graph.params();
        parameters.subi(graph.getFlattenedGradients().reshape(parameters.shape()));
        graph.applyConstraints(iteration, epoch);
        graph.getConfiguration().setIterationCount(iteration + 1);
    }

    INDArray parameters() {
        return graph.params();
    }

    int iteration() {
        return graph.getConfiguration().getIterationCount();
    }

    private List<GraphVertex> inOrder() {
        List<GraphVertex> ordered = new ArrayList<>();
        for (int index : graph.topologicalSortOrder()) {
            ordered.add(graph.getVertices()[index]);
        }
        return ordered;
    }

    private String input() {
        return graph.getConfiguration().getNetworkInputs().get(0);
    }

    private String output() {
        return graph.getConfiguration().getNetworkOutputs().get(0);
    }
}

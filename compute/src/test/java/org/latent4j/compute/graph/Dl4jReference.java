package org.latent4j.compute.graph;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The oracle: forward, backward from gradients with respect to the outputs, and update, on DL4J's own layers. */
final class Dl4jReference {
    private final ComputationGraph graph;
    private final Map<String, INDArray> inputGradients = new HashMap<>();
    private Gradient gradient;

    Dl4jReference(ComputationGraph graph) {
        this.graph = graph;
        graph.getConfiguration().setTrainingWorkspaceMode(WorkspaceMode.NONE);
        graph.getConfiguration().setInferenceWorkspaceMode(WorkspaceMode.NONE);
        if (graph.getFlattenedGradients() == null) {
            graph.initGradientsView();
        }
    }

    Map<String, INDArray> forward(List<INDArray> inputs, boolean training) {
        Map<String, INDArray> activations =
                graph.feedForward(inputs.stream().map(INDArray::dup).toArray(INDArray[]::new), training, false);
        Map<String, INDArray> outputs = new LinkedHashMap<>();
        for (String output : graph.getConfiguration().getNetworkOutputs()) {
            outputs.put(output, activations.get(output).dup('c'));
        }
        return outputs;
    }

    void backward(Map<String, INDArray> outputGradients) {
        GraphVertex[] vertices = graph.getVertices();
        INDArray[] epsilons = new INDArray[vertices.length];
        outputGradients.forEach(
                (name, epsilon) -> epsilons[graph.getVertex(name).getVertexIndex()] = epsilon.dup('c'));
        graph.getFlattenedGradients().assign(0);
        gradient = new DefaultGradient(graph.getFlattenedGradients());
        int[] order = graph.topologicalSortOrder();
        for (int i = order.length - 1; i >= 0; i--) {
            GraphVertex vertex = vertices[order[i]];
            INDArray own = epsilons[order[i]];
            if (vertex.isInputVertex() || own == null) {
                continue;
            }
            vertex.setEpsilon(own);
            Pair<Gradient, INDArray[]> result = vertex.doBackward(false, LayerWorkspaceMgr.noWorkspaces());
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
                    epsilons[source] = epsilons[source] == null ? passed.dup('c') : epsilons[source].add(passed);
                }
            }
        }
        inputGradients.clear();
        for (String input : graph.getConfiguration().getNetworkInputs()) {
            INDArray epsilon = epsilons[graph.getVertex(input).getVertexIndex()];
            if (epsilon != null) {
                inputGradients.put(input, epsilon.dup('c'));
            }
        }
    }

    INDArray inputGradient(String input) {
        return inputGradients.get(input);
    }

    void update(int minibatch) {
        int iteration = graph.getConfiguration().getIterationCount();
        int epoch = graph.getConfiguration().getEpochCount();
        graph.getUpdater().update(gradient, iteration, epoch, minibatch, LayerWorkspaceMgr.noWorkspaces());
        graph.params().subi(graph.getFlattenedGradients().reshape(graph.params().shape()));
        graph.getConfiguration().setIterationCount(iteration + 1);
    }
}

package org.latent4j.compute.network;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Parts of networks as networks of their own. */
public final class GraphPart {
    private GraphPart() {}

    /** What one vertex gives: a network of this vertex and all that it depends on, with a copy of their parameters. */
    public static ComputationGraph upTo(ComputationGraph graph, String vertex) {
        ComputationGraphConfiguration configuration = graph.getConfiguration().clone();
        Set<String> needed = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(vertex));
        while (!open.isEmpty()) {
            String name = open.pop();
            if (needed.add(name)) {
                open.addAll(configuration.getVertexInputs().getOrDefault(name, List.of()));
            }
        }
        configuration.getVertices().keySet().retainAll(needed);
        configuration.getVertexInputs().keySet().retainAll(needed);
        configuration.setNetworkOutputs(List.of(vertex));
        configuration.setTopologicalOrder(null);
        configuration.setTopologicalOrderStr(null);
        ComputationGraph part = new ComputationGraph(configuration);
        part.init();
        part.paramTable().forEach((name, array) -> array.assign(graph.getParam(name)));
        return part;
    }
}

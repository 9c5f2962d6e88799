package org.latent4j.compute.graph;

import java.util.List;
import java.util.stream.Stream;

/**
 * Operations in the order in which they run: first the forward pass, then the backward pass.
 *
 * <p>A {@link GraphBuilder} makes it and checks every shape; passes make new graphs of it.
 *
 * @param nodes each reads only borders, parameters and what nodes before it have written
 * @param forwardNodes how many of them belong to the forward pass
 */
public record Graph(List<Node> nodes, int forwardNodes) {

    public Graph {
        nodes = List.copyOf(nodes);
    }

    public Stream<Value> values() {
        return nodes.stream()
                .flatMap(node -> Stream.concat(node.inputs().stream(), node.outputs().stream()))
                .distinct();
    }
}

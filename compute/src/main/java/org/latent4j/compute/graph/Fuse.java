package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A pass that merges an activation into the operation in front of it: convolutions and products apply it to each result before they store
 * it, and a training batch norm applies ReLU and keeps a mask for its gradient, which then takes in the activation's gradient.
 */
final class Fuse {
    private final Map<Integer, List<Node>> readers = new HashMap<>();
    private final Map<Integer, Node> writers = new HashMap<>();
    private final Map<Node, Node> replaced = new HashMap<>();
    private final Set<Node> dropped = new HashSet<>();
    private int nextId;

    private Fuse(Graph graph) {
        nextId = 1 + graph.values().mapToInt(Value::id).max().orElse(0);
        for (Node node : graph.nodes()) {
            node.inputs().forEach(v -> readers.computeIfAbsent(v.id(), id -> new ArrayList<>())
                    .add(node));
            node.outputs().forEach(v -> writers.put(v.id(), node));
        }
    }

    static Graph apply(Graph graph) {
        Fuse pass = new Fuse(graph);
        graph.nodes().forEach(pass::fuse);
        List<Node> nodes = new ArrayList<>();
        int forward = 0;
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            if (!pass.dropped.contains(node)) {
                nodes.add(pass.replaced.getOrDefault(node, node));
            }
            if (i + 1 == graph.forwardNodes()) {
                forward = nodes.size();
            }
        }
        return new Graph(nodes, forward);
    }

    private void fuse(Node node) {
        if (!(node.op() instanceof Op.Activate activate)) {
            return;
        }
        Node before = writers.get(node.input(0).id());
        if (before == null
                || readers.get(node.input(0).id()).size() != 1
                || node.input(0).role() != Role.ACTIVATION) {
            return;
        }
        Activation function = activate.activation();
        if (before.op() instanceof Op.Conv conv) {
            merge(before, new Op.Conv(conv.window(), function), node);
        } else if (before.op() instanceof Op.ConvData conv) {
            merge(before, new Op.ConvData(conv.window(), function), node);
        } else if (before.op() instanceof Op.MatMul product) {
            merge(before, new Op.MatMul(product.transposeA(), product.transposeB(), function), node);
        } else if (before.op() instanceof Op.BatchNorm norm && function.kind() == Activation.Kind.RELU) {
            mergeNorm(before, norm, node);
        }
    }

    private void merge(Node before, Op op, Node activate) {
        replaced.put(before, new Node(op, before.inputs(), activate.outputs()));
        dropped.add(activate);
    }

    /** Possible where the gradient with respect to the activation has one way back, through its own gradient to the batch norm's. */
    private void mergeNorm(Node before, Op.BatchNorm norm, Node activate) {
        Value x = before.input(0);
        Node gradient = readers.get(x.id()).stream()
                .filter(n -> n.op() instanceof Op.BatchNormGradient)
                .findFirst()
                .orElse(null);
        Value mask = new Value(nextId++, x.name(), x.shape(), DType.U8, Role.ACTIVATION);
        if (gradient != null) {
            Node back = writers.get(gradient.input(5).id());
            if (back == null
                    || !(back.op() instanceof Op.ActivateGradient)
                    || back.input(0).id() != activate.output(0).id()
                    || readers.get(back.output(0).id()).size() != 1) {
                return;
            }
            List<Value> inputs = new ArrayList<>(gradient.inputs());
            inputs.set(5, back.input(1));
            inputs.add(mask);
            replaced.put(
                    gradient, new Node(new Op.BatchNormGradient(norm.epsilon(), true), inputs, gradient.outputs()));
            dropped.add(back);
        }
        replaced.put(
                before,
                new Node(
                        new Op.BatchNorm(norm.epsilon(), true),
                        before.inputs(),
                        List.of(activate.output(0), before.output(1), before.output(2), mask)));
        dropped.add(activate);
    }
}

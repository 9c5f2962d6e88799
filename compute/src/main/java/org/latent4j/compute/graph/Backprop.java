package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Appends the backward pass to a graph: ordinary operations that compute the gradients of a scalar with respect to what is wanted, from
 * its gradients with respect to the outputs. Nothing is computed that no wanted gradient needs.
 *
 * <p>A bias that only a training batch norm sees has a gradient of exactly zero, and gets it: rounding noise in its place would be blown up
 * by updaters that divide by the gradient's own size.
 *
 * <p>Source: reverse accumulation; Linnainmaa (1970), Griewank and Walther, "Evaluating derivatives", 2008.
 */
final class Backprop {

    /** A node with parameters and the gradient with respect to its result. */
    record Learning(Node node, Value dy) {}

    final GraphBuilder builder;
    private final List<Learning> learning;
    private final Set<Value> needed = new HashSet<>();
    private final Set<Value> zeroBiases = new HashSet<>();
    private final Map<Value, Value> gradients = new HashMap<>();

    private Backprop(GraphBuilder builder, List<Node> forward, Predicate<Value> wanted, List<Learning> learning) {
        this.builder = builder;
        this.learning = learning;
        Map<Value, List<Node>> readers = new HashMap<>();
        for (Node node : forward) {
            node.inputs().forEach(value -> readers.computeIfAbsent(value, v -> new ArrayList<>())
                    .add(node));
        }
        for (Node node : forward) {
            node.inputs().stream().filter(wanted).forEach(needed::add);
            if (!node.op().isStep() && node.inputs().stream().anyMatch(needed::contains)) {
                needed.addAll(node.outputs());
            }
            boolean biased = node.op() instanceof Op.Conv
                    || node.op() instanceof Op.ConvData
                    || node.op() instanceof Op.MatMul
                    || node.op() instanceof Op.Scale;
            if (biased
                    && node.inputs().size() == 3
                    && readers.containsKey(node.output(0))
                    && readers.get(node.output(0)).stream().allMatch(r -> r.op() instanceof Op.BatchNorm)) {
                zeroBiases.add(node.input(2));
            }
        }
    }

    /**
     * Emits the backward pass of the builder's nodes.
     *
     * @param seeds gradients with respect to outputs
     * @param wanted which parameters and inputs
     * @return the gradient of each wanted value; those that no output depends on are absent
     */
    static Map<Value, Value> append(GraphBuilder builder, Map<Value, Value> seeds, Predicate<Value> wanted) {
        return run(builder, seeds, wanted, null).gradients(wanted);
    }

    /**
     * The backward pass but for the gradients of parameters: those are left to the caller.
     *
     * @param learning takes up the nodes that have parameters, last one first
     */
    static Backprop appendData(
            GraphBuilder builder, Map<Value, Value> seeds, Predicate<Value> wanted, List<Learning> learning) {
        return run(builder, seeds, wanted, learning);
    }

    private static Backprop run(
            GraphBuilder builder, Map<Value, Value> seeds, Predicate<Value> wanted, List<Learning> learning) {
        List<Node> forward = builder.nodes().stream()
                .filter(node -> !(node.op() instanceof Op.Loss))
                .toList();
        Backprop pass = new Backprop(builder, forward, wanted, learning);
        pass.gradients.putAll(seeds);
        for (int i = forward.size() - 1; i >= 0; i--) {
            Node node = forward.get(i);
            Value dy = pass.gradients.get(node.output(0));
            if (dy != null && node.inputs().stream().anyMatch(pass.needed::contains)) {
                builder.name(node.output(0).name());
                GradientRules.emit(pass, node, dy);
            }
        }
        return pass;
    }

    /** What is known now of the gradients of wanted values. */
    Map<Value, Value> gradients(Predicate<Value> wanted) {
        Map<Value, Value> result = new HashMap<>();
        gradients.forEach((value, gradient) -> {
            if (wanted.test(value)) {
                result.put(value, gradient);
            }
        });
        return result;
    }

    /** Gradients of a node's parameters, now or later. */
    void learn(Node node, Value dy) {
        if (learning == null) {
            GradientRules.parameters(this, node, node.input(0), dy, null);
        } else {
            learning.add(new Learning(node, dy));
        }
    }

    boolean needs(Value value) {
        return needed.contains(value);
    }

    boolean isZero(Value bias) {
        return zeroBiases.contains(bias);
    }

    /** Adds to what is known of the gradient with respect to a value. */
    void accumulate(Value value, Value gradient) {
        gradients.merge(value, gradient, (a, b) -> builder.binary(Op.BinaryKind.ADD, a, b));
    }
}

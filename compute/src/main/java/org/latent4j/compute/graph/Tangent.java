package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A pass that appends the gradients of an adversarial loss and of an exact penalty on the slopes v = dD/dx, without second derivatives.
 *
 * <p>Where D is piecewise linear from its first parameter on, its slope is a product of weights and masks. (1) One backward pass with unit
 * gradients of the logits gives delta, the gradient at each layer's result, and v. (2) v, scaled by the penalty's derivative, is pushed
 * forward through the same layers with the same masks and without biases: h'. (3) With the loss's derivatives c of the logits, a layer with
 * input h has the gradient {@code (c h + h')^T delta} for its weights and {@code c^T delta} for its bias: one product for loss and penalty.
 * A fixed map in front of the first parameter may be of any kind.
 *
 * <p>The discriminator must treat samples one by one: no batch norm.
 */
final class Tangent {
    final GraphBuilder builder;
    private final List<Node> forward;
    private final Map<Value, Value> tangents = new HashMap<>();
    private final Set<Value> learned = new HashSet<>();

    private Tangent(GraphBuilder builder, List<Node> forward) {
        this.builder = builder;
        this.forward = forward;
        for (Node node : forward) {
            if (!node.op().isStep()
                    && node.inputs().stream().anyMatch(v -> v.role() == Role.PARAM || learned.contains(v))) {
                learned.addAll(node.outputs());
            }
        }
    }

    /**
     * Why a network is not piecewise linear from its first parameter on, layer by layer; empty if it is.
     *
     * @param input of the network, about which slopes are taken
     */
    static List<String> problems(Imported imported, Value input) {
        Tangent pass = new Tangent(imported.builder(), imported.builder().nodes());
        Set<Value> reached = new HashSet<>(Set.of(input));
        Set<String> problems = new LinkedHashSet<>();
        for (Node node : pass.forward) {
            if (!node.op().isStep() && node.inputs().stream().anyMatch(reached::contains)) {
                reached.addAll(node.outputs());
                String reason = TangentRules.problem(node, reached, pass.learned);
                if (reason != null) {
                    problems.add("'" + node.output(0).name() + "' (" + reason + ")");
                }
            }
        }
        return new ArrayList<>(problems);
    }

    /**
     * Emits the passes.
     *
     * @param seed of D(x): the logits (N, K), and the share of each in D (N, K)
     * @param column the loss's derivative with respect to each sample's D
     * @param weights of the penalty, sample by sample (N, 1)
     * @param squares receives |v|^2 of each sample
     * @return the gradients of the parameters, and for the input the slopes v
     */
    static Map<Value, Value> append(
            Imported imported,
            Penalty penalty,
            Value input,
            Map<Value, Value> seed,
            Value column,
            Value weights,
            Value squares) {
        GraphBuilder builder = imported.builder();
        List<Node> forward = builder.nodes();
        Tangent pass = new Tangent(builder, forward);
        List<Backprop.Learning> learning = new ArrayList<>();
        Backprop back = Backprop.appendData(builder, seed, v -> v.role() == Role.PARAM || v.equals(input), learning);
        Value slopes = back.gradients(input::equals).get(input);
        pass.tangents.put(input, builder.penaltyStart(penalty, slopes, weights, squares));
        pass.push(back, learning, column);
        return back.gradients(v -> v.role() == Role.PARAM || v.equals(input));
    }

    private void push(Backprop back, List<Backprop.Learning> learning, Value column) {
        Map<Node, Value> deltas = new HashMap<>();
        learning.forEach(item -> deltas.put(item.node(), item.dy()));
        Set<Value> wanted = wanted(deltas.keySet());
        Map<Value, Value> mixed = new HashMap<>();
        for (Node node : forward) {
            builder.name(node.output(0).name());
            Value delta = deltas.get(node);
            if (delta != null) {
                Value x = node.input(0);
                Value stand = node.op() instanceof Op.Lookup
                        ? x
                        : mixed.computeIfAbsent(x, v -> builder.scaleSamples(v, column, tangents.get(v)));
                GradientRules.parameters(back, node, stand, delta, column);
            }
            if (wanted.contains(node.output(0))
                    && !node.op().isStep()
                    && node.inputs().stream().anyMatch(tangents::containsKey)) {
                tangents.put(node.output(0), TangentRules.emit(this, node));
            }
        }
    }

    /** Values that a layer with parameters depends on. */
    private Set<Value> wanted(Set<Node> withParameters) {
        Set<Value> wanted = new HashSet<>();
        for (int i = forward.size() - 1; i >= 0; i--) {
            Node node = forward.get(i);
            if (withParameters.contains(node) || node.outputs().stream().anyMatch(wanted::contains)) {
                wanted.addAll(node.inputs());
            }
        }
        return wanted;
    }

    boolean has(Value value) {
        return tangents.containsKey(value);
    }

    /** The tangent of a value; zeros for one that the input does not change. */
    Value of(Value value) {
        Value known = tangents.get(value);
        return known != null ? known : builder.fill(0, value.shape());
    }
}

package org.latent4j.compute.graph;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** How each operation passes a small change of its inputs on: the table of {@link Tangent}. */
final class TangentRules {

    private interface Rule<T extends Op> {
        Value emit(Tangent pass, T op, Node node);
    }

    private static final Map<Class<? extends Op>, Rule<Op>> RULES = new HashMap<>();

    static {
        on(Op.Conv.class, (p, op, node) -> p.builder.conv(op.window(), p.of(node.input(0)), node.input(1), null));
        on(
                Op.ConvData.class,
                (p, op, node) -> p.builder.convData(
                        op.window(), node.output(0).shape(), p.of(node.input(0)), node.input(1), null));
        on(
                Op.MatMul.class,
                (p, op, node) ->
                        p.builder.matMul(op.transposeA(), op.transposeB(), p.of(node.input(0)), node.input(1), null));
        on(Op.Scale.class, (p, op, node) -> p.builder.scale(p.of(node.input(0)), node.input(1), null));
        on(Op.Activate.class, (p, op, node) -> {
            Value saved = op.activation().differentiableFromOutput() ? node.output(0) : node.input(0);
            return p.builder.add(new Op.ActivateGradient(op.activation()), saved.shape(), saved, p.of(node.input(0)));
        });
        on(
                Op.Pool.class,
                (p, op, node) -> op.kind() == Op.PoolKind.MAX
                        ? p.builder.add(
                                new Op.MaximumTangent(op.window()),
                                node.output(0).shape(),
                                node.input(0),
                                p.of(node.input(0)))
                        : p.builder.pool(op.kind(), op.window(), p.of(node.input(0))));
        on(Op.Upsample.class, (p, op, node) -> p.builder.upsample(op.height(), op.width(), p.of(node.input(0))));
        on(Op.Pad.class, (p, op, node) -> p.builder.pad(op, p.of(node.input(0))));
        on(Op.Crop.class, (p, op, node) -> p.builder.crop(op, p.of(node.input(0))));
        on(Op.Wrap.class, (p, op, node) -> p.builder.wrap(op, p.of(node.input(0))));
        on(Op.WrapGradient.class, (p, op, node) -> p.builder.wrapGradient(op.wrap(), p.of(node.input(0))));
        on(Op.Binary.class, TangentRules::binary);
        on(Op.Linear.class, (p, op, node) -> p.builder.linear(op.scale(), 0, p.of(node.input(0))));
        on(
                Op.Concat.class,
                (p, op, node) -> p.builder.concat(
                        op.axis(), node.inputs().stream().map(p::of).toList()));
        on(
                Op.Slice.class,
                (p, op, node) -> p.builder.slice(
                        op.axis(), op.from(), node.output(0).shape().size(op.axis()), p.of(node.input(0))));
        on(Op.Reshape.class, (p, op, node) -> p.builder.reshape(node.output(0).shape(), p.of(node.input(0))));
        on(Op.Copy.class, (p, op, node) -> p.of(node.input(0)));
        on(
                Op.Fourier.class,
                (p, op, node) -> p.builder.add(
                        new Op.FourierTangent(op.frequency(), op.octaves()),
                        node.output(0).shape(),
                        node.output(0),
                        p.of(node.input(0))));
    }

    private TangentRules() {}

    @SuppressWarnings("unchecked") // the key is the class of the rule's operation
    private static <T extends Op> void on(Class<T> type, Rule<T> rule) {
        RULES.put(type, (Rule<Op>) rule);
    }

    static Value emit(Tangent pass, Node node) {
        return RULES.get(node.op().getClass()).emit(pass, node.op(), node);
    }

    /**
     * Why a node spoils the penalty's exactness, or null.
     *
     * @param reached values that the network's input changes
     * @param learned values that parameters change
     */
    static String problem(Node node, Set<Value> reached, Set<Value> learned) {
        Op op = node.op();
        if (op instanceof Op.BatchNorm) {
            return "batch norm, which makes each sample's slope depend on the others";
        }
        if (!RULES.containsKey(op.getClass())) {
            return op.title() + ", which is not piecewise linear";
        }
        if (op instanceof Op.Activate activate
                && !piecewiseLinear(activate.activation().kind())
                && learned.contains(node.input(0))) {
            return activate.activation().kind().name().toLowerCase(Locale.ROOT) + ", which is not piecewise linear";
        }
        if (op instanceof Op.Binary binary
                && binary.kind() == Op.BinaryKind.MULTIPLY
                && node.inputs().stream().allMatch(v -> reached.contains(v) || learned.contains(v))) {
            return "a product of what the input changes, which is not piecewise linear";
        }
        return op instanceof Op.Fourier && learned.contains(node.input(0))
                ? "Fourier features behind a layer with parameters"
                : null;
    }

    private static boolean piecewiseLinear(Activation.Kind kind) {
        return switch (kind) {
            case IDENTITY, RELU, LEAKY_RELU, HARD_TANH, CLIPPED_RELU -> true;
            case TANH, SIGMOID, SOFTPLUS, ELU, SWISH, MISH -> false;
        };
    }

    private static Value binary(Tangent p, Op.Binary op, Node node) {
        Value a = node.input(0);
        Value b = node.input(1);
        GraphBuilder builder = p.builder;
        return switch (op.kind()) {
            case ADD ->
                p.has(a) && p.has(b) ? builder.binary(Op.BinaryKind.ADD, p.of(a), p.of(b)) : p.of(p.has(a) ? a : b);
            case SUBTRACT ->
                !p.has(b)
                        ? p.of(a)
                        : !p.has(a) ? builder.linear(-1, 0, p.of(b)) : builder.binary(op.kind(), p.of(a), p.of(b));
            case MULTIPLY -> p.has(a) ? builder.binary(op.kind(), p.of(a), b) : builder.binary(op.kind(), a, p.of(b));
            case MAXIMUM -> {
                // b' + [a >= b] (a' - b')
                Value first = builder.binary(Op.BinaryKind.GREATER_EQUAL, a, b);
                Value difference = builder.binary(Op.BinaryKind.SUBTRACT, p.of(a), p.of(b));
                Value chosen = builder.binary(Op.BinaryKind.MULTIPLY, first, difference);
                yield builder.binary(Op.BinaryKind.ADD, chosen, p.of(b));
            }
            case GREATER_EQUAL -> throw new IllegalStateException("a comparison has no tangent");
        };
    }
}

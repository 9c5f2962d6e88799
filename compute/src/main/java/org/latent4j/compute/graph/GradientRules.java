package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How each operation passes gradients back: the table of {@link Backprop}. Each rule emits what the wanted gradients need, no more. */
final class GradientRules {

    private interface Rule<T extends Op> {
        void emit(Backprop pass, T op, Node node, Value dy);
    }

    private static final Map<Class<? extends Op>, Rule<Op>> RULES = new HashMap<>();

    static {
        on(Op.Conv.class, GradientRules::conv);
        on(Op.ConvData.class, GradientRules::convData);
        on(Op.MatMul.class, GradientRules::matMul);
        on(Op.Scale.class, (p, op, node, dy) -> {
            p.learn(node, dy);
            if (p.needs(node.input(0))) {
                p.accumulate(node.input(0), p.builder.scale(dy, node.input(1), null));
            }
        });
        on(Op.Activate.class, (p, op, node, dy) -> {
            Value saved = op.activation().differentiableFromOutput() ? node.output(0) : node.input(0);
            p.accumulate(node.input(0), p.builder.add(new Op.ActivateGradient(op.activation()), dy.shape(), saved, dy));
        });
        on(
                Op.Softmax.class,
                (p, op, node, dy) -> p.accumulate(
                        node.input(0), p.builder.add(new Op.SoftmaxGradient(), dy.shape(), node.output(0), dy)));
        on(Op.BatchNorm.class, GradientRules::batchNorm);
        on(Op.Pool.class, (p, op, node, dy) -> {
            Value x = node.input(0);
            Op gradient = new Op.PoolGradient(op.kind(), op.window());
            p.accumulate(
                    x,
                    op.kind() == Op.PoolKind.MAX
                            ? p.builder.add(gradient, x.shape(), x, dy, node.output(1))
                            : p.builder.add(gradient, x.shape(), x, dy));
        });
        on(
                Op.Upsample.class,
                (p, op, node, dy) -> p.accumulate(
                        node.input(0),
                        p.builder.add(
                                new Op.UpsampleGradient(op.height(), op.width()),
                                node.input(0).shape(),
                                dy)));
        on(
                Op.Pad.class,
                (p, op, node, dy) -> p.accumulate(
                        node.input(0), p.builder.crop(new Op.Crop(op.top(), op.left(), op.bottom(), op.right()), dy)));
        on(
                Op.Crop.class,
                (p, op, node, dy) -> p.accumulate(
                        node.input(0), p.builder.pad(new Op.Pad(op.top(), op.left(), op.bottom(), op.right()), dy)));
        on(Op.Wrap.class, (p, op, node, dy) -> p.accumulate(node.input(0), p.builder.wrapGradient(op, dy)));
        on(Op.WrapGradient.class, (p, op, node, dy) -> p.accumulate(node.input(0), p.builder.wrap(op.wrap(), dy)));
        on(Op.Binary.class, GradientRules::binary);
        on(
                Op.AbsolutePower.class,
                (p, op, node, dy) -> p.accumulate(
                        node.input(0),
                        p.builder.add(new Op.AbsolutePowerGradient(op.exponent()), dy.shape(), node.input(0), dy)));
        on(Op.Linear.class, (p, op, node, dy) -> p.accumulate(node.input(0), p.builder.linear(op.scale(), 0, dy)));
        on(Op.Concat.class, GradientRules::concat);
        on(Op.Slice.class, GradientRules::slice);
        on(
                Op.Reshape.class,
                (p, op, node, dy) -> p.accumulate(
                        node.input(0), p.builder.reshape(node.input(0).shape(), dy)));
        on(Op.Lookup.class, (p, op, node, dy) -> p.learn(node, dy));
        on(
                Op.Fourier.class,
                (p, op, node, dy) -> p.accumulate(
                        node.input(0),
                        p.builder.add(
                                new Op.FourierGradient(op.frequency(), op.octaves()),
                                node.input(0).shape(),
                                node.output(0),
                                dy)));
        on(
                Op.LayerNorm.class,
                (p, op, node, dy) -> p.accumulate(
                        node.input(0), p.builder.add(new Op.LayerNormGradient(), dy.shape(), node.input(0), dy)));
        on(
                Op.Normalize.class,
                (p, op, node, dy) -> p.accumulate(
                        node.input(0),
                        p.builder.add(new Op.NormalizeGradient(op.epsilon()), dy.shape(), node.input(0), dy)));
        on(Op.Copy.class, (p, op, node, dy) -> p.accumulate(node.input(0), dy));
    }

    private GradientRules() {}

    @SuppressWarnings("unchecked") // the key is the class of the rule's operation
    private static <T extends Op> void on(Class<T> type, Rule<T> rule) {
        RULES.put(type, (Rule<Op>) rule);
    }

    static void emit(Backprop pass, Node node, Value dy) {
        Rule<Op> rule = RULES.get(node.op().getClass());
        if (rule == null) {
            throw new IllegalStateException("no gradient is known for " + node);
        }
        rule.emit(pass, node.op(), node, dy);
    }

    private static void conv(Backprop p, Op.Conv op, Node node, Value dy) {
        Value x = node.input(0);
        p.learn(node, dy);
        if (p.needs(x)) {
            p.accumulate(x, p.builder.convData(op.window(), x.shape(), dy, node.input(1), null));
        }
    }

    /** A transposed convolution: the roles of the image and the gradient are swapped. */
    private static void convData(Backprop p, Op.ConvData op, Node node, Value dy) {
        Value x = node.input(0);
        p.learn(node, dy);
        if (p.needs(x)) {
            p.accumulate(x, p.builder.conv(op.window(), dy, node.input(1), null));
        }
    }

    private static void matMul(Backprop p, Op.MatMul op, Node node, Value dy) {
        Value a = node.input(0);
        Value b = node.input(1);
        boolean ta = op.transposeA();
        boolean tb = op.transposeB();
        p.learn(node, dy);
        if (p.needs(a)) {
            p.accumulate(a, ta ? p.builder.matMul(tb, true, b, dy, null) : p.builder.matMul(false, !tb, dy, b, null));
        }
    }

    /**
     * The gradients of a node's parameters.
     *
     * @param x the node's input, or what stands for it
     * @param column weights of the samples (N, 1) in sums that x has no part in; null: all 1
     */
    static void parameters(Backprop p, Node node, Value x, Value dy, Value column) {
        Value w = node.input(1);
        GraphBuilder builder = p.builder;
        if (p.needs(w)) {
            if (node.op() instanceof Op.Conv conv) {
                p.accumulate(w, builder.convWeights(conv.window(), w.shape(), x, dy));
            } else if (node.op() instanceof Op.ConvData conv) {
                p.accumulate(w, builder.convWeights(conv.window(), w.shape(), dy, x));
            } else if (node.op() instanceof Op.MatMul op) {
                boolean ta = op.transposeA();
                p.accumulate(
                        w,
                        op.transposeB()
                                ? builder.matMul(true, ta, dy, x, null)
                                : builder.matMul(!ta, false, x, dy, null));
            } else if (node.op() instanceof Op.Scale) {
                p.accumulate(w, builder.sumTo(w.shape(), builder.binary(Op.BinaryKind.MULTIPLY, x, dy)));
            } else {
                Value weighted = column == null ? dy : builder.scaleSamples(dy, column, null);
                p.accumulate(w, builder.add(new Op.LookupGradient(), w.shape(), node.input(0), weighted));
            }
        }
        if (node.inputs().size() == 3 && p.needs(node.input(2))) {
            bias(p, node.input(2), dy, column);
        }
    }

    private static void bias(Backprop p, Value bias, Value dy, Value column) {
        if (p.isZero(bias)) {
            p.accumulate(bias, p.builder.fill(0, bias.shape()));
        } else {
            p.accumulate(
                    bias,
                    column == null
                            ? p.builder.channelSum(dy, bias.shape())
                            : p.builder.channelSum(dy, column, bias.shape()));
        }
    }

    private static void batchNorm(Backprop p, Op.BatchNorm op, Node node, Value dy) {
        List<Value> inputs = new ArrayList<>(node.inputs());
        inputs.addAll(node.outputs().subList(1, 3));
        inputs.add(dy);
        List<Value> gradients = p.builder.batchNormGradient(op.epsilon(), inputs);
        for (int i = 0; i < 3; i++) {
            if (p.needs(node.input(i))) {
                p.accumulate(node.input(i), gradients.get(i));
            }
        }
    }

    private static void binary(Backprop p, Op.Binary op, Node node, Value dy) {
        Value a = node.input(0);
        Value b = node.input(1);
        if (p.needs(a)) {
            p.accumulate(
                    a,
                    switch (op.kind()) {
                        case ADD, SUBTRACT -> dy;
                        case MULTIPLY -> p.builder.binary(Op.BinaryKind.MULTIPLY, dy, b);
                        case MAXIMUM -> masked(p, a, b, dy);
                        case GREATER_EQUAL -> throw new IllegalStateException("a comparison has no gradient");
                    });
        }
        if (p.needs(b)) {
            p.accumulate(
                    b,
                    switch (op.kind()) {
                        case ADD -> dy;
                        case SUBTRACT -> p.builder.linear(-1, 0, dy);
                        case MULTIPLY -> p.builder.binary(Op.BinaryKind.MULTIPLY, dy, a);
                        // What does not go to the first goes to the second, also where both are equal.
                        case MAXIMUM -> p.builder.binary(Op.BinaryKind.SUBTRACT, dy, masked(p, a, b, dy));
                        case GREATER_EQUAL -> throw new IllegalStateException("a comparison has no gradient");
                    });
        }
    }

    private static Value masked(Backprop p, Value a, Value b, Value dy) {
        return p.builder.binary(Op.BinaryKind.MULTIPLY, p.builder.binary(Op.BinaryKind.GREATER_EQUAL, a, b), dy);
    }

    private static void slice(Backprop p, Op.Slice op, Node node, Value dy) {
        Shape whole = node.input(0).shape();
        long after = whole.size(op.axis()) - op.from() - dy.shape().size(op.axis());
        List<Value> parts = new ArrayList<>();
        if (op.from() > 0) {
            parts.add(p.builder.fill(0, whole.with(op.axis(), op.from())));
        }
        parts.add(dy);
        if (after > 0) {
            parts.add(p.builder.fill(0, whole.with(op.axis(), after)));
        }
        p.accumulate(node.input(0), parts.size() == 1 ? dy : p.builder.concat(op.axis(), parts));
    }

    private static void concat(Backprop p, Op.Concat op, Node node, Value dy) {
        long from = 0;
        for (Value part : node.inputs()) {
            long count = part.shape().size(op.axis());
            if (p.needs(part)) {
                p.accumulate(part, p.builder.slice(op.axis(), from, count, dy));
            }
            from += count;
        }
    }
}

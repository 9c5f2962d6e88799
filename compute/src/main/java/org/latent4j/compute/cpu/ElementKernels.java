package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.*;

import java.nio.ByteBuffer;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;
import org.bytedeco.javacpp.BytePointer;
import org.latent4j.compute.graph.Activation;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Tensor;

/** What is done element by element, and softmax. */
final class ElementKernels {
    private ElementKernels() {}

    static int algorithm(Activation function, boolean fromOutput) {
        return switch (function.kind()) {
            case RELU, LEAKY_RELU -> fromOutput ? dnnl_eltwise_relu_use_dst_for_bwd : dnnl_eltwise_relu;
            case TANH -> fromOutput ? dnnl_eltwise_tanh_use_dst_for_bwd : dnnl_eltwise_tanh;
            case SIGMOID -> fromOutput ? dnnl_eltwise_logistic_use_dst_for_bwd : dnnl_eltwise_logistic;
            case ELU -> fromOutput ? dnnl_eltwise_elu_use_dst_for_bwd : dnnl_eltwise_elu;
            case SOFTPLUS -> dnnl_eltwise_soft_relu;
            case SWISH -> dnnl_eltwise_swish;
            case MISH -> dnnl_eltwise_mish;
            case HARD_TANH, CLIPPED_RELU -> fromOutput ? dnnl_eltwise_clip_v2_use_dst_for_bwd : dnnl_eltwise_clip_v2;
            case IDENTITY -> dnnl_eltwise_linear;
        };
    }

    /** oneDNN's softplus has a factor where ours has none; the identity is its linear function of slope 1. */
    static float alpha(Activation function) {
        return switch (function.kind()) {
            case SOFTPLUS, IDENTITY -> 1;
            case HARD_TANH -> (float) -function.alpha();
            case CLIPPED_RELU -> 0;
            default -> (float) function.alpha();
        };
    }

    /** The upper bound where the library has two. */
    static float beta(Activation function) {
        return switch (function.kind()) {
            case HARD_TANH, CLIPPED_RELU -> (float) function.alpha();
            default -> 0;
        };
    }

    private static eltwise_forward.primitive_desc forward(int algorithm, memory.desc desc, float alpha, float beta) {
        return new eltwise_forward.primitive_desc(
                Dnnl.ENGINE, dnnl_forward_training, algorithm, desc, desc, alpha, beta, Dnnl.attributes(), false);
    }

    static void activate(CpuPlan plan, Op.Activate op, Node node) {
        activate(plan, op.activation(), plan.flat(node.input(0)), plan.flat(node.output(0)));
    }

    static void activate(CpuPlan plan, Activation function, Array x, Array y) {
        var description = forward(algorithm(function, false), x.desc(), alpha(function), beta(function));
        plan.add(
                description,
                new eltwise_forward(description),
                new Dnnl.Arguments().with(DNNL_ARG_SRC, x).with(DNNL_ARG_DST, y));
    }

    static void activateGradient(CpuPlan plan, Op.ActivateGradient op, Node node) {
        Array saved = plan.flat(node.input(0));
        Array dy = plan.flat(node.input(1));
        boolean fromOutput = op.activation().differentiableFromOutput();
        int algorithm = algorithm(op.activation(), fromOutput);
        float alpha = alpha(op.activation());
        float beta = beta(op.activation());
        var description = new eltwise_backward.primitive_desc(
                Dnnl.ENGINE,
                algorithm,
                dy.desc(),
                dy.desc(),
                saved.desc(),
                alpha,
                beta,
                forward(algorithm, saved.desc(), alpha, beta),
                Dnnl.attributes(),
                false);
        plan.add(
                description,
                new eltwise_backward(description),
                new Dnnl.Arguments()
                        .with(fromOutput ? DNNL_ARG_DST : DNNL_ARG_SRC, saved)
                        .with(DNNL_ARG_DIFF_DST, dy)
                        .with(DNNL_ARG_DIFF_SRC, plan.flat(node.output(0))));
    }

    static void linear(CpuPlan plan, Op.Linear op, Node node) {
        Array x = plan.flat(node.input(0));
        var description = forward(dnnl_eltwise_linear, x.desc(), (float) op.scale(), (float) op.shift());
        plan.add(
                description,
                new eltwise_forward(description),
                new Dnnl.Arguments().with(DNNL_ARG_SRC, x).with(DNNL_ARG_DST, plan.flat(node.output(0))));
    }

    static void binary(CpuPlan plan, Op.Binary op, Node node) {
        int algorithm =
                switch (op.kind()) {
                    case ADD -> dnnl_binary_add;
                    case SUBTRACT -> dnnl_binary_sub;
                    case MULTIPLY -> dnnl_binary_mul;
                    case MAXIMUM -> dnnl_binary_max;
                    case GREATER_EQUAL -> dnnl_binary_ge;
                };
        Array a = plan.flat(node.input(0));
        Array b = plan.flat(node.input(1));
        Array y = plan.output(node.output(0), plan.flat(node.output(0)).desc());
        var description = new binary.primitive_desc(
                Dnnl.ENGINE, algorithm, a.desc(), b.desc(), y.desc(), Dnnl.attributes(), false);
        plan.add(
                description,
                new binary(description),
                new Dnnl.Arguments()
                        .with(DNNL_ARG_SRC_0, a)
                        .with(DNNL_ARG_SRC_1, b)
                        .with(DNNL_ARG_DST, y));
    }

    /**
     * By division, so that the numbers are those of a table of i / 127.5f - 1. The library has fast code for the change of type and for the
     * arithmetic, but not for both at once.
     */
    static Kernel fromBytes(ByteBuffer x, Tensor y) {
        long count = y.shape().elements();
        Array bytes = Block.fixed(new BytePointer(x).address(), x).array(Dnnl.vector(DType.U8, count), 0);
        Array floats = Block.fixed(y.address(), y).array(Dnnl.vector(DType.F32, count), 0);
        Kernel widened = CpuPlan.reorder(bytes, floats, false, new Workspace());
        FlatKernels flat = new FlatKernels();
        Dnnl.Arguments arguments = new Dnnl.Arguments();
        flat.binary(
                dnnl_binary_div,
                floats,
                FlatKernels.constant(127.5),
                floats,
                arguments,
                new PostOps(arguments).eltwise(dnnl_eltwise_linear, 1, -1));
        Kernel scaled = flat.chain();
        return () -> {
            widened.run();
            scaled.run();
        };
    }

    private static softmax_forward.primitive_desc softmax(memory.desc desc) {
        return new softmax_forward.primitive_desc(
                Dnnl.ENGINE, dnnl_forward_training, dnnl_softmax_accurate, desc, desc, 1, Dnnl.attributes(), false);
    }

    static void softmax(CpuPlan plan, Op.Softmax op, Node node) {
        Array x = plan.array(node.input(0));
        var description = softmax(x.desc());
        plan.add(
                description,
                new softmax_forward(description),
                new Dnnl.Arguments().with(DNNL_ARG_SRC, x).with(DNNL_ARG_DST, plan.array(node.output(0))));
    }

    static void softmaxGradient(CpuPlan plan, Op.SoftmaxGradient op, Node node) {
        Array y = plan.array(node.input(0));
        Array dy = plan.array(node.input(1));
        var description = new softmax_backward.primitive_desc(
                Dnnl.ENGINE,
                dnnl_softmax_accurate,
                dy.desc(),
                dy.desc(),
                y.desc(),
                1,
                softmax(y.desc()),
                Dnnl.attributes(),
                false);
        plan.add(
                description,
                new softmax_backward(description),
                new Dnnl.Arguments()
                        .with(DNNL_ARG_DST, y)
                        .with(DNNL_ARG_DIFF_DST, dy)
                        .with(DNNL_ARG_DIFF_SRC, plan.array(node.output(0))));
    }
}

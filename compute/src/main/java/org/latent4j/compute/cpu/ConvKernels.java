package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.*;

import java.util.function.Function;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.deconvolution_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.latent4j.compute.graph.Activation;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Value;
import org.latent4j.compute.graph.Window;

/** The library's own convolutions. */
final class ConvKernels {
    private ConvKernels() {}

    private static convolution_forward.primitive_desc forward(
            Window window, memory.desc x, memory.desc w, memory.desc bias, memory.desc y, primitive_attr attributes) {
        WindowSizes sizes = WindowSizes.of(window);
        return bias == null
                ? new convolution_forward.primitive_desc(
                        Dnnl.ENGINE,
                        dnnl_forward_training,
                        dnnl_convolution_direct,
                        x,
                        w,
                        y,
                        sizes.strides(),
                        sizes.dilation(),
                        sizes.before(),
                        sizes.after(),
                        attributes,
                        false)
                : new convolution_forward.primitive_desc(
                        Dnnl.ENGINE,
                        dnnl_forward_training,
                        dnnl_convolution_direct,
                        x,
                        w,
                        bias,
                        y,
                        sizes.strides(),
                        sizes.dilation(),
                        sizes.before(),
                        sizes.after(),
                        attributes,
                        false);
    }

    /**
     * Weights, see {@link Filters}.
     *
     * @param any their sizes and type, in a format of the library's choice
     * @param in gives them in the format that it has chosen
     */
    record Weights(memory.desc any, Function<memory.desc, Array> in) {
        static Weights of(CpuPlan plan, Value w, DType type) {
            return new Weights(
                    Dnnl.any(type, w.shape().array()),
                    format -> plan.derived(w, plan.array(w).desc(), format));
        }
    }

    static Array bias(CpuPlan plan, Node node) {
        return node.inputs().size() < 3 ? null : plan.flat(node.input(2));
    }

    static void forward(CpuPlan plan, Op.Conv op, Node node) {
        Value x = node.input(0);
        forward(
                plan,
                op.window(),
                op.activation(),
                plan.array(x),
                Weights.of(plan, node.input(1), x.type()),
                bias(plan, node),
                plan.array(node.output(0)));
    }

    static void forward(CpuPlan plan, Window window, Activation activation, Array x, Weights w, Array bias, Array y) {
        var description = forward(
                window,
                x.desc(),
                w.any(),
                bias == null ? null : bias.desc(),
                y.desc(),
                new PostOps().activation(activation).attributes());
        Dnnl.Arguments arguments = new Dnnl.Arguments()
                .with(DNNL_ARG_SRC, x)
                .with(DNNL_ARG_WEIGHTS, w.in().apply(description.weights_desc()))
                .with(DNNL_ARG_DST, y);
        if (bias != null) {
            arguments.with(DNNL_ARG_BIAS, bias);
        }
        plan.add(description, new convolution_forward(description), arguments);
    }

    static void data(CpuPlan plan, Op.ConvData op, Node node) {
        if (node.inputs().size() == 3 || !op.activation().isIdentity()) {
            transposed(plan, op, node);
            return;
        }
        Value dy = node.input(0);
        data(plan, op.window(), plan.array(dy), Weights.of(plan, node.input(1), dy.type()), plan.array(node.output(0)));
    }

    static void data(CpuPlan plan, Window window, Array dy, Weights w, Array dx) {
        WindowSizes sizes = WindowSizes.of(window);
        var description = new convolution_backward_data.primitive_desc(
                Dnnl.ENGINE,
                dnnl_convolution_direct,
                dx.desc(),
                w.any(),
                dy.desc(),
                sizes.strides(),
                sizes.dilation(),
                sizes.before(),
                sizes.after(),
                forward(
                        window,
                        Dnnl.like(dx.desc(), dy.desc().get_data_type()),
                        w.any(),
                        null,
                        dy.desc(),
                        Dnnl.attributes()),
                Dnnl.attributes(),
                false);
        plan.add(
                description,
                new convolution_backward_data(description),
                new Dnnl.Arguments()
                        .with(DNNL_ARG_DIFF_DST, dy)
                        .with(DNNL_ARG_WEIGHTS, w.in().apply(description.weights_desc()))
                        .with(DNNL_ARG_DIFF_SRC, dx));
    }

    /** With a bias or an activation: the library's deconvolution, whose weights have their first two axes swapped. */
    private static void transposed(CpuPlan plan, Op.ConvData op, Node node) {
        Array x = plan.array(node.input(0));
        Value w = node.input(1);
        Array bias = bias(plan, node);
        Array y = plan.array(node.output(0));
        WindowSizes sizes = WindowSizes.of(op.window());
        boolean grouped = w.shape().rank() == 5;
        memory.desc swapped =
                plan.array(w).desc().permute_axes(grouped ? new int[] {0, 2, 1, 3, 4} : new int[] {1, 0, 2, 3});
        long[] turned = w.shape().array();
        int outputs = grouped ? 1 : 0;
        turned[outputs] = w.shape().size(outputs + 1);
        turned[outputs + 1] = w.shape().size(outputs);
        memory.desc weights = Dnnl.any(node.input(0).type(), turned);
        primitive_attr attributes = new PostOps().activation(op.activation()).attributes();
        var description = bias == null
                ? new deconvolution_forward.primitive_desc(
                        Dnnl.ENGINE,
                        dnnl_forward_training,
                        dnnl_deconvolution_direct,
                        x.desc(),
                        weights,
                        y.desc(),
                        sizes.strides(),
                        sizes.dilation(),
                        sizes.before(),
                        sizes.after(),
                        attributes,
                        false)
                : new deconvolution_forward.primitive_desc(
                        Dnnl.ENGINE,
                        dnnl_forward_training,
                        dnnl_deconvolution_direct,
                        x.desc(),
                        weights,
                        bias.desc(),
                        y.desc(),
                        sizes.strides(),
                        sizes.dilation(),
                        sizes.before(),
                        sizes.after(),
                        attributes,
                        false);
        Dnnl.Arguments arguments = new Dnnl.Arguments()
                .with(DNNL_ARG_SRC, x)
                .with(DNNL_ARG_WEIGHTS, plan.derived(w, swapped, description.weights_desc()))
                .with(DNNL_ARG_DST, y);
        if (bias != null) {
            arguments.with(DNNL_ARG_BIAS, bias);
        }
        plan.add(description, new deconvolution_forward(description), arguments);
    }

    static void weights(CpuPlan plan, Op.ConvWeights op, Node node) {
        Array dw = plan.array(node.output(0));
        Array result = weights(
                plan,
                op.window(),
                plan.array(node.input(0)),
                plan.array(node.input(1)),
                node.output(0).shape().array(),
                chosen -> chosen.equals(dw.desc()) && !plan.accumulates()
                        ? dw
                        : plan.workspace().take(chosen));
        if (result != dw) {
            plan.addReorder(result, dw, plan.accumulates());
        }
    }

    /**
     * Gives the gradient of weights in a format of the library's choice.
     *
     * @param target memory for it in that format
     */
    static Array weights(
            CpuPlan plan, Window window, Array x, Array dy, long[] shape, Function<memory.desc, Array> target) {
        WindowSizes sizes = WindowSizes.of(window);
        var description = new convolution_backward_weights.primitive_desc(
                Dnnl.ENGINE,
                dnnl_convolution_direct,
                x.desc(),
                Dnnl.any(DType.F32, shape),
                dy.desc(),
                sizes.strides(),
                sizes.dilation(),
                sizes.before(),
                sizes.after(),
                forward(
                        window,
                        x.desc(),
                        new memory.desc(shape, x.desc().get_data_type(), memory.format_tag.any),
                        null,
                        dy.desc(),
                        Dnnl.attributes()),
                Dnnl.attributes(),
                false);
        Array dw = target.apply(new memory.desc(description.diff_weights_desc()));
        plan.add(
                description,
                new convolution_backward_weights(description),
                new Dnnl.Arguments()
                        .with(DNNL_ARG_SRC, x)
                        .with(DNNL_ARG_DIFF_DST, dy)
                        .with(DNNL_ARG_DIFF_WEIGHTS, dw));
        return dw;
    }
}

package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.*;

import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Window;

/** Maxima and means over windows. */
final class PoolKernels {
    private PoolKernels() {}

    private static int algorithm(Op.PoolKind kind) {
        return switch (kind) {
            case MAX -> dnnl_pooling_max;
            case MEAN -> dnnl_pooling_avg_include_padding;
            case MEAN_INSIDE -> dnnl_pooling_avg_exclude_padding;
        };
    }

    private static pooling_forward.primitive_desc forward(
            Op.PoolKind kind, Window window, memory.desc x, memory.desc y) {
        WindowSizes sizes = WindowSizes.of(window);
        return new pooling_forward.primitive_desc(
                Dnnl.ENGINE,
                dnnl_forward_training,
                algorithm(kind),
                x,
                y,
                sizes.strides(),
                sizes.kernel(),
                sizes.dilation(),
                sizes.before(),
                sizes.after(),
                Dnnl.attributes(),
                false);
    }

    static void pool(CpuPlan plan, Op.Pool op, Node node) {
        Array x = plan.array(node.input(0));
        Array y = plan.array(node.output(0));
        var description = forward(op.kind(), op.window(), x.desc(), y.desc());
        Dnnl.Arguments arguments = new Dnnl.Arguments().with(DNNL_ARG_SRC, x).with(DNNL_ARG_DST, y);
        if (op.kind() == Op.PoolKind.MAX) {
            arguments.with(DNNL_ARG_WORKSPACE, plan.at(node.output(1), description.workspace_desc()));
        }
        plan.add(description, new pooling_forward(description), arguments);
    }

    static void gradient(CpuPlan plan, Op.PoolGradient op, Node node) {
        Array dy = plan.array(node.input(1));
        Array dx = plan.array(node.output(0));
        WindowSizes sizes = WindowSizes.of(op.window());
        var hint = forward(op.kind(), op.window(), dx.desc(), dy.desc());
        var description = new pooling_backward.primitive_desc(
                Dnnl.ENGINE,
                algorithm(op.kind()),
                dx.desc(),
                dy.desc(),
                sizes.strides(),
                sizes.kernel(),
                sizes.dilation(),
                sizes.before(),
                sizes.after(),
                hint,
                Dnnl.attributes(),
                false);
        Dnnl.Arguments arguments =
                new Dnnl.Arguments().with(DNNL_ARG_DIFF_DST, dy).with(DNNL_ARG_DIFF_SRC, dx);
        if (op.kind() == Op.PoolKind.MAX) {
            arguments.with(DNNL_ARG_WORKSPACE, plan.at(node.input(2), hint.workspace_desc()));
        }
        plan.add(description, new pooling_backward(description), arguments);
    }
}

package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.*;

import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.memory;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Value;

/** Batch normalisation and its running moments. */
final class NormKernels {
    private NormKernels() {}

    /** Points are images of one pixel: the library has fast code for images only. */
    private static Array images(CpuPlan plan, Value value) {
        Shape shape = value.shape();
        Shape image = shape.rank() == 4 ? shape : Shape.of(shape.size(0), shape.size(1), 1, 1);
        return plan.at(value, Dnnl.desc(value.type(), image.array(), CpuPlan.strides(image)));
    }

    private static batch_normalization_forward.primitive_desc forward(
            memory.desc x, int propagation, double epsilon, int flags) {
        return new batch_normalization_forward.primitive_desc(
                Dnnl.ENGINE,
                propagation,
                x,
                x,
                (float) epsilon,
                flags | dnnl_use_scale | dnnl_use_shift,
                Dnnl.attributes(),
                false);
    }

    static void batchNorm(CpuPlan plan, Op.BatchNorm op, Node node) {
        Array x = images(plan, node.input(0));
        var description = forward(x.desc(), dnnl_forward_training, op.epsilon(), op.relu() ? dnnl_fuse_norm_relu : 0);
        Dnnl.Arguments arguments = new Dnnl.Arguments()
                .with(DNNL_ARG_SRC, x)
                .with(DNNL_ARG_SCALE, plan.flat(node.input(1)))
                .with(DNNL_ARG_SHIFT, plan.flat(node.input(2)))
                .with(DNNL_ARG_DST, images(plan, node.output(0)))
                .with(DNNL_ARG_MEAN, plan.flat(node.output(1)))
                .with(DNNL_ARG_VARIANCE, plan.flat(node.output(2)));
        if (op.relu()) {
            arguments.with(DNNL_ARG_WORKSPACE, plan.at(node.output(3), description.workspace_desc()));
        }
        plan.add(description, new batch_normalization_forward(description), arguments);
    }

    static void gradient(CpuPlan plan, Op.BatchNormGradient op, Node node) {
        Array x = images(plan, node.input(0));
        Array dy = images(plan, node.input(5));
        int flags = op.relu() ? dnnl_fuse_norm_relu : 0;
        var hint = forward(x.desc(), dnnl_forward_training, op.epsilon(), flags);
        var description = new batch_normalization_backward.primitive_desc(
                Dnnl.ENGINE,
                dnnl_backward,
                dy.desc(),
                dy.desc(),
                x.desc(),
                (float) op.epsilon(),
                flags | dnnl_use_scale | dnnl_use_shift,
                hint,
                Dnnl.attributes(),
                false);
        memory.desc channels = Dnnl.vector(DType.F32, node.input(0).shape().size(1));
        Dnnl.Arguments arguments = new Dnnl.Arguments()
                .with(DNNL_ARG_SRC, x)
                .with(DNNL_ARG_SCALE, plan.flat(node.input(1)))
                .with(DNNL_ARG_MEAN, plan.flat(node.input(3)))
                .with(DNNL_ARG_VARIANCE, plan.flat(node.input(4)))
                .with(DNNL_ARG_DIFF_DST, dy)
                .with(DNNL_ARG_DIFF_SRC, images(plan, node.output(0)))
                .with(DNNL_ARG_DIFF_SCALE, plan.output(node.output(1), channels))
                .with(DNNL_ARG_DIFF_SHIFT, plan.output(node.output(2), channels));
        if (op.relu()) {
            arguments.with(DNNL_ARG_WORKSPACE, plan.at(node.input(6), hint.workspace_desc()));
        }
        plan.add(description, new batch_normalization_backward(description), arguments);
    }

    static void inference(CpuPlan plan, Op.BatchNormInference op, Node node) {
        Array x = images(plan, node.input(0));
        var description = forward(x.desc(), dnnl_forward_inference, op.epsilon(), dnnl_use_global_stats);
        plan.add(
                description,
                new batch_normalization_forward(description),
                new Dnnl.Arguments()
                        .with(DNNL_ARG_SRC, x)
                        .with(DNNL_ARG_SCALE, plan.flat(node.input(1)))
                        .with(DNNL_ARG_SHIFT, plan.flat(node.input(2)))
                        .with(DNNL_ARG_MEAN, plan.flat(node.input(3)))
                        .with(DNNL_ARG_VARIANCE, plan.flat(node.input(4)))
                        .with(DNNL_ARG_DST, images(plan, node.output(0))));
    }

    /** DL4J subtracts "gradients" from the running moments: (1 - decay)(running - batch), and a difference of logarithms. */
    static void runningMoments(CpuPlan plan, Op.RunningMoments op, Node node) {
        FloatMemory mean = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory variance = new FloatMemory(plan.flat(node.input(1)));
        FloatMemory runningMean = new FloatMemory(plan.flat(node.input(2)));
        FloatMemory runningSpread = new FloatMemory(plan.flat(node.input(3)));
        FloatMemory meanGradient = new FloatMemory(plan.flat(node.output(0)));
        FloatMemory spreadGradient = new FloatMemory(plan.flat(node.output(1)));
        double decay = op.decay();
        boolean logarithm = op.log10Deviation();
        boolean add = plan.accumulates();
        long channels = mean.count();
        plan.add("java", () -> {
            for (long c = 0; c < channels; c++) {
                float meanChange = (float) ((1 - decay) * (runningMean.get(c) - mean.get(c)));
                float spread = runningSpread.get(c);
                double spreadChange;
                if (logarithm) {
                    double running = Math.pow(10, 2.0 * spread);
                    spreadChange = 0.5 * Math.log10(running / (decay * running + (1 - decay) * variance.get(c)));
                } else {
                    spreadChange = (1 - decay) * (spread - variance.get(c));
                }
                meanGradient.put(c, add ? meanGradient.get(c) + meanChange : meanChange);
                spreadGradient.put(c, (float) (add ? spreadGradient.get(c) + spreadChange : spreadChange));
            }
        });
    }

    static void variance(CpuPlan plan, Op.VarianceFromLog10 op, Node node) {
        FloatMemory logarithms = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory variances = new FloatMemory(plan.flat(node.output(0)));
        long channels = logarithms.count();
        plan.add("java", () -> {
            for (long c = 0; c < channels; c++) {
                variances.put(c, (float) Math.pow(10, 2.0 * logarithms.get(c)));
            }
        });
    }
}

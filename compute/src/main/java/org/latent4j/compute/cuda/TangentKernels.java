package org.latent4j.compute.cuda;

import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Value;

/** What penalties on slopes need beside ordinary layers, and Fourier features. */
final class TangentKernels {
    private TangentKernels() {}

    static void scaleSamples(CudaPlan plan, Op.ScaleSamples op, Node node) {
        Value x = node.input(0);
        long n = x.shape().elements();
        plan.launch(
                KernelName.of("elements", "scale_samples", CudaPlan.t(x)),
                Grid.over(n),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(node.input(1)))
                        .at(node.inputs().size() == 3 ? plan.at(node.input(2)) : null)
                        .at(plan.at(node.output(0)))
                        .number(n)
                        .number(n / x.shape().size(0)));
    }

    static void penaltyStart(CudaPlan plan, Op.PenaltyStart op, Node node) {
        Value v = node.input(0);
        long rows = v.shape().size(0);
        plan.launch(
                KernelName.of("rows", "penalty_start", CudaPlan.t(v)),
                Grid.blocks(rows),
                new Arguments()
                        .at(plan.at(v))
                        .at(plan.at(node.input(1)))
                        .at(plan.at(node.output(0)))
                        .at(plan.at(node.output(1)))
                        .number(v.shape().elements() / rows)
                        .integer(op.penalty().ordinal()));
    }

    static void maximum(CudaPlan plan, Op.MaximumTangent op, Node node) {
        Value x = node.input(0);
        Value dy = node.output(0);
        long n = dy.shape().elements();
        plan.launch(
                KernelName.of("pool", "maximum_tangent", CudaPlan.t(x), "P=u8"),
                Grid.over(n),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(node.input(1)))
                        .at(plan.at(dy))
                        .number(n)
                        .integers(PoolKernels.images(x.shape(), dy.shape(), op.window())));
    }

    static void fourier(CudaPlan plan, Op.Fourier op, Node node) {
        Value x = node.input(0);
        fourier(plan, "fourier", x, op.frequency(), op.octaves(), x, node.output(0));
    }

    static void fourierGradient(CudaPlan plan, Op.FourierGradient op, Node node) {
        Value dx = node.output(0);
        fourier(plan, "fourier_gradient", dx, op.frequency(), op.octaves(), node.input(0), node.input(1), dx);
    }

    static void fourierTangent(CudaPlan plan, Op.FourierTangent op, Node node) {
        Value dx = node.input(1);
        fourier(plan, "fourier_tangent", dx, op.frequency(), op.octaves(), node.input(0), dx, node.output(0));
    }

    /** One thread for each number of the points. */
    private static void fourier(
            CudaPlan plan, String function, Value points, double frequency, int octaves, Value... values) {
        Arguments arguments = new Arguments();
        for (Value value : values) {
            arguments.at(plan.at(value));
        }
        plan.launch(
                KernelName.of("rows", function, CudaPlan.t(points)),
                Grid.over(points.shape().elements()),
                arguments
                        .number(points.shape().elements())
                        .integer(points.shape().size(1))
                        .precise(frequency)
                        .integer(octaves));
    }
}

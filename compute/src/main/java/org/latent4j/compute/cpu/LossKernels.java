package org.latent4j.compute.cpu;

import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;

/**
 * Losses of outputs a and labels y with their gradients.
 *
 * <p>Source: DL4J's loss functions, whose scales, signs and clipping these are.
 */
final class LossKernels {
    private LossKernels() {}

    static void loss(CpuPlan plan, Op.Loss op, Node node) {
        FloatMemory outputs = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory labels = new FloatMemory(plan.flat(node.input(1)));
        FloatMemory gradients = new FloatMemory(plan.flat(node.output(0)));
        FloatMemory sum = new FloatMemory(plan.flat(node.output(1)));
        long count = outputs.count();
        double scale =
                switch (op.kind()) {
                    case MEAN_SQUARE, MEAN_ABSOLUTE, WASSERSTEIN ->
                        1.0 / node.input(0).shape().size(1);
                    default -> 1;
                };
        plan.add("java", () -> {
            double total = 0;
            for (long i = 0; i < count; i++) {
                double a = outputs.get(i);
                double y = labels.get(i);
                total += value(op, a, y);
                gradients.put(i, (float) (scale * slope(op, a, y)));
            }
            sum.put(0, (float) (scale * total));
        });
    }

    private static double clipped(Op.Loss op, double a) {
        return op.clip() > 0 ? Math.min(Math.max(a, op.clip()), 1 - op.clip()) : a;
    }

    private static double value(Op.Loss op, double a, double y) {
        return switch (op.kind()) {
            case SQUARE, MEAN_SQUARE -> (a - y) * (a - y);
            case ABSOLUTE, MEAN_ABSOLUTE -> Math.abs(a - y);
            case BINARY_CROSS_ENTROPY -> -y * Math.log(clipped(op, a)) - (1 - y) * Math.log(1 - clipped(op, a));
            // A label of zero has no part in the sum, also where the logarithm is infinite.
            case SOFTMAX_CROSS_ENTROPY -> y == 0 ? 0 : -y * Math.log(clipped(op, a));
            case HINGE -> Math.max(0, 1 - y * a);
            case WASSERSTEIN -> y * a;
        };
    }

    private static double slope(Op.Loss op, double a, double y) {
        return switch (op.kind()) {
            case SQUARE, MEAN_SQUARE -> 2 * (a - y);
            case ABSOLUTE, MEAN_ABSOLUTE -> Math.signum(a - y);
            case BINARY_CROSS_ENTROPY -> (clipped(op, a) - y) / (clipped(op, a) * (1 - clipped(op, a)));
            case SOFTMAX_CROSS_ENTROPY -> a - y;
            case HINGE -> y * a < 1 ? -y : 0;
            case WASSERSTEIN -> y;
        };
    }
}

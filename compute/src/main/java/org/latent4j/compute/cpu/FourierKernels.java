package org.latent4j.compute.cpu;

import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.layer.FourierFeatures;

/** Fourier features of points, and their derivatives, row by row in Java. */
final class FourierKernels {
    private FourierKernels() {}

    static void forward(CpuPlan plan, Op.Fourier op, Node node) {
        FloatMemory points = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory features = new FloatMemory(plan.flat(node.output(0)));
        int size = Math.toIntExact(node.input(0).shape().size(1));
        FourierFeatures map = new FourierFeatures(size, op.frequency(), op.octaves());
        float[] x = new float[Math.toIntExact(node.input(0).shape().elements())];
        float[] y = new float[Math.toIntExact(node.output(0).shape().elements())];
        plan.add("java", () -> {
            points.get(x);
            map.forward(x, y);
            features.put(y);
        });
    }

    static void gradient(CpuPlan plan, Op.FourierGradient op, Node node) {
        FloatMemory features = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory gradients = new FloatMemory(plan.flat(node.input(1)));
        FloatMemory results = new FloatMemory(plan.flat(node.output(0)));
        int size = Math.toIntExact(node.output(0).shape().size(1));
        FourierFeatures map = new FourierFeatures(size, op.frequency(), op.octaves());
        float[] y = new float[Math.toIntExact(node.input(0).shape().elements())];
        float[] dy = new float[y.length];
        float[] dx = new float[Math.toIntExact(node.output(0).shape().elements())];
        plan.add("java", () -> {
            features.get(y);
            gradients.get(dy);
            map.gradient(y, dy, dx);
            results.put(dx);
        });
    }

    static void tangent(CpuPlan plan, Op.FourierTangent op, Node node) {
        FloatMemory features = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory changes = new FloatMemory(plan.flat(node.input(1)));
        FloatMemory results = new FloatMemory(plan.flat(node.output(0)));
        int size = Math.toIntExact(node.input(1).shape().size(1));
        FourierFeatures map = new FourierFeatures(size, op.frequency(), op.octaves());
        float[] y = new float[Math.toIntExact(node.input(0).shape().elements())];
        float[] dx = new float[Math.toIntExact(node.input(1).shape().elements())];
        float[] dy = new float[y.length];
        plan.add("java", () -> {
            features.get(y);
            changes.get(dx);
            map.tangent(y, dx, dy);
            results.put(dy);
        });
    }
}

package org.latent4j.compute.cuda;

import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Value;
import org.latent4j.compute.graph.Window;

/** Maxima and means over windows. */
final class PoolKernels {
    private PoolKernels() {}

    /** The kernels' structure Images. */
    static long[] images(Shape large, Shape small, Window w) {
        return new long[] {
            large.size(2),
            large.size(3),
            large.size(1),
            small.size(2),
            small.size(3),
            w.height(),
            w.width(),
            w.strideHeight(),
            w.strideWidth(),
            w.top(),
            w.left(),
            w.dilationHeight(),
            w.dilationWidth()
        };
    }

    private static String places(Value places) {
        return places != null && places.type() == DType.F32 ? "P=int" : "P=u8";
    }

    static void pool(CudaPlan plan, Op.Pool op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        Value places = op.kind() == Op.PoolKind.MAX ? node.output(1) : null;
        long n = y.shape().elements();
        plan.launch(
                KernelName.of("pool", "pool", CudaPlan.t(x), places(places)),
                Grid.over(n),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(y))
                        .at(places == null ? null : plan.at(places))
                        .number(n)
                        .integers(images(x.shape(), y.shape(), op.window()))
                        .integer(op.kind().ordinal()));
    }

    static void gradient(CudaPlan plan, Op.PoolGradient op, Node node) {
        Value dy = node.input(1);
        Value dx = node.output(0);
        Value places = op.kind() == Op.PoolKind.MAX ? node.input(2) : null;
        long n = dx.shape().elements();
        plan.launch(
                KernelName.of("pool", "pool_gradient", CudaPlan.t(dy), places(places)),
                Grid.over(n),
                new Arguments()
                        .at(plan.at(dy))
                        .at(places == null ? null : plan.at(places))
                        .at(plan.at(dx))
                        .number(n)
                        .integers(images(dx.shape(), dy.shape(), op.window()))
                        .integer(op.kind().ordinal()));
    }
}

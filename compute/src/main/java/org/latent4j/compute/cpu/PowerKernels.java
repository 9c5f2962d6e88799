package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.*;

import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;

/** Powers of absolute values, element by element. */
final class PowerKernels {
    /** A number as large as this stands for an infinite one, so that zero times it is zero. */
    private static final double HUGE = 1e30;

    private PowerKernels() {}

    static void power(CpuPlan plan, Op.AbsolutePower op, Node node) {
        FlatKernels flat = new FlatKernels();
        Dnnl.Arguments arguments = new Dnnl.Arguments();
        flat.binary(
                dnnl_binary_mul,
                plan.flat(node.input(0)),
                FlatKernels.constant(1),
                plan.flat(node.output(0)),
                arguments,
                new PostOps(arguments).eltwise(dnnl_eltwise_abs, 0, 0).eltwise(dnnl_eltwise_pow, 1, op.exponent()));
        plan.add("jit", flat.chain());
    }

    static void gradient(CpuPlan plan, Op.AbsolutePowerGradient op, Node node) {
        Array x = plan.flat(node.input(0));
        Array sign = plan.workspace()
                .take(Dnnl.vector(DType.F32, node.input(0).shape().elements()));
        FlatKernels flat = new FlatKernels();
        Dnnl.Arguments signs = new Dnnl.Arguments();
        flat.binary(
                dnnl_binary_mul,
                x,
                FlatKernels.constant(HUGE),
                sign,
                signs,
                new PostOps(signs).eltwise(dnnl_eltwise_clip, -1, 1));
        Dnnl.Arguments arguments = new Dnnl.Arguments();
        flat.binary(
                dnnl_binary_mul,
                x,
                FlatKernels.constant(1),
                plan.flat(node.output(0)),
                arguments,
                new PostOps(arguments)
                        .eltwise(dnnl_eltwise_abs, 0, 0)
                        .eltwise(dnnl_eltwise_pow, op.exponent(), op.exponent() - 1)
                        .eltwise(dnnl_eltwise_clip, -HUGE, HUGE)
                        .binary(dnnl_binary_mul, plan.flat(node.input(1)))
                        .binary(dnnl_binary_mul, sign));
        plan.add("jit", flat.chain());
    }
}

package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.latent4j.compute.graph.Activation;

/** What a primitive does to each result before it stores it, in order. */
final class PostOps {
    private final post_ops ops = new post_ops();
    private final Dnnl.Arguments arguments;
    private int count;

    PostOps() {
        this(new Dnnl.Arguments());
    }

    /** Operands are added to the arguments of the primitive. */
    PostOps(Dnnl.Arguments arguments) {
        this.arguments = arguments;
    }

    post_ops ops() {
        return ops;
    }

    primitive_attr attributes() {
        primitive_attr attributes = Dnnl.attributes();
        attributes.set_post_ops(ops);
        return attributes;
    }

    /** Adds scale times what lies at the destination. */
    PostOps sum(double scale) {
        ops.append_sum((float) scale, 0, memory.data_type.undef);
        count++;
        return this;
    }

    PostOps eltwise(int algorithm, double alpha, double beta) {
        ops.append_eltwise(algorithm, (float) alpha, (float) beta);
        count++;
        return this;
    }

    PostOps activation(Activation function) {
        return function.isIdentity()
                ? this
                : eltwise(
                        ElementKernels.algorithm(function, false),
                        ElementKernels.alpha(function),
                        ElementKernels.beta(function));
    }

    PostOps binary(int algorithm, Array operand) {
        ops.append_binary(algorithm, operand.desc());
        arguments.with(DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE * (count + 1) | DNNL_ARG_SRC_1, operand);
        count++;
        return this;
    }
}

package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.*;

import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reduction;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Value;

/**
 * Numbers that multiply what all samples have in their place, and the gradients of those numbers. Most are as many for each channel or each
 * element: then samples are rows in the order of memory, which the library is quick with.
 */
final class ScaleKernels {
    private ScaleKernels() {}

    static void scale(CpuPlan plan, Op.Scale op, Node node) {
        Value x = node.input(0);
        Value w = node.input(1);
        Value y = node.output(0);
        Dnnl.Arguments arguments = new Dnnl.Arguments();
        PostOps post = new PostOps(arguments);
        if (node.inputs().size() == 3) {
            Value bias = node.input(2);
            post.binary(
                    dnnl_binary_add,
                    plan.at(bias, Dnnl.matrix(DType.F32, 1, bias.shape().elements())));
        }
        long columns = columns(w.shape(), x.shape());
        if (columns == 0) {
            Array factors = plan.at(w, asParameter(plan, w));
            TangentKernels.multiply(plan, plan.array(x), factors, plan.array(y), arguments, post);
            return;
        }
        long rows = x.shape().elements() / columns;
        Array factors = w.shape().rank() == 3 ? plan.derived(w, asParameter(plan, w), asImage(w)) : plan.flat(w);
        TangentKernels.multiply(
                plan,
                plan.at(x, Dnnl.matrix(x.type(), rows, columns)),
                factors.view(Dnnl.matrix(DType.F32, 1, columns)),
                plan.at(y, Dnnl.matrix(y.type(), rows, columns)),
                arguments,
                post);
    }

    static void sumTo(CpuPlan plan, Op.SumTo op, Node node) {
        Value x = node.input(0);
        Value sums = node.output(0);
        long columns = columns(sums.shape(), x.shape());
        if (columns == 0) {
            reduce(plan, plan.array(x), plan.output(sums, asParameter(plan, sums)));
        } else if (columns == x.shape().size(1)) {
            MatMulKernels.sumOfRows(plan, x, null, plan.output(sums, Dnnl.matrix(DType.F32, 1, columns)));
        } else {
            Array all = plan.workspace().take(Dnnl.matrix(DType.F32, 1, columns));
            MatMulKernels.sumOfRows(plan, x, null, all);
            plan.addReorder(all.view(asImage(sums)), plan.output(sums, asParameter(plan, sums)), false);
        }
    }

    private static void reduce(CpuPlan plan, Array x, Array sums) {
        var description = new reduction.primitive_desc(
                Dnnl.ENGINE, dnnl_reduction_sum, x.desc(), sums.desc(), 0, 0, Dnnl.attributes(), false);
        plan.add(
                description,
                new reduction(description),
                new Dnnl.Arguments().with(DNNL_ARG_SRC, x).with(DNNL_ARG_DST, sums));
    }

    /** Length of the rows that samples are to be cut into, so that each is times the same numbers; 0 if there is no such length. */
    private static long columns(Shape w, Shape x) {
        if (w.rank() == 1 || w.size(1) == 1 && w.size(2) == 1 && w.size(0) == x.size(1)) {
            return x.size(1);
        }
        long all = x.elements() / x.size(0);
        return w.elements() == all ? all : 0;
    }

    /** The parameter as one image, in DL4J's order. */
    private static memory.desc asParameter(CpuPlan plan, Value w) {
        Parameters.Place place = plan.place(w);
        long[] sizes = {1, w.shape().size(0), w.shape().size(1), w.shape().size(2)};
        long[] strides = {
            w.shape().elements(),
            place.strides().get(0),
            place.strides().get(1),
            place.strides().get(2)
        };
        return Dnnl.desc(DType.F32, sizes, strides);
    }

    /** As one image in ours. */
    private static memory.desc asImage(Value w) {
        Shape image =
                Shape.of(1, w.shape().size(0), w.shape().size(1), w.shape().size(2));
        return Dnnl.desc(DType.F32, image.array(), CpuPlan.strides(image));
    }
}

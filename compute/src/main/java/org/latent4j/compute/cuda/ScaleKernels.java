package org.latent4j.compute.cuda;

import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Value;

/** Numbers that multiply what all samples have in their place, and the gradients of those numbers. */
final class ScaleKernels {
    private ScaleKernels() {}

    /** Points are images of one pixel. */
    private static long[] image(Shape x) {
        return x.rank() == 4 ? new long[] {x.size(2), x.size(3), x.size(1)} : new long[] {1, 1, x.size(1)};
    }

    /** How many numbers a parameter has along each axis. */
    private static long[] counts(Shape w) {
        return w.rank() == 3 ? new long[] {w.size(1), w.size(2), w.size(0)} : new long[] {1, 1, w.size(0)};
    }

    /** Steps from number to number of a parameter along each axis, 0 where there is one for all. */
    private static long[] steps(CudaPlan plan, Value w) {
        Parameters.Place place = plan.place(w);
        long[] counts = counts(w.shape());
        long[] steps = w.shape().rank() == 3
                ? new long[] {
                    place.strides().get(1),
                    place.strides().get(2),
                    place.strides().get(0)
                }
                : new long[] {0, 0, place.strides().get(0)};
        for (int i = 0; i < steps.length; i++) {
            steps[i] = counts[i] == 1 ? 0 : steps[i];
        }
        return steps;
    }

    static void scale(CudaPlan plan, Op.Scale op, Node node) {
        Value x = node.input(0);
        long n = x.shape().elements();
        plan.launch(
                KernelName.of("rows", "scale", CudaPlan.t(x)),
                Grid.over(n),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(node.input(1)))
                        .at(node.inputs().size() == 3 ? plan.at(node.input(2)) : null)
                        .at(plan.at(node.output(0)))
                        .number(n)
                        .integers(image(x.shape()))
                        .numbers(steps(plan, node.input(1))));
    }

    /** A block for each sum. */
    static void sumTo(CudaPlan plan, Op.SumTo op, Node node) {
        Value x = node.input(0);
        Value sums = node.output(0);
        long results = sums.shape().elements();
        plan.launch(
                KernelName.of("rows", "sum_to", CudaPlan.t(x)),
                Grid.blocks(Math.min(results, 1 << 16)),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(sums))
                        .number(results)
                        .number(x.shape().size(0))
                        .integers(image(x.shape()))
                        .integers(counts(sums.shape()))
                        .numbers(steps(plan, sums))
                        .flag(plan.accumulates()));
    }
}

package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.*;

import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.memory;
import org.latent4j.compute.graph.Activation;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Penalty;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Value;
import org.latent4j.compute.graph.Window;

/** What penalties on slopes need beside ordinary layers. */
final class TangentKernels {
    /** In rows as short as this the library takes twice as long with one number for a row as with one for each element. */
    private static final int FEW_ELEMENTS = 64;

    private TangentKernels() {}

    /** Samples as the channels of one image: the form in which the library is quick to scale each by its own number. */
    private static memory.desc samples(DType type, long count, long elements) {
        return Dnnl.desc(type, new long[] {1, count, elements}, new long[] {count * elements, elements, 1});
    }

    static void scaleSamples(CpuPlan plan, Op.ScaleSamples op, Node node) {
        Value x = node.input(0);
        Value column = node.input(1);
        long count = x.shape().size(0);
        long elements = x.shape().elements() / count;
        Array y = plan.at(node.output(0), samples(node.output(0).type(), count, elements));
        Array scale = elements <= FEW_ELEMENTS
                ? spread(plan, column, elements)
                : plan.at(column, samples(DType.F32, count, 1));
        Dnnl.Arguments arguments = new Dnnl.Arguments();
        PostOps post = new PostOps(arguments);
        if (node.inputs().size() == 3) {
            Value addend = node.input(2);
            post.binary(dnnl_binary_add, plan.at(addend, samples(addend.type(), count, elements)));
        }
        multiply(plan, plan.at(x, samples(x.type(), count, elements)), scale, y, arguments, post);
    }

    /** A number for each sample in the place of each of its elements: made once for all layers of that width. */
    private static Array spread(CpuPlan plan, Value column, long elements) {
        long count = column.shape().size(0);
        Array spread = plan.keptInTurn(
                column,
                "for " + elements + " elements",
                Dnnl.matrix(DType.F32, count, elements),
                made -> MatMulKernels.product(
                        plan,
                        plan.at(column, Dnnl.matrix(DType.F32, count, 1)),
                        plan.ones(DType.F32, elements),
                        null,
                        Activation.IDENTITY,
                        made));
        return spread.view(samples(DType.F32, count, elements));
    }

    /** A column (N, 1) with each number repeated so often that there are {@code total}, as one row. */
    static Array repeated(CpuPlan plan, Value column, DType type, long total) {
        long count = column.shape().size(0);
        Array source = plan.at(column, samples(DType.F32, count, 1));
        if (total == count && type == DType.F32) {
            return source.view(Dnnl.matrix(type, 1, total));
        }
        Array target = plan.workspace().take(Dnnl.matrix(type, 1, total));
        Array ones = plan.ones(type, total).view(samples(type, count, total / count));
        Dnnl.Arguments arguments = new Dnnl.Arguments();
        multiply(
                plan,
                ones,
                source,
                target.view(samples(type, count, total / count)),
                arguments,
                new PostOps(arguments));
        return target;
    }

    /** y = post-operations of x times factors, which may have size 1 where x is longer. */
    static void multiply(CpuPlan plan, Array x, Array factors, Array y, Dnnl.Arguments arguments, PostOps post) {
        var description = new binary.primitive_desc(
                Dnnl.ENGINE, dnnl_binary_mul, x.desc(), factors.desc(), y.desc(), post.attributes(), false);
        plan.add(
                description,
                new binary(description),
                arguments.with(DNNL_ARG_SRC_0, x).with(DNNL_ARG_SRC_1, factors).with(DNNL_ARG_DST, y));
    }

    /** The derivative of the penalty's term with respect to v is a multiple of v. */
    static void penaltyStart(CpuPlan plan, Op.PenaltyStart op, Node node) {
        FloatMemory slopes = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory weights = new FloatMemory(plan.flat(node.input(1)));
        FloatMemory start = new FloatMemory(plan.flat(node.output(0)));
        FloatMemory squares = new FloatMemory(plan.flat(node.output(1)));
        Shape shape = node.input(0).shape();
        int count = Math.toIntExact(shape.size(0));
        int elements = Math.toIntExact(shape.elements() / count);
        float[] v = new float[count * elements];
        float[] weight = new float[count];
        float[] square = new float[count];
        plan.add("java", () -> {
            slopes.get(v);
            weights.get(weight);
            for (int n = 0; n < count; n++) {
                double sum = squaredNorm(v, n * elements, elements);
                square[n] = (float) sum;
                float factor = (float) factor(op.penalty(), weight[n], sum);
                for (int i = n * elements; i < (n + 1) * elements; i++) {
                    v[i] *= factor;
                }
            }
            squares.put(square);
            start.put(v);
        });
    }

    /** Four sums side by side: one alone waits for each addition. */
    private static double squaredNorm(float[] v, int from, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = from;
        for (; i + 4 <= from + count; i += 4) {
            a += (double) v[i] * v[i];
            b += (double) v[i + 1] * v[i + 1];
            c += (double) v[i + 2] * v[i + 2];
            d += (double) v[i + 3] * v[i + 3];
        }
        for (; i < from + count; i++) {
            a += (double) v[i] * v[i];
        }
        return a + b + (c + d);
    }

    private static double factor(Penalty penalty, double weight, double square) {
        return switch (penalty) {
            case NONE -> 0;
            case ZERO_CENTRED -> weight;
            // At v = 0 the norm has no derivative; 0 is in the middle of what it could be.
            case ONE_CENTRED -> square > 0 ? 2 * weight * (1 - 1 / Math.sqrt(square)) : 0;
        };
    }

    static void maximum(CpuPlan plan, Op.MaximumTangent op, Node node) {
        FloatMemory images = new FloatMemory(plan.flat(node.input(0)));
        FloatMemory changes = new FloatMemory(plan.flat(node.input(1)));
        FloatMemory results = new FloatMemory(plan.flat(node.output(0)));
        Shape from = node.input(0).shape();
        Shape to = node.output(0).shape();
        float[] x = new float[Math.toIntExact(from.elements())];
        float[] dx = new float[x.length];
        float[] dy = new float[Math.toIntExact(to.elements())];
        plan.add("java", () -> {
            images.get(x);
            changes.get(dx);
            int at = 0;
            for (int n = 0; n < to.size(0); n++) {
                for (int row = 0; row < to.size(2); row++) {
                    for (int column = 0; column < to.size(3); column++) {
                        for (int channel = 0; channel < to.size(1); channel++) {
                            dy[at++] = dx[place(x, from, op.window(), n, row, column, channel)];
                        }
                    }
                }
            }
            results.put(dy);
        });
    }

    /** Index of a window's first maximum, channels last. */
    private static int place(float[] x, Shape shape, Window window, int n, int row, int column, int channel) {
        int height = (int) shape.size(2);
        int width = (int) shape.size(3);
        int channels = (int) shape.size(1);
        int best = -1;
        for (int i = 0; i < window.height(); i++) {
            int h = row * window.strideHeight() - window.top() + i * window.dilationHeight();
            for (int j = 0; j < window.width(); j++) {
                int w = column * window.strideWidth() - window.left() + j * window.dilationWidth();
                if (h >= 0 && h < height && w >= 0 && w < width) {
                    int index = ((n * height + h) * width + w) * channels + channel;
                    best = best < 0 || x[index] > x[best] ? index : best;
                }
            }
        }
        return best;
    }
}

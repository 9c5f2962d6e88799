package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.latent4j.compute.graph.Activation;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Role;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Value;

/** Matrix products. */
final class MatMulKernels {
    private static final int FEW_CHANNELS = 64;
    private static final String WHOLE = "whole";
    private static final String HALVES = "halves";
    private static final String IN_JAVA = "java";

    private MatMulKernels() {}

    static void product(CpuPlan plan, Op.MatMul op, Node node) {
        Value y = node.output(0);
        memory.desc format = plan.array(y).desc();
        // DL4J keeps dense weights column by column: their gradient is the transposed product, row by row.
        boolean columns = y.role() == Role.PARAM_GRADIENT
                && y.shape().size(0) > 1
                && format.get_strides().get(0) == 1;
        Value left = node.input(columns ? 1 : 0);
        Array a = operand(plan, left, columns ? !op.transposeB() : op.transposeA());
        Array b = operand(plan, node.input(columns ? 0 : 1), columns ? !op.transposeA() : op.transposeB());
        Array result = plan.output(
                y,
                columns
                        ? Dnnl.matrix(y.type(), y.shape().size(1), y.shape().size(0))
                        : Dnnl.matrix(y.type(), y.shape().size(0), y.shape().size(1)));
        Array bias = node.inputs().size() < 3
                ? null
                : plan.at(node.input(2), Dnnl.matrix(DType.F32, 1, y.shape().size(1)));
        if (left.type() == DType.BF16 && a.desc().get_strides().get(1) != 1) {
            a = rowByRow(plan, a, left.type());
        }
        if (node.input(1).role() == Role.PARAM && left.type() != DType.F32) {
            b = lowered(plan, node.input(1), b, a, result, left.type());
        }
        product(plan, a, b, bias, op.activation(), result);
    }

    static void product(CpuPlan plan, Array a, Array b, Array bias, Activation activation, Array y) {
        product(plan, a, b, bias, new PostOps().activation(activation), y);
    }

    /** In one go, or by halves of the columns: the library divides some shapes badly between cores and their caches. */
    static void product(CpuPlan plan, Array a, Array b, Array bias, PostOps post, Array y) {
        Map<String, Runnable> ways = new LinkedHashMap<>();
        ways.put(WHOLE, () -> whole(plan, a, b, bias, post, y));
        long columns = y.desc().get_dims().get(1);
        if (columns % 2 == 0 && b.desc().get_inner_nblks() == 0) {
            ways.put(HALVES, () -> {
                for (int half = 0; half < 2; half++) {
                    whole(plan, a, half(b, half), bias == null ? null : half(bias, half), post, half(y, half));
                }
            });
        }
        plan.fastest(
                "product "
                        + String.join(" ", Dnnl.describe(a.desc()), Dnnl.describe(b.desc()), Dnnl.describe(y.desc())),
                "",
                ways);
    }

    private static Array half(Array matrix, int half) {
        memory.desc desc = matrix.desc();
        long columns = desc.get_dims().get(1) / 2;
        long step = desc.get_strides().get(1);
        return matrix.view(
                new memory.desc(new long[] {desc.get_dims().get(0), columns}, desc.get_data_type(), new long[] {
                    desc.get_strides().get(0), step
                }),
                half * columns * step * Dnnl.bytes(desc.get_data_type()));
    }

    /** Also of matrices side by side: sizes (count, rows, columns). */
    static void whole(CpuPlan plan, Array a, Array b, Array bias, PostOps post, Array y) {
        var attributes = post.attributes();
        matmul.primitive_desc description = bias == null
                ? new matmul.primitive_desc(Dnnl.ENGINE, a.desc(), b.desc(), y.desc(), attributes, false)
                : new matmul.primitive_desc(Dnnl.ENGINE, a.desc(), b.desc(), bias.desc(), y.desc(), attributes, false);
        Dnnl.Arguments arguments = new Dnnl.Arguments()
                .with(DNNL_ARG_SRC, a)
                .with(DNNL_ARG_WEIGHTS, b)
                .with(DNNL_ARG_DST, y);
        if (bias != null) {
            arguments.with(DNNL_ARG_BIAS, bias);
        }
        plan.add(description, new matmul(description), arguments);
    }

    /** With 16-bit numbers the library is slow on transposed first operands. */
    private static Array rowByRow(CpuPlan plan, Array a, DType type) {
        Array copy = plan.workspace()
                .take(Dnnl.matrix(
                        type, a.desc().get_dims().get(0), a.desc().get_dims().get(1)));
        plan.addReorder(a, copy, false);
        return copy;
    }

    /** A copy of weights in the other operand's type and the library's favourite format. */
    private static Array lowered(CpuPlan plan, Value weights, Array b, Array a, Array y, DType type) {
        memory.desc any =
                Dnnl.any(type, b.desc().get_dims().get(0), b.desc().get_dims().get(1));
        var description = new matmul.primitive_desc(Dnnl.ENGINE, a.desc(), any, y.desc(), Dnnl.attributes(), false);
        return plan.derived(weights, b.desc(), description.weights_desc());
    }

    private static Array operand(CpuPlan plan, Value value, boolean transposed) {
        Array stored = plan.array(value);
        Shape shape = value.shape();
        long[] strides = {
            stored.desc().get_strides().get(0), stored.desc().get_strides().get(1)
        };
        memory.desc format = transposed
                ? Dnnl.desc(
                        value.type(), new long[] {shape.size(1), shape.size(0)}, new long[] {strides[1], strides[0]})
                : stored.desc();
        return stored.view(format);
    }

    /**
     * Products with ones: the library's own reductions take the slow path. Few channels are summed as many first, several rows side by
     * side, because products with few columns are slow too. Weights of samples stand in for the ones.
     */
    static void channelSum(CpuPlan plan, Op.ChannelSum op, Node node) {
        Value dy = node.input(0);
        sumOfRows(
                plan,
                dy,
                node.inputs().size() == 1 ? null : node.input(1),
                plan.output(node.output(0), Dnnl.matrix(DType.F32, 1, dy.shape().size(1))));
    }

    /**
     * Sums over rows as long as the result is.
     *
     * @param column weights of the samples (N, 1); null: all 1
     */
    static void sumOfRows(CpuPlan plan, Value dy, Value column, Array result) {
        long channels = result.desc().get_dims().get(1);
        long rows = dy.shape().elements() / channels;
        long samples = column == null ? 1 : dy.shape().size(0);
        long together = 1;
        while (together * channels < FEW_CHANNELS && rows / samples % (2 * together) == 0) {
            together *= 2;
        }
        long longRows = rows / together;
        long columns = together * channels;
        Array numbers = plan.at(dy, Dnnl.matrix(dy.type(), longRows, columns));
        Array sums = together == 1 ? result : plan.workspace().take(Dnnl.matrix(DType.F32, 1, columns));
        Array weights = column == null
                ? plan.ones(dy.type(), longRows)
                : TangentKernels.repeated(plan, column, dy.type(), longRows);
        product(plan, weights, numbers, null, Activation.IDENTITY, sums);
        if (together > 1) {
            plan.add(IN_JAVA, new SumOfFew(sums, result));
        }
    }

    /** Adds up rows of a few numbers, for which the library takes as long as for many. */
    private static final class SumOfFew implements Kernel {
        private final Array rows;
        private final Array sum;
        private final float[] numbers;
        private final float[] sums;
        private FloatMemory source; // known when nothing moves any more
        private FloatMemory target;

        SumOfFew(Array rows, Array sum) {
            this.rows = rows;
            this.sum = sum;
            this.numbers = new float[Math.toIntExact(rows.desc().get_size() / Float.BYTES)];
            this.sums = new float[Math.toIntExact(sum.desc().get_size() / Float.BYTES)];
        }

        @Override
        public void run() {
            if (source == null) {
                source = new FloatMemory(rows);
                target = new FloatMemory(sum);
            }
            source.get(numbers);
            Arrays.fill(sums, 0);
            for (int i = 0; i < numbers.length; i++) {
                sums[i % sums.length] += numbers[i];
            }
            target.put(sums);
        }
    }
}

package org.latent4j.compute.cuda;

import java.util.Arrays;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Value;

/** Operations that move numbers and compute nothing: strided copies of boxes. Images lie with their channels last. */
final class MoveKernels {
    private static final int AXES = 4;

    private MoveKernels() {}

    /** One side of a copy; strides count elements. */
    record Side(Place place, DType type, long[] strides) {
        static Side of(Place place, DType type, long[] strides) {
            return new Side(place, type, strides);
        }

        Side from(long... start) {
            long elements = 0;
            for (int axis = 0; axis < start.length; axis++) {
                elements += start[axis] * strides[axis];
            }
            return new Side(place.plus(elements * type.bytes()), type, strides);
        }
    }

    static Side side(CudaPlan plan, Value value) {
        return Side.of(plan.at(value), value.type(), plan.strides(value));
    }

    private static String[] types(DType from, DType to) {
        return new String[] {"X=" + CudaPlan.type(from), "Y=" + CudaPlan.type(to)};
    }

    static void box(CudaPlan plan, Side from, Side to, long[] sizes, boolean add) {
        plan.add(
                "box<" + CudaPlan.type(from.type()) + ", " + CudaPlan.type(to.type()) + ">",
                boxKernel(plan.gpu(), from, to, sizes, add));
    }

    static Kernel boxKernel(Gpu gpu, Side from, Side to, long[] sizes, boolean add) {
        return gpu.launch(
                KernelName.of("boxes", "box", types(from.type(), to.type())),
                Grid.over(Arrays.stream(sizes).reduce(1, (a, b) -> a * b)),
                new Arguments()
                        .at(from.place())
                        .at(to.place())
                        .numbers(fields(sizes, from.strides(), to.strides()))
                        .flag(add));
    }

    /**
     * The kernel's structure Box: sizes, strides of one side and of the other. Threads walk along the target's last axis in memory, so that
     * neighbours write side by side. Axes that are one on both sides count as one.
     */
    private static long[] fields(long[] sizes, long[] from, long[] to) {
        long[] fields = new long[3 * AXES];
        Arrays.fill(fields, 0, AXES, 1);
        int first = AXES;
        int[] order = order(to);
        for (int i = order.length - 1; i >= 0; i--) {
            int axis = order[i];
            if (first < AXES
                    && from[axis] == fields[first] * fields[AXES + first]
                    && to[axis] == fields[first] * fields[2 * AXES + first]) {
                fields[first] *= sizes[axis];
            } else if (sizes[axis] > 1) {
                first--;
                fields[first] = sizes[axis];
                fields[AXES + first] = from[axis];
                fields[2 * AXES + first] = to[axis];
            }
        }
        return fields;
    }

    /** Axes from the longest stride to the shortest. */
    private static int[] order(long[] strides) {
        return java.util.stream.IntStream.range(0, strides.length)
                .boxed()
                .sorted((a, b) -> Long.compare(strides[b], strides[a]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static void flat(CudaPlan plan, Value x, Value y) {
        long n = x.shape().elements();
        plan.launch(
                KernelName.of("boxes", "flat", types(x.type(), y.type())),
                Grid.over((n + 3) / 4),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(y))
                        .number(n)
                        .flag(false)
                        .flag(plan.wide(x, y)));
    }

    static void copy(CudaPlan plan, Op.Copy op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        boolean adds = y.role() == org.latent4j.compute.graph.Role.PARAM_GRADIENT && plan.accumulates();
        if (!adds && Arrays.equals(plan.strides(x), plan.strides(y))) {
            flat(plan, x, y);
        } else {
            box(plan, side(plan, x), side(plan, y), x.shape().array(), adds);
        }
    }

    /** The elements keep their order with the channels first; an image's order in memory is another. */
    static void reshape(CudaPlan plan, Op.Reshape op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        if (x.shape().orderFree() && y.shape().orderFree()) {
            if (plan.at(x).address() != plan.at(y).address()) {
                flat(plan, x, y);
            }
            return;
        }
        if (x.shape().orderFree() || y.shape().orderFree()) {
            boolean toImage = x.shape().orderFree();
            Shape image = toImage ? y.shape() : x.shape();
            long[] first = image.rowMajor();
            long[] last = CudaPlan.natural(image);
            box(
                    plan,
                    Side.of(plan.at(x), x.type(), toImage ? first : last),
                    Side.of(plan.at(y), y.type(), toImage ? last : first),
                    image.array(),
                    false);
            return;
        }
        Place between = plan.scratch(x.bytes());
        box(
                plan,
                side(plan, x),
                Side.of(between, x.type(), x.shape().rowMajor()),
                x.shape().array(),
                false);
        box(
                plan,
                Side.of(between, y.type(), y.shape().rowMajor()),
                side(plan, y),
                y.shape().array(),
                false);
    }

    static void pad(CudaPlan plan, Op.Pad op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        plan.zero(plan.at(y), y.bytes());
        box(
                plan,
                side(plan, x),
                side(plan, y).from(0, 0, op.top(), op.left()),
                x.shape().array(),
                false);
    }

    static void crop(CudaPlan plan, Op.Crop op, Node node) {
        Value y = node.output(0);
        box(
                plan,
                side(plan, node.input(0)).from(0, 0, op.top(), op.left()),
                side(plan, y),
                y.shape().array(),
                false);
    }

    static void wrap(CudaPlan plan, Op.Wrap op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        for (Op.Wrap.Piece piece : op.pieces(x.shape())) {
            box(plan, side(plan, x).from(piece.fromX()), side(plan, y).from(piece.fromY()), piece.sizes(), false);
        }
    }

    static void wrapGradient(CudaPlan plan, Op.WrapGradient op, Node node) {
        Value dy = node.input(0);
        Value dx = node.output(0);
        boolean sum = false; // the first piece is all of dx
        for (Op.Wrap.Piece piece : op.wrap().pieces(dx.shape())) {
            box(plan, side(plan, dy).from(piece.fromY()), side(plan, dx).from(piece.fromX()), piece.sizes(), sum);
            sum = true;
        }
    }

    static void concat(CudaPlan plan, Op.Concat op, Node node) {
        Value y = node.output(0);
        long[] from = new long[y.shape().rank()];
        for (Value part : node.inputs()) {
            box(plan, side(plan, part), side(plan, y).from(from), part.shape().array(), false);
            from[op.axis()] += part.shape().size(op.axis());
        }
    }

    static void slice(CudaPlan plan, Op.Slice op, Node node) {
        Value y = node.output(0);
        long[] from = new long[y.shape().rank()];
        from[op.axis()] = op.from();
        box(plan, side(plan, node.input(0)).from(from), side(plan, y), y.shape().array(), false);
    }

    static void upsample(CudaPlan plan, Op.Upsample op, Node node) {
        resample(plan, "upsample", node, node.input(0).shape(), op.height(), op.width());
    }

    static void upsampleGradient(CudaPlan plan, Op.UpsampleGradient op, Node node) {
        resample(plan, "upsample_gradient", node, node.output(0).shape(), op.height(), op.width());
    }

    private static void resample(CudaPlan plan, String function, Node node, Shape small, int height, int width) {
        Value x = node.input(0);
        Value y = node.output(0);
        long n = y.shape().elements();
        plan.launch(
                KernelName.of("boxes", function, types(x.type(), y.type())),
                Grid.over(n),
                new Arguments()
                        .at(plan.at(x))
                        .at(plan.at(y))
                        .number(n)
                        .integer(small.size(2))
                        .integer(small.size(3))
                        .integer(small.size(1))
                        .integer(height)
                        .integer(width));
    }
}

package org.latent4j.compute.cpu;

import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Role;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Value;

/** Operations that move numbers and compute nothing: strided copies. Images lie with their channels last. */
final class MoveKernels {
    private MoveKernels() {}

    static void copy(CpuPlan plan, Op.Copy op, Node node) {
        Value y = node.output(0);
        Array to = plan.output(y, plan.array(y).desc());
        plan.addReorder(plan.array(node.input(0)), to, false);
    }

    /** The elements keep their order with the channels first; an image's order in memory is another. */
    static void reshape(CpuPlan plan, Op.Reshape op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        if (x.shape().orderFree() && y.shape().orderFree()) {
            if (plan.flat(x).address() != plan.flat(y).address()) {
                plan.addReorder(plan.flat(x), plan.output(y, plan.flat(y).desc()), false);
            }
            return;
        }
        if (x.shape().orderFree() || y.shape().orderFree()) {
            Shape image = x.shape().orderFree() ? y.shape() : x.shape();
            var last = Dnnl.desc(x.type(), image.array(), CpuPlan.strides(image));
            var first = Dnnl.desc(x.type(), image.array(), image.rowMajor());
            boolean toImage = image == y.shape();
            plan.addReorder(plan.at(x, toImage ? first : last), plan.at(y, toImage ? last : first), false);
            return;
        }
        Array between = plan.workspace()
                .take(Dnnl.desc(x.type(), x.shape().array(), x.shape().rowMajor()));
        plan.addReorder(plan.array(x), between, false);
        plan.addReorder(
                between.view(Dnnl.desc(y.type(), y.shape().array(), y.shape().rowMajor())), plan.array(y), false);
    }

    private static void box(CpuPlan plan, Value x, long[] fromX, Value y, long[] fromY, long[] sizes) {
        box(plan, x, fromX, y, fromY, sizes, false);
    }

    /** Copies a box of {@code sizes} between two values, or adds it; each begins where its {@code from} says. */
    private static void box(CpuPlan plan, Value x, long[] fromX, Value y, long[] fromY, long[] sizes, boolean sum) {
        plan.addReorder(
                plan.array(x).view(Dnnl.desc(x.type(), sizes, CpuPlan.strides(x.shape())), start(x, fromX)),
                plan.array(y).view(Dnnl.desc(y.type(), sizes, CpuPlan.strides(y.shape())), start(y, fromY)),
                sum);
    }

    private static long start(Value value, long[] from) {
        long[] strides = CpuPlan.strides(value.shape());
        long offset = 0;
        for (int axis = 0; axis < from.length; axis++) {
            offset += from[axis] * strides[axis];
        }
        return offset * value.type().bytes();
    }

    static void pad(CpuPlan plan, Op.Pad op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        addZero(plan, y);
        box(
                plan,
                x,
                new long[4],
                y,
                new long[] {0, 0, op.top(), op.left()},
                x.shape().array());
    }

    static void crop(CpuPlan plan, Op.Crop op, Node node) {
        Value y = node.output(0);
        box(
                plan,
                node.input(0),
                new long[] {0, 0, op.top(), op.left()},
                y,
                new long[4],
                y.shape().array());
    }

    static void wrap(CpuPlan plan, Op.Wrap op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        for (Op.Wrap.Piece piece : op.pieces(x.shape())) {
            box(plan, x, piece.fromX(), y, piece.fromY(), piece.sizes());
        }
    }

    static void wrapGradient(CpuPlan plan, Op.WrapGradient op, Node node) {
        Value dy = node.input(0);
        Value dx = node.output(0);
        boolean sum = false; // the first piece is all of dx
        for (Op.Wrap.Piece piece : op.wrap().pieces(dx.shape())) {
            box(plan, dy, piece.fromY(), dx, piece.fromX(), piece.sizes(), sum);
            sum = true;
        }
    }

    static void concat(CpuPlan plan, Op.Concat op, Node node) {
        long[] from = new long[node.output(0).shape().rank()];
        for (Value part : node.inputs()) {
            box(
                    plan,
                    part,
                    new long[from.length],
                    node.output(0),
                    from.clone(),
                    part.shape().array());
            from[op.axis()] += part.shape().size(op.axis());
        }
    }

    static void slice(CpuPlan plan, Op.Slice op, Node node) {
        Value y = node.output(0);
        long[] from = new long[y.shape().rank()];
        from[op.axis()] = op.from();
        box(plan, node.input(0), from, y, new long[from.length], y.shape().array());
    }

    static void upsample(CpuPlan plan, Op.Upsample op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        for (int h = 0; h < op.height(); h++) {
            for (int w = 0; w < op.width(); w++) {
                plan.addReorder(plan.array(x), every(plan, y, x.shape(), op.height(), op.width(), h, w), false);
            }
        }
    }

    static void upsampleGradient(CpuPlan plan, Op.UpsampleGradient op, Node node) {
        Value dy = node.input(0);
        Value dx = node.output(0);
        for (int h = 0; h < op.height(); h++) {
            for (int w = 0; w < op.width(); w++) {
                Array part = every(plan, dy, dx.shape(), op.height(), op.width(), h, w);
                plan.addReorder(part, plan.array(dx), h + w > 0);
            }
        }
    }

    /** Every height-th row's every width-th pixel of a large image, from pixel (h, w) on. */
    private static Array every(CpuPlan plan, Value large, Shape small, int height, int width, int h, int w) {
        long[] strides = CpuPlan.strides(large.shape());
        strides[2] *= height;
        strides[3] *= width;
        return plan.array(large)
                .view(Dnnl.desc(large.type(), small.array(), strides), start(large, new long[] {0, 0, h, w}));
    }

    static void addZero(CpuPlan plan, Value value) {
        addZero(plan, plan.flat(value));
    }

    /** Of numbers one after the other. */
    static void addZero(CpuPlan plan, Array array) {
        plan.add("memset", new Zero(array));
    }

    private static final class Zero implements Kernel {
        private final Array array;
        private final long bytes;
        private Pointer memory; // known when nothing moves any more

        Zero(Array array) {
            this.array = array;
            this.bytes = array.desc().get_size();
        }

        @Override
        public void run() {
            if (memory == null) {
                memory = Block.pointer(array.address());
            }
            Pointer.memset(memory, 0, bytes);
        }
    }

    /** A gradient that is zero is left out of a sum with earlier ones. */
    static void fill(CpuPlan plan, Op.Fill op, Node node) {
        Value y = node.output(0);
        if (y.role() == Role.PARAM_GRADIENT && op.value() == 0 && plan.accumulates()) {
            return;
        }
        if (op.value() == 0) {
            addZero(plan, y);
            return;
        }
        float[] constants = new float[Math.toIntExact(y.shape().elements())];
        Arrays.fill(constants, (float) op.value());
        FloatMemory memory = new FloatMemory(plan.flat(y));
        plan.add("constants", () -> memory.put(constants));
    }
}

package org.latent4j.compute.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;

import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.memory;
import org.latent4j.compute.graph.Activation;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Value;
import org.latent4j.compute.graph.Window;

/**
 * Convolutions as matrix products: each window of an image becomes a row (h, w, channel) of a matrix, the "columns" of the literature.
 * Faster than direct convolutions where a stride leaves small images of many channels.
 *
 * <p>Source: Chellapilla, Puri, Simard, "High performance convolutional neural networks for document processing", 2006.
 */
final class ColumnKernels {
    private static final String COPIES = "java";
    private static final int FEW_CHANNELS = 64;

    /** More than this is better not copied. */
    private static final long LARGEST_BYTES = 128L << 20;

    private ColumnKernels() {}

    /** Sizes of the columns of images x for a window. */
    private record Sizes(Shape x, Window window, long outputHeight, long outputWidth, long row) {
        static Sizes of(Shape x, Window window) {
            return new Sizes(
                    x,
                    window,
                    window.outputHeight(x.size(2)),
                    window.outputWidth(x.size(3)),
                    window.height() * window.width() * x.size(1));
        }

        long rows() {
            return x.size(0) * outputHeight * outputWidth;
        }
    }

    static boolean suits(Value x, Window window) {
        Sizes sizes = Sizes.of(x.shape(), window);
        return window.height() * window.width() > 1
                && sizes.rows() * sizes.row() * x.type().bytes() <= LARGEST_BYTES;
    }

    static void forward(CpuPlan plan, Op.Conv op, Node node) {
        Value x = node.input(0);
        Value w = node.input(1);
        Value y = node.output(0);
        long filters = w.shape().size(0);
        Array columns = columns(plan, x, op.window());
        Array bias = node.inputs().size() < 3 ? null : plan.at(node.input(2), Dnnl.matrix(DType.F32, 1, filters));
        long row = columns.desc().get_dims().get(1);
        MatMulKernels.product(
                plan,
                columns,
                weights(plan, w, x.type(), new int[] {2, 3, 1, 0}, row, filters),
                bias,
                op.activation(),
                plan.at(y, Dnnl.matrix(y.type(), y.shape().elements() / filters, filters)));
    }

    static void weights(CpuPlan plan, Op.ConvWeights op, Node node) {
        Value dy = node.input(1);
        Shape shape = node.output(0).shape();
        long filters = shape.size(0);
        Array columns = columns(plan, node.input(0), op.window());
        long rows = columns.desc().get_dims().get(0);
        long row = columns.desc().get_dims().get(1);
        Array transposed = plan.at(dy, Dnnl.desc(dy.type(), new long[] {filters, rows}, new long[] {1, filters}));
        Array first = plan.workspace().take(Dnnl.matrix(dy.type(), filters, rows));
        plan.addReorder(transposed, first, false);
        Array product = plan.workspace().take(Dnnl.matrix(DType.F32, filters, row));
        MatMulKernels.product(plan, first, columns, null, Activation.IDENTITY, product);
        long channels = shape.size(1);
        memory.desc channelsLast =
                Dnnl.desc(DType.F32, shape.array(), new long[] {row, 1, shape.size(3) * channels, channels});
        plan.addReorder(product.view(channelsLast), plan.array(node.output(0)), plan.accumulates());
    }

    static void data(CpuPlan plan, Op.ConvData op, Node node) {
        Value dy = node.input(0);
        Value w = node.input(1);
        Value dx = node.output(0);
        Sizes sizes = Sizes.of(dx.shape(), op.window());
        long filters = w.shape().size(0);
        Array columns = plan.workspace().take(Dnnl.matrix(dx.type(), sizes.rows(), sizes.row()));
        MatMulKernels.product(
                plan,
                plan.at(dy, Dnnl.matrix(dy.type(), sizes.rows(), filters)),
                weights(plan, w, dy.type(), new int[] {0, 2, 3, 1}, filters, sizes.row()),
                null,
                Activation.IDENTITY,
                columns);
        MoveKernels.addZero(plan, dx);
        boxes(
                sizes,
                dx.type(),
                (image, column, imageOffset, columnOffset) -> plan.addReorder(
                        columns.view(column, columnOffset), plan.array(dx).view(image, imageOffset), true));
        finish(plan, op.activation(), node);
    }

    /** Adds the bias to the output and applies the activation, in place. */
    static void finish(CpuPlan plan, Activation activation, Node node) {
        Value result = node.output(0);
        if (node.inputs().size() == 3) {
            biasAndActivation(plan, activation, node.input(2), result);
        } else if (!activation.isIdentity()) {
            ElementKernels.activate(plan, activation, plan.flat(result), plan.flat(result));
        }
    }

    /** Of few channels, those of several pixels are taken together: the library takes many times as long for short rows. */
    private static void biasAndActivation(CpuPlan plan, Activation activation, Value bias, Value y) {
        long channels = y.shape().size(1);
        long pixels = y.shape().elements() / channels;
        long together = 1;
        while (together * channels < FEW_CHANNELS && pixels % (2 * together) == 0) {
            together *= 2;
        }
        long width = together * channels;
        Array result = plan.at(y, Dnnl.matrix(y.type(), pixels / together, width));
        Array b = together == 1
                ? plan.at(bias, Dnnl.matrix(DType.F32, 1, width))
                : plan.derived(bias, "in " + width, Dnnl.matrix(DType.F32, 1, width), to -> repeated(plan, bias, to));
        var description = new binary.primitive_desc(
                Dnnl.ENGINE,
                dnnl_binary_add,
                result.desc(),
                b.desc(),
                result.desc(),
                new PostOps().activation(activation).attributes(),
                false);
        plan.add(
                description,
                new binary(description),
                new Dnnl.Arguments()
                        .with(DNNL_ARG_SRC_0, result)
                        .with(DNNL_ARG_SRC_1, b)
                        .with(DNNL_ARG_DST, result));
    }

    /** Writes a vector again and again. */
    private static Kernel repeated(CpuPlan plan, Value vector, Array to) {
        FloatMemory source = new FloatMemory(plan.flat(vector));
        FloatMemory target = new FloatMemory(to);
        long length = vector.shape().elements();
        return () -> {
            for (long i = 0; i < target.count(); i++) {
                target.put(i, source.get(i % length));
            }
        };
    }

    /** Weights (K, C, h, w) with their axes in another order, as a matrix in the library's favourite format. */
    static Array weights(CpuPlan plan, Value w, DType type, int[] axes, long rows, long columns) {
        memory.desc stored = plan.array(w).desc();
        long[] sizes = new long[4];
        long[] from = new long[4];
        long[] dense = new long[4];
        long step = 1;
        for (int i = 3; i >= 0; i--) {
            sizes[i] = stored.get_dims().get(axes[i]);
            from[i] = stored.get_strides().get(axes[i]);
            dense[i] = step;
            step *= sizes[i];
        }
        Array plain = plan.derived(w, Dnnl.desc(DType.F32, sizes, from), Dnnl.desc(type, sizes, dense));
        return plain.view(Dnnl.matrix(type, rows, columns));
    }

    /** The columns of a value, made where they are first asked for, and kept for the backward pass. */
    private static Array columns(CpuPlan plan, Value x, Window window) {
        Sizes sizes = Sizes.of(x.shape(), window);
        memory.desc format = Dnnl.matrix(x.type(), sizes.rows(), sizes.row());
        String name = "columns " + window;
        Array images = plan.array(x);
        return WindowCopy.suits(images, x.shape(), window)
                ? plan.keptInTurn(
                        x,
                        name,
                        format,
                        columns -> plan.add(COPIES, new WindowCopy(images, x.shape(), window, columns)))
                : plan.kept(
                        x,
                        name,
                        format,
                        columns -> boxes(
                                sizes,
                                x.type(),
                                (image, column, imageOffset, columnOffset) -> plan.addReorder(
                                        images.view(image, imageOffset), columns.view(column, columnOffset), false)));
    }

    private interface Box {
        void copy(memory.desc image, memory.desc column, long imageOffset, long columnOffset);
    }

    /** The pieces of images and columns that belong together: one for each place in the window, or several places side by side. */
    private static void boxes(Sizes sizes, DType type, Box box) {
        Window window = sizes.window();
        long channels = sizes.x().size(1);
        long width = sizes.x().size(3);
        for (int h = 0; h < window.height(); h++) {
            long fromHeight = (long) h * window.dilationHeight() - window.top();
            PixelRange rows =
                    PixelRange.of(fromHeight, window.strideHeight(), sizes.x().size(2), sizes.outputHeight());
            int w = 0;
            while (w < window.width()) {
                long fromWidth = (long) w * window.dilationWidth() - window.left();
                PixelRange pixels = PixelRange.of(fromWidth, window.strideWidth(), width, sizes.outputWidth());
                int next = w + 1;
                while (next < window.width()
                        && next - w < window.strideWidth()
                        && window.dilationWidth() == 1
                        && pixels.equals(PixelRange.of(
                                next - window.left(), window.strideWidth(), width, sizes.outputWidth()))) {
                    next++;
                }
                for (PixelRange rowPart :
                        rows.parts(window.strideHeight(), sizes.x().size(2))) {
                    for (PixelRange pixelPart : pixels.parts(window.strideWidth(), width)) {
                        box(sizes, type, new Place(h, w, next - w), rowPart, pixelPart, box);
                    }
                }
                w = next;
            }
        }
    }

    /** Some places side by side in the window. */
    private record Place(int h, int w, int count) {}

    private static void box(Sizes sizes, DType type, Place place, PixelRange rows, PixelRange pixels, Box box) {
        Window window = sizes.window();
        long channels = sizes.x().size(1);
        long width = sizes.x().size(3);
        long fromHeight = (long) place.h() * window.dilationHeight() - window.top();
        long fromWidth = (long) place.w() * window.dilationWidth() - window.left();
        long[] shape = {sizes.x().size(0), rows.count(), pixels.count(), place.count() * channels};
        long[] image = {
            sizes.x().size(2) * width * channels,
            window.strideHeight() * width * channels,
            window.strideWidth() * channels,
            1
        };
        long[] column = {
            sizes.outputHeight() * sizes.outputWidth() * sizes.row(), sizes.outputWidth() * sizes.row(), sizes.row(), 1
        };
        long imageStart = ((rows.first() * window.strideHeight() + fromHeight) * width
                        + pixels.first() * window.strideWidth()
                        + fromWidth)
                * channels;
        long columnStart = (rows.first() * sizes.outputWidth() + pixels.first()) * sizes.row()
                + ((long) place.h() * window.width() + place.w()) * channels;
        box.copy(
                Dnnl.desc(type, shape, image),
                Dnnl.desc(type, shape, column),
                imageStart * type.bytes(),
                columnStart * type.bytes());
    }
}

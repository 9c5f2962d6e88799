package org.latent4j.compute.cpu;

import org.bytedeco.dnnl.memory;
import org.latent4j.compute.graph.Activation;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Value;
import org.latent4j.compute.graph.Window;

/**
 * Convolutions by few filters as one matrix product, over numbers (pixel, place in a window, filter): what each pixel has to do with the windows that it lies in. Forward the
 * product gives what it adds to them, and the sums are of places; backward these numbers are the gradients of those windows' outputs. The library's own convolutions waste most of a
 * vector where filters are fewer than its lanes. {@link ColumnKernels} do the same for images with few channels.
 *
 * <p>Source: Vasudevan, Anderson, Gregg, "Parallel multi channel convolution using general matrix multiplication", 2017, "kn2row".
 */
final class PlaceKernels {
    private static final int MOST_FILTERS = 4;

    /** More than this is better not written. */
    private static final long LARGEST_BYTES = 128L << 20;

    private final CpuPlan plan;
    private final Window window;
    private final Shape x;
    private final Shape y;
    private final long channels;
    private final long filters;
    private final long row; // numbers of a pixel
    private final long pixels;

    private PlaceKernels(CpuPlan plan, Window window, Shape x, Shape y) {
        this.plan = plan;
        this.window = window;
        this.x = x;
        this.y = y;
        this.channels = x.size(1);
        this.filters = y.size(1);
        this.row = filters * window.height() * window.width();
        this.pixels = x.elements() / channels;
    }

    /** Only where each pixel lies in as many windows as these have places: else most of the numbers are for nothing. */
    static boolean suits(Value image, Value weights, Window window) {
        long filters = weights.shape().size(0);
        long places = (long) window.height() * window.width();
        long pixels = image.shape().elements() / image.shape().size(1);
        return filters <= MOST_FILTERS
                && places > 1
                && window.strideHeight() * window.strideWidth() == 1
                && pixels * places * filters * Float.BYTES <= LARGEST_BYTES;
    }

    static void forward(CpuPlan plan, Op.Conv op, Node node) {
        Value y = node.output(0);
        new PlaceKernels(plan, op.window(), node.input(0).shape(), y.shape()).forward(node.input(0), node.input(1), y);
        ColumnKernels.finish(plan, op.activation(), node);
    }

    static void data(CpuPlan plan, Op.ConvData op, Node node) {
        Value dx = node.output(0);
        new PlaceKernels(plan, op.window(), dx.shape(), node.input(0).shape()).data(node.input(0), node.input(1), dx);
        ColumnKernels.finish(plan, op.activation(), node);
    }

    static void weights(CpuPlan plan, Op.ConvWeights op, Node node) {
        Value x = node.input(0);
        Value dy = node.input(1);
        new PlaceKernels(plan, op.window(), x.shape(), dy.shape()).weights(x, dy, node.output(0));
    }

    private void forward(Value image, Value w, Value result) {
        Array products = plan.workspace().take(Dnnl.matrix(DType.F32, pixels, row));
        MatMulKernels.product(
                plan,
                plan.at(image, Dnnl.matrix(image.type(), pixels, channels)),
                ColumnKernels.weights(plan, w, image.type(), new int[] {1, 2, 3, 0}, channels, row),
                null,
                Activation.IDENTITY,
                products);
        boolean isFloat = result.type() == DType.F32;
        Array sums = isFloat ? plan.flat(result) : plan.workspace().take(Dnnl.vector(DType.F32, y.elements()));
        MoveKernels.addZero(plan, sums);
        places(row, 1, products, sums, (ofPixels, ofOutputs) -> plan.addReorder(ofPixels, ofOutputs, true));
        if (!isFloat) {
            plan.addReorder(sums, plan.flat(result), false);
        }
    }

    private void data(Value dy, Value w, Value result) {
        Array gradients = plan.workspace().take(Dnnl.matrix(dy.type(), pixels, row));
        MoveKernels.addZero(plan, gradients);
        places(row, 1, gradients, plan.flat(dy), (ofPixels, ofOutputs) -> plan.addReorder(ofOutputs, ofPixels, false));
        MatMulKernels.product(
                plan,
                gradients,
                ColumnKernels.weights(plan, w, dy.type(), new int[] {2, 3, 0, 1}, row, channels),
                null,
                Activation.IDENTITY,
                plan.at(result, Dnnl.matrix(result.type(), pixels, channels)));
    }

    private void weights(Value image, Value dy, Value dw) {
        Array gradients = plan.workspace().take(Dnnl.matrix(dy.type(), row, pixels));
        MoveKernels.addZero(plan, gradients);
        places(
                1,
                pixels,
                gradients,
                plan.flat(dy),
                (ofPixels, ofOutputs) -> plan.addReorder(ofOutputs, ofPixels, false));
        Array found = plan.workspace().take(Dnnl.matrix(DType.F32, row, channels));
        MatMulKernels.product(
                plan,
                gradients,
                plan.at(image, Dnnl.matrix(image.type(), pixels, channels)),
                null,
                Activation.IDENTITY,
                found);
        memory.desc byPlace = Dnnl.desc(DType.F32, dw.shape().array(), new long[] {
            channels, 1, window.width() * filters * channels, filters * channels
        });
        plan.addReorder(found.view(byPlace), plan.array(dw), plan.accumulates());
    }

    private interface Place {
        /** Numbers of the pixels at one place of windows, and of the outputs of these. */
        void copy(Array ofPixels, Array ofOutputs);
    }

    /**
     * All places, each with those outputs whose pixel at it lies inside of the image.
     *
     * @param pixelStep from a number of a pixel to the same one of the next
     * @param numberStep from a number of a pixel to its next one
     */
    private void places(long pixelStep, long numberStep, Array numbers, Array outputs, Place place) {
        for (int h = 0; h < window.height(); h++) {
            long fromHeight = (long) h * window.dilationHeight() - window.top();
            PixelRange rows = PixelRange.of(fromHeight, 1, x.size(2), y.size(2));
            for (int w = 0; w < window.width(); w++) {
                long fromWidth = (long) w * window.dilationWidth() - window.left();
                PixelRange columns = PixelRange.of(fromWidth, 1, x.size(3), y.size(3));
                if (rows.count() * columns.count() == 0) {
                    continue;
                }
                long[] sizes = {x.size(0), filters, rows.count(), columns.count()};
                long[] ofPixels = {x.size(2) * x.size(3) * pixelStep, numberStep, x.size(3) * pixelStep, pixelStep};
                long[] ofOutputs = CpuPlan.strides(y);
                long pixel = (rows.first() + fromHeight) * x.size(3) + columns.first() + fromWidth;
                long number = ((long) h * window.width() + w) * filters;
                place.copy(
                        numbers.part(sizes, ofPixels, pixel * pixelStep + number * numberStep),
                        outputs.part(sizes, ofOutputs, rows.first() * ofOutputs[2] + columns.first() * ofOutputs[3]));
            }
        }
    }
}

package org.latent4j.compute.cpu;

import org.bytedeco.dnnl.memory;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Value;
import org.latent4j.compute.graph.Window;

/**
 * Images whose pixels are tiles of other images' pixels: each s x s pixels, s the stride of a window, become one of s^2 as many channels,
 * the tile's phases. Over these a window of q s pixels is one of q that steps by 1 and needs no padding, because tiles hold it, as zeros.
 *
 * <p>Source: Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel convolutional neural network",
 * 2016, section 2.2, read backwards.
 *
 * @param x shape (N, C, H, W) of the images
 * @param window over them
 */
record Tiles(Shape x, Window window) {

    /** Whether windows consist of whole tiles. */
    static boolean suits(Window window) {
        return window.dilationHeight() * window.dilationWidth() == 1
                && window.height() % window.strideHeight() == 0
                && window.width() % window.strideWidth() == 0;
    }

    /** The window over the tiles. */
    Window dense() {
        int height = window.height() / window.strideHeight();
        int width = window.width() / window.strideWidth();
        return new Window(height, width, 1, 1, 0, 0, 0, 0, 1, 1);
    }

    long outputHeight() {
        return window.outputHeight(x.size(2));
    }

    long outputWidth() {
        return window.outputWidth(x.size(3));
    }

    /** Tiles one above the other, so many that every window finds its own. */
    long rows() {
        return outputHeight() + dense().height() - 1;
    }

    /** Tiles side by side. */
    long columns() {
        return outputWidth() + dense().width() - 1;
    }

    /** Channels of a tile: (row in the tile, column in the tile, channel). */
    long channels() {
        return (long) window.strideHeight() * window.strideWidth() * x.size(1);
    }

    memory.desc desc(memory.data_type type) {
        return new memory.desc(shape().array(), type, CpuPlan.strides(shape()));
    }

    private Shape shape() {
        return Shape.of(x.size(0), channels(), rows(), columns());
    }

    /** The tiles of images, made where they are first asked for, and kept for the backward pass. */
    Array of(CpuPlan plan, Value images) {
        Array pixels = plan.array(images);
        return plan.kept(
                images,
                "tiles " + window,
                desc(Dnnl.type(images.type())),
                tiles -> phases(pixels, tiles, (image, phase) -> plan.addReorder(image, phase, false)));
    }

    /** Writes the tiles' pixels to images; those that lie in no tile are zero. */
    void toImages(CpuPlan plan, Array tiles, Value images) {
        addZeros(plan, images);
        phases(plan.array(images), tiles, (image, phase) -> plan.addReorder(phase, image, false));
    }

    /** Fills images with zeros if there are pixels that lie in no tile. */
    void addZeros(CpuPlan plan, Value images) {
        boolean all = rows() * window.strideHeight() - window.top() >= x.size(2)
                && columns() * window.strideWidth() - window.left() >= x.size(3);
        if (!all) {
            MoveKernels.addZero(plan, images);
        }
    }

    private interface Phase {
        void copy(Array image, Array phase);
    }

    /** What belongs together in images and their tiles, phase by phase. */
    private void phases(Array images, Array tiles, Phase phase) {
        for (int h = 0; h < window.strideHeight(); h++) {
            PixelRange rows = PixelRange.of(h - window.top(), window.strideHeight(), x.size(2), rows());
            for (int w = 0; w < window.strideWidth(); w++) {
                PixelRange columns = PixelRange.of(w - window.left(), window.strideWidth(), x.size(3), columns());
                for (PixelRange rowPart : rows.parts(window.strideHeight(), x.size(2))) {
                    for (PixelRange columnPart : columns.parts(window.strideWidth(), x.size(3))) {
                        phase(h, w, rowPart, columnPart, images, tiles, phase);
                    }
                }
            }
        }
    }

    private void phase(int h, int w, PixelRange rows, PixelRange columns, Array images, Array tiles, Phase phase) {
        long[] sizes = {x.size(0), x.size(1), rows.count(), columns.count()};
        long[] ofImages = CpuPlan.strides(x);
        long[] ofTiles = CpuPlan.strides(shape());
        long row = rows.first() * window.strideHeight() + h - window.top();
        long column = columns.first() * window.strideWidth() + w - window.left();
        long[] steps = {ofImages[0], 1, window.strideHeight() * ofImages[2], window.strideWidth() * ofImages[3]};
        phase.copy(
                images.part(sizes, steps, row * ofImages[2] + column * ofImages[3]),
                tiles.part(
                        sizes,
                        ofTiles,
                        rows.first() * ofTiles[2]
                                + columns.first() * ofTiles[3]
                                + ((long) h * window.strideWidth() + w) * x.size(1)));
    }

    /**
     * A parameter (K, C, h, w) where the graph has it, in the axes (K, row in a tile, column in a tile, C, tile's row, tile's column), taken
     * in another order.
     */
    memory.desc stored(CpuPlan plan, Value weights, int... order) {
        long[] strides = new long[4];
        plan.array(weights).desc().get_strides().get(strides);
        long[] steps = {
            strides[0],
            strides[2],
            strides[3],
            strides[1],
            strides[2] * window.strideHeight(),
            strides[3] * window.strideWidth()
        };
        long[] ordered = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            ordered[i] = steps[order[i]];
        }
        return Dnnl.desc(DType.F32, sizes(weights, order), ordered);
    }

    /** Numbers one after the other in the axes of {@link #stored}. */
    memory.desc split(Value weights, memory.data_type type, int... order) {
        return new memory.desc(sizes(weights, order), type, memory.format_tag.abcdef);
    }

    private long[] sizes(Value weights, int... order) {
        long[] sizes = {
            weights.shape().size(0),
            window.strideHeight(),
            window.strideWidth(),
            weights.shape().size(1),
            dense().height(),
            dense().width()
        };
        long[] ordered = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            ordered[i] = sizes[order[i]];
        }
        return ordered;
    }
}

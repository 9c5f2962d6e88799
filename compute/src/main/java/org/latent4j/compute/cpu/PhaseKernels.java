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
 * Strided convolutions as dense ones: each tile of s x s pixels of an image, s the stride, becomes one pixel of s^2 as many channels, its
 * phases; over these, a window of q s pixels is one of q that steps by 1. Faster than direct convolutions where images have few channels, or
 * where padding makes these copy.
 *
 * <p>Source: "space to depth" as in Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel
 * convolutional neural network", 2016, read backwards.
 */
final class PhaseKernels {
    private PhaseKernels() {}

    /** Images x (N, C, H, W), a window over them, and the images of tiles (N, s s C, rows, columns) with the window over these. */
    private record Tiles(Shape x, Window window) {
        Window dense() {
            return new Window(
                    window.height() / window.strideHeight(),
                    window.width() / window.strideWidth(),
                    1,
                    1,
                    0,
                    0,
                    0,
                    0,
                    1,
                    1);
        }

        long rows() {
            return window.outputHeight(x.size(2)) + dense().height() - 1;
        }

        long columns() {
            return window.outputWidth(x.size(3)) + dense().width() - 1;
        }

        long channels() {
            return (long) window.strideHeight() * window.strideWidth() * x.size(1);
        }

        memory.desc desc(DType type) {
            Shape shape = Shape.of(x.size(0), channels(), rows(), columns());
            return Dnnl.desc(type, shape.array(), CpuPlan.strides(shape));
        }

        /** Whether every pixel lies in a tile. */
        boolean cover() {
            return rows() * window.strideHeight() - window.top() >= x.size(2)
                    && columns() * window.strideWidth() - window.left() >= x.size(3);
        }
    }

    static boolean suits(Window window) {
        return window.strideHeight() * window.strideWidth() > 1
                && window.dilationHeight() * window.dilationWidth() == 1
                && window.height() % window.strideHeight() == 0
                && window.width() % window.strideWidth() == 0;
    }

    static void forward(CpuPlan plan, Op.Conv op, Node node) {
        Value x = node.input(0);
        Tiles tiles = new Tiles(x.shape(), op.window());
        ConvKernels.forward(
                plan,
                tiles.dense(),
                op.activation(),
                tiles(plan, x, tiles),
                weights(plan, node.input(1), x.type(), tiles),
                ConvKernels.bias(plan, node),
                plan.array(node.output(0)));
    }

    static void data(CpuPlan plan, Op.ConvData op, Node node) {
        Value dy = node.input(0);
        Value dx = node.output(0);
        Tiles tiles = new Tiles(dx.shape(), op.window());
        Array inTiles = plan.workspace().take(tiles.desc(dx.type()));
        ConvKernels.data(plan, tiles.dense(), plan.array(dy), weights(plan, node.input(1), dy.type(), tiles), inTiles);
        if (!tiles.cover()) {
            MoveKernels.addZero(plan, dx);
        }
        phases(plan, tiles, plan.array(dx), inTiles, (image, phase) -> plan.addReorder(phase, image, false));
        if (node.inputs().size() == 3) {
            ColumnKernels.biasAndActivation(plan, op.activation(), node.input(2), dx);
        } else if (!op.activation().equals(Activation.IDENTITY)) {
            ElementKernels.activate(plan, op.activation(), plan.flat(dx), plan.flat(dx));
        }
    }

    static void weights(CpuPlan plan, Op.ConvWeights op, Node node) {
        Value x = node.input(0);
        Value dw = node.output(0);
        Tiles tiles = new Tiles(x.shape(), op.window());
        WeightPhases phases = WeightPhases.of(plan, dw, tiles);
        Array found = ConvKernels.weights(
                plan,
                tiles.dense(),
                tiles(plan, x, tiles),
                plan.array(node.input(1)),
                phases.shape().array(),
                plan.workspace()::take);
        memory.desc plain = phases.plain(DType.F32);
        if (!found.desc().equals(plain)) {
            Array between = plan.workspace().take(plain);
            plan.addReorder(found, between, false);
            found = between;
        }
        plan.addReorder(found.view(phases.split(DType.F32)), plan.at(dw, phases.stored()), plan.accumulates());
    }

    /** The tiles of a value, made where they are first asked for, and kept for the backward pass. Padding stays zero. */
    private static Array tiles(CpuPlan plan, Value x, Tiles tiles) {
        return plan.kept(
                x.id() + " tiles " + tiles.window(),
                tiles.desc(x.type()),
                all -> phases(plan, tiles, plan.array(x), all, (image, phase) -> plan.addReorder(image, phase, false)));
    }

    private interface Phase {
        void copy(Array image, Array phase);
    }

    /** What belongs together in images and their tiles, phase by phase. */
    private static void phases(CpuPlan plan, Tiles tiles, Array image, Array all, Phase phase) {
        Window window = tiles.window();
        Shape x = tiles.x();
        for (int h = 0; h < window.strideHeight(); h++) {
            PixelRange rows = PixelRange.of(h - window.top(), window.strideHeight(), x.size(2), tiles.rows());
            for (int w = 0; w < window.strideWidth(); w++) {
                PixelRange pixels = PixelRange.of(w - window.left(), window.strideWidth(), x.size(3), tiles.columns());
                for (PixelRange rowPart : rows.parts(window.strideHeight(), x.size(2))) {
                    for (PixelRange pixelPart : pixels.parts(window.strideWidth(), x.size(3))) {
                        copy(tiles, h, w, rowPart, pixelPart, image, all, phase);
                    }
                }
            }
        }
    }

    private static void copy(
            Tiles tiles, int h, int w, PixelRange rows, PixelRange pixels, Array image, Array all, Phase phase) {
        Window window = tiles.window();
        long channels = tiles.x().size(1);
        long width = tiles.x().size(3);
        long height = tiles.x().size(2);
        long[] sizes = {tiles.x().size(0), channels, rows.count(), pixels.count()};
        long[] inImage = {
            height * width * channels, 1, window.strideHeight() * width * channels, window.strideWidth() * channels
        };
        long[] inTiles = CpuPlan.strides(Shape.of(tiles.x().size(0), tiles.channels(), tiles.rows(), tiles.columns()));
        long imageStart = ((rows.first() * window.strideHeight() + h - window.top()) * width
                        + pixels.first() * window.strideWidth()
                        + w
                        - window.left())
                * channels;
        long tileStart = rows.first() * inTiles[2]
                + pixels.first() * inTiles[3]
                + ((long) h * window.strideWidth() + w) * channels;
        phase.copy(part(image, sizes, inImage, imageStart), part(all, sizes, inTiles, tileStart));
    }

    private static Array part(Array array, long[] sizes, long[] strides, long start) {
        memory.data_type type = array.desc().get_data_type();
        return array.view(new memory.desc(sizes, type, strides), start * Dnnl.bytes(type));
    }

    /**
     * Weights (K, C, h, w) as those of the dense window, (K, s s C, h / s, w / s).
     *
     * @param stored where the graph has them, in the order (K, row in a tile, column in a tile, C, tile's row, tile's column)
     */
    private record WeightPhases(Shape shape, long[] sizes, memory.desc stored) {
        static WeightPhases of(CpuPlan plan, Value w, Tiles tiles) {
            Window window = tiles.window();
            Window dense = tiles.dense();
            long[] strides = new long[4];
            plan.array(w).desc().get_strides().get(strides);
            long[] sizes = {
                w.shape().size(0),
                window.strideHeight(),
                window.strideWidth(),
                w.shape().size(1),
                dense.height(),
                dense.width()
            };
            long[] from = {
                strides[0],
                strides[2],
                strides[3],
                strides[1],
                strides[2] * window.strideHeight(),
                strides[3] * window.strideWidth()
            };
            return new WeightPhases(
                    Shape.of(sizes[0], tiles.channels(), sizes[4], sizes[5]), sizes, Dnnl.desc(DType.F32, sizes, from));
        }

        /** Densely one after the other, as one tensor of {@link #shape}. */
        memory.desc plain(DType type) {
            return new memory.desc(shape.array(), Dnnl.type(type), memory.format_tag.abcd);
        }

        /** The same memory in the axes of {@link #stored}. */
        memory.desc split(DType type) {
            return new memory.desc(sizes, Dnnl.type(type), memory.format_tag.abcdef);
        }
    }

    private static ConvKernels.Weights weights(CpuPlan plan, Value w, DType type, Tiles tiles) {
        WeightPhases phases = WeightPhases.of(plan, w, tiles);
        return new ConvKernels.Weights(Dnnl.any(type, phases.shape().array()), format -> {
            Array plain = plan.derived(w, phases.stored(), phases.split(type)).view(phases.plain(type));
            return plan.derived(w, plain, format);
        });
    }
}

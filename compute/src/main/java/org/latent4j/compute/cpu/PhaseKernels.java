package org.latent4j.compute.cpu;

import org.bytedeco.dnnl.memory;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Value;
import org.latent4j.compute.graph.Window;

/**
 * Strided convolutions as the library's dense ones over {@link Tiles}. Faster than its strided ones where images have few channels, or where
 * padding makes these copy.
 */
final class PhaseKernels {
    /** Weights in this order are (K, channels of a tile, rows, columns). */
    private static final int[] ORDER = {0, 1, 2, 3, 4, 5};

    private PhaseKernels() {}

    static boolean suits(Window window) {
        return Tiles.suits(window) && window.strideHeight() * window.strideWidth() > 1;
    }

    static void forward(CpuPlan plan, Op.Conv op, Node node) {
        Value x = node.input(0);
        Tiles tiles = new Tiles(x.shape(), op.window());
        ConvKernels.forward(
                plan,
                tiles.dense(),
                op.activation(),
                tiles.of(plan, x),
                weights(plan, node.input(1), x.type(), tiles),
                ConvKernels.bias(plan, node),
                plan.array(node.output(0)));
    }

    static void data(CpuPlan plan, Op.ConvData op, Node node) {
        Value dy = node.input(0);
        Value dx = node.output(0);
        Tiles tiles = new Tiles(dx.shape(), op.window());
        Array inTiles = plan.workspace().take(tiles.desc(Dnnl.type(dx.type())));
        ConvKernels.data(plan, tiles.dense(), plan.array(dy), weights(plan, node.input(1), dy.type(), tiles), inTiles);
        tiles.toImages(plan, inTiles, dx);
        ColumnKernels.finish(plan, op.activation(), node);
    }

    static void weights(CpuPlan plan, Op.ConvWeights op, Node node) {
        Value x = node.input(0);
        Value dw = node.output(0);
        Tiles tiles = new Tiles(x.shape(), op.window());
        Array found = ConvKernels.weights(
                plan,
                tiles.dense(),
                tiles.of(plan, x),
                plan.array(node.input(1)),
                shape(dw, tiles).array(),
                plan.workspace()::take);
        memory.desc plain = plain(dw, DType.F32, tiles);
        if (!found.desc().equals(plain)) {
            Array between = plan.workspace().take(plain);
            plan.addReorder(found, between, false);
            found = between;
        }
        plan.addReorder(
                found.view(tiles.split(dw, memory.data_type.f32, ORDER)),
                plan.at(dw, tiles.stored(plan, dw, ORDER)),
                plan.accumulates());
    }

    private static Shape shape(Value w, Tiles tiles) {
        Window dense = tiles.dense();
        return Shape.of(w.shape().size(0), tiles.channels(), dense.height(), dense.width());
    }

    private static memory.desc plain(Value w, DType type, Tiles tiles) {
        return new memory.desc(shape(w, tiles).array(), Dnnl.type(type), memory.format_tag.abcd);
    }

    private static ConvKernels.Weights weights(CpuPlan plan, Value w, DType type, Tiles tiles) {
        return new ConvKernels.Weights(Dnnl.any(type, shape(w, tiles).array()), format -> {
            Array split = plan.derived(w, tiles.stored(plan, w, ORDER), tiles.split(w, Dnnl.type(type), ORDER));
            return plan.derived(w, split.view(plain(w, type, tiles)), format);
        });
    }
}

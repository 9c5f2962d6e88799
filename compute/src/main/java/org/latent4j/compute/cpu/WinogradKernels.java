package org.latent4j.compute.cpu;

import org.bytedeco.dnnl.memory;
import org.latent4j.compute.cpu.BlockMaps.Axis;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Value;
import org.latent4j.compute.graph.Window;

/**
 * Convolutions and their adjoints by minimal filtering: of each 2 x 2 outputs, whose window over {@link Tiles} is 2 x 2 pixels, 9 products of
 * channels instead of 16, and of 4 x 4 outputs 25 instead of 64; where it is 3 x 3, 16 instead of 36, and 36 instead of 144. The products at the same place of
 * all blocks of outputs are a product of matrices. What it costs are sums before and after, by {@link BlockMaps}.
 *
 * <p>Along two axes the {@link FilterMaps} are used one after the other. The gradients are the adjoints of these maps.
 *
 * <p>Source: Lavin, Gray, "Fast algorithms for convolutional neural networks", CVPR 2016.
 */
final class WinogradKernels {
    /** More than this is better not copied. */
    private static final long LARGEST_BYTES = 128L << 20;

    private static final String SUMS = "java";
    private static final int[] WEIGHT_ORDER = {4, 5, 1, 2, 3, 0};
    private static final int[] GRADIENT_ORDER = {4, 5, 0, 1, 2, 3};

    private final CpuPlan plan;
    private final Tiles tiles;
    private final FilterMaps maps;
    private final int images;
    private final int channels; // of a tile
    private final int filters;
    private final int rows; // of blocks
    private final int columns;

    private WinogradKernels(CpuPlan plan, int block, Value image, Value w, Window window) {
        this.plan = plan;
        this.tiles = new Tiles(image.shape(), window);
        this.maps = FilterMaps.of(block, tiles.dense().height());
        this.images = Math.toIntExact(image.shape().size(0));
        this.channels = Math.toIntExact(tiles.channels());
        this.filters = Math.toIntExact(w.shape().size(0));
        this.rows = blocks(tiles.outputHeight(), block);
        this.columns = blocks(tiles.outputWidth(), block);
    }

    private static int blocks(long size, int block) {
        return Math.toIntExact((size + block - 1) / block);
    }

    /**
     * In 32 bits: the sums would lose some of the fewer bits of others.
     *
     * @param block outputs of a block along an axis, 2 or 4
     */
    static boolean suits(int block, Node node, Value image, Value w, Window window) {
        boolean floats = node.output(0).type() == DType.F32
                && node.inputs().stream().allMatch(value -> value.type() == DType.F32);
        if (!floats || !Tiles.suits(window)) {
            return false;
        }
        Tiles tiles = new Tiles(image.shape(), window);
        int size = tiles.dense().height();
        if (size != tiles.dense().width() || size < 2 || size > 3) {
            return false;
        }
        long blocks = image.shape().size(0) * blocks(tiles.outputHeight(), block) * blocks(tiles.outputWidth(), block);
        long channels = tiles.channels();
        long filters = w.shape().size(0);
        long products = block + size - 1L;
        long largest = Math.max(blocks * Math.max(channels, filters), channels * filters);
        // Making the products of weights after each update, which no timing of a convolution shows, must not take
        // longer than those of pixels and outputs.
        boolean hasFewWeights = block == 2 || channels * filters <= blocks * (channels + filters);
        return hasFewWeights && largest * products * products * Float.BYTES <= LARGEST_BYTES;
    }

    static void forward(CpuPlan plan, int block, Op.Conv op, Node node) {
        Value w = node.input(1);
        WinogradKernels kernels = new WinogradKernels(plan, block, node.input(0), w, op.window());
        Array products = plan.workspace().take(kernels.products(kernels.blocks(), kernels.filters));
        kernels.product(kernels.pixels(node.input(0)), kernels.weights(w), products);
        kernels.add(
                Axis.of(kernels.maps.ofProducts(), kernels.maps.products()),
                kernels.planes(products, kernels.filters),
                kernels.outputs(node.output(0)));
        ColumnKernels.finish(plan, op.activation(), node);
    }

    static void data(CpuPlan plan, int block, Op.ConvData op, Node node) {
        Value w = node.input(1);
        WinogradKernels kernels = new WinogradKernels(plan, block, node.output(0), w, op.window());
        Array products = plan.workspace().take(kernels.products(kernels.blocks(), kernels.channels));
        kernels.product(kernels.errors(node.input(0)), transposed(kernels.weights(w)), products);
        kernels.tiles.addZeros(plan, node.output(0));
        plan.add(
                SUMS,
                new BlockMaps(
                        Axis.adjoint(kernels.maps.ofPixels(), block),
                        kernels.planes(products, kernels.channels),
                        kernels.tilesOf(node.output(0)),
                        kernels.images,
                        blocks(kernels.tiles.rows(), block),
                        blocks(kernels.tiles.columns(), block)));
        ColumnKernels.finish(plan, op.activation(), node);
    }

    static void weights(CpuPlan plan, int block, Op.ConvWeights op, Node node) {
        Value dw = node.output(0);
        WinogradKernels kernels = new WinogradKernels(plan, block, node.input(0), dw, op.window());
        Array errors = plan.workspace().take(kernels.products(kernels.filters, kernels.blocks()));
        plan.addReorder(transposed(kernels.errors(node.input(1))), errors, false);
        Array products = plan.workspace().take(kernels.products(kernels.filters, kernels.channels));
        kernels.product(errors, kernels.pixels(node.input(0)), products);
        Array found = plan.workspace().take(kernels.tiles.split(dw, memory.data_type.f32, GRADIENT_ORDER));
        plan.add(SUMS, kernels.ofWeights(products, found, true));
        plan.addReorder(found, plan.at(dw, kernels.tiles.stored(plan, dw, GRADIENT_ORDER)), plan.accumulates());
    }

    private long blocks() {
        return (long) images * rows * columns;
    }

    /** One matrix for each product of a block. */
    private memory.desc products(long rows, long columns) {
        long count = (long) maps.products() * maps.products();
        return Dnnl.desc(DType.F32, new long[] {count, rows, columns}, new long[] {rows * columns, columns, 1});
    }

    private static Array transposed(Array products) {
        long[] sizes = new long[3];
        products.desc().get_dims().get(sizes);
        return products.view(Dnnl.desc(
                DType.F32, new long[] {sizes[0], sizes[2], sizes[1]}, new long[] {sizes[1] * sizes[2], 1, sizes[2]}));
    }

    /** Of plain matrices: weights in the library's favourite format save less than making them after each update takes. */
    private void product(Array a, Array b, Array y) {
        MatMulKernels.whole(plan, a, b, null, new PostOps(), y);
    }

    // What the products are made of; kept for the backward pass.

    private String name(String of) {
        return "products of " + of + " " + tiles.window() + " in blocks of " + maps.block();
    }

    private Array pixels(Value x) {
        return plan.keptInTurn(
                x,
                name("pixels"),
                products(blocks(), channels),
                to -> add(Axis.of(maps.ofPixels(), maps.block()), tilesOf(x), planes(to, channels)));
    }

    private Array errors(Value dy) {
        return plan.keptInTurn(
                dy,
                name("errors"),
                products(blocks(), filters),
                to -> add(Axis.adjoint(maps.ofProducts(), maps.products()), outputs(dy), planes(to, filters)));
    }

    private Array weights(Value w) {
        Array split = plan.derived(
                w, tiles.stored(plan, w, WEIGHT_ORDER), tiles.split(w, memory.data_type.f32, WEIGHT_ORDER));
        return plan.derived(w, name("weights"), products(channels, filters), to -> ofWeights(split, to, false));
    }

    /** Of all channels and filters; the adjoint from products to weights. */
    private BlockMaps ofWeights(Array from, Array to, boolean adjoint) {
        int length = channels * filters;
        int products = maps.products();
        int weights = maps.ofWeights()[0].length;
        return new BlockMaps(
                adjoint ? Axis.adjoint(maps.ofWeights(), weights) : Axis.of(maps.ofWeights(), weights),
                new BlockSide.Planes(from, length, adjoint ? products : weights, 1, 1, 1),
                new BlockSide.Planes(to, length, adjoint ? weights : products, 1, 1, 1),
                1,
                1,
                1);
    }

    private void add(Axis axis, BlockSide from, BlockSide to) {
        plan.add(SUMS, new BlockMaps(axis, from, to, images, rows, columns));
    }

    private BlockSide tilesOf(Value image) {
        return BlockSide.Pixels.of(plan.array(image), image.shape(), tiles.window(), maps.block());
    }

    private BlockSide outputs(Value y) {
        return BlockSide.Pixels.of(plan.array(y), y.shape(), maps.block());
    }

    private BlockSide planes(Array products, int length) {
        return new BlockSide.Planes(products, length, maps.products(), images, rows, columns);
    }
}

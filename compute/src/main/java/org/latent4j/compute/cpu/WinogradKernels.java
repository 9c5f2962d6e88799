package org.latent4j.compute.cpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.memory;
import org.latent4j.compute.cpu.VectorSums.Side;
import org.latent4j.compute.cpu.VectorSums.Sum;
import org.latent4j.compute.cpu.VectorSums.Vector;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Value;
import org.latent4j.compute.graph.Window;

/**
 * Convolutions and their adjoints by minimal filtering: of each 2 x 2 outputs, whose window over {@link Tiles} is 2 x 2 pixels, 9 products of
 * channels instead of 16; where it is 3 x 3, 16 instead of 36. The products at the same place of all blocks of outputs are a product of matrices.
 * What it costs are sums before and after, by {@link VectorSums}.
 *
 * <p>Along one axis, outputs y of pixels d and weights g are y = A ((G g) * (B d)), * number by number. For two weights that is y0 = (d0 - d1) g0 + d1 (g0 + g1)
 * and y1 = d1 (g0 + g1) - (d1 - d2) g1; along two axes the maps are used one after the other. The gradients are the adjoints of these maps.
 *
 * <p>Source: Winograd, "Arithmetic complexity of computations", 1980; Lavin, Gray, "Fast algorithms for convolutional neural networks", CVPR 2016.
 */
final class WinogradKernels {
    /** More than this is better not copied. */
    private static final long LARGEST_BYTES = 128L << 20;
    /** Outputs of a block along an axis. */
    private static final int BLOCK = 2;

    private static final String SUMS = "java";
    private static final int[] WEIGHT_ORDER = {4, 5, 1, 2, 3, 0};
    private static final int[] GRADIENT_ORDER = {4, 5, 0, 1, 2, 3};
    private static final Vectors PIXELS = (i, j) -> new Vector(0, i, j);

    private final CpuPlan plan;
    private final Tiles tiles;
    private final Axis axis;
    private final int images;
    private final int channels; // of a tile
    private final int filters;
    private final int rows; // of blocks
    private final int columns;

    /** The maps along one axis, as rows of numbers. */
    private record Axis(float[][] ofPixels, float[][] ofWeights, float[][] ofProducts) {
        static Axis of(int weights) {
            return weights == 2
                    ? new Axis(
                            new float[][] {{1, -1, 0}, {0, 1, 0}, {0, 1, -1}},
                            new float[][] {{1, 0}, {1, 1}, {0, 1}},
                            new float[][] {{1, 1, 0}, {0, 1, -1}})
                    : new Axis(
                            new float[][] {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}},
                            new float[][] {{1, 0, 0}, {.5f, .5f, .5f}, {.5f, -.5f, .5f}, {0, 0, 1}},
                            new float[][] {{1, 1, 1, 0}, {0, 1, -1, -1}});
        }

        /** Products, and pixels that they depend on. */
        int products() {
            return ofPixels.length;
        }

        int weights() {
            return ofWeights[0].length;
        }
    }

    /** Vectors by two indices. */
    private interface Vectors {
        Vector at(int i, int j);
    }

    private WinogradKernels(CpuPlan plan, Value image, Value w, Window window) {
        this.plan = plan;
        this.tiles = new Tiles(image.shape(), window);
        this.axis = Axis.of(tiles.dense().height());
        this.images = Math.toIntExact(image.shape().size(0));
        this.channels = Math.toIntExact(tiles.channels());
        this.filters = Math.toIntExact(w.shape().size(0));
        this.rows = halves(tiles.outputHeight());
        this.columns = halves(tiles.outputWidth());
    }

    private static int halves(long size) {
        return Math.toIntExact((size + BLOCK - 1) / BLOCK);
    }

    /** In 32 bits: the sums would lose some of the fewer bits of others. */
    static boolean suits(Node node, Value image, Value w, Window window) {
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
        long blocks = image.shape().size(0) * halves(tiles.outputHeight()) * halves(tiles.outputWidth());
        long channels = tiles.channels();
        long filters = w.shape().size(0);
        long largest = Math.max(blocks * Math.max(channels, filters), channels * filters);
        return largest * (size + 1) * (size + 1) * Float.BYTES <= LARGEST_BYTES;
    }

    static void forward(CpuPlan plan, Op.Conv op, Node node) {
        Value w = node.input(1);
        WinogradKernels maps = new WinogradKernels(plan, node.input(0), w, op.window());
        Array products = plan.workspace().take(maps.products(maps.blocks(), maps.filters));
        maps.product(maps.pixels(node.input(0)), maps.weights(w), products);
        maps.addBlockSums(
                maps.blocks(products, maps.filters),
                maps.outputs(plan.array(node.output(0))),
                maps.filters,
                sums(BLOCK, PIXELS, maps.axis.ofProducts(), maps.planes(maps.filters)));
        ColumnKernels.finish(plan, op.activation(), node);
    }

    static void data(CpuPlan plan, Op.ConvData op, Node node) {
        Value w = node.input(1);
        WinogradKernels maps = new WinogradKernels(plan, node.output(0), w, op.window());
        Array products = plan.workspace().take(maps.products(maps.blocks(), maps.channels));
        maps.product(maps.errors(node.input(0)), transposed(maps.weights(w)), products);
        Array inTiles = plan.workspace().take(maps.tiles.desc(memory.data_type.f32));
        plan.add(
                SUMS,
                new VectorSums(
                        maps.blocks(products, maps.channels),
                        maps.pixels(inTiles),
                        maps.images,
                        halves(maps.tiles.rows()),
                        halves(maps.tiles.columns()),
                        maps.channels,
                        maps.overlaps()));
        maps.tiles.toImages(plan, inTiles, node.output(0));
        ColumnKernels.finish(plan, op.activation(), node);
    }

    static void weights(CpuPlan plan, Op.ConvWeights op, Node node) {
        Value dw = node.output(0);
        WinogradKernels maps = new WinogradKernels(plan, node.input(0), dw, op.window());
        Array errors = plan.workspace().take(maps.products(maps.filters, maps.blocks()));
        plan.addReorder(transposed(maps.errors(node.input(1))), errors, false);
        Array products = plan.workspace().take(maps.products(maps.filters, maps.channels));
        maps.product(errors, maps.pixels(node.input(0)), products);
        Array found = plan.workspace().take(maps.tiles.split(dw, memory.data_type.f32, GRADIENT_ORDER));
        plan.add(SUMS, maps.weightSums(products, found, transposed(maps.axis.ofWeights())));
        plan.addReorder(found, plan.at(dw, maps.tiles.stored(plan, dw, GRADIENT_ORDER)), plan.accumulates());
    }

    private long blocks() {
        return (long) images * rows * columns;
    }

    /** One matrix for each product of a block. */
    private memory.desc products(long rows, long columns) {
        long count = (long) axis.products() * axis.products();
        return Dnnl.desc(DType.F32, new long[] {count, rows, columns}, new long[] {rows * columns, columns, 1});
    }

    private static Array transposed(Array products) {
        long[] sizes = new long[3];
        products.desc().get_dims().get(sizes);
        return products.view(Dnnl.desc(
                DType.F32, new long[] {sizes[0], sizes[2], sizes[1]}, new long[] {sizes[1] * sizes[2], 1, sizes[2]}));
    }

    private static float[][] transposed(float[][] map) {
        float[][] result = new float[map[0].length][map.length];
        for (int i = 0; i < map.length; i++) {
            for (int j = 0; j < map[0].length; j++) {
                result[j][i] = map[i][j];
            }
        }
        return result;
    }

    /** Of plain matrices: weights in the library's favourite format save less than making them after each update takes. */
    private void product(Array a, Array b, Array y) {
        MatMulKernels.whole(plan, a, b, null, new PostOps(), y);
    }

    // What the products are made of; kept for the backward pass.

    private Array pixels(Value x) {
        return plan.kept(
                x,
                "products of pixels " + tiles.window(),
                products(blocks(), channels),
                to -> addBlockSums(
                        pixels(tiles.of(plan, x)),
                        blocks(to, channels),
                        channels,
                        sums(axis.products(), planes(channels), axis.ofPixels(), PIXELS)));
    }

    private Array errors(Value dy) {
        return plan.kept(
                dy,
                "products of errors " + tiles.window(),
                products(blocks(), filters),
                to -> addBlockSums(
                        outputs(plan.array(dy)),
                        blocks(to, filters),
                        filters,
                        sums(axis.products(), planes(filters), transposed(axis.ofProducts()), PIXELS)));
    }

    private Array weights(Value w) {
        Array split = plan.derived(
                w, tiles.stored(plan, w, WEIGHT_ORDER), tiles.split(w, memory.data_type.f32, WEIGHT_ORDER));
        return plan.derived(
                w,
                "products " + tiles.window(),
                products(channels, filters),
                to -> weightSums(split, to, axis.ofWeights()));
    }

    // Where vectors lie.

    private Side pixels(Array inTiles) {
        return Side.of(inTiles, channels, BLOCK, Math.toIntExact(tiles.rows()), Math.toIntExact(tiles.columns()));
    }

    private Side outputs(Array y) {
        return Side.of(y, filters, BLOCK, Math.toIntExact(tiles.outputHeight()), Math.toIntExact(tiles.outputWidth()));
    }

    private Side blocks(Array products, int length) {
        return Side.of(products, length, 1, rows, columns);
    }

    private Vectors planes(int length) {
        int plane = Math.toIntExact(blocks() * length);
        return (i, j) -> new Vector((i * axis.products() + j) * plane, 0, 0);
    }

    /** One vector for each place (i, j), {@code width} of them in a row. */
    private static Vectors vectors(int width, int length) {
        return (i, j) -> new Vector((i * width + j) * length, 0, 0);
    }

    private void addBlockSums(Side from, Side to, int length, List<Sum> sums) {
        plan.add(SUMS, new VectorSums(from, to, images, rows, columns, length, sums));
    }

    private VectorSums weightSums(Array from, Array to, float[][] map) {
        int length = channels * filters;
        return new VectorSums(
                Side.of(from, length, 1, 1, 1),
                Side.of(to, length, 1, 1, 1),
                1,
                1,
                1,
                length,
                sums(map.length, vectors(map.length, length), map, vectors(map[0].length, length)));
    }

    /** The map along both axes. */
    private static List<Sum> sums(int results, Vectors result, float[][] map, Vectors source) {
        List<Sum> sums = new ArrayList<>();
        for (int i = 0; i < results; i++) {
            for (int j = 0; j < results; j++) {
                Map<Vector, Float> terms = new LinkedHashMap<>();
                for (int s = 0; s < map[0].length; s++) {
                    for (int t = 0; t < map[0].length; t++) {
                        if (map[i][s] * map[j][t] != 0) {
                            terms.put(source.at(s, t), map[i][s] * map[j][t]);
                        }
                    }
                }
                sums.add(new Sum(result.at(i, j), terms));
            }
        }
        return sums;
    }

    /** The adjoint of the map of pixels: neighbouring blocks have pixels in common, and each gathers from all of its blocks. */
    private List<Sum> overlaps() {
        int plane = Math.toIntExact(blocks() * channels);
        int size = axis.products();
        float[][] map = axis.ofPixels();
        List<Sum> sums = new ArrayList<>();
        for (int i = 0; i < BLOCK; i++) {
            for (int j = 0; j < BLOCK; j++) {
                Map<Vector, Float> terms = new LinkedHashMap<>();
                for (int pixelRow = i; pixelRow < size; pixelRow += BLOCK) {
                    for (int pixelColumn = j; pixelColumn < size; pixelColumn += BLOCK) {
                        for (int s = 0; s < size; s++) {
                            for (int t = 0; t < size; t++) {
                                float factor = map[s][pixelRow] * map[t][pixelColumn];
                                if (factor != 0) {
                                    terms.put(
                                            new Vector(
                                                    (s * size + t) * plane,
                                                    -(pixelRow / BLOCK),
                                                    -(pixelColumn / BLOCK)),
                                            factor);
                                }
                            }
                        }
                    }
                }
                sums.add(new Sum(PIXELS.at(i, j), terms));
            }
        }
        return sums;
    }
}

package org.latent4j.compute.cpu;

import org.bytedeco.dnnl.memory;
import org.latent4j.compute.graph.Activation;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.graph.Node;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Value;
import org.latent4j.compute.graph.Window;

/**
 * Convolutions as sums of matrix products, one for each place in the window, over {@link Tiles}: all tiles of all images are the rows of one
 * matrix, and a place in the window shifts these rows by a constant. Nothing is copied but the tiles; in return, rows at the images' right
 * and lower ends, where no window begins, are computed for nothing. Sums are kept in 32 bits.
 *
 * <p>Source: Vasudevan, Anderson, Gregg, "Parallel multi channel convolution using general matrix multiplication", 2017, "kn2row".
 */
final class ShiftKernels {
    /** Weights in this order are a matrix (channels of a tile, K) for each place in the window. */
    private static final int[] PLACE_FIRST = {4, 5, 1, 2, 3, 0};

    /** And in this one (K, channels of a tile for each place in the window). */
    private static final int[] FILTER_FIRST = {0, 4, 5, 1, 2, 3};

    /** More places than this are better left to other ways. */
    private static final int MOST_PLACES = 16;

    private final CpuPlan plan;
    private final Tiles tiles;
    private final Window dense;
    private final long filters;
    private final long grid; // rows of all tiles
    private final long rows; // from the first to the last one where a window begins

    private ShiftKernels(CpuPlan plan, Tiles tiles, long filters) {
        this.plan = plan;
        this.tiles = tiles;
        this.dense = tiles.dense();
        this.filters = filters;
        this.grid = tiles.x().size(0) * tiles.rows() * tiles.columns();
        this.rows = grid - shift(dense.height() - 1, dense.width() - 1);
    }

    static boolean suits(Window window) {
        int places = window.height() * window.width() / (window.strideHeight() * window.strideWidth());
        return Tiles.suits(window) && places > 1 && places <= MOST_PLACES;
    }

    static void forward(CpuPlan plan, Op.Conv op, Node node) {
        Value x = node.input(0);
        Value y = node.output(0);
        new ShiftKernels(plan, new Tiles(x.shape(), op.window()), y.shape().size(1)).forward(op, node, x, y);
    }

    static void data(CpuPlan plan, Op.ConvData op, Node node) {
        Value dy = node.input(0);
        Value dx = node.output(0);
        new ShiftKernels(plan, new Tiles(dx.shape(), op.window()), dy.shape().size(1)).data(op, node, dy, dx);
    }

    static void weights(CpuPlan plan, Op.ConvWeights op, Node node) {
        Value x = node.input(0);
        Value dy = node.input(1);
        new ShiftKernels(plan, new Tiles(x.shape(), op.window()), dy.shape().size(1)).weights(x, dy, node.output(0));
    }

    private long shift(int row, int column) {
        return row * tiles.columns() + column;
    }

    /** All products but the first are added to what is there. */
    private static PostOps added(int index) {
        return index == 0 ? new PostOps() : new PostOps().sum(1);
    }

    private interface Place {
        /** @param index of the place in the window, row by row */
        void add(long shift, int index);
    }

    private void places(Place place) {
        for (int row = 0; row < dense.height(); row++) {
            for (int column = 0; column < dense.width(); column++) {
                place.add(shift(row, column), row * dense.width() + column);
            }
        }
    }

    private void forward(Op.Conv op, Node node, Value x, Value y) {
        Array all = tiles.of(plan, x);
        Array w = weights(node.input(1), x.type());
        Array bias = node.inputs().size() < 3 ? null : plan.at(node.input(2), Dnnl.matrix(DType.F32, 1, filters));
        Array sums = plan.workspace().take(Dnnl.matrix(DType.F32, rows, filters));
        long channels = tiles.channels();
        int last = dense.height() * dense.width() - 1;
        places((shift, index) -> MatMulKernels.product(
                plan,
                all.part(new long[] {rows, channels}, new long[] {channels, 1}, shift * channels),
                w.part(new long[] {channels, filters}, new long[] {filters, 1}, index * channels * filters),
                index == 0 ? bias : null,
                added(index).activation(index == last ? op.activation() : Activation.IDENTITY),
                sums));
        plan.addReorder(sums.part(sizes(y), gridStrides(), 0), plan.array(y), false);
    }

    private void data(Op.ConvData op, Node node, Value dy, Value dx) {
        long channels = tiles.channels();
        Array w = weights(node.input(1), dy.type());
        Array onGrid = onGrid(dy);
        Array sums = plan.workspace().take(Dnnl.matrix(DType.F32, grid, channels));
        // The first product writes all rows but these.
        MoveKernels.addZero(plan, sums.part(new long[] {(grid - rows) * channels}, new long[] {1}, rows * channels));
        places((shift, index) -> MatMulKernels.product(
                plan,
                onGrid.part(new long[] {rows, filters}, new long[] {filters, 1}, 0),
                w.part(new long[] {filters, channels}, new long[] {1, filters}, index * channels * filters),
                null,
                added(index),
                sums.part(new long[] {rows, channels}, new long[] {channels, 1}, shift * channels)));
        tiles.toImages(plan, sums.view(tiles.desc(memory.data_type.f32)), dx);
        ColumnKernels.finish(plan, op.activation(), node);
    }

    private void weights(Value x, Value dy, Value dw) {
        long channels = tiles.channels();
        long row = channels * dense.height() * dense.width();
        Array all = tiles.of(plan, x);
        Array transposed = plan.workspace().take(Dnnl.matrix(dy.type(), filters, grid));
        plan.addReorder(onGrid(dy).part(new long[] {filters, grid}, new long[] {1, filters}, 0), transposed, false);
        Array found = plan.workspace().take(Dnnl.matrix(DType.F32, filters, row));
        places((shift, index) -> MatMulKernels.product(
                plan,
                transposed.part(new long[] {filters, rows}, new long[] {grid, 1}, 0),
                all.part(new long[] {rows, channels}, new long[] {channels, 1}, shift * channels),
                null,
                new PostOps(),
                found.part(new long[] {filters, channels}, new long[] {row, 1}, index * channels)));
        plan.addReorder(
                found.view(tiles.split(dw, memory.data_type.f32, FILTER_FIRST)),
                plan.at(dw, tiles.stored(plan, dw, FILTER_FIRST)),
                plan.accumulates());
    }

    /** Gradients of outputs in the rows where their windows begin, kept for both backward passes; the other rows are zero. */
    private Array onGrid(Value dy) {
        return plan.kept(
                dy,
                "on the grid of " + tiles.window(),
                Dnnl.matrix(dy.type(), grid, filters),
                memory -> plan.addReorder(plan.array(dy), memory.part(sizes(dy), gridStrides(), 0), false));
    }

    private Array weights(Value w, DType type) {
        return plan.derived(w, tiles.stored(plan, w, PLACE_FIRST), tiles.split(w, Dnnl.type(type), PLACE_FIRST));
    }

    /** Outputs of the convolution, (N, K, H, W). */
    private long[] sizes(Value y) {
        return y.shape().array();
    }

    /** Where they lie among rows of the grid. */
    private long[] gridStrides() {
        long row = tiles.columns() * filters;
        return new long[] {tiles.rows() * row, 1, row, filters};
    }
}

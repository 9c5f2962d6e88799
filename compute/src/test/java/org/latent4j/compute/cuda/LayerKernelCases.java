package org.latent4j.compute.cuda;

import java.util.ArrayList;
import java.util.List;

/** Small launches of the kernels of rarer layers, as {@link KernelCases}. */
final class LayerKernelCases {
    /** Rows of which a block of 256 threads has a whole round and a torn one. */
    private static final int COLUMNS = 300;

    private final List<KernelCase> cases = new ArrayList<>();

    private LayerKernelCases() {
        int n = 5 * COLUMNS;
        // Fewer blocks than rows: some have several.
        Grid grid = Grid.blocks(3);
        add("layer_norm", grid).some("float", n).room(n).number(5).number(COLUMNS);
        add("layer_norm_gradient", grid)
                .some("float", n)
                .some("float", n)
                .room(n)
                .number(5)
                .number(COLUMNS);
        add("normals", Grid.over(251))
                .room(1003)
                .number(1003)
                .longs(11, 3)
                .integer(2)
                .number(5)
                .integer(1);
        // Images 17 x 5 x 3 x 4 with a factor for each channel and column.
        add("scale", Grid.over(1020))
                .some("float", 1020)
                .some("float", 12)
                .some("float", 4)
                .room(1020)
                .number(1020)
                .integers(5, 3, 4)
                .numbers(0, 4, 1);
        // 25 images of 3 x 4 pixels and 5 channels: sums over columns, fewer blocks than sums.
        for (int more = 0; more < 2; more++) {
            add("sum_to", grid)
                    .some("float", n)
                    .some("float", 15)
                    .number(15)
                    .number(25)
                    .integers(3, 4, 5)
                    .integers(3, 1, 5)
                    .numbers(5, 0, 1)
                    .integer(more);
        }
    }

    static List<KernelCase> all() {
        return new LayerKernelCases().cases;
    }

    private KernelCase add(String function, Grid grid) {
        KernelCase added = new KernelCase("rows", function, grid, "T=float");
        cases.add(added);
        return added;
    }
}

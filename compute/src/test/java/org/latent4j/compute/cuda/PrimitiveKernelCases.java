package org.latent4j.compute.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Small launches of the kernels of products, primitives, forests, merges and updates, as {@link KernelCases}. */
final class PrimitiveKernelCases {
    private static final String[] X = {"X=float"};

    /** As there. */
    private static final int COLUMNS = 300;

    private final List<KernelCase> cases = new ArrayList<>();

    private PrimitiveKernelCases() {
        products();
        primitives();
        nearest();
        forests();
        merges();
        update();
    }

    static List<KernelCase> all() {
        return new PrimitiveKernelCases().cases;
    }

    private KernelCase add(String file, String function, Grid grid, String... types) {
        KernelCase added = new KernelCase(file, function, grid, types);
        cases.add(added);
        return added;
    }

    private static int[] upTo(int n) {
        return IntStream.range(0, n).toArray();
    }

    /** (20, 37) by (37, 35). */
    private void products() {
        Grid grid = Grid.tiles(3, 2, 16, 16);
        long[] steps = {37, 1, 35, 1, 35, 1};
        add("product", "product", grid, "A=float", "B=float", "Y=float")
                .some("float", 740)
                .some("float", 1295)
                .some("float", 35)
                .some("float", 700)
                .integer(20, 35, 37)
                .numbers(steps)
                .integer(1)
                .real(0)
                .integer(1);
        add("primitives", "matrix_product", grid, X)
                .some("float", 740)
                .some("float", 1295)
                .room(700)
                .number(20)
                .number(35)
                .number(37)
                .numbers(steps);
        for (int metric = 0; metric < 5; metric++) {
            add("primitives", "distances", grid, X)
                    .some("float", 740)
                    .some("float", 1295)
                    .room(700)
                    .number(20)
                    .number(35)
                    .number(37)
                    .integer(metric);
        }
    }

    private void primitives() {
        int n = 5 * COLUMNS;
        add("primitives", "squared_norms", Grid.blocks(3), X)
                .some("float", n)
                .room(5)
                .number(5)
                .number(COLUMNS);
        add("primitives", "largest", Grid.blocks(1), X)
                .some("double", n)
                .room(1)
                .number(n);
        add("primitives", "smallest", Grid.blocks(3), X)
                .some("double", n)
                .room(35)
                .room(35)
                .number(5)
                .number(COLUMNS)
                .integer(7);
        add("primitives", "segment_parts", Grid.tiles(2, 3, 32, 8), X)
                .some("float", 50 * 40)
                .ints(upTo(50))
                .longs(0, 20, 20, 31, 31, 50)
                .some("double", 50)
                .room(120)
                .number(40);
        add("primitives", "segment_sums", Grid.over(80), X)
                .some("double", 120)
                .longs(0, 2, 3)
                .room(80)
                .number(2)
                .number(40);
        // Numbers drawn are added as floats; they stay below 2^24, where such sums are exact in any order.
        for (int bits : new int[] {16, 32}) {
            add("primitives", "resample_counts", Grid.blocks(3), X)
                    .room(3 * COLUMNS * 5)
                    .number(7)
                    .number(2)
                    .integer(COLUMNS * 5, bits);
        }
    }

    /** More than a block's rows, centres of more than one tile, and a crowd of equal ones, which no list has room for. */
    private void nearest() {
        int rows = 150, columns = 37, padded = 48, k = 140, tall = 256;
        float[] points = new float[rows * columns];
        for (int i = 0; i < points.length; i++) {
            points[i] = (float) Math.sin(0.9 * i);
        }
        float[] centres = new float[k * columns];
        float[] rounded = new float[tall * padded];
        float[] scores = new float[tall];
        double[] squares = new double[k];
        Arrays.fill(scores, Float.POSITIVE_INFINITY);
        for (int c = 0; c < k; c++) {
            for (int i = 0; i < columns; i++) {
                float number = points[(c < 100 ? c : 7) * columns + i] + (c < 100 ? 0.1f : 0);
                centres[c * columns + i] = number;
                rounded[c * padded + i] = Float.intBitsToFloat(Float.floatToIntBits(number) + 0x1000 & 0xffffe000);
                squares[c] += (double) number * number;
            }
            scores[c] = (float) squares[c];
        }
        double largest = Arrays.stream(squares).max().orElseThrow();
        float[] products = new float[rows * k];
        for (int i = 0; i < products.length; i++) {
            for (int column = 0; column < columns; column++) {
                products[i] += points[i / k * columns + column] * centres[i % k * columns + column];
            }
        }
        add("nearest", "round_centres", Grid.over(tall * padded), X)
                .floats(centres)
                .doubles(squares)
                .room(tall * padded)
                .room(tall)
                .number(tall * padded)
                .integer(k, columns, padded);
        add("nearest", "nearest_fused", new Grid(2, 1, 1, 128, 1), X)
                .floats(points)
                .floats(centres)
                .floats(rounded)
                .floats(scores)
                .doubles(largest)
                .room(rows)
                .room(rows)
                .number(rows)
                .number(columns)
                .integer(k, padded, 0)
                .precise(0x1.1p-10);
        add("nearest", "nearest", Grid.tiles((rows + 7) / 8, 1, 32, 8), X)
                .floats(points)
                .floats(centres)
                .floats(products)
                .doubles(squares)
                .doubles(largest)
                .room(rows)
                .room(rows)
                .number(rows)
                .number(columns)
                .integer(k)
                .precise(1e-5);
    }

    /** Two nodes of more rows than a block has threads, of which each has two features. */
    private void forests() {
        int n = 700;
        Grid grid = Grid.blocks(4);
        int[] labels = Arrays.stream(upTo(n)).map(i -> i % 3).toArray();
        nodes(add("histograms", "class_sums", grid), n)
                .ints(labels)
                .some("double", n)
                .integer(3)
                .room(4 * 256 * 3);
        nodes(add("histograms", "value_sums", grid), n)
                .some("double", n)
                .some("double", n)
                .room(4 * 256 * 2);
        nodes(add("histograms", "bin_counts", grid), n).room(4 * 256);
    }

    private static KernelCase nodes(KernelCase to, int n) {
        return to.some("u8", 3 * n)
                .number(n)
                .ints(upTo(n))
                .ints(0, 400)
                .ints(400, n)
                .ints(0, 2, 1, 2)
                .integer(2);
    }

    private void merges() {
        int n = COLUMNS;
        int[] kept = {3, 10, 40};
        int[] gone = {5, 20, 100};
        int[] states = new int[n];
        Arrays.fill(states, 1);
        for (int i = 0; i < kept.length; i++) {
            states[kept[i]] = 2;
            states[gone[i]] = 3;
        }
        states[7] = 0;
        int[] group = Arrays.stream(upTo(n)).map(i -> i % 11 == 0 ? -1 : i % 5).toArray();
        add("merges", "nearest_other", Grid.blocks(9))
                .some("double", 9 * n)
                .number(n)
                .none()
                .integer(3)
                .ints(group)
                .room(9)
                .room(9);
        Grid grid = Grid.tiles(2, 3, Grid.THREADS, 1);
        for (int rule = 0; rule < 5; rule++) {
            add("merges", "merge_rows", grid)
                    .some("double", n * n)
                    .number(n)
                    .ints(kept)
                    .ints(gone)
                    .some("double", 3)
                    .some("double", n)
                    .ints(states)
                    .integer(rule);
        }
        add("merges", "merge_pairs", Grid.over(9))
                .some("double", n * n)
                .number(n)
                .ints(kept)
                .ints(gone)
                .some("double", 3)
                .some("double", n)
                .number(3)
                .integer(4);
        add("merges", "merge_columns", grid)
                .some("double", n * n)
                .number(n)
                .ints(kept)
                .ints(states);
    }

    /** Two ranges of 1000 and 300 numbers, by Adam and by Nesterov's momentum, in pieces of 512. */
    private void update() {
        int n = 1300;
        add("update", "norm_parts", Grid.blocks(3))
                .some("float", n)
                .number(100)
                .number(1000)
                .floats(0.2f)
                .integer(0)
                .room(3);
        add("update", "norm_sum", Grid.blocks(1))
                .some("double", COLUMNS)
                .integer(COLUMNS)
                .room(1);
        ByteBuffer ranges = ByteBuffer.allocate(2 * 96).order(ByteOrder.nativeOrder());
        range(ranges, 0, 1000, 0, 5);
        range(ranges, 1000, 300, 2000, 3);
        add("update", "update", Grid.blocks(3))
                .some("float", n)
                .some("float", n)
                .some("float", 2300)
                .memory(ranges.array())
                .longs(0, 0, 0, 512, 1, 0)
                .floats(0.2f, 0.01f, 0.9f)
                .room(1)
                .number(512);
    }

    private static void range(ByteBuffer to, long offset, long count, long state, int updater) {
        to.putLong(offset).putLong(count).putLong(state).putLong(count);
        for (int field : new int[] {0, 0, 0, -1, -1, -1, updater, 1, 2, -1}) {
            to.putInt(field);
        }
        for (float field : new float[] {1, 0.9f, 0.1f, 0.999f, 0.001f, 1}) {
            to.putFloat(field);
        }
    }
}

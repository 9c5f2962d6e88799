package org.latent4j.compute.cuda;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A small launch or two of every kernel, of several blocks where it may have them, in grids as the backend's. */
final class KernelCases {
    private static final String[] T = {"T=float"};

    /** Rows of which a block of 256 threads has a whole round and a torn one. */
    private static final int COLUMNS = 300;

    private final List<KernelCase> cases = new ArrayList<>();

    private KernelCases() {
        elements();
        images();
        rows();
        tables();
        channels();
        cases.addAll(PrimitiveKernelCases.all());
        cases.addAll(LayerKernelCases.all());
        cases.addAll(GameKernelCases.all());
    }

    static List<KernelCase> all() {
        return Collections.unmodifiableList(new KernelCases().cases);
    }

    private KernelCase add(String file, String function, Grid grid, String... types) {
        KernelCase added = new KernelCase(file, function, grid, types);
        cases.add(added);
        return added;
    }

    private void elements() {
        int n = 1003;
        Grid grid = Grid.over(n);
        for (int wide = 0; wide < 2; wide++) {
            add("elements", "activate", grid, T)
                    .some("float", n)
                    .room(n)
                    .number(n)
                    .integer(1)
                    .real(0.1)
                    .integer(wide);
            add("elements", "activate_gradient", grid, T)
                    .some("float", n)
                    .some("float", n)
                    .room(n)
                    .number(n)
                    .integer(1)
                    .real(0.1)
                    .integer(0, wide);
            add("elements", "bias_activate", grid, T)
                    .some("float", n - 3)
                    .some("float", 8)
                    .number(n - 3)
                    .integer(8, 1)
                    .real(0.1)
                    .integer(wide);
            add("elements", "binary", grid, T)
                    .some("float", n)
                    .some("float", n)
                    .room(n)
                    .number(n)
                    .integer(2, wide);
            add("elements", "absolute_power", grid, T)
                    .some("float", n)
                    .room(n)
                    .number(n)
                    .real(1.5)
                    .integer(wide);
            add("elements", "absolute_power_gradient", grid, T)
                    .some("float", n)
                    .some("float", n)
                    .room(n)
                    .number(n)
                    .real(1.5)
                    .integer(wide);
            add("elements", "linear", grid, T)
                    .some("float", n)
                    .room(n)
                    .number(n)
                    .real(2)
                    .real(1)
                    .integer(wide);
            add("boxes", "flat", grid, "X=float", "Y=bf16")
                    .some("float", n)
                    .some("bf16", n)
                    .number(n)
                    .integer(wide, wide);
            add("update", "from_bytes", grid).some("u8", n).room(n).number(n).integer(wide);
        }
        add("elements", "fill", grid, T).room(n).number(n).real(0.5);
        add("elements", "scale_samples", grid, T)
                .some("float", n)
                .some("float", 17)
                .none()
                .room(n)
                .number(n)
                .number(59);
        // Axes exchanged: (3, 5, 7, 4) to (7, 3, 4, 5).
        for (int more = 0; more < 2; more++) {
            add("boxes", "box", Grid.over(420), "X=float", "Y=float")
                    .some("float", 420)
                    .some("float", 420)
                    .numbers(3, 5, 7, 4, 140, 28, 4, 1, 20, 1, 60, 5)
                    .integer(more);
        }
        add("update", "average", grid)
                .some("float", n)
                .some("float", n)
                .number(n)
                .floats(0.75f);
    }

    private void images() {
        // Images 2 x 9 x 8 x 4 and 2 x 4 x 4 x 6 behind windows of 3 x 2 in steps of 2, channels in two groups.
        long[] conv = {9, 8, 4, 4, 4, 6, 3, 2, 2, 2, 0, 0, 1, 1, 2};
        add("conv", "conv_forward", Grid.over(192), T)
                .some("float", 576)
                .some("float", 72)
                .room(192)
                .number(192)
                .integers(conv);
        add("conv", "conv_data", Grid.over(576), T)
                .some("float", 192)
                .some("float", 72)
                .room(576)
                .number(576)
                .integers(conv);
        add("conv", "conv_weights", Grid.over(72), T)
                .some("float", 576)
                .some("float", 192)
                .room(72)
                .number(72)
                .integers(conv)
                .integer(2);
        long[] pool = {9, 8, 5, 4, 4, 3, 2, 2, 2, 0, 0, 1, 1};
        String[] types = {"T=float", "P=u8"};
        for (int kind = 0; kind < 3; kind++) {
            add("pool", "pool", Grid.over(160), types)
                    .some("float", 720)
                    .room(160)
                    .room(160)
                    .number(160)
                    .integers(pool)
                    .integer(kind);
            add("pool", "pool_gradient", Grid.over(720), types)
                    .some("float", 160)
                    .room(160)
                    .room(720)
                    .number(720)
                    .integers(pool)
                    .integer(kind);
        }
        add("pool", "maximum_tangent", Grid.over(160), types)
                .some("float", 720)
                .some("float", 720)
                .room(160)
                .number(160)
                .integers(pool);
        String[] same = {"X=float", "Y=float"};
        add("boxes", "upsample", Grid.over(720), same)
                .some("float", 120)
                .room(720)
                .number(720)
                .integer(4, 3, 5, 2, 3);
        add("boxes", "upsample_gradient", Grid.over(120), same)
                .some("float", 720)
                .room(120)
                .number(120)
                .integer(4, 3, 5, 2, 3);
    }

    private void rows() {
        int n = 5 * COLUMNS;
        // Fewer blocks than rows: some have several.
        Grid grid = Grid.blocks(3);
        add("rows", "softmax", grid, T).some("float", n).room(n).number(5).integer(COLUMNS);
        add("rows", "softmax_gradient", grid, T)
                .some("float", n)
                .some("float", n)
                .room(n)
                .number(5)
                .integer(COLUMNS);
        add("rows", "unit_rows", grid, T)
                .some("float", n)
                .room(n)
                .number(5)
                .number(COLUMNS)
                .precise(1e-8);
        add("rows", "unit_rows_gradient", grid, T)
                .some("float", n)
                .some("float", n)
                .room(n)
                .number(5)
                .number(COLUMNS)
                .precise(1e-8);
        add("rows", "loss", Grid.blocks(1), T)
                .some("float", n)
                .some("float", n)
                .room(n)
                .room(1)
                .number(n)
                .integer(0)
                .precise(0)
                .precise(0.2);
        add("rows", "penalty_start", Grid.blocks(5), T)
                .some("float", n)
                .some("float", 5)
                .room(n)
                .room(5)
                .number(COLUMNS)
                .integer(2);
        add("rows", "fourier", Grid.over(600), T)
                .some("float", 600)
                .room(4200)
                .number(600)
                .integer(4)
                .precise(2)
                .integer(3);
        add("rows", "fourier_gradient", Grid.over(600), T)
                .some("float", 4200)
                .some("float", 4200)
                .room(600)
                .number(600)
                .integer(4)
                .precise(2)
                .integer(3);
        add("rows", "fourier_tangent", Grid.over(600), T)
                .some("float", 4200)
                .some("float", 600)
                .room(4200)
                .number(600)
                .integer(4)
                .precise(2)
                .integer(3);
    }

    private void tables() {
        float[] indices = new float[40];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = i * 3 % 7;
        }
        add("rows", "lookup", Grid.over(520), T)
                .floats(indices)
                .some("float", 91)
                .room(520)
                .number(40)
                .number(13)
                .number(7)
                .number(13)
                .number(1)
                .room(2);
        // Several samples have no row.
        add("rows", "lookup", Grid.over(520), T)
                .floats(indices)
                .some("float", 52)
                .room(520)
                .number(40)
                .number(13)
                .number(4)
                .number(13)
                .number(1)
                .room(2);
        add("rows", "lookup_gradient", Grid.over(91), T)
                .floats(indices)
                .some("float", 520)
                .room(91)
                .number(40)
                .number(13)
                .number(7)
                .number(13)
                .number(1)
                .integer(0);
        add("rows", "dropout", Grid.over(1003), T)
                .room(1003)
                .number(1003)
                .longs(11, 3)
                .integer(2)
                .number(5)
                .integer(1)
                .real(2)
                .precise(2147483648.0);
    }

    private void channels() {
        int rows = 50, channels = 40, parts = 11, n = rows * channels;
        Grid pieces = Grid.tiles(2, parts, 32, 8);
        Grid whole = Grid.tiles(2, 1, 32, 8);
        add("norm", "channel_parts", pieces, T)
                .some("float", n)
                .some("float", 10)
                .room(parts * channels)
                .number(rows)
                .number(5)
                .integer(channels);
        add("norm", "channel_sum", whole, T)
                .some("double", parts * channels)
                .some("float", channels)
                .integer(parts, channels, 1);
        add("norm", "moment_parts", pieces, T)
                .some("float", n)
                .room(2 * parts * channels)
                .number(rows)
                .integer(channels);
        add("norm", "moments", whole, T)
                .some("float", n)
                .some("double", 2 * parts * channels)
                .room(channels)
                .room(channels)
                .integer(parts)
                .number(rows)
                .integer(channels);
        add("norm", "gradient_parts", pieces, T)
                .some("float", n)
                .some("float", channels)
                .some("float", n)
                .some("u8", n)
                .room(2 * parts * channels)
                .number(rows)
                .integer(channels);
        add("norm", "gradient_sums", whole, T)
                .some("double", 2 * parts * channels)
                .some("u8", 4 * channels)
                .room(2 * channels)
                .some("float", channels)
                .some("float", channels)
                .integer(parts, channels)
                .real(1e-5)
                .integer(1, 0);
        for (int wide = 0; wide < 2; wide++) {
            add("norm", "normalize", Grid.over(n), T)
                    .some("float", n)
                    .some("float", channels)
                    .some("float", channels)
                    .some("float", channels)
                    .some("float", channels)
                    .room(n)
                    .room(n)
                    .number(n)
                    .integer(channels)
                    .real(2)
                    .integer(wide);
            add("norm", "normalize_gradient", Grid.over(n), T)
                    .some("float", n)
                    .some("float", channels)
                    .some("float", channels)
                    .some("float", channels)
                    .some("float", n)
                    .some("u8", n)
                    .some("float", 2 * channels)
                    .room(n)
                    .number(n)
                    .integer(channels)
                    .real(2)
                    .integer(wide);
            add("norm", "running_moments", Grid.over(COLUMNS), T)
                    .some("float", COLUMNS)
                    .some("float", COLUMNS)
                    .some("float", COLUMNS)
                    .some("float", COLUMNS)
                    .some("float", COLUMNS)
                    .some("float", COLUMNS)
                    .integer(COLUMNS)
                    .precise(0.9)
                    .integer(wide, wide);
        }
        add("norm", "variance_from_log10", Grid.over(COLUMNS), T)
                .some("float", COLUMNS)
                .room(COLUMNS)
                .integer(COLUMNS);
    }
}

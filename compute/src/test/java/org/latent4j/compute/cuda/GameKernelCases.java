package org.latent4j.compute.cuda;

import java.util.ArrayList;
import java.util.List;

/** Small launches of the kernels of adversarial games, as {@link KernelCases}. */
final class GameKernelCases {
    private static final int SAMPLES = 300;

    private final List<KernelCase> cases = new ArrayList<>();

    private GameKernelCases() {
        losses();
        samples();
        images();
        spectralNorms();
    }

    static List<KernelCase> all() {
        return new GameKernelCases().cases;
    }

    private KernelCase add(String function, Grid grid) {
        KernelCase added = new KernelCase("game", function, grid);
        cases.add(added);
        return added;
    }

    private void losses() {
        for (int kind : new int[] {1, 5}) {
            add("discriminator_loss", Grid.blocks(1))
                    .some("float", SAMPLES)
                    .some("float", SAMPLES)
                    .none()
                    .room(SAMPLES)
                    .room(SAMPLES)
                    .integer(SAMPLES, 1, 1, kind)
                    .some("double", 12);
            add("generator_loss", Grid.blocks(1))
                    .some("float", SAMPLES)
                    .some("float", SAMPLES)
                    .none()
                    .room(SAMPLES)
                    .integer(SAMPLES, 1, 1, kind)
                    .some("double", 12);
        }
        add("add_norm", Grid.blocks(1)).doubles(7).doubles(1).precise(0.5);
    }

    private void samples() {
        int n = 3 * SAMPLES;
        add("scale", Grid.over(n))
                .some("float", n)
                .some("float", 3)
                .room(n)
                .number(n)
                .number(SAMPLES);
        add("mix", Grid.over(n))
                .some("float", n)
                .some("float", n)
                .some("float", 3)
                .room(n)
                .number(n)
                .number(SAMPLES);
        add("along_slopes", Grid.blocks(3))
                .some("float", n)
                .some("float", n)
                .floats(2)
                .floats(1, 0, 3)
                .room(n)
                .room(3 * 4)
                .number(SAMPLES)
                .integer(4)
                .precise(0.01);
    }

    private void images() {
        // Three images of 20 x 17 x 3, each with its view.
        int n = 3 * 20 * 17 * 3;
        float[] view = {0.1f, 1.2f, 0.8f, 2, -1, 3, 5, 4, 6};
        float[] views = new float[27];
        for (int i = 0; i < views.length; i++) {
            views[i] = view[i % 9];
        }
        for (int last = 0; last < 2; last++) {
            add("view", Grid.blocks(3)).some("float", n).floats(views).room(n).integer(3, 20, 17, last);
            add("view_back", Grid.blocks(3))
                    .some("float", n)
                    .floats(views)
                    .room(n)
                    .integer(3, 20, 17, last);
            add("gather", Grid.over(n))
                    .some("u8", 2 * n)
                    .ints(4, ~1, 4)
                    .room(n)
                    .number(n)
                    .integer(3, 20, 17, last);
        }
    }

    private void spectralNorms() {
        int rows = 5, n = rows * SAMPLES;
        add("spectral_pull", Grid.over(SAMPLES))
                .some("float", n)
                .some("double", rows)
                .room(SAMPLES)
                .integer(rows, SAMPLES);
        add("spectral_push", Grid.blocks(rows))
                .some("float", n)
                .some("double", SAMPLES)
                .none()
                .room(rows)
                .integer(SAMPLES);
        add("spectral_push", Grid.blocks(rows))
                .some("float", n)
                .none()
                .some("float", n)
                .room(rows)
                .integer(SAMPLES);
        add("spectral_unit", Grid.blocks(1))
                .some("double", SAMPLES)
                .integer(SAMPLES)
                .room(1);
        add("spectral_sum", Grid.blocks(1))
                .some("double", SAMPLES)
                .integer(SAMPLES)
                .room(1);
        add("spectral_gradient", Grid.over(n))
                .some("float", n)
                .some("double", rows)
                .some("double", SAMPLES)
                .doubles(0.5)
                .number(n)
                .integer(SAMPLES);
        add("spectral_divide", Grid.over(n)).some("float", n).doubles(1.5).number(n);
    }
}

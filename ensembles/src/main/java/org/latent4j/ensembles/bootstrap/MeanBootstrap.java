package org.latent4j.ensembles.bootstrap;

import java.util.Arrays;
import org.latent4j.compute.Philox;
import org.latent4j.ensembles.tree.Workers;

/** The bootstrap of a mean: sums are taken while the points are drawn. */
final class MeanBootstrap {
    private static final int BLOCK = 256;

    private MeanBootstrap() {}

    static BootstrapResult of(double[] values, BootstrapOptions options) {
        int n = values.length;
        Bootstrap.requirePoints(n);
        Bootstrap.requireFinite(values);
        double mean = Arrays.stream(values).sum() / n;
        double[] deviations = Arrays.stream(values).map(v -> v - mean).toArray();
        int resamples = options.resamples();
        double[] replicates = new double[resamples];
        double[] errors = new double[resamples];
        Workers.run(
                options.threads(),
                (resamples + BLOCK - 1) / BLOCK,
                () -> new Sums(deviations, options.seed()),
                (sums, block) -> {
                    for (int r = block * BLOCK; r < Math.min(resamples, (block + 1) * BLOCK); r++) {
                        sums.draw(r);
                        double shift = sums.sum / n;
                        replicates[r] = mean + shift;
                        errors[r] = error(sums.squares - n * shift * shift, n);
                    }
                });
        double squares = Arrays.stream(deviations).map(d -> d * d).sum();
        return new BootstrapResult(
                mean, replicates, errors, error(squares, n), jackknife(values, mean), options.seed());
    }

    private static double error(double squares, int n) {
        return Math.sqrt(Math.max(0, squares) / n / Math.max(1, n - 1));
    }

    private static Jackknife jackknife(double[] values, double mean) {
        int n = values.length;
        return n < 2
                ? null
                : new Jackknife(mean, new double[][] {
                    Arrays.stream(values).map(v -> mean + (mean - v) / (n - 1)).toArray()
                });
    }

    /** One thread's draws. */
    private static final class Sums {
        private static final int WORDS = 1024;

        private final double[] values;
        private final int n;
        private final long rejected; // low halves below this would make some points likelier
        private final Philox random;
        private final int[] words = new int[WORDS];
        double sum;
        double squares;

        Sums(double[] values, long seed) {
            this.values = values;
            this.n = values.length;
            this.rejected = (1L << 32) % n;
            this.random = new Philox(seed, Philox.Purpose.RESAMPLE, 0);
        }

        /** What {@code Philox.nextInt(n)} would draw n times, from words made in bulk. */
        void draw(long resample) {
            random.restart(resample);
            sum = 0;
            squares = 0;
            int left = n;
            while (left > 0) {
                int count = Math.min(WORDS, left);
                random.fill(words, 0, count);
                left -= add(count);
            }
        }

        private int add(int count) {
            double sum0 = 0;
            double sum1 = 0;
            double squares0 = 0;
            double squares1 = 0;
            int accepted = 0;
            for (int i = 0; i < count; i++) {
                long product = (words[i] & 0xFFFFFFFFL) * n;
                if ((product & 0xFFFFFFFFL) < rejected) {
                    continue;
                }
                double value = values[(int) (product >>> 32)];
                if ((i & 1) == 0) {
                    sum0 += value;
                    squares0 += value * value;
                } else {
                    sum1 += value;
                    squares1 += value * value;
                }
                accepted++;
            }
            sum += sum0 + sum1;
            squares += squares0 + squares1;
            return accepted;
        }
    }
}

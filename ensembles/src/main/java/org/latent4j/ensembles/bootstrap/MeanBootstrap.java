package org.latent4j.ensembles.bootstrap;

import java.util.Arrays;
import org.latent4j.compute.Philox;
import org.latent4j.ensembles.tree.Workers;

/**
 * The bootstrap of a mean: sums are taken while the points are drawn, and a random word gives as many draws as it has room for.
 *
 * <p>Source of the draws: Brackett-Rozinsky and Lemire, "Batched ranged random integer generation", Software: Practice and Experience 55 (2025)
 * 155.
 */
final class MeanBootstrap {
    private static final int BLOCK = 256;

    private final double[] deviations;
    private final double mean;
    private final BootstrapOptions options;

    private MeanBootstrap(double[] values, BootstrapOptions options) {
        mean = Arrays.stream(values).sum() / values.length;
        deviations = Arrays.stream(values).map(v -> v - mean).toArray();
        this.options = options;
    }

    static BootstrapResult of(double[] values, BootstrapOptions options) {
        int n = values.length;
        Bootstrap.requirePoints(n);
        Bootstrap.requireFinite(values);
        MeanBootstrap bootstrap = new MeanBootstrap(values, options);
        double squares = Arrays.stream(bootstrap.deviations).map(d -> d * d).sum();
        return new BootstrapResult(
                bootstrap.mean,
                bootstrap.replicates(),
                bootstrap::errors,
                error(squares, n),
                jackknife(values, bootstrap.mean),
                options.seed());
    }

    private double[] replicates() {
        double[] replicates = new double[options.resamples()];
        run(deviations, (r, sum) -> replicates[r] = mean + sum / deviations.length);
        return replicates;
    }

    /** The same draws again: their squares. Most intervals don't need them. */
    private double[] errors() {
        double[] sums = new double[options.resamples()];
        double[] errors = new double[options.resamples()];
        int n = deviations.length;
        run(deviations, (r, sum) -> sums[r] = sum);
        run(
                Arrays.stream(deviations).map(d -> d * d).toArray(),
                (r, squares) -> errors[r] = error(squares - sums[r] * sums[r] / n, n));
        return errors;
    }

    private interface Taker {
        void take(int resample, double sum);
    }

    private void run(double[] values, Taker taker) {
        int resamples = options.resamples();
        Workers.run(
                options.threads(),
                (resamples + BLOCK - 1) / BLOCK,
                () -> new Sums(values, options.seed()),
                (sums, block) -> {
                    for (int r = block * BLOCK; r < Math.min(resamples, (block + 1) * BLOCK); r++) {
                        taker.take(r, sums.draw(r));
                    }
                });
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
    static final class Sums {
        private static final long LOW = 0xFFFFFFFFL;
        private static final int WORDS = 1024;
        /** A word may be wasted this often: one time in eight. */
        private static final long ROOM = 1L << 29;

        private final double[] values;
        private final int n;
        /** Draws from one word. */
        private final int perWord;
        /** Rests of a word below this would make some draws likelier. */
        private final long rejected;

        private final Philox random;
        private final int[] words = new int[WORDS];

        Sums(double[] values, long seed) {
            this.values = values;
            this.n = values.length;
            this.perWord = (long) n * n * n <= ROOM && n < 1000 ? 3 : (long) n * n <= ROOM ? 2 : 1;
            this.rejected = (1L << 32) % (perWord == 3 ? (long) n * n * n : perWord == 2 ? (long) n * n : n);
            this.random = new Philox(seed, Philox.Purpose.RESAMPLE, 0);
        }

        /** The sum of n draws. */
        double draw(long resample) {
            random.restart(resample);
            int left = n / perWord;
            double sum = 0;
            while (left > 0) {
                int count = Math.min(WORDS, left);
                random.fill(words, 0, count);
                switch (perWord) {
                    case 3 -> {
                        for (int i = 0; i < count; i++) {
                            long a = (words[i] & LOW) * n;
                            long b = (a & LOW) * n;
                            long c = (b & LOW) * n;
                            if ((c & LOW) >= rejected) {
                                left--;
                                sum += values[(int) (a >>> 32)] + values[(int) (b >>> 32)] + values[(int) (c >>> 32)];
                            }
                        }
                    }
                    case 2 -> {
                        for (int i = 0; i < count; i++) {
                            long a = (words[i] & LOW) * n;
                            long b = (a & LOW) * n;
                            if ((b & LOW) >= rejected) {
                                left--;
                                sum += values[(int) (a >>> 32)] + values[(int) (b >>> 32)];
                            }
                        }
                    }
                    default -> {
                        for (int i = 0; i < count; i++) {
                            long a = (words[i] & LOW) * n;
                            if ((a & LOW) >= rejected) {
                                left--;
                                sum += values[(int) (a >>> 32)];
                            }
                        }
                    }
                }
            }
            for (int i = 0; i < n % perWord; i++) {
                sum += values[random.nextInt(n)];
            }
            return sum;
        }
    }
}

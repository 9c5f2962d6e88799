package org.latent4j.ensembles.bootstrap;

import java.util.Arrays;
import org.latent4j.compute.Resamples;
import org.latent4j.ensembles.tree.Workers;

/** The bootstrap of a mean: sums are taken while the points are drawn. */
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
        int n = deviations.length;
        return sums(
                (sums, from, to) -> {
                    for (int r = from; r < to; r++) {
                        sums[r] = mean + sums[r] / n;
                    }
                },
                deviations);
    }

    /** The same draws again, with their squares. Most intervals don't need them. */
    private double[] errors() {
        int n = deviations.length;
        double[] squares = Arrays.stream(deviations).map(d -> d * d).toArray();
        double[] sums = sums((all, from, to) -> {}, deviations, squares);
        double[] errors = new double[options.resamples()];
        Arrays.setAll(errors, r -> error(sums[2 * r + 1] - sums[2 * r] * sums[2 * r] / n, n));
        return errors;
    }

    /** What becomes of sums {@code from ... to - 1}. */
    private interface Then {
        void change(double[] sums, int from, int to);
    }

    /** For each resample a sum of each column, and what becomes of it. */
    private double[] sums(Then then, double[]... columns) {
        int resamples = options.resamples();
        int n = deviations.length;
        double[] sums = new double[Math.multiplyExact(resamples, columns.length)];
        Workers.run(
                options.threads(),
                (resamples + BLOCK - 1) / BLOCK,
                () -> new Resamples(options.seed(), 0, n),
                (draws, block) -> {
                    int first = block * BLOCK;
                    int count = Math.min(BLOCK, resamples - first);
                    draws.sums(first, count, columns, sums, first * columns.length);
                    then.change(sums, first * columns.length, (first + count) * columns.length);
                });
        return sums;
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
}

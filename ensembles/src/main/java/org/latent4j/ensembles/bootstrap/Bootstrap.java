package org.latent4j.ensembles.bootstrap;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.Resamples;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.tree.Workers;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Resamples: n points drawn from n with replacement, B times.
 *
 * <p>Resample r of sample s is number r of stream s of {@link Resamples}, whatever is computed of it: the same at any number of threads, and on every
 * device. Means of many columns go through one product, counts (B, n) times data (n, p), in blocks; few columns are summed up while points are
 * drawn.
 *
 * <p>Throws {@link DataException} for samples without points, and for NaN and infinite numbers where it sees them.
 */
public final class Bootstrap {
    private static final int BLOCK = 256;

    private Bootstrap() {}

    /** Of one sample of n points, or of n pairs. */
    public static BootstrapResult of(int n, ToDoubleFunction<int[]> statistic, BootstrapOptions options) {
        return of(new int[] {n}, indices -> statistic.applyAsDouble(indices[0]), options);
    }

    /** Of several samples, each drawn on its own. */
    public static BootstrapResult of(int[] sizes, Statistic statistic, BootstrapOptions options) {
        return of(sizes, statistic, options, Progress.NONE);
    }

    /** @param progress counts resamples, some hundred at a time */
    public static BootstrapResult of(int[] sizes, Statistic statistic, BootstrapOptions options, Progress progress) {
        requirePoints(sizes);
        int resamples = options.resamples();
        double[] replicates = new double[resamples];
        double[] errors = options.inner() > 0 ? new double[resamples] : null;
        AtomicInteger done = new AtomicInteger();
        Workers.run(
                options.threads(), (resamples + BLOCK - 1) / BLOCK, () -> new Draws(sizes, options), (draws, block) -> {
                    for (int r = block * BLOCK; r < Math.min(resamples, (block + 1) * BLOCK); r++) {
                        draws.draw(r);
                        replicates[r] = statistic.of(draws.indices);
                        if (errors != null) {
                            errors[r] = draws.innerError(r, statistic);
                        }
                    }
                    synchronized (done) { // progress hears of one thread at a time
                        int more = Math.min(BLOCK, resamples - block * BLOCK);
                        progress.report("resamples", done.addAndGet(more), resamples);
                    }
                });
        boolean pairs = Arrays.stream(sizes).allMatch(n -> n > 1);
        Jackknife jackknife = pairs ? Jackknife.of(sizes, statistic) : null;
        int[][] all = new int[sizes.length][];
        for (int s = 0; s < sizes.length; s++) {
            all[s] = new int[sizes[s]];
            Arrays.setAll(all[s], i -> i);
        }
        return new BootstrapResult(statistic.of(all), replicates, () -> errors, Double.NaN, jackknife, options.seed());
    }

    /** Of the mean, with the usual standard error for studentised intervals. */
    public static BootstrapResult ofMean(double[] values, BootstrapOptions options) {
        return MeanBootstrap.of(values, options);
    }

    /** Of any function of the means of the columns of data (n, p): moments, covariances, ratios, where the columns are products of features. */
    public static BootstrapResult ofMeans(
            INDArray data, ToDoubleFunction<double[]> function, BootstrapOptions options, Primitives primitives) {
        int n = (int) data.size(0);
        int p = (int) data.size(1);
        INDArray means = means(data, options, primitives);
        double[] flat = Points.doubles(means);
        double[] replicates = new double[options.resamples()];
        double[] row = new double[p];
        for (int r = 0; r < replicates.length; r++) {
            System.arraycopy(flat, r * p, row, 0, p);
            replicates[r] = function.applyAsDouble(row);
        }
        double[] rows = Points.doubles(data);
        double[] sums = new double[p];
        for (int i = 0; i < rows.length; i++) {
            sums[i % p] += rows[i];
        }
        double estimate =
                function.applyAsDouble(Arrays.stream(sums).map(v -> v / n).toArray());
        Jackknife jackknife = null;
        if (n > 1) {
            double[][] without = {new double[n]};
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < p; j++) {
                    row[j] = (sums[j] - rows[i * p + j]) / (n - 1);
                }
                without[0][i] = function.applyAsDouble(row);
            }
            jackknife = new Jackknife(estimate, without);
        }
        return new BootstrapResult(estimate, replicates, () -> null, Double.NaN, jackknife, options.seed());
    }

    /** Means of the columns of data (n, p) in each resample: (B, p), by products of counts and data on a backend. */
    public static INDArray means(INDArray data, BootstrapOptions options, Primitives primitives) {
        if (data.isEmpty() || data.rank() != 2) {
            throw new DataException(
                    "data must be (n, p) with at least one point, but are of shape " + Arrays.toString(data.shape()));
        }
        int n = (int) data.size(0);
        int p = (int) data.size(1);
        requireFinite(Points.doubles(data));
        // Products run in float: deviations from the mean keep the digits that a large mean would take.
        INDArray centre = data.castTo(DataType.DOUBLE).mean(0).reshape(new long[] {1, p});
        INDArray deviations = data.castTo(DataType.DOUBLE).subRowVector(centre);
        INDArray sums = primitives.resampleSums(options.seed(), 0, options.resamples(), deviations);
        return sums.divi(n).addiRowVector(centre);
    }

    static void requireFinite(double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new DataException("value " + (i + 1) + " is " + values[i] + "; remove such points first");
            }
        }
    }

    static void requirePoints(int... sizes) {
        for (int s = 0; s < sizes.length; s++) {
            if (sizes[s] < 1) {
                throw new DataException(
                        (sizes.length == 1 ? "the sample" : "sample " + (s + 1)) + " has no points to draw from");
            }
        }
        if (sizes.length == 0) {
            throw new DataException("there is no sample to draw from");
        }
    }

    /** The indices of one thread's resamples. */
    private static final class Draws {
        final int[][] indices;
        private final int[][] inner;
        private final int[][] places;
        private final Resamples[] samples;
        private final Resamples[] innerSamples;
        private final int innerCount;

        Draws(int[] sizes, BootstrapOptions options) {
            innerCount = options.inner();
            indices = new int[sizes.length][];
            inner = new int[sizes.length][];
            places = new int[sizes.length][];
            samples = new Resamples[sizes.length];
            innerSamples = new Resamples[sizes.length];
            for (int s = 0; s < sizes.length; s++) {
                indices[s] = new int[sizes[s]];
                inner[s] = new int[sizes[s]];
                places[s] = new int[sizes[s]];
                samples[s] = new Resamples(options.seed(), s, sizes[s]);
                innerSamples[s] = new Resamples(options.seed(), -1 - s, sizes[s]);
            }
        }

        void draw(long resample) {
            for (int s = 0; s < indices.length; s++) {
                samples[s].draw(resample, indices[s]);
            }
        }

        /** Standard deviation of the statistic over resamples of this resample. */
        double innerError(long resample, Statistic statistic) {
            double sum = 0;
            double squares = 0;
            double first = 0;
            for (int k = 0; k < innerCount; k++) {
                for (int s = 0; s < indices.length; s++) {
                    innerSamples[s].draw(resample * innerCount + k, places[s]);
                    for (int i = 0; i < inner[s].length; i++) {
                        inner[s][i] = indices[s][places[s][i]];
                    }
                }
                double value = statistic.of(inner);
                first = k == 0 ? value : first;
                sum += value - first; // near 0, so that squares keep their digits
                squares += (value - first) * (value - first);
            }
            return Math.sqrt(Math.max(0, (squares - sum * sum / innerCount) / (innerCount - 1)));
        }
    }
}

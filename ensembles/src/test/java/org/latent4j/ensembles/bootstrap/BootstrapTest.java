package org.latent4j.ensembles.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BootstrapTest {
    private static final double[] X = {10, 12, 12.5, 12.5, 13.9, 15, 21, 22, 23, 34, 50, 81, 89, 121, 134, 213};
    /** Efron's law schools: test scores and grades of 15 classes. */
    private static final double[] LSAT = {576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594};

    private static final double[] GPA = {
        3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96
    };

    /** Blocks of 256 resamples on three threads: counted one thread at a time, to the last one. */
    @Test
    void progressCountsResamples() {
        List<Long> heard = new ArrayList<>();
        Bootstrap.of(
                new int[] {15},
                rows -> rows[0][0],
                new BootstrapOptions(600, 0, 1, 3),
                (task, done, total) -> heard.add(done));
        assertThat(heard).hasSize(3).isSorted().last().isEqualTo(600L);
    }

    /** R's boot, 1,000,000 resamples, as SciPy's own tests quote it. */
    @ParameterizedTest
    @CsvSource({"BASIC, 23.77, 79.12", "PERCENTILE, 28.86, 84.21", "BCA, 32.31, 91.43"})
    void intervalsOfTheMeanAreThoseOfR(Interval.Kind kind, double low, double high) {
        Interval own = Bootstrap.ofMean(X, BootstrapOptions.of(1_000_000)).interval(kind, 0.95);
        assertThat(own.low()).isCloseTo(low, Percentage.withPercentage(0.5));
        assertThat(own.high()).isCloseTo(high, Percentage.withPercentage(0.5));
        assertThat(own.note()).isEmpty();
    }

    /** scipy.stats.bootstrap 1.17.1 of the variance with n - 1 below, 400,000 resamples. */
    @ParameterizedTest
    @CsvSource({"BASIC, 587.57, 6153.59", "PERCENTILE, 763.97, 6323.74", "BCA, 1389.03, 8265.89"})
    void intervalsOfTheVarianceAreThoseOfSciPy(Interval.Kind kind, double low, double high) {
        try (Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0))) {
            BootstrapResult result = new Moments(BootstrapOptions.of(400_000), primitives).variance(X);
            Interval own = result.interval(kind, 0.95);
            near(own, low, high, 50);
            assertThat(result.standardError()).isCloseTo(1502, Percentage.withPercentage(0.7));
        }
    }

    /** The same with the correlation of pairs; jackknife and acceleration as NumPy computes them. */
    @Test
    void pairsStayPairs() {
        BootstrapResult result = Bootstrap.of(15, BootstrapTest::correlation, BootstrapOptions.of(400_000));
        assertThat(result.estimate()).isCloseTo(0.776374491289407, within(1e-12));
        assertThat(result.jackknife().bias()).isCloseTo(-0.006473623045920807, within(1e-12));
        assertThat(result.jackknife().standardError()).isCloseTo(0.14251861860227227, within(1e-12));
        assertThat(result.jackknife().acceleration()).isCloseTo(-0.0756715649378786, within(1e-12));
        assertThat(result.standardError()).isCloseTo(0.1338, within(0.001));
        near(result.interval(Interval.Kind.BASIC, 0.95), 0.5907, 1.0927, 0.004);
        near(result.interval(Interval.Kind.PERCENTILE, 0.95), 0.4578, 0.9619, 0.004);
        near(result.interval(Interval.Kind.BCA, 0.95), 0.3335, 0.9415, 0.004);
    }

    /** scipy.stats.bootstrap 1.17.1, unpaired, of the difference of mean squares, 400,000 resamples. */
    @Test
    void severalSamplesAreDrawnEachOnItsOwn() {
        double[] a = {0.76, 0.59, -0.44, -0.37, 0.35, -1.39, 0.77};
        double[] b = {1.41, 0.5, 0.08, 0.24, 0.04, 0.52, 0.32, 1.32};
        BootstrapResult result = Bootstrap.of(
                new int[] {7, 8},
                drawn -> meanSquare(a, drawn[0]) - meanSquare(b, drawn[1]),
                BootstrapOptions.of(400_000));
        near(result.interval(Interval.Kind.BASIC, 0.95), -0.6844, 0.6994, 0.006);
        near(result.interval(Interval.Kind.PERCENTILE, 0.95), -0.6903, 0.6941, 0.006);
        near(result.interval(Interval.Kind.BCA, 0.95), -0.6963, 0.6892, 0.006);
        assertThat(result.standardError()).isCloseTo(0.3505, within(0.002));
    }

    @ParameterizedTest
    @EnumSource(value = Device.Kind.class, names = "CUDA", mode = EnumSource.Mode.EXCLUDE)
    void productsGiveWhatSinglePointsGive(Device.Kind device) {
        BootstrapOptions options = BootstrapOptions.of(207).withSeed(5);
        try (Primitives primitives = Devices.primitives(new Device(device, 0))) {
            Moments moments = new Moments(options, primitives);
            compare(moments.correlation(LSAT, GPA), Bootstrap.of(15, BootstrapTest::correlation, options));
            compare(moments.covariance(LSAT, GPA), Bootstrap.of(15, BootstrapTest::covariance, options));
            compare(moments.variance(LSAT), Bootstrap.of(15, i -> variance(LSAT, i), options));
            compare(moments.deviation(LSAT), Bootstrap.of(15, i -> Math.sqrt(variance(LSAT, i)), options));
            compare(moments.skewness(X), Bootstrap.of(16, i -> skewness(X, i), options));
            compare(moments.weightedMean(LSAT, GPA), Bootstrap.of(15, BootstrapTest::weighted, options));
            INDArray columns = Nd4j.createFromArray(new double[][] {LSAT, GPA}).transpose();
            INDArray means = Bootstrap.means(columns, options, primitives);
            BootstrapResult mean = Bootstrap.of(15, i -> mean(GPA, i), options);
            assertThat(means.getColumn(1).toDoubleVector()).containsExactly(mean.replicates(), within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 13, 207, 1025})
    void theMeanIsThatOfDrawingFirst(int n) {
        double[] values = normal(n, 3);
        BootstrapOptions options = BootstrapOptions.of(4000).withSeed(9);
        BootstrapResult sums = Bootstrap.ofMean(values, options);
        BootstrapResult drawn = Bootstrap.of(n, i -> mean(values, i), options);
        assertThat(sums.estimate()).isCloseTo(drawn.estimate(), within(1e-12));
        assertThat(sums.replicates()).containsExactly(drawn.replicates(), within(1e-12));
        double error = Math.sqrt(variance(values, all(n)) * (n - 1) / n / n);
        if (n > 1) {
            assertThat(sums.standardError()).isCloseTo(error, Percentage.withPercentage(6));
            assertThat(drawn.standardError()).isCloseTo(error, Percentage.withPercentage(6));
            assertThat(sums.mean()).isCloseTo(drawn.mean(), within(6 * error / Math.sqrt(4000)));
            assertThat(sums.jackknife().values()[0])
                    .containsExactly(drawn.jackknife().values()[0], within(1e-12));
            double usual = Math.sqrt(variance(values, all(n)) / n);
            assertThat(sums.estimateError()).isCloseTo(usual, within(1e-12));
            assertThat(sums.jackknife().standardError()).isCloseTo(usual, within(1e-10));
            // The mean squared standard error of resamples is the variance of the mean.
            double squares =
                    Arrays.stream(sums.errors()).map(e -> e * e).average().orElseThrow();
            assertThat(squares).isCloseTo(error * error, Percentage.withPercentage(n == 2 ? 10 : 6));
        }
    }

    @Test
    void resultsDoNotDependOnThreads() {
        BootstrapOptions options = BootstrapOptions.of(1001).withInner(5);
        BootstrapResult one = Bootstrap.of(13, i -> mean(X, i), options.withThreads(1));
        BootstrapResult three = Bootstrap.of(13, i -> mean(X, i), options.withThreads(3));
        assertThat(one.replicates()).containsExactly(three.replicates());
        assertThat(one.errors()).containsExactly(three.errors());
        assertThat(Bootstrap.ofMean(X, options.withThreads(1)).replicates())
                .containsExactly(Bootstrap.ofMean(X, options.withThreads(3)).replicates());
    }

    /**
     * 90 % intervals of the mean of 100 normal numbers hold the truth in 90 % of 2000 samples. Quantiles of resamples know neither Student's tails
     * nor n - 1, which costs them 0.5 points.
     */
    @Test
    void ninetyPercentIntervalsCoverNinetyPercent() {
        for (int covered : covered(100, false)) {
            assertThat(covered).isBetween(1800 - 50, 1800 + 50); // 3.7 binomial deviations
        }
    }

    /** Where numbers are few and skewed, only the studentised interval holds its promise: Efron and Tibshirani 1993, chapter 12. */
    @Test
    void studentisedIntervalsCoverSkewedNumbers() {
        int[] covered = covered(15, true);
        assertThat(covered[Interval.Kind.STUDENTISED.ordinal()]).isBetween(1800 - 60, 1800 + 60);
        assertThat(covered[Interval.Kind.PERCENTILE.ordinal()]).isLessThan(1720);
    }

    /** Of 2000 samples, in how many an interval of each kind held the truth. */
    private static int[] covered(int n, boolean skewed) {
        Interval.Kind[] kinds = Interval.Kind.values();
        int[] covered = new int[kinds.length];
        for (int sample = 0; sample < 2000; sample++) {
            double[] values = normal(n, sample);
            if (skewed) {
                Philox random = new Philox(sample, Philox.Purpose.SYNTHETIC, 4);
                Arrays.setAll(values, i -> -Math.log(1 - random.nextDouble()));
            }
            BootstrapOptions options = BootstrapOptions.of(500).withSeed(sample).withThreads(1);
            BootstrapResult result = Bootstrap.ofMean(values, options);
            for (Interval.Kind kind : kinds) {
                covered[kind.ordinal()] += result.interval(kind, 0.9).contains(skewed ? 1 : 0) ? 1 : 0;
            }
        }
        return covered;
    }

    /** Standard errors by resampling resamples are, on average, those by the formula. */
    @Test
    void innerResamplesGiveStandardErrors() {
        BootstrapOptions options = BootstrapOptions.of(2000).withInner(50);
        BootstrapResult inner = Bootstrap.of(16, i -> mean(X, i), options);
        BootstrapResult formula = Bootstrap.ofMean(X, options);
        double ratio = Arrays.stream(inner.errors()).sum()
                / Arrays.stream(formula.errors()).sum();
        assertThat(ratio).isCloseTo(Math.sqrt(15.0 / 16), within(0.02)); // the formula has n - 1 below
        Interval own = inner.interval(Interval.Kind.STUDENTISED, 0.9);
        Interval other = formula.interval(Interval.Kind.STUDENTISED, 0.9);
        assertThat(own.low()).isCloseTo(other.low(), within(4.0));
        assertThat(own.high()).isCloseTo(other.high(), Percentage.withPercentage(15));
    }

    @Test
    void whatHasNoIntervalIsSaidInWords() {
        BootstrapOptions options = BootstrapOptions.of(100);
        BootstrapResult constant = Bootstrap.ofMean(new double[] {4, 4, 4}, options);
        for (Interval.Kind kind : Interval.Kind.values()) {
            none(constant, kind, "all resamples give 4.0");
            none(Bootstrap.ofMean(X, BootstrapOptions.of(1)), kind, "one resample has no spread");
            none(Bootstrap.ofMean(new double[] {4}, options), kind, "all resamples give 4.0");
            none(Bootstrap.of(3, i -> Double.NaN, options), kind, "the statistic of the points themselves is NaN");
            none(Bootstrap.of(3, i -> i[0] == 1 ? Double.NaN : i[0], options), kind, "resamples is not finite");
        }
        none(Bootstrap.of(16, i -> sorted(i) ? -1 : i[0], options), Interval.Kind.BCA, "lie above the estimate");
        none(Bootstrap.of(5, i -> i.length == 5 ? i[0] : 7, options), Interval.Kind.BCA, "0/0");
        none(Bootstrap.of(16, i -> mean(X, i), options), Interval.Kind.STUDENTISED, "ask for inner resamples");
        none(Bootstrap.ofMean(new double[] {1, 2}, options), Interval.Kind.STUDENTISED, "standard error of 0");
        assertThat(Bootstrap.ofMean(X, BootstrapOptions.of(30))
                        .interval(Interval.Kind.PERCENTILE, 0.99)
                        .note())
                .contains("draw more than 30");
    }

    @Test
    void badInputIsNamed() {
        fails(() -> BootstrapOptions.of(0), "B, the number of resamples, must be at least 1, but is 0");
        fails(() -> new BootstrapOptions(-1, 1, 1, 0), "resamples", "inner", "threads");
        fails(() -> Bootstrap.of(0, i -> 0, BootstrapOptions.of(5)), "the sample has no points");
        fails(() -> Bootstrap.of(new int[] {3, 0}, i -> 0, BootstrapOptions.of(5)), "sample 2 has no points");
        fails(() -> Bootstrap.of(new int[] {}, i -> 0, BootstrapOptions.of(5)), "there is no sample");
        fails(() -> Bootstrap.ofMean(new double[] {1, Double.NaN}, BootstrapOptions.of(5)), "value 2 is NaN");
        fails(() -> Bootstrap.ofMean(X, BootstrapOptions.of(5)).interval(Interval.Kind.BASIC, 95), "between 0 and 1");
        fails(() -> Jackknife.of(new int[] {1}, i -> 0), "at least 2");
        try (Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0))) {
            Moments moments = new Moments(BootstrapOptions.of(5), primitives);
            fails(() -> moments.correlation(X, LSAT), "16 and 15");
            fails(() -> moments.variance(new double[] {1}), "one point has no spread");
        }
    }

    private static void none(BootstrapResult result, Interval.Kind kind, String why) {
        Interval interval = result.interval(kind, 0.9);
        assertThat(interval.isDefined()).isFalse();
        assertThat(interval.note()).contains(why);
    }

    private static void fails(Runnable call, String... said) {
        assertThatThrownBy(call::run).isInstanceOf(DataException.class).hasMessageContainingAll(said);
    }

    private static void near(Interval interval, double low, double high, double tolerance) {
        assertThat(interval.low()).isCloseTo(low, within(tolerance));
        assertThat(interval.high()).isCloseTo(high, within(tolerance));
    }

    private static void compare(BootstrapResult product, BootstrapResult single) {
        double tolerance = 2e-5 * single.standardError() + 1e-6 * Math.abs(single.estimate());
        assertThat(product.estimate()).isCloseTo(single.estimate(), within(1e-9 * Math.abs(single.estimate())));
        assertThat(product.replicates()).containsExactly(single.replicates(), within(tolerance));
        assertThat(product.jackknife().acceleration())
                .isCloseTo(single.jackknife().acceleration(), within(1e-9));
    }

    private static boolean sorted(int[] indices) {
        return Arrays.equals(indices, all(indices.length));
    }

    private static int[] all(int n) {
        int[] all = new int[n];
        Arrays.setAll(all, i -> i);
        return all;
    }

    private static double[] normal(int n, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 3);
        double[] values = new double[n];
        Arrays.setAll(values, i -> random.nextGaussian());
        return values;
    }

    private static double mean(double[] x, int[] drawn) {
        return Arrays.stream(drawn).mapToDouble(i -> x[i]).sum() / drawn.length;
    }

    private static double meanSquare(double[] x, int[] drawn) {
        return Arrays.stream(drawn).mapToDouble(i -> x[i] * x[i]).sum() / drawn.length;
    }

    private static double weighted(int[] drawn) {
        return Arrays.stream(drawn).mapToDouble(i -> LSAT[i] * GPA[i]).sum()
                / Arrays.stream(drawn).mapToDouble(i -> GPA[i]).sum();
    }

    private static double central(double[] x, double[] y, int[] drawn) {
        double mx = mean(x, drawn);
        double my = mean(y, drawn);
        return Arrays.stream(drawn).mapToDouble(i -> (x[i] - mx) * (y[i] - my)).sum();
    }

    /** With the n - 1 of all points below, also without one of them: as a function of means it knows no other n. */
    private static double variance(double[] x, int[] drawn) {
        return central(x, x, drawn) / drawn.length * x.length / (x.length - 1);
    }

    private static double covariance(int[] drawn) {
        return central(LSAT, GPA, drawn) / drawn.length * 15 / 14;
    }

    private static double correlation(int[] drawn) {
        return central(LSAT, GPA, drawn) / Math.sqrt(central(LSAT, LSAT, drawn) * central(GPA, GPA, drawn));
    }

    private static double skewness(double[] x, int[] drawn) {
        double m = mean(x, drawn);
        double cubes =
                Arrays.stream(drawn).mapToDouble(i -> Math.pow(x[i] - m, 3)).sum();
        return cubes / drawn.length / Math.pow(central(x, x, drawn) / drawn.length, 1.5);
    }
}

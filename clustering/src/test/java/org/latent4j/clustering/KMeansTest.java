package org.latent4j.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.clustering.KMeansModel.Stopped;
import org.latent4j.clustering.KMeansOptions.Start;
import org.latent4j.clustering.KMeansOptions.Stop;
import org.latent4j.compute.Device;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class KMeansTest {
    private final Primitives primitives = Clouds.primitives();

    /** scikit-learn, sklearn/cluster/tests/test_k_means.py, test_kmeans_results. */
    @ParameterizedTest
    @EnumSource(value = Device.Kind.class, names = "CUDA", mode = Mode.EXCLUDE)
    void publishedCaseOfWeightedPoints(Device.Kind kind) {
        INDArray x = Clouds.array(new double[][] {{0, 0}, {0.5, 0}, {0.5, 1}, {1, 1}});
        INDArray start = Clouds.array(new double[][] {{0, 0}, {1, 1}});
        for (INDArray points : new INDArray[] {x, Clouds.floats(x)}) {
            KMeansModel model = KMeans.fit(
                    points,
                    new double[] {3, 1, 1, 3},
                    KMeansOptions.of(2).withStart(start),
                    Clouds.primitives(kind),
                    IterationListener.NONE);
            assertThat(model.labels()).containsExactly(0, 0, 1, 1);
            assertThat(model.inertia()).isEqualTo(0.375);
            assertThat(model.centres().castTo(x.dataType()))
                    .isEqualTo(Clouds.array(new double[][] {{0.125, 0}, {0.875, 1}}));
            assertThat(model.iterations()).isEqualTo(2);
            assertThat(model.stopped()).isEqualTo(Stopped.LABELS);
            assertThat(model.weights()).containsExactly(4, 4);
            assertThat(model.counts()).containsExactly(2, 2);
        }
    }

    /** scikit-learn 1.2.1: KMeans(4, init=X[:4], n_init=1, tol=0, algorithm="lloyd") on {@link Clouds#waves}. */
    @Test
    void labelsAndCostOfScikitLearn() {
        double[][] x = Clouds.waves(30, 3);
        KMeansOptions options =
                KMeansOptions.of(4).withStart(Clouds.array(Arrays.copyOf(x, 4))).withTolerance(Stop.COST, 0);
        KMeansModel model = KMeans.fit(Clouds.array(x), options, primitives);
        int[] expected = {0, 1, 2, 3, 2, 1, 0, 3, 2, 3, 0, 3, 0, 0, 3, 0, 3, 0, 3, 0, 1, 0, 1, 2, 3, 2, 1, 0, 3, 2};
        assertThat(model.labels()).containsExactly(expected);
        assertThat(model.inertia()).isCloseTo(1472.5939925156836, within(1e-9));
        assertThat(model.iterations()).isEqualTo(3);
        assertThat(model.centres().getDouble(1, 2)).isCloseTo(-9.73403668440898, within(1e-12));

        double[] weights = IntStream.range(0, 30).mapToDouble(i -> 1 + i % 4).toArray();
        KMeansModel weighted = KMeans.fit(Clouds.array(x), weights, options, primitives, IterationListener.NONE);
        assertThat(weighted.labels()).containsExactly(expected);
        assertThat(weighted.inertia()).isCloseTo(3666.2978249910543, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 13, 207})
    void costNeverGrowsAndLabelsAreThoseOfPredict(int n) {
        for (int p : new int[] {1, 2, 13}) {
            for (int k : new int[] {1, Math.min(n, 5), n}) {
                for (boolean asFloat : new boolean[] {false, true}) {
                    INDArray x = Clouds.array(Clouds.normal(n, p, 100 * n + p));
                    x = asFloat ? Clouds.floats(x) : x;
                    KMeansModel model = KMeans.fit(x, KMeansOptions.of(k).withTolerance(Stop.COST, 0), primitives);
                    double[] cost = model.costHistory();
                    for (int i = 1; i < cost.length; i++) {
                        assertThat(cost[i]).isLessThanOrEqualTo(cost[i - 1] * (1 + (asFloat ? 1e-6 : 1e-14)));
                    }
                    assertThat(model.inertia()).isEqualTo(cost[cost.length - 1]);
                    assertThat(model.predict(x, primitives)).containsExactly(model.labels());
                    for (int i = 0; i < Math.min(n, 20); i++) {
                        INDArray row = x.getRow(i, true);
                        assertThat(model.predict(row, primitives)[0]).isEqualTo(model.labels()[i]);
                    }
                    INDArray distances = model.transform(x, primitives);
                    for (int i = 0; i < n; i++) {
                        int label = model.labels()[i];
                        for (int c = 0; c < k; c++) {
                            assertThat(distances.getDouble(i, label)).isLessThanOrEqualTo(distances.getDouble(i, c));
                        }
                    }
                    assertThat(Arrays.stream(model.counts()).sum()).isEqualTo(n);
                    if (k == n) {
                        assertThat(model.inertia()).isZero();
                    }
                }
            }
        }
    }

    /** Enough numbers for sums and costs that follow the changes of labels: held to costs that are measured, and to means of labels. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1e3})
    void costsAndMeansOfManyPointsAreThoseMeasured(double offset) {
        int n = 70_001;
        int p = 15;
        float[] values = new float[n * p];
        new Philox(6, Philox.Purpose.SYNTHETIC, 0).fillNormal(values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (offset + i / p % 3);
        }
        INDArray x = Nd4j.create(values, new long[] {n, p}, 'c');
        double[] weights = IntStream.range(0, n).mapToDouble(i -> i % 3 / 2.0).toArray();
        for (double[] w : new double[][] {null, weights}) {
            KMeansOptions options =
                    KMeansOptions.of(9).withRestarts(1).withStart(Start.RANDOM).withTolerance(Stop.COST, 0);
            double[] history = KMeans.fit(x, w, options.withMaxIterations(12), primitives, IterationListener.NONE)
                    .costHistory();
            assertThat(history).hasSize(13);
            for (int iterations = 1; iterations < 12; iterations += 5) {
                KMeansModel model =
                        KMeans.fit(x, w, options.withMaxIterations(iterations), primitives, IterationListener.NONE);
                assertThat(history[iterations]).isCloseTo(model.inertia(), within(1e-9 * model.inertia()));
            }
            for (int i = 1; i < history.length; i++) {
                assertThat(history[i]).isLessThan(history[i - 1]);
            }
        }
    }

    @Test
    void weightsEqualRepetition() {
        double[][] x = Clouds.normal(40, 3, 5);
        double[] weights = IntStream.range(0, 40).mapToDouble(i -> i % 4).toArray();
        double[][] repeated = IntStream.range(0, 40)
                .boxed()
                .flatMap(i -> IntStream.range(0, (int) weights[i]).mapToObj(r -> x[i]))
                .toArray(double[][]::new);
        KMeansOptions options =
                KMeansOptions.of(4).withStart(Clouds.array(Arrays.copyOf(x, 4))).withTolerance(Stop.COST, 0);
        KMeansModel weighted = KMeans.fit(Clouds.array(x), weights, options, primitives, IterationListener.NONE);
        KMeansModel plain = KMeans.fit(Clouds.array(repeated), options, primitives);
        assertThat(weighted.inertia()).isCloseTo(plain.inertia(), within(1e-9));
        for (int c = 0; c < 4; c++) {
            assertThat(weighted.weights()[c]).isEqualTo(plain.counts()[c]);
            for (int f = 0; f < 3; f++) {
                assertThat(weighted.centres().getDouble(c, f))
                        .isCloseTo(plain.centres().getDouble(c, f), within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Start.class)
    void separateBlobsAreFound(Start start) {
        double[][] x = Clouds.blobs(200, 4, 5, 3);
        KMeansModel model =
                KMeans.fit(Clouds.array(x), KMeansOptions.of(5).withStart(start).withRestarts(10), primitives);
        int[] truth = IntStream.range(0, 200).map(i -> i % 5).toArray();
        assertThat(Agreement.of(truth, model.labels()).adjustedRand()).isEqualTo(1);
        assertThat(model.restartCosts()).hasSize(10);
        assertThat(Arrays.stream(model.restartCosts()).min().orElseThrow()).isEqualTo(model.inertia());
    }

    @Test
    void emptyClustersAreReseededAtTheFarthestPointAndReported() {
        INDArray x = Clouds.array(new double[][] {{0}, {1}, {2}, {3}, {100}});
        INDArray start = Clouds.array(new double[][] {{1}, {1000}, {2000}});
        KMeansModel model = KMeans.fit(x, KMeansOptions.of(3).withStart(start).withTolerance(Stop.COST, 0), primitives);
        assertThat(model.reseeded()).hasSize(2);
        assertThat(model.reseeded().get(0)).isEqualTo(new KMeansModel.Reseeded(1, 1, 4));
        assertThat(model.counts()).doesNotContain(0L);
        assertThat(model.distinctCentres()).isEqualTo(3);
        assertThat(model.labels()[4]).isEqualTo(1);
    }

    @Test
    void identicalPointsGiveOneDistinctCentre() {
        INDArray x = Clouds.array(new double[][] {{2, 3}, {2, 3}, {2, 3}, {2, 3}});
        KMeansModel model = KMeans.fit(x, KMeansOptions.of(3), primitives);
        assertThat(model.distinctCentres()).isEqualTo(1);
        assertThat(model.labels()).containsOnly(0);
        assertThat(model.inertia()).isZero();
    }

    @Test
    void onePointIsItsOwnCluster() {
        KMeansModel model = KMeans.fit(Clouds.array(new double[][] {{2, 3}}), KMeansOptions.of(1), primitives);
        assertThat(model.labels()).containsExactly(0);
        assertThat(model.centres()).isEqualTo(Clouds.array(new double[][] {{2, 3}}));
    }

    @Test
    void stopsByCentresAndByIterations() {
        INDArray x = Clouds.array(Clouds.normal(500, 2, 8));
        KMeansModel loose =
                KMeans.fit(x, KMeansOptions.of(7).withRestarts(1).withTolerance(Stop.CENTRES, 1e-2), primitives);
        assertThat(loose.stopped()).isEqualTo(Stopped.TOLERANCE);
        assertThat(loose.predict(x, primitives)).containsExactly(loose.labels());
        KMeansModel few = KMeans.fit(
                x,
                KMeansOptions.of(7).withRestarts(1).withTolerance(Stop.COST, 0).withMaxIterations(3),
                primitives);
        assertThat(few.stopped()).isEqualTo(Stopped.ITERATIONS);
        assertThat(few.costHistory()).hasSize(4);
        assertThat(few.predict(x, primitives)).containsExactly(few.labels());
    }

    @Test
    void plusPlusDrawsBySquaredDistance() {
        // From the first centre at 0 (weight decides it), candidates at squared distances 1 and 9; with k = 2 there are
        // 2 candidates,
        // of which the better is taken: 3 unless both draws are 1, probability 1 - (1/10)^2.
        Columns points = Points.of(Clouds.array(new double[][] {{0}, {1}, {3}})).columns();
        int three = 0;
        int trials = 4000;
        for (int seed = 0; seed < trials; seed++) {
            int[] drawn = PlusPlus.draw(
                    points, new double[] {1e12, 1, 1}, 2, new Philox(seed, Philox.Purpose.CLUSTER_START, 0));
            assertThat(drawn[0]).isZero();
            three += drawn[1] == 2 ? 1 : 0;
        }
        assertThat((double) three / trials).isCloseTo(0.99, within(4 * Math.sqrt(0.99 * 0.01 / trials)));
    }

    @Test
    void sameSeedSameBitsOtherSeedOtherStart() {
        INDArray x = Clouds.array(Clouds.normal(300, 3, 8));
        KMeansOptions options = KMeansOptions.of(9).withRestarts(1);
        KMeansModel one = KMeans.fit(x, options, primitives);
        KMeansModel two = KMeans.fit(x, options, primitives);
        assertThat(one.costHistory()).containsExactly(two.costHistory());
        assertThat(one.labels()).containsExactly(two.labels());
        assertThat(KMeans.fit(x, options.withSeed(2), primitives).costHistory()[0])
                .isNotEqualTo(one.costHistory()[0]);
    }

    @Test
    void badInputIsNamed() {
        INDArray x = Clouds.array(new double[][] {{1, 2}, {Double.NaN, 4}, {5, Double.POSITIVE_INFINITY}});
        assertThatThrownBy(() -> KMeans.fit(x, KMeansOptions.of(2), primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("row 2, column 1 is NaN")
                .hasMessageContaining("row 3, column 2 is Infinity");
        INDArray fine = Clouds.array(new double[][] {{1, 2}, {3, 4}});
        assertThatThrownBy(() -> KMeans.fit(fine, KMeansOptions.of(3), primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("k is 3")
                .hasMessageContaining("only 2 points");
        assertThatThrownBy(() -> new KMeansOptions(0, Start.RANDOM, null, 0, 0, Stop.COST, Double.NaN, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("k, the number of clusters, must be at least 1, but is 0")
                .hasMessageContaining("restarts")
                .hasMessageContaining("iterations")
                .hasMessageContaining("tolerance");
        assertThatThrownBy(() ->
                        KMeans.fit(fine, new double[] {1, -1}, KMeansOptions.of(1), primitives, IterationListener.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("row 2 is -1.0");
        assertThatThrownBy(() ->
                        KMeans.fit(fine, new double[] {0, 0}, KMeansOptions.of(1), primitives, IterationListener.NONE))
                .hasMessageContaining("all weights are 0");
        assertThatThrownBy(() -> KMeans.fit(fine.reshape(new long[] {4}), KMeansOptions.of(1), primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("(n, p)");
        assertThatThrownBy(() -> KMeansOptions.of(2).withStart(fine.getRow(0, true)))
                .hasMessageContaining("(2, p)");
        KMeansModel model = KMeans.fit(fine, KMeansOptions.of(1), primitives);
        assertThatThrownBy(() -> model.predict(Clouds.array(new double[][] {{1}}), primitives))
                .hasMessageContaining("1 features")
                .hasMessageContaining("2");
        assertThat(String.format(Locale.ROOT, "%s", model.device())).isNotBlank();
    }
}

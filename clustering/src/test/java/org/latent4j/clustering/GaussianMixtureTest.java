package org.latent4j.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.latent4j.clustering.GaussianMixtureOptions.Covariance;
import org.latent4j.compute.Device;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

class GaussianMixtureTest {
    private final Primitives primitives = Clouds.primitives();

    /** The formula that made the foreign numbers. */
    private static INDArray pair() {
        double[][] rows = new double[61][3];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < 3; j++) {
                rows[i][j] = Math.sin((i + 1) * (i + 1) * (j + 1)) * (1 + i % 2);
            }
            rows[i][0] += 3.5 * (i % 2);
            rows[i][1] += 0.5 * rows[i][0];
        }
        return Clouds.array(rows);
    }

    /** scikit-learn 1.9.1: GaussianMixture(2, covariance_type, tol=1e-14, reg_covar=0), the best of 20 starts. */
    @ParameterizedTest
    @CsvSource({
        "FULL, -283.81409859315187, 645.7348006055967, 605.6281971863037, 0.629261624768266, 0.45103313, 22",
        "TIED, -298.0983582286982, 649.6380766916494, 622.1967164573964, 0.7474891396277435, 0.91683111, 46",
        "DIAGONAL, -304.6501364431183, 662.7416331204896, 635.3002728862366, 0.5906464195834517, 0.38820893, 24",
        "SPHERICAL, -305.0252073007167, 647.0482793789932, 628.0504146014334, 0.5843439910980794, 0.3797516, 25"
    })
    void fitOfScikitLearn(
            Covariance covariance, double likelihood, double bic, double aic, double weight, double mean, int count) {
        GaussianMixtureOptions options = GaussianMixtureOptions.of(2)
                .withCovariance(covariance)
                .withRegularization(0)
                .withTolerance(1e-13)
                .withMaxIterations(3000)
                .withRestarts(5);
        GaussianMixtureModel model = GaussianMixture.fit(pair(), options, primitives);
        assertThat(model.logLikelihood()).isCloseTo(likelihood, within(1e-7));
        assertThat(model.bic()).isCloseTo(bic, within(1e-6));
        assertThat(model.aic()).isCloseTo(aic, within(1e-6));
        int first = model.means()[0][0] < model.means()[1][0] ? 0 : 1;
        assertThat(model.weights()[first]).isCloseTo(weight, within(1e-4));
        assertThat(model.means()[first][0]).isCloseTo(mean, within(1e-4));
        assertThat(Arrays.stream(model.predict(pair())).filter(c -> c == first).count())
                .isEqualTo(count == 22 ? 39 : count == 24 ? 37 : count == 25 ? 36 : count);
    }

    /** One component has a closed form: mean and covariance of all points. */
    @ParameterizedTest
    @EnumSource(Covariance.class)
    void oneComponentIsTheMomentsOfThePoints(Covariance covariance) {
        double[][] x = Clouds.normal(207, 3, 5);
        GaussianMixtureModel model = GaussianMixture.fit(
                Clouds.array(x),
                GaussianMixtureOptions.of(1).withCovariance(covariance).withRegularization(0),
                primitives);
        double[] mean = new double[3];
        for (double[] row : x) {
            for (int f = 0; f < 3; f++) {
                mean[f] += row[f] / x.length;
            }
        }
        double[][] moments = new double[3][3];
        for (double[] row : x) {
            for (int f = 0; f < 3; f++) {
                for (int g = 0; g < 3; g++) {
                    moments[f][g] += (row[f] - mean[f]) * (row[g] - mean[g]) / x.length;
                }
            }
        }
        assertThat(model.means()[0]).containsExactly(mean, within(1e-12));
        double[][] found = model.covariance(0);
        boolean whole = covariance == Covariance.FULL || covariance == Covariance.TIED;
        double trace = moments[0][0] + moments[1][1] + moments[2][2];
        for (int f = 0; f < 3; f++) {
            for (int g = 0; g < 3; g++) {
                double expected = f != g && !whole ? 0 : covariance == Covariance.SPHERICAL ? trace / 3 : moments[f][g];
                assertThat(found[f][g]).isCloseTo(expected, within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Covariance.class)
    void likelihoodNeverFallsAndProbabilitiesAddUp(Covariance covariance) {
        for (int n : new int[] {7, 13, 207, 600}) {
            INDArray x = Clouds.array(Clouds.blobs(n, 5, 3, n));
            GaussianMixtureModel model = GaussianMixture.fit(
                    x, GaussianMixtureOptions.of(3).withCovariance(covariance).withTolerance(0), primitives);
            double[] history = model.history();
            for (int i = 1; i < history.length; i++) {
                assertThat(history[i]).isGreaterThanOrEqualTo(history[i - 1] - 1e-3 * n);
            }
            assertThat(model.logLikelihood(x)).isCloseTo(model.logLikelihood(), within(1e-8 * n));
            INDArray probabilities = model.probabilities(x);
            int[] labels = model.predict(x);
            for (int i = 0; i < n; i++) {
                assertThat(probabilities.getRow(i).sumNumber().doubleValue()).isCloseTo(1, within(1e-12));
                assertThat(model.predict(x.getRow(i, true))).containsExactly(labels[i]);
            }
        }
    }

    /** What k-means can't: round clusters that were sheared, which lie side by side. */
    @Test
    void findsClustersOfUnequalShape() {
        double[][] means = {{-8, 0}, {0, 3}, {8, -1}};
        Philox random = new Philox(3, Philox.Purpose.SYNTHETIC, 0);
        double[][] x = new double[600][];
        int[] truth = new int[600];
        for (int i = 0; i < 600; i++) {
            truth[i] = i % 3;
            double u = means[truth[i]][0] + 1.2 * random.nextGaussian();
            double v = means[truth[i]][1] + 1.2 * random.nextGaussian();
            x[i] = new double[] {0.4 * u - 2 * v, 0.3 * u + 1.2 * v};
        }
        INDArray points = Clouds.array(x);
        GaussianMixtureModel mixture =
                GaussianMixture.fit(points, GaussianMixtureOptions.of(3).withRestarts(5), primitives);
        KMeansModel means3 = KMeans.fit(points, KMeansOptions.of(3), primitives);
        assertThat(Agreement.of(truth, means3.labels()).adjustedRand()).isLessThan(0.9);
        assertThat(Agreement.of(truth, mixture.predict(points)).adjustedRand()).isGreaterThan(0.98);
    }

    @Test
    void bitsDoNotDependOnThreads() throws Exception {
        INDArray x = Clouds.array(Clouds.blobs(5000, 4, 3, 1));
        GaussianMixtureModel many = GaussianMixture.fit(x, GaussianMixtureOptions.of(3), primitives);
        GaussianMixtureModel one = new ForkJoinPool(1)
                .submit(() -> GaussianMixture.fit(x, GaussianMixtureOptions.of(3), primitives))
                .get();
        assertThat(one.history()).containsExactly(many.history());
        assertThat(one.means()).isDeepEqualTo(many.means());
    }

    @ParameterizedTest
    @EnumSource(value = Device.Kind.class, names = "CUDA", mode = Mode.EXCLUDE)
    void runsOnEveryBackend(Device.Kind kind) {
        double[][] x = Clouds.blobs(90, 2, 3, 4);
        GaussianMixtureModel model = GaussianMixture.fit(
                Clouds.floats(Clouds.array(x)), GaussianMixtureOptions.of(3), Clouds.primitives(kind));
        int[] truth = new int[90];
        Arrays.setAll(truth, i -> i % 3);
        assertThat(Agreement.of(truth, model.predict(Clouds.array(x))).adjustedRand())
                .isEqualTo(1);
    }

    @Test
    void equalPointsAndConstantFeaturesWork() {
        double[][] same = new double[9][];
        Arrays.fill(same, new double[] {3, -1});
        GaussianMixtureModel model = GaussianMixture.fit(Clouds.array(same), GaussianMixtureOptions.of(2), primitives);
        assertThat(model.means()[0]).containsExactly(3, -1);
        double[][] constant = Clouds.blobs(60, 2, 2, 1);
        for (double[] row : constant) {
            row[1] = 7;
        }
        assertThat(GaussianMixture.fit(Clouds.array(constant), GaussianMixtureOptions.of(2), primitives)
                        .converged())
                .isTrue();
    }

    @Test
    void badInputIsNamed() {
        INDArray x = Clouds.array(new double[][] {{1, 2}, {0, 0}, {3, 4}});
        assertThatThrownBy(() -> GaussianMixture.fit(x, GaussianMixtureOptions.of(4), primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("k is 4, but there are only 3 points");
        assertThatThrownBy(() -> GaussianMixtureOptions.of(0).withTolerance(-1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at least 1, but is 0");
        assertThatThrownBy(() -> GaussianMixture.fit(
                        Clouds.array(new double[][] {{1, 1}, {1, 1}, {2, 5}}),
                        GaussianMixtureOptions.of(2).withRegularization(0),
                        primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("singular");
        GaussianMixtureModel model = GaussianMixture.fit(x, GaussianMixtureOptions.of(1), primitives);
        assertThatThrownBy(() -> model.predict(Clouds.array(new double[][] {{1}})))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("1 features, but the mixture has 2");
    }
}

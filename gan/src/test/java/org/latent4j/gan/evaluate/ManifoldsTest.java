package org.latent4j.gan.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ManifoldsTest {
    private final Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0));

    /** The definitions, written down once more without any matrix product. */
    @ParameterizedTest
    @CsvSource({"7,6,1,1", "13,17,2,3", "60,35,3,5", "101,207,13,5", "30,30,64,2"})
    void equalTheDefinitions(int n, int m, int d, int k) {
        INDArray real = TestSets.normal(1, n, d, 0, 1);
        INDArray generated = TestSets.normal(2, m, d, 0.3, 0.8);
        check(real, generated, k);
    }

    /** Whole numbers: many distances are equal, and many are exactly a radius. */
    @Test
    void tiesCountAsInside() {
        check(TestSets.whole(1, 57, 3, 3), TestSets.whole(2, 43, 3, 3), 4);
        INDArray same = TestSets.whole(5, 40, 2, 2);
        check(same, same.dup(), 3);
    }

    private void check(INDArray real, INDArray generated, int k) {
        float[][] x = real.toFloatMatrix();
        float[][] y = generated.toFloatMatrix();
        double[] xr = radii(x, k);
        double[] yr = radii(y, k);
        int inAny = 0;
        int pairs = 0;
        for (float[] g : y) {
            int around = 0;
            for (int i = 0; i < x.length; i++) {
                around += distance(g, x[i]) <= xr[i] ? 1 : 0;
            }
            pairs += around;
            inAny += around > 0 ? 1 : 0;
        }
        int recalled = 0;
        int covered = 0;
        for (int i = 0; i < x.length; i++) {
            boolean in = false;
            boolean holds = false;
            for (int j = 0; j < y.length; j++) {
                in |= distance(x[i], y[j]) <= yr[j];
                holds |= distance(x[i], y[j]) <= xr[i];
            }
            recalled += in ? 1 : 0;
            covered += holds ? 1 : 0;
        }
        Manifolds found = Manifolds.of(real, generated, k, primitives);
        assertThat(found)
                .isEqualTo(new Manifolds(
                        (double) inAny / y.length,
                        (double) recalled / x.length,
                        pairs / ((double) k * y.length),
                        (double) covered / x.length,
                        k));
        assertThat(found.coverage()).as("the input must have both").isBetween(0.05, 1.0);
    }

    private static double[] radii(float[][] rows, int k) {
        double[] radii = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            double[] distances = new double[rows.length - 1];
            for (int j = 0, at = 0; j < rows.length; j++) {
                if (j != i) {
                    distances[at++] = distance(rows[i], rows[j]);
                }
            }
            Arrays.sort(distances);
            radii[i] = distances[k - 1];
        }
        return radii;
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    /**
     * Equal normal distributions. Means and deviations of repeats with scikit-learn 1.2's {@code pairwise_distances}: n = 1000, d = 8
     * precision .941 +- .009, recall .942 +- .010, density .988 +- .028, coverage .966 +- .006; d = 1000 .599 +- .024, .598 +- .023, 1.008 +-
     * .112, .970 +- .013. Coverage is 1 - 2^-k in the limit of large sets (Naeem et al., section 3.3).
     */
    @ParameterizedTest
    @CsvSource({"8, .941, .03, .942, .03, .988, .09, .966, .02", "1000, .599, .08, .598, .08, 1.008, .4, .970, .045"})
    void equalDistributionsHaveTheKnownFigures(
            int d, double p, double dp, double r, double dr, double density, double dd, double c, double dc) {
        Manifolds found =
                Manifolds.of(TestSets.normal(11, 1000, d, 0, 1), TestSets.normal(12, 1000, d, 0, 1), 5, primitives);
        assertThat(found.precision()).isCloseTo(p, within(dp));
        assertThat(found.recall()).isCloseTo(r, within(dr));
        assertThat(found.density()).isCloseTo(density, within(dd));
        assertThat(found.coverage()).isCloseTo(c, within(dc));
    }

    /** As published for 10,000 samples: precision .477, recall .471, density 1.056, coverage .974 (Naeem et al., section 4.1). */
    @Test
    void equalDistributionsHaveThePublishedFigures() {
        Manifolds found = Manifolds.of(
                TestSets.normal(21, 10_000, 1000, 0, 1), TestSets.normal(22, 10_000, 1000, 0, 1), 5, primitives);
        assertThat(found.precision()).isCloseTo(0.477, within(0.03));
        assertThat(found.recall()).isCloseTo(0.471, within(0.03));
        assertThat(found.density()).isCloseTo(1.056, within(0.12));
        assertThat(found.coverage()).isCloseTo(0.974, within(0.01));
    }

    @Test
    void collapseAndOutliersShowWhereTheyShould() {
        INDArray real = TestSets.normal(1, 400, 8, 0, 1);
        Manifolds collapsed = Manifolds.of(real, TestSets.normal(2, 400, 8, 0, 0.2), 5, primitives);
        assertThat(collapsed.precision()).isGreaterThan(0.95);
        assertThat(collapsed.recall()).isLessThan(0.05);
        assertThat(collapsed.coverage()).isLessThan(0.6);
        Manifolds wide = Manifolds.of(real, TestSets.normal(2, 400, 8, 0, 4), 5, primitives);
        assertThat(wide.precision()).isLessThan(0.2);
        assertThat(wide.recall()).isGreaterThan(0.95);
        Manifolds apart = Manifolds.of(real, TestSets.normal(2, 400, 8, 100, 1), 5, primitives);
        assertThat(apart).isEqualTo(new Manifolds(0, 0, 0, 0, 5));
    }

    @Test
    void whatCantBeComparedIsNamed() {
        INDArray four = TestSets.normal(1, 4, 3, 0, 1);
        assertThatThrownBy(() -> Manifolds.of(four, TestSets.normal(1, 9, 2, 0, 1), 5, primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at least 6 real ones are needed, but there are 4");
        assertThatThrownBy(() -> Manifolds.of(four, TestSets.normal(1, 4, 2, 0, 1), 2, primitives))
                .hasMessageContaining("real samples have 3 features, but generated ones 2");
        INDArray bad = four.dup();
        bad.putScalar(2, 1, Float.NaN);
        assertThatThrownBy(() -> Manifolds.of(four, bad, 2, primitives))
                .hasMessageContaining("generated sample 2 holds NaN at feature 1");
    }

    /** Sets with known laws. */
    static final class TestSets {
        private TestSets() {}

        static INDArray normal(long seed, int n, int d, double mean, double deviation) {
            float[] values = new float[n * d];
            new Philox(seed, Philox.Purpose.EVALUATION, 77).fillNormal(values, 0, values.length);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (mean + deviation * values[i]);
            }
            return Nd4j.createFromArray(values).reshape(new long[] {n, d});
        }

        static INDArray whole(long seed, int n, int d, int bound) {
            Philox random = new Philox(seed, Philox.Purpose.EVALUATION, 78);
            float[] values = new float[n * d];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(bound);
            }
            return Nd4j.createFromArray(values).reshape(new long[] {n, d});
        }
    }
}

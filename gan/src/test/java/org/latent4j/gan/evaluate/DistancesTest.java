package org.latent4j.gan.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.gan.evaluate.ManifoldsTest.TestSets;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Kernel and Frechet distance against their definitions and closed forms. */
class DistancesTest {
    private final Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0));

    @ParameterizedTest
    @CsvSource({"5,4,1", "13,7,3", "207,150,13"})
    void kernelDistanceEqualsItsDefinition(int n, int m, int d) {
        INDArray x = TestSets.normal(1, n, d, 0, 1);
        INDArray y = TestSets.normal(2, m, d, 0.5, 1.2);
        double[][] a = x.toDoubleMatrix();
        double[][] b = y.toDoubleMatrix();
        double expected = mean(a, a, true) + mean(b, b, true) - 2 * mean(a, b, false);
        KernelDistance found = KernelDistance.of(x, y, primitives);
        assertThat(found.distance()).isCloseTo(expected, within(1e-5 * (1 + Math.abs(expected))));
        assertThat(found.low()).isLessThan(found.distance());
    }

    private static double mean(double[][] a, double[][] b, boolean same) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                if (!same || i != j) {
                    double dot = 0;
                    for (int f = 0; f < a[i].length; f++) {
                        dot += a[i][f] * b[j][f];
                    }
                    sum += Math.pow(dot / a[i].length + 1, 3);
                }
            }
        }
        return sum / a.length / (same ? b.length - 1 : b.length);
    }

    /**
     * One dimension: the kernel is a sum of products of moments, (xy + 1)^3 = 1 + 3xy + 3x^2 y^2 + x^3 y^3, so that the squared discrepancy
     * of N(0, 1) and N(mu, 1) is 3 mu^2 + 3 mu^4 + (mu^3 + 3 mu)^2. The intervals must hold it about 19 times in 20.
     */
    @Test
    void kernelDistanceIsUnbiasedAndItsIntervalHolds() {
        double mu = 0.4;
        double truth = 3 * mu * mu + 3 * Math.pow(mu, 4) + Math.pow(mu * mu * mu + 3 * mu, 2);
        int held = 0;
        double sum = 0;
        int repeats = 60;
        for (int repeat = 0; repeat < repeats; repeat++) {
            KernelDistance found = KernelDistance.of(
                    TestSets.normal(100 + repeat, 300, 1, 0, 1),
                    TestSets.normal(500 + repeat, 200, 1, mu, 1),
                    primitives);
            held += found.low() <= truth && truth <= found.high() ? 1 : 0;
            sum += found.distance() / repeats;
        }
        assertThat(held).isBetween(51, 60);
        assertThat(sum).isCloseTo(truth, within(0.55)); // one estimate's deviation is 1.29
    }

    @Test
    void kernelDistanceOfEqualDistributionsIsAboutZeroOnBothSides() {
        int below = 0;
        int held = 0;
        for (int repeat = 0; repeat < 40; repeat++) {
            KernelDistance found = KernelDistance.of(
                    TestSets.normal(900 + repeat, 120, 5, 0, 1),
                    TestSets.normal(2000 + repeat, 120, 5, 0, 1),
                    primitives);
            below += found.distance() < 0 ? 1 : 0;
            held += found.low() <= 0 && 0 <= found.high() ? 1 : 0;
        }
        assertThat(below).isBetween(10, 34);
        assertThat(held).isGreaterThanOrEqualTo(36);
    }

    /** Diagonal covariances: the distance is the sum of (m1 - m2)^2 + (s1 - s2)^2 over the axes. */
    @Test
    void frechetOfKnownGaussiansIsTheClosedForm() {
        double[] m1 = {1, -2, 0.5};
        double[] m2 = {0, 1, 0.5};
        INDArray c1 = Nd4j.diag(Nd4j.createFromArray(4.0, 9.0, 0.25));
        INDArray c2 = Nd4j.diag(Nd4j.createFromArray(1.0, 1.0, 2.25));
        assertThat(FrechetDistance.ofGaussians(m1, c1, m2, c2, primitives)).isCloseTo(1 + 9 + 1 + 4 + 1, within(1e-12));
        // Matrices that don't commute, two by two: Tr (AB)^(1/2) = (Tr AB + 2 (det AB)^(1/2))^(1/2).
        INDArray a = Nd4j.createFromArray(new double[][] {{2, 1}, {1, 3}});
        INDArray b = Nd4j.createFromArray(new double[][] {{1, -0.5}, {-0.5, 2}});
        double traceAb = 2 * 1 + 1 * -0.5 + 1 * -0.5 + 3 * 2;
        double determinants = (2 * 3 - 1) * (1 * 2 - 0.25);
        double expected = 5 + 3 - 2 * Math.sqrt(traceAb + 2 * Math.sqrt(determinants));
        assertThat(FrechetDistance.ofGaussians(new double[2], a, new double[2], b, primitives))
                .isCloseTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"40,30,7", "25,31,24", "200,207,13"})
    void bothRoutesOfFrechetAgree(int n, int m, int d) {
        var a = new FrechetDistance.Centred(TestSets.normal(1, n, d, 0, 1));
        var b = new FrechetDistance.Centred(TestSets.normal(2, m, d, 1, 2));
        FrechetDistance narrow = FrechetDistance.of(a, b, false, primitives);
        FrechetDistance wide = FrechetDistance.of(a, b, true, primitives);
        assertThat(wide.distance()).isCloseTo(narrow.distance(), within(1e-6 * narrow.distance()));
        assertThat(wide.covariances()).isCloseTo(narrow.covariances(), within(1e-6 * narrow.distance()));
    }

    /**
     * NumPy 1.24 and SciPy 1.10 ({@code mean}, {@code cov}, {@code linalg.sqrtm}) on x[i] = ((i * 1103515245 + 12345) mod 2^31) / 2^31 in rows
     * of d, the second set going on where the first one ends, times 1.5.
     */
    @ParameterizedTest
    @CsvSource({
        "40, 30, 5, 0.36327286972078954, 0.591492508804855",
        "207, 101, 13, 0.8305015518234682, 1.1162087444757516",
        "20, 25, 40, 2.6262575683062317, 4.512799610238222"
    })
    void frechetEqualsSciPy(int n, int m, int d, double means, double distance) {
        INDArray all = congruential(n + m, d);
        INDArray x = all.get(NDArrayIndex.interval(0, n), NDArrayIndex.all());
        INDArray y =
                all.get(NDArrayIndex.interval(n, n + m), NDArrayIndex.all()).mul(1.5);
        FrechetDistance found = FrechetDistance.of(x, y, primitives);
        assertThat(found.means()).isCloseTo(means, within(1e-6 * means));
        assertThat(found.distance()).isCloseTo(distance, within(2e-6 * distance));
    }

    private static INDArray congruential(int n, int d) {
        float[] values = new float[n * d];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((i * 1103515245L + 12345) & 0x7FFFFFFFL) * 0x1.0p-31f;
        }
        return Nd4j.createFromArray(values).reshape(new long[] {n, d});
    }

    @Test
    void frechetOfEqualSetsIsZero() {
        INDArray x = TestSets.normal(1, 50, 6, 3, 1);
        assertThat(FrechetDistance.of(x, x.dup(), primitives).distance()).isCloseTo(0, within(1e-6));
    }

    @Test
    void whatCantBeComparedIsNamed() {
        INDArray one = TestSets.normal(1, 1, 3, 0, 1);
        INDArray nine = TestSets.normal(1, 9, 3, 0, 1);
        assertThatThrownBy(() -> FrechetDistance.of(nine, one, primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at least 2 generated ones are needed, but there are 1");
        assertThatThrownBy(() -> KernelDistance.of(one, nine, primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at least 4 real ones are needed, but there are 1");
    }
}

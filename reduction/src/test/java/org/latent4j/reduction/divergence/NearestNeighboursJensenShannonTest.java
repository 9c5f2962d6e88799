package org.latent4j.reduction.divergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.apache.commons.math3.special.Gamma;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NearestNeighboursJensenShannonTest {
    private final Primitives cpu = Devices.primitives(new Device(Device.Kind.CPU, 0));

    /** Beside scikit-learn's formula of mutual_info_classif, written down as it is, and memory for all distances. */
    @ParameterizedTest
    @EnumSource(
            value = Device.Kind.class,
            names = {"ND4J", "CPU"})
    void isRossFormulaForOneSize(Device.Kind kind) {
        Primitives primitives = Devices.primitives(new Device(kind, 0));
        for (int k : new int[] {1, 3, 12}) {
            // One more row than a tile has.
            double[][] x = normal(257, 3, 0, 1, 1);
            double[][] y = normal(257, 3, 1, 1.3, 2);
            INDArray p = Nd4j.createFromArray(x);
            INDArray q = Nd4j.createFromArray(y);
            NearestNeighbours.Estimate found = NearestNeighbours.js(p, q, k, primitives);
            assertThat(found.value()).isCloseTo(ross(x, y, k), within(1e-12));
            assertThat(NearestNeighbours.js(q, p, k, primitives)).isEqualTo(found);
            NearestNeighbours.Estimate ofFloats = NearestNeighbours.js(
                    p.castTo(DataType.FLOAT), q.castTo(DataType.FLOAT).dup('f'), k, primitives);
            assertThat(ofFloats.value()).isCloseTo(found.value(), within(2e-3)); // one neighbour more or less
        }
    }

    /** psi(N) + psi(k) - mean psi(N_x) - mean psi(m), m counting the point itself and what is nearer than its k-th neighbour of its own sample. */
    private static double ross(double[][] x, double[][] y, int k) {
        int n = x.length + y.length;
        double[][] all = new double[n][];
        System.arraycopy(x, 0, all, 0, x.length);
        System.arraycopy(y, 0, all, x.length, y.length);
        double sum = Gamma.digamma(n) + Gamma.digamma(k);
        for (int i = 0; i < n; i++) {
            double[] at = all[i];
            double[][] own = i < x.length ? x : y;
            double radius = Arrays.stream(own)
                    .mapToDouble(other -> distance(at, other))
                    .sorted()
                    .toArray()[k];
            long nearer = Arrays.stream(all)
                    .filter(other -> distance(at, other) < radius)
                    .count();
            sum -= (Gamma.digamma(own.length) + Gamma.digamma(nearer)) / n;
        }
        return sum;
    }

    private static double distance(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - y[i]) * (x[i] - y[i]);
        }
        return Math.sqrt(sum);
    }

    /** Means are apart along one feature: the divergence is that of the line, by quadrature. Equal priors, whatever the sizes. */
    @ParameterizedTest
    @CsvSource({
        "1,0,2000,2000",
        "1,1.5,2000,2000",
        "1,1.5,1000,5300",
        "1,4,3000,1100",
        "2,0,1000,2500",
        "2,1.5,2000,2001",
        "2,3,300,6000",
        "2,1.5,6000,300",
        "5,0,2000,700",
        "5,1.5,2000,2000",
        "5,1.5,1000,3500",
        "5,4,2100,1000"
    })
    void ofNormalSamplesIsTheQuadrature(int d, double far, int n, int m) {
        double expected = NormalMixing.js(0, 1, far, 1);
        double sum = 0;
        int rounds = 4;
        double error = 0;
        for (int round = 0; round < rounds; round++) {
            NearestNeighbours.Estimate found = NearestNeighbours.js(
                    Nd4j.createFromArray(normal(n, d, 0, 1, 10 + 2 * round)),
                    Nd4j.createFromArray(normal(m, d, far, 1, 11 + 2 * round)),
                    5,
                    cpu);
            sum += found.value() / rounds;
            error += found.standardError() / rounds;
            assertThat(found.value()).isLessThanOrEqualTo(Math.log(2));
        }
        assertThat(error).isBetween(0.1 / Math.sqrt(n + m), 0.5 / Math.sqrt(Math.min(n, m)));
        // A mean of 4 scatters by half of an error, times 1.4; the rest is bias. Priors n / (n + m) would be off by far
        // more.
        assertThat(sum).isCloseTo(expected, within(3 * 0.7 * error + 0.006));
    }

    /** Widths differ, in one and two features; sizes too. */
    @ParameterizedTest
    @CsvSource({"1,1000,4000", "1,4000,1000", "2,1500,1500", "2,900,3100"})
    void ofDifferentWidthsIsTheIntegral(int d, int n, int m) {
        double[][] unit = new double[d][d];
        double[][] wide = new double[d][d];
        double[] mean = new double[d];
        mean[0] = 1;
        for (int i = 0; i < d; i++) {
            unit[i][i] = 1;
            wide[i][i] = 1.7 * 1.7;
        }
        double expected = new Gaussian(new double[d], unit).js(new Gaussian(mean, wide));
        NearestNeighbours.Estimate found = NearestNeighbours.js(
                Nd4j.createFromArray(normal(n, d, 0, 1, 3)), Nd4j.createFromArray(normal(m, d, 1, 1.7, 4)), 5, cpu);
        assertThat(found.value()).isCloseTo(expected, within(3 * 1.4 * found.standardError() + 0.005));
    }

    @ParameterizedTest
    @EnumSource(
            value = Device.Kind.class,
            names = {"ND4J", "CPU"})
    void unequalSizesAreExchangeableAndBounded(Device.Kind kind) {
        Primitives primitives = Devices.primitives(new Device(kind, 0));
        INDArray p = Nd4j.createFromArray(normal(130, 2, 0, 1, 1));
        INDArray q = Nd4j.createFromArray(normal(307, 2, 1, 1, 2));
        NearestNeighbours.Estimate found = NearestNeighbours.js(p, q, 3, primitives);
        assertThat(NearestNeighbours.js(q, p, 3, primitives)).isEqualTo(found);
        assertThat(NearestNeighbours.js(p, q, 3, cpu).value()).isCloseTo(found.value(), within(1e-12));
        assertThat(NearestNeighbours.js(p, q.add(1e3), 3, primitives))
                .isEqualTo(new NearestNeighbours.Estimate(Math.log(2), 0));
        // Sorted samples are no different: parts are drawn.
        INDArray sorted = Nd4j.createFromArray(sortedByFirst(normal(1300, 2, 1, 1, 5)));
        assertThat(NearestNeighbours.js(p, sorted, 3, primitives).value())
                .isCloseTo(NormalMixing.js(0, 1, 1, 1), within(0.1));
    }

    private static double[][] sortedByFirst(double[][] rows) {
        Arrays.sort(rows, (a, b) -> Double.compare(a[0], b[0]));
        return rows;
    }

    /** Of rounded numbers many neighbours are as far as the k-th. Counted on one side only, samples of one distribution would seem apart. */
    @Test
    void neighboursAtOneDistanceCountOnBothSides() {
        double[][] x = normal(2000, 2, 0, 1, 1);
        double[][] y = normal(2000, 2, 0, 1, 2);
        for (double[][] rows : new double[][][] {x, y}) {
            for (double[] row : rows) {
                Arrays.setAll(row, j -> Math.round(row[j] * 20) / 20.0);
            }
        }
        NearestNeighbours.Estimate found =
                NearestNeighbours.js(Nd4j.createFromArray(x), Nd4j.createFromArray(y), 12, cpu);
        assertThat(found.value()).isCloseTo(0, within(0.015));
        assertThat(Math.abs(ross(x, y, 12))).isGreaterThan(0.03); // what it is about
    }

    @Test
    void badSamplesAreRefused() {
        INDArray p = Nd4j.createFromArray(normal(5, 2, 0, 1, 1));
        INDArray q = Nd4j.createFromArray(normal(30, 2, 0, 1, 2));
        assertThatThrownBy(() -> NearestNeighbours.js(p, q, 5, cpu))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("k = 5 neighbours need at least 6 points of p and of q, but there are 5 and 30");
        assertThatThrownBy(() -> NearestNeighbours.js(q, p, 5, cpu)).hasMessageContaining("there are 30 and 5");
        assertThatThrownBy(() -> NearestNeighbours.js(q, p, 0, cpu)).hasMessageContaining("k = 0");
        assertThatThrownBy(() -> NearestNeighbours.js(p, Nd4j.zeros(DataType.DOUBLE, 9, 3), 2, cpu))
                .hasMessageContaining("2 and of 3 features");
        assertThatThrownBy(() -> NearestNeighbours.js(q, Nd4j.zeros(DataType.DOUBLE, 30, 2), 3, cpu))
                .hasMessageContainingAll("30 points have their neighbour number 3 of q at distance 0", "remove");
        assertThatThrownBy(() -> NearestNeighbours.js(Nd4j.zeros(DataType.DOUBLE, 70, 2), q, 3, cpu))
                .hasMessageContaining("of p at distance 0");
        INDArray broken = q.dup();
        broken.putScalar(7, 1, Double.NaN);
        assertThatThrownBy(() -> NearestNeighbours.js(p, broken, 2, cpu))
                .hasMessageContainingAll("q: a number is not finite", "row 8, column 2: NaN");
    }

    /** Rows of independent features, the first of mean far. */
    private static double[][] normal(int n, int d, double far, double deviation, long index) {
        Philox random = new Philox(3, Philox.Purpose.SYNTHETIC, index);
        double[][] x = new double[n][d];
        for (double[] row : x) {
            Arrays.setAll(row, j -> (j == 0 ? far : 0) + deviation * random.nextGaussian());
        }
        return x;
    }
}

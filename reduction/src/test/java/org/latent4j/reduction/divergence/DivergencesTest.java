package org.latent4j.reduction.divergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
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

/** Foreign numbers are SciPy 1.10.1's: stats.entropy, spatial.distance.jensenshannon, stats.multivariate_normal. */
class DivergencesTest {
    private final Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0));

    @Test
    void discreteOnesAreScipys() {
        double[] p = {.36, .48, .16};
        double[] q = {1 / 3.0, 1 / 3.0, 1 / 3.0};
        Discrete.Comparison found = Discrete.compare(p, q);
        assertThat(found.klPq()).isCloseTo(0.0852996013183706, within(1e-14));
        assertThat(found.klQp()).isCloseTo(0.09745500678538754, within(1e-14));
        assertThat(found.js()).isCloseTo(0.022459860429714595, within(1e-14));
        assertThat(found.entropyP()).isCloseTo(1.0133126873497391, within(1e-14));
        assertThat(found.crossEntropy()).isCloseTo(found.entropyP() + found.klPq(), within(1e-14));
        assertThat(Discrete.kl(new double[] {.5, .5}, new double[] {.9, .1})).isCloseTo(.5108256238, within(1e-10));
        assertThat(Discrete.kl(new double[] {.9, .1}, new double[] {.5, .5})).isCloseTo(.3680642072, within(1e-10));
        assertThat(Discrete.js(new double[] {.5, .5}, new double[] {.9, .1})).isCloseTo(.1017492251, within(1e-10));
        assertThat(Discrete.compare(new double[] {1, 0}, new double[] {.5, .5}).jsDistance())
                .isCloseTo(.4645014040, within(1e-10));
        assertThat(Discrete.js(new double[] {1, 0, 0}, new double[] {0, 1, 0})).isCloseTo(Math.log(2), within(1e-15));
    }

    @Test
    void infiniteKlNamesThePlaces() {
        Discrete.Comparison found = Discrete.compare(new double[] {.5, .25, .25}, new double[] {0, 1, 0});
        assertThat(found.klPq()).isInfinite();
        assertThat(found.impossible()).containsExactly(1, 3);
        assertThat(found.reverseImpossible()).isEmpty();
        assertThat(found.klQp()).isCloseTo(Math.log(4), within(1e-15));
        assertThat(found.js()).isBetween(0.0, Math.log(2));
    }

    @Test
    void propertiesOfRandomDistributions() {
        Philox random = new Philox(6, Philox.Purpose.SYNTHETIC, 0);
        for (int round = 0; round < 200; round++) {
            int length = 1 + random.nextInt(13);
            double[][] d = new double[3][length];
            for (double[] one : d) {
                Arrays.setAll(one, i -> random.nextInt(4) == 0 && length > 1 ? 0 : random.nextDouble() + 1e-9);
                double sum = Arrays.stream(one).sum();
                if (sum == 0) {
                    one[0] = 1;
                } else {
                    Arrays.setAll(one, i -> one[i] / sum);
                }
            }
            assertThat(Discrete.kl(d[0], d[1])).isGreaterThanOrEqualTo(0);
            assertThat(Discrete.kl(d[0], d[0])).isZero();
            assertThat(Discrete.js(d[0], d[1]))
                    .isCloseTo(Discrete.js(d[1], d[0]), within(1e-15))
                    .isBetween(0.0, Math.log(2));
            double ab = Math.sqrt(Discrete.js(d[0], d[1]));
            double bc = Math.sqrt(Discrete.js(d[1], d[2]));
            double ac = Math.sqrt(Discrete.js(d[0], d[2]));
            assertThat(ac).isLessThanOrEqualTo(ab + bc + 1e-12); // its root is a metric
        }
    }

    @Test
    void badDistributionsAreToldAtOnce() {
        assertThatThrownBy(() -> Discrete.compare(new double[] {.5, .4}, new double[] {-.5, 1.5, 0}))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(
                        "p sums to 0.9", "q's probability 1 is -0.5", "p has 2 probabilities, q has 3");
        assertThatThrownBy(() -> Discrete.entropy(new double[] {Double.NaN, 1})).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Discrete.entropy(new double[0])).hasMessageContaining("not to 1");
    }

    @Test
    void histogramsShareTheirBins() {
        Histograms found = Histograms.of(new double[] {0, 0.1, 0.9, 1}, new double[] {1, 2, 2, 2}, 4);
        assertThat(found.edges()).containsExactly(0, .5, 1, 1.5, 2);
        assertThat(found.p()).containsExactly(.5, .25, .25, 0);
        assertThat(found.q()).containsExactly(0, 0, .25, .75);
        assertThat(Histograms.of(new double[] {3, 3}, new double[] {3})
                        .compare()
                        .js())
                .isZero();
        assertThatThrownBy(() -> Histograms.of(new double[0], new double[] {1})).hasMessageContaining("0 and 1");
    }

    @Test
    void gaussiansHaveClosedForms() {
        Gaussian a = new Gaussian(new double[] {1, -2, .5}, new double[][] {{2, .3, .1}, {.3, 1, .2}, {.1, .2, .5}});
        Gaussian b = new Gaussian(new double[3], new double[][] {{1, 0, .2}, {0, 2, -.4}, {.2, -.4, 1.5}});
        assertThat(a.kl(b)).isCloseTo(2.057297454183998, within(1e-12));
        assertThat(a.entropy()).isCloseTo(4.191191456309042, within(1e-12));
        assertThat(a.logDensity(new double[3])).isCloseTo(-6.178933759615768, within(1e-12));
        assertThat(a.kl(a)).isCloseTo(0, within(1e-14));
        assertThat(Gaussian.of(0, 1).kl(Gaussian.of(1, 2))).isCloseTo(Math.log(2) + 2 / 8.0 - .5, within(1e-14));
        assertThatThrownBy(() -> new Gaussian(new double[2], new double[][] {{1, 2}, {2, 1}}))
                .hasMessageContaining("positive definite");
        assertThatThrownBy(() -> new Gaussian(new double[2], new double[][] {{1, 2}, {0, 9}}))
                .hasMessageContaining("symmetric");
        assertThatThrownBy(() -> a.kl(Gaussian.of(0, 1))).hasMessageContaining("3 and of 1");
    }

    @Test
    void neighboursEstimateTheClosedForm() {
        Gaussian p = new Gaussian(new double[2], new double[][] {{1, 0}, {0, 1}});
        Gaussian q = new Gaussian(new double[] {1, 0}, new double[][] {{2.25, 0}, {0, 2.25}});
        INDArray x = normal(3000, 0, 1, 1);
        INDArray y = normal(2500, 1, 1.5, 2);
        NearestNeighbours.Estimate kl = NearestNeighbours.kl(x, y, 5, primitives);
        assertThat(kl.value()).isCloseTo(p.kl(q), within(0.08));
        assertThat(kl.standardError()).isBetween(0.005, 0.04);
        assertThat(NearestNeighbours.kl(x, normal(3000, 0, 1, 3), 5, primitives).value())
                .isCloseTo(0, within(0.06));
        assertThat(NearestNeighbours.entropy(x, 5, primitives).value()).isCloseTo(p.entropy(), within(0.06));
        assertThatThrownBy(() -> NearestNeighbours.kl(normal(5, 0, 1, 1), y, 5, primitives))
                .hasMessageContaining("at least 6 points of p");
        assertThatThrownBy(() -> NearestNeighbours.entropy(Nd4j.zeros(9, 2), 3, primitives))
                .hasMessageContaining("9 points have their neighbour number 3");
        INDArray broken = x.dup();
        broken.putScalar(7, 1, Double.NaN);
        assertThatThrownBy(() -> NearestNeighbours.kl(broken, y, 5, primitives))
                .hasMessageContainingAll("p: a number is not finite", "row 8, column 2: NaN");
        assertThatThrownBy(() -> NearestNeighbours.kl(y, broken, 5, primitives))
                .hasMessageContaining("q: a number is not finite");
    }

    @Test
    void crossEntropyOfSamplesIsTheClosedForm() {
        Gaussian p = new Gaussian(new double[2], new double[][] {{1, 0}, {0, 1}});
        Gaussian q = new Gaussian(new double[] {1, 0}, new double[][] {{2.25, 0}, {0, 2.25}});
        INDArray x = normal(3000, 0, 1, 3);
        INDArray y = normal(2500, 1, 1.5, 4);
        for (int k : new int[] {1, 5}) {
            NearestNeighbours.Estimate cross = NearestNeighbours.crossEntropy(x, y, k, primitives);
            // ln 2 pi 2.25 + (2 + 1) / (2 * 2.25); such samples scatter by 0.02 to 0.025.
            assertThat(cross.value())
                    .isCloseTo(Math.log(2 * Math.PI * 2.25) + 3 / 4.5, within(0.08))
                    .isCloseTo(p.crossEntropy(q), within(0.08));
            assertThat(cross.standardError()).isBetween(0.005, 0.04);
            double parts = NearestNeighbours.entropy(x, k, primitives).value()
                    + NearestNeighbours.kl(x, y, k, primitives).value();
            // psi(3000) and psi(2501) by their expansion ln x - 1 / 2x - 1 / 12x^2.
            double rest = Math.log(2500.0 / 2999) + psi(3000) - psi(2501);
            assertThat(cross.value()).isCloseTo(parts - rest, within(1e-9));
            assertThat(rest).isCloseTo((1 / 3000.0 - 1 / 2500.0) / 2, within(1e-6));
        }
        assertThatThrownBy(() -> NearestNeighbours.crossEntropy(x, normal(4, 0, 1, 1), 5, primitives))
                .hasMessageContaining("at least 5 points of q");
        assertThatThrownBy(() -> NearestNeighbours.crossEntropy(x, Nd4j.zeros(9, 3), 5, primitives))
                .hasMessageContaining("2 and of 3 features");
    }

    private static double psi(double x) {
        return Math.log(x) - 1 / (2 * x) - 1 / (12 * x * x);
    }

    /** Beside Simpson's rule on a grid fine enough for both, which is no method for any pair: 40 deviations of the narrow one to a step of the wide one. */
    @ParameterizedTest
    @CsvSource({"0,1,1,2", "0,1,0,1.001", "0,1,3,1", "-2,0.3,5,4", "0,1,0.5,0.02", "1e3,2,1004,0.1", "0,1,1e-3,1"})
    void jensenShannonOfGaussiansIsTheIntegral(double meanP, double deviationP, double meanQ, double deviationQ) {
        Gaussian p = Gaussian.of(meanP, deviationP);
        Gaussian q = Gaussian.of(meanQ, deviationQ);
        double low = Math.min(meanP - 13 * deviationP, meanQ - 13 * deviationQ);
        double high = Math.max(meanP + 13 * deviationP, meanQ + 13 * deviationQ);
        int steps = 400_000;
        double width = (high - low) / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double logP = GaussianFit.logNormal(low + i * width, meanP, deviationP);
            double logQ = GaussianFit.logNormal(low + i * width, meanQ, deviationQ);
            double logM = Math.max(logP, logQ) + Math.log1p(Math.exp(-Math.abs(logP - logQ))) - Math.log(2);
            double term = Math.exp(logP) * (logP - logM) / 2 + Math.exp(logQ) * (logQ - logM) / 2;
            sum += term * (i == 0 || i == steps ? 1 : i % 2 == 0 ? 2 : 4) * width / 3;
        }
        assertThat(p.js(q)).isCloseTo(sum, within(1e-11)).isCloseTo(q.js(p), within(1e-13));
        Philox random = new Philox(9, Philox.Purpose.SYNTHETIC, 0);
        int n = 200_000;
        double drawn = 0;
        for (int i = 0; i < n; i++) {
            double x = meanP + deviationP * random.nextGaussian();
            double y = meanQ + deviationQ * random.nextGaussian();
            drawn += logTwoShare(p, q, x) / 2 / n + logTwoShare(q, p, y) / 2 / n;
        }
        assertThat(p.js(q)).isCloseTo(drawn, within(0.004));
    }

    /** ln(p / ((p + q) / 2)). */
    private static double logTwoShare(Gaussian p, Gaussian q, double x) {
        double[] at = {x};
        return Math.log(2) - Math.log1p(Math.exp(q.logDensity(at) - p.logDensity(at)));
    }

    @Test
    void jensenShannonOfGaussiansHasItsLimits() {
        assertThat(Gaussian.of(3, 2).js(Gaussian.of(3, 2))).isCloseTo(0, within(1e-14));
        assertThat(Gaussian.of(0, 1).js(Gaussian.of(1e9, 1))).isCloseTo(Math.log(2), within(1e-14));
        assertThat(Gaussian.of(0, 1).js(Gaussian.of(0, 1e-12))).isCloseTo(Math.log(2), within(1e-10));
        assertThat(Gaussian.of(0, 1e150).js(Gaussian.of(0, 1e-150))).isCloseTo(Math.log(2), within(1e-13));
        // Of means e apart the leading term is e^2 / 8, an eighth of Fisher's information times e^2.
        assertThat(Gaussian.of(0, 1).js(Gaussian.of(1e-4, 1))).isCloseTo(1e-8 / 8, within(1e-13));
    }

    /** The mean log-likelihood of a model over data is minus the entropy of the data minus KL(data||model). */
    @Test
    void logLikelihoodIdentity() {
        Gaussian p = Gaussian.of(0, 1);
        Gaussian q = Gaussian.of(0.7, 1.8);
        Philox random = new Philox(8, Philox.Purpose.SYNTHETIC, 0);
        int n = 200_000;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += q.logDensity(new double[] {random.nextGaussian()});
        }
        assertThat(sum / n).isCloseTo(-p.entropy() - p.kl(q), within(0.003));
    }

    @Test
    void oneGaussianCoversTwoPeaksOrSitsOnOne() {
        double spread = 0.6;
        DoubleUnaryOperator peaks = x -> 0.5 * Math.exp(GaussianFit.logNormal(x, -3, spread))
                + 0.5 * Math.exp(GaussianFit.logNormal(x, 3, spread));
        GaussianFit covering = GaussianFit.covering(peaks, -15, 15);
        assertThat(covering.mean()).isCloseTo(0, within(1e-9));
        assertThat(covering.deviation()).isCloseTo(Math.sqrt(9 + spread * spread), within(1e-6));
        GaussianFit right = GaussianFit.seeking(peaks, -15, 15, 1, 1);
        assertThat(right.mean()).isCloseTo(3, within(1e-3));
        assertThat(right.deviation()).isCloseTo(spread, within(1e-3));
        assertThat(right.klQp()).isCloseTo(Math.log(2), within(1e-4)); // half of p is left out
        assertThat(GaussianFit.seeking(peaks, -15, 15, -1, 1).mean()).isCloseTo(-3, within(1e-3));
        assertThat(covering.klPq()).isLessThan(right.klPq());
        assertThat(right.klQp()).isLessThan(covering.klQp());
        assertThatThrownBy(() -> GaussianFit.covering(peaks, -15, 0)).hasMessageContaining("integral of 0.5");
    }

    private static INDArray normal(int n, double shift, double deviation, long index) {
        Philox random = new Philox(1, Philox.Purpose.SYNTHETIC, index);
        double[][] x = new double[n][2];
        for (double[] row : x) {
            row[0] = shift + deviation * random.nextGaussian();
            row[1] = deviation * random.nextGaussian();
        }
        return Nd4j.createFromArray(x);
    }
}

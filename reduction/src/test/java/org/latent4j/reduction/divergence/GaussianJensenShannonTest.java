package org.latent4j.reduction.divergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Philox;

/** Beside quadratures over points, which know nothing of Mellin's transform. */
class GaussianJensenShannonTest {
    private final Philox random = new Philox(11, Philox.Purpose.SYNTHETIC, 0);

    /** On a line the integral is that by the tanh-sinh rule. */
    @ParameterizedTest
    @CsvSource({"0,1,1,2", "0,1,0,1.001", "0,1,3,1", "-2,0.3,5,4", "0,1,0.5,0.02", "1e3,2,1004,0.1", "0,1,1e-3,1"})
    void ofOneFeatureIsTheQuadrature(double meanP, double deviationP, double meanQ, double deviationQ) {
        double found = GaussianMixing.js(
                new double[][] {{deviationQ / deviationP}}, new double[] {(meanQ - meanP) / deviationP});
        assertThat(found).isCloseTo(NormalMixing.js(meanP, deviationP, meanQ, deviationQ), within(1e-14));
    }

    /** Of equal covariances it depends on the Mahalanobis distance of the means alone. */
    @ParameterizedTest
    @ValueSource(ints = {2, 5, 13, 207})
    void ofEqualCovariancesIsThatAlongALine(int d) {
        double[][] covariance = covariance(d);
        double[] direction = normals(d);
        // Squared Mahalanobis distance, by the closed form of KL.
        double unit = Math.sqrt(2 * new Gaussian(new double[d], covariance).kl(new Gaussian(direction, covariance)));
        for (double far : new double[] {1e-3, 0.1, 1, 3, 8, 30}) {
            double[] mean = Arrays.stream(direction).map(x -> x * far / unit).toArray();
            double js = new Gaussian(new double[d], covariance).js(new Gaussian(mean, covariance));
            assertThat(js).isCloseTo(NormalMixing.js(0, 1, far, 1), within(2e-13));
        }
    }

    /** Beside the trapezoidal rule over a grid of points of the plane, after a linear map that it does not know. */
    @ParameterizedTest
    @CsvSource({"1,0.5,2,0.7", "0,0,1.3,0.6", "2,-1,0.5,0.5", "0.1,0,1.02,0.99", "4,1,3,0.4"})
    void ofAPlaneIsTheSumOverAGrid(double x, double y, double deviationX, double deviationY) {
        double step = 0.04;
        double sum = 0;
        for (double u = -28; u <= 32; u += step) {
            double logPu = GaussianFit.logNormal(u, 0, 1);
            double logQu = GaussianFit.logNormal(u, x, deviationX);
            for (double v = -12; v <= 12; v += step) {
                double logP = logPu + GaussianFit.logNormal(v, 0, 1);
                double logQ = logQu + GaussianFit.logNormal(v, y, deviationY);
                double logM = Math.max(logP, logQ) + Math.log1p(Math.exp(-Math.abs(logP - logQ))) - Math.log(2);
                sum += Math.exp(logP) * (logP - logM) + Math.exp(logQ) * (logQ - logM);
            }
        }
        double[][] map = {{3, 0.4}, {-1, 0.2}};
        Gaussian p = mapped(new double[2], new double[] {1, 1}, map);
        Gaussian q = mapped(new double[] {x, y}, new double[] {deviationX, deviationY}, map);
        assertThat(p.js(q)).isCloseTo(sum / 2 * step * step, within(1e-12)).isCloseTo(q.js(p), within(1e-13));
    }

    /** Beside the mean over drawn points, of several features with everything different. */
    @ParameterizedTest
    @CsvSource({"3,1.5", "5,0.8", "13,0.3"})
    void ofSeveralFeaturesIsTheMeanOverDraws(int d, double far) {
        double[][] ours = square(d);
        double[][] theirs = square(d);
        double[] shift = Arrays.stream(normals(d)).map(x -> far * x).toArray();
        for (int i = 0; i < d; i++) { // near each other: the divergence lies between its bounds
            for (int j = 0; j < d; j++) {
                theirs[i][j] = ours[i][j] + 0.3 * theirs[i][j];
            }
        }
        Gaussian p = mapped(new double[d], ones(d), ours);
        Gaussian q = new Gaussian(shift, mapped(new double[d], ones(d), theirs).covariance());
        int n = 20_000;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double[] x = times(ours, normals(d));
            double[] y = times(theirs, normals(d));
            Arrays.setAll(y, j -> y[j] + shift[j]);
            double term = (share(p, q, x) + share(q, p, y)) / 2;
            sum += term;
            squares += term * term;
        }
        double mean = sum / n;
        double error = Math.sqrt((squares / n - mean * mean) / n);
        assertThat(mean).isBetween(0.1, 0.6);
        assertThat(p.js(q)).isCloseTo(mean, within(4 * error));
    }

    @Test
    void isTheSameInOtherCoordinates() {
        int d = 7;
        Gaussian p = mapped(normals(d), ones(d), square(d));
        Gaussian q = mapped(p.mean(), ones(d), square(d));
        double js = p.js(q);
        assertThat(js).isBetween(0.1, 0.69).isCloseTo(q.js(p), within(1e-12));
        double[][] map = square(d);
        double[] units = {1e-6, 1, 1e6, 1e3, 1e-3, 10, 0.1};
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                map[i][j] = i == j ? units[i] : 0;
            }
        }
        assertThat(moved(p, map).js(moved(q, map))).isCloseTo(js, within(1e-12));
        double angle = 0.7;
        double[][] turned = new double[d][d];
        for (int i = 0; i < d; i++) {
            turned[i][i] = 1;
        }
        turned[1][1] = turned[4][4] = Math.cos(angle);
        turned[1][4] = Math.sin(angle);
        turned[4][1] = -Math.sin(angle);
        assertThat(moved(p, turned).js(moved(q, turned))).isCloseTo(js, within(1e-12));
    }

    @Test
    void hasItsLimits() {
        int d = 207;
        double[][] covariance = covariance(d);
        Gaussian p = new Gaussian(new double[d], covariance);
        assertThat(p.js(p)).isBetween(0.0, 1e-13);
        double[] far = new double[d];
        far[3] = 1e9;
        assertThat(p.js(new Gaussian(far, covariance))).isCloseTo(Math.log(2), within(1e-14));
        // Of near ones the leading term is an eighth of Fisher's information: e^2 / 8 of a mean, (2 e)^2 / 16 of a
        // deviation, digits and all.
        Gaussian unit = diagonal(1, 1, 1);
        double e = 1e-6;
        assertThat(diagonal(1, 1, 1).js(new Gaussian(new double[] {0, e, 0}, unit.covariance())) / (e * e / 8))
                .isCloseTo(1, within(1e-9));
        assertThat(unit.js(diagonal(1, 1 + e, 1)) / (e * e / 4)).isCloseTo(1, within(1e-5));
        // No overflow: far apart in width, all together or one of them.
        for (double width : new double[] {1e-150, 1e-12, 1e12, 1e150}) {
            assertThat(unit.js(diagonal(width, width, width))).isCloseTo(Math.log(2), within(1e-14));
            assertThat(diagonal(1 / width, 1, 1).js(diagonal(width, 1, 1))).isCloseTo(Math.log(2), within(1e-10));
            assertThat(unit.js(diagonal(1, width, 1))).isCloseTo(NormalMixing.js(0, 1, 0, width), within(1e-12));
        }
        assertThatThrownBy(() -> p.js(unit)).hasMessageContaining("of 207 and of 3 features can't be compared");
        assertThatThrownBy(() -> Gaussian.of(0, 1).js(unit)).hasMessageContaining("of 1 and of 3 features");
    }

    /** ln(p / ((p + q) / 2)). */
    private static double share(Gaussian p, Gaussian q, double[] at) {
        return Math.log(2) - Math.log1p(Math.exp(q.logDensity(at) - p.logDensity(at)));
    }

    private static Gaussian diagonal(double... deviations) {
        int d = deviations.length;
        double[][] covariance = new double[d][d];
        for (int i = 0; i < d; i++) {
            covariance[i][i] = deviations[i] * deviations[i];
        }
        return new Gaussian(new double[d], covariance);
    }

    /** What a map makes of a normal distribution of independent features. */
    private static Gaussian mapped(double[] mean, double[] deviations, double[][] map) {
        return moved(new Gaussian(mean, diagonal(deviations).covariance()), map);
    }

    private static Gaussian moved(Gaussian p, double[][] map) {
        int d = map.length;
        double[][] covariance = new double[d][d];
        for (int i = 0; i < d; i++) {
            double[] row = times(p.covariance(), map[i]);
            for (int j = 0; j < d; j++) {
                covariance[i][j] = times(map, row)[j];
            }
        }
        return new Gaussian(times(map, p.mean()), covariance);
    }

    private static double[] times(double[][] a, double[] x) {
        double[] product = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < x.length; j++) {
                product[i] += a[i][j] * x[j];
            }
        }
        return product;
    }

    private double[] normals(int d) {
        double[] x = new double[d];
        Arrays.setAll(x, i -> random.nextGaussian());
        return x;
    }

    private static double[] ones(int d) {
        double[] x = new double[d];
        Arrays.fill(x, 1);
        return x;
    }

    /** A map whose inverse is tame. */
    private double[][] square(int d) {
        double[][] map = new double[d][];
        for (int i = 0; i < d; i++) {
            map[i] = Arrays.stream(normals(d)).map(x -> x / Math.sqrt(d) / 2).toArray();
            map[i][i] += 1.5;
        }
        return map;
    }

    private double[][] covariance(int d) {
        double[][] map = square(d);
        double[][] covariance = new double[d][];
        for (int i = 0; i < d; i++) {
            covariance[i] = times(map, map[i]);
        }
        return covariance;
    }
}

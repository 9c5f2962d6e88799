package org.latent4j.reduction.dimension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class DimensionTest {
    private final Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0));

    @Test
    void ballInCube() {
        double[] shares = {1, .7853981634, .5235987756};
        for (int d = 1; d <= 3; d++) {
            assertThat(BallInCube.share(d)).isCloseTo(shares[d - 1], within(1e-10));
        }
        assertThat(BallInCube.share(10)).isCloseTo(.00249039457, within(1e-11));
        assertThat(BallInCube.share(20)).isCloseTo(2.46113695e-8, Percentage.withPercentage(1e-5));
        assertThat(BallInCube.share(100)).isCloseTo(1.868182054e-70, Percentage.withPercentage(1e-6));
        assertThat(BallInCube.logShare(100_000)).isFinite().isLessThan(-400_000);
        assertThatThrownBy(() -> BallInCube.share(0)).hasMessageContaining("at least 1");
    }

    @Test
    void drawsAgreeWithTheClosedForm() {
        for (int d : new int[] {1, 2, 3, 7}) {
            BallInCube.Estimate estimate = BallInCube.estimate(d, 100_001, 5);
            assertThat(estimate.share()).isCloseTo(BallInCube.share(d), within(4 * estimate.standardError()));
            assertThat(BallInCube.estimate(d, 100_001, 5)).isEqualTo(estimate);
        }
        assertThat(BallInCube.estimate(30, 1000, 1).standardError()).isPositive();
    }

    /** On a sheet in space rolled up, and on cubes: within the error bars, which are those of repeated samples. */
    @Test
    void estimatesFindPlantedDimensions() {
        assertThat(IntrinsicDimension.twoNn(roll(2000, 1), primitives).dimension())
                .isCloseTo(2, within(0.2));
        List<Double> twoNn = new ArrayList<>();
        List<Double> fit = new ArrayList<>();
        List<Double> levina = new ArrayList<>();
        double[] errors = new double[3];
        int rounds = 16;
        for (int seed = 0; seed < rounds; seed++) {
            INDArray x = torus(500, 3, seed);
            IntrinsicDimension.Estimate a = IntrinsicDimension.twoNn(x, primitives);
            IntrinsicDimension.Estimate b = IntrinsicDimension.twoNnFit(x, primitives);
            IntrinsicDimension.Estimate c = IntrinsicDimension.levinaBickel(x, 10, 20, primitives);
            twoNn.add(a.dimension());
            fit.add(b.dimension());
            levina.add(c.dimension());
            errors[0] += a.standardError() / rounds;
            errors[1] += b.standardError() / rounds;
            errors[2] += c.standardError() / rounds;
        }
        for (List<Double> found : List.of(twoNn, fit, levina)) {
            assertThat(mean(found)).isCloseTo(3, within(0.25)); // the torus bends
        }
        assertThat(errors[0] / deviation(twoNn)).isBetween(0.5, 2.0);
        assertThat(errors[1] / deviation(fit)).isBetween(0.5, 2.0);
        assertThat(errors[2] / deviation(levina)).isBetween(0.5, 2.0);
    }

    @Test
    void noiseShowsInTheScale() {
        Philox random = new Philox(3, Philox.Purpose.SYNTHETIC, 0);
        double[][] x = new double[4000][6];
        for (double[] row : x) {
            Arrays.setAll(row, j -> (j < 2 ? random.nextDouble() : 0) + 0.004 * random.nextGaussian());
        }
        List<IntrinsicDimension.Estimate> byScale =
                IntrinsicDimension.byScale(Nd4j.createFromArray(x), 4, 1, primitives);
        assertThat(byScale.get(0).dimension()).isGreaterThan(byScale.get(4).dimension() + 0.7);
        assertThat(byScale).extracting(IntrinsicDimension.Estimate::points).containsExactly(4000, 2000, 1000, 500, 250);
    }

    @Test
    void repeatedPointsAreLeftOut() {
        INDArray x = torus(300, 2, 4);
        INDArray twice = Nd4j.vstack(x, x.get(NDArrayIndex.interval(0, 20), NDArrayIndex.all()));
        IntrinsicDimension.Estimate estimate = IntrinsicDimension.twoNn(twice, primitives);
        assertThat(estimate.repeated()).isEqualTo(40);
        assertThat(estimate.dimension()).isCloseTo(2, within(0.4));
        assertThatThrownBy(() -> IntrinsicDimension.twoNn(Nd4j.zeros(50, 3), primitives))
                .hasMessageContaining("50 of 50 points repeat");
        assertThatThrownBy(() -> IntrinsicDimension.levinaBickel(
                        x.get(NDArrayIndex.interval(0, 15), NDArrayIndex.all()), 10, 20, primitives))
                .hasMessageContaining("at least 23 rows");
        INDArray broken = x.dup('c');
        broken.putScalar(4, 1, Double.NEGATIVE_INFINITY);
        assertThatThrownBy(() -> IntrinsicDimension.twoNn(broken, primitives))
                .hasMessageContainingAll("not finite", "row 5, column 2: -Infinity");
        assertThatThrownBy(() -> Embedding.measure(x, broken, 5, primitives))
                .hasMessageContaining("the embedded points: a number is not finite");
    }

    /** scikit-learn 1.2.1, manifold.trustworthiness; continuity is trustworthiness with both exchanged. */
    @Test
    void trustworthinessIsScikitLearns() {
        double[][] x = new double[60][4];
        for (int i = 0; i < 60; i++) {
            x[i] = new double[] {
                Math.sin(i * 1.7), Math.cos(i * 0.9) * 2, Math.sin(i * 0.31 + 1) * 3, i % 7 / 3.0 + Math.sin(i * .05)
            };
        }
        INDArray points = Nd4j.createFromArray(x);
        INDArray embedded =
                points.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2)).dup('c');
        double[][] expected = {
            {3, 0.5990909090909091, 0.8817171717171717},
            {7, 0.6564625850340136, 0.8553935860058309},
            {20, 0.704180790960452, 0.8116101694915254}
        };
        for (double[] one : expected) {
            Embedding found = Embedding.measure(points, embedded, (int) one[0], primitives);
            assertThat(found.trustworthiness()).isCloseTo(one[1], within(1e-12));
            assertThat(found.continuity()).isCloseTo(one[2], within(1e-12));
        }
        assertThat(Embedding.measure(points, points, 5, primitives)).isEqualTo(new Embedding(5, 1, 1));
        assertThatThrownBy(() -> Embedding.measure(points, embedded, 30, primitives))
                .hasMessageContaining("less than half");
    }

    private static INDArray roll(int n, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 1);
        double[][] x = new double[n][];
        for (int i = 0; i < n; i++) {
            double angle = 1.5 * Math.PI * (1 + 2 * random.nextDouble());
            x[i] = new double[] {angle * Math.cos(angle), 21 * random.nextDouble(), angle * Math.sin(angle)};
        }
        return Nd4j.createFromArray(x);
    }

    /** d angles, each as a point on a circle: no borders. */
    private static INDArray torus(int n, int d, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 2);
        double[][] x = new double[n][2 * d];
        for (double[] row : x) {
            for (int j = 0; j < d; j++) {
                double angle = 2 * Math.PI * random.nextDouble();
                row[2 * j] = Math.cos(angle);
                row[2 * j + 1] = Math.sin(angle);
            }
        }
        return Nd4j.createFromArray(x);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(v -> v).average().orElseThrow();
    }

    private static double deviation(List<Double> values) {
        double mean = mean(values);
        return Math.sqrt(
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum() / (values.size() - 1));
    }
}

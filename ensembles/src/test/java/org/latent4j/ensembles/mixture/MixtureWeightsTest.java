package org.latent4j.ensembles.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MixtureWeightsTest {

    /** n points, a share of them about (3, 0), the others about (-3, 0). */
    private static INDArray cloud(int n, double right, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 0);
        float[] x = new float[2 * n];
        for (int i = 0; i < n; i++) {
            x[2 * i] = (float) ((random.nextDouble() < right ? 3 : -3) + random.nextGaussian());
            x[2 * i + 1] = (float) random.nextGaussian();
        }
        return Nd4j.create(x, new long[] {n, 2}, 'c');
    }

    /** With exact densities: real is 0.7 of the one and 0.3 of the other, so the divergence of that mixture is 0. */
    @Test
    void weightsOfKnownDensities() {
        Philox random = new Philox(4, Philox.Purpose.SYNTHETIC, 0);
        double[][] ratios = new double[20_000][2];
        for (double[] own : ratios) {
            double x = random.nextGaussian() + (random.nextDouble() < 0.3 ? 1 : -1);
            double left = Math.exp(-(x + 1) * (x + 1) / 2);
            double right = Math.exp(-(x - 1) * (x - 1) / 2);
            own[0] = left / (0.7 * left + 0.3 * right);
            own[1] = right / (0.7 * left + 0.3 * right);
        }
        MixtureWeights found = MixtureWeights.of(ratios);
        assertThat(found.weights()[0]).isCloseTo(0.7, within(0.015));
        assertThat(found.weights()[0] + found.weights()[1]).isCloseTo(1, within(1e-12));
        assertThat(found.divergence()).isCloseTo(0, within(0.001));
        assertThat(found.memberDivergences()[0]).isPositive().isLessThan(found.memberDivergences()[1]);
    }

    @Test
    void weightsByADiscriminator() {
        MixtureWeights found =
                MixtureWeights.fit(cloud(2000, 0.3, 1), List.of(cloud(1000, 0, 2), cloud(1000, 1, 3)), 1);
        assertThat(found.weights()[0]).isCloseTo(0.7, within(0.05));
        assertThat(found.divergence()).isLessThan(0.2);
        assertThat(found.memberDivergences()[0]).isGreaterThan(0.8);
        // A generator that makes nothing real gets next to nothing.
        MixtureWeights useless = MixtureWeights.fit(
                cloud(1000, 0.5, 1),
                List.of(cloud(700, 0.5, 2), cloud(500, 0.5, 3).add(20)),
                1);
        assertThat(useless.weights()[1]).isLessThan(0.02);
    }

    @Test
    void assignmentHasTheShares() {
        int[] members = MixtureWeights.assign(new double[] {0.25, 0, 0.75}, 13, 1);
        assertThat(Arrays.stream(members).filter(m -> m == 0).count()).isEqualTo(3);
        assertThat(Arrays.stream(members).filter(m -> m == 2).count()).isEqualTo(10);
        assertThat(MixtureWeights.assign(new double[] {1}, 1, 1)).containsExactly(0);
        assertThat(members).isEqualTo(MixtureWeights.assign(new double[] {0.25, 0, 0.75}, 13, 1));
    }

    @Test
    void badInputIsNamed() {
        assertThatThrownBy(() -> MixtureWeights.fit(cloud(3, 0, 1), List.of(), 1))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("at least one generator", "[3, 2]");
        assertThatThrownBy(() -> MixtureWeights.fit(cloud(30, 0, 1), List.of(Nd4j.zeros(30, 3)), 1))
                .hasMessageContaining("generator 1 are [30, 3]");
    }
}

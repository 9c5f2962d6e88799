package org.latent4j.ensembles.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Philox;

class QuantilesTest {

    /** Of numbers of which none, some, or nearly all are equal; sorted either way, and not. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 13, 207, 601, 5003, 100_000})
    void theyAreThoseOfSortedNumbers(int n) {
        Philox random = new Philox(n, Philox.Purpose.SYNTHETIC, 5);
        for (double step : new double[] {0, 0.01, 1, 100}) {
            double[] values = new double[n];
            Arrays.setAll(
                    values, i -> step == 0 ? random.nextGaussian() : step * Math.rint(random.nextGaussian() / step));
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            double[] falling = new double[n];
            Arrays.setAll(falling, i -> sorted[n - 1 - i]);
            double[] probabilities = {0.975, 0.025, 0, 1, 0.5, 0.3333, 0.0001};
            for (double[] order : new double[][] {values, sorted, falling}) {
                double[] before = order.clone();
                double[] quantiles = Quantiles.of(order, probabilities);
                assertThat(order).isEqualTo(before);
                for (int i = 0; i < quantiles.length; i++) {
                    assertThat(quantiles[i]).isEqualTo(sortedQuantile(sorted, probabilities[i]));
                }
            }
        }
    }

    private static double sortedQuantile(double[] sorted, double probability) {
        double at = probability * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}

package org.latent4j.compute.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterMapsTest {

    private static double[] times(float[][] map, double[] x) {
        double[] y = new double[map.length];
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                y[i] += (double) map[i][j] * x[j];
            }
        }
        return y;
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "4, 2", "2, 3", "4, 3"})
    void productsGiveTheSumsOfTheDefinition(int block, int weights) {
        FilterMaps maps = FilterMaps.of(block, weights);
        assertThat(maps.block()).isEqualTo(block);
        assertThat(maps.products()).isEqualTo(block + weights - 1);
        Random random = new Random(1);
        for (int trial = 0; trial < 20; trial++) {
            double[] d = random.doubles(maps.products(), -1, 1).toArray();
            double[] g = random.doubles(weights, -1, 1).toArray();
            double[] ofPixels = times(maps.ofPixels(), d);
            double[] products = times(maps.ofWeights(), g);
            for (int i = 0; i < products.length; i++) {
                products[i] *= ofPixels[i];
            }
            double[] y = times(maps.ofProducts(), products);
            for (int i = 0; i < block; i++) {
                double expected = 0;
                for (int k = 0; k < weights; k++) {
                    expected += d[i + k] * g[k];
                }
                assertThat(y[i]).isCloseTo(expected, within(2e-6)); // the maps are floats
            }
        }
    }
}

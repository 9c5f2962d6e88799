package org.latent4j.gan.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistogramsTest {

    @Test
    void countsAreDensitiesInCommonBins() {
        Histograms few = Histograms.of(new double[] {0, 1, 1, 3}, new double[] {-1, 1}, 1);
        assertThat(few)
                .usingRecursiveComparison()
                .isEqualTo(new Histograms(
                        -1.5, 1, new double[] {0, 0.25, 0.5, 0, 0.25}, new double[] {0.5, 0, 0.5, 0, 0}));
    }

    /** Magnetisations of 13 x 13 spins come in steps of 2 / 169: bins of any other width would hold now more, now fewer of them. */
    @Test
    void everyBinHoldsAsManyPossibleValues() {
        double step = 2.0 / 169;
        double[] all =
                IntStream.rangeClosed(0, 169).mapToDouble(i -> -1 + i * step).toArray();
        Histograms found = Histograms.of(all, all, step);
        int bins = found.generated().length;
        assertThat(bins).isBetween(20, 40);
        double sum = Arrays.stream(found.generated()).sum() * found.width();
        assertThat(sum).isCloseTo(1, within(1e-12));
        for (int bin = 0; bin < bins - 1; bin++) { // the last one is filled as far as there are values
            assertThat(found.generated()[bin]).isCloseTo(found.generated()[0], within(1e-9));
        }
    }

    @Test
    void aSingleValueHasABinAroundIt() {
        assertThat(Histograms.of(new double[] {2, 2}, new double[] {2}, 0.1))
                .usingRecursiveComparison()
                .isEqualTo(new Histograms(1.5, 1, new double[] {1}, new double[] {1}));
    }
}

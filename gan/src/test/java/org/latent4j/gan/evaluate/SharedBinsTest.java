package org.latent4j.gan.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedBinsTest {

    @Test
    void knownDivergence() {
        assertThat(SharedBins.jensenShannonOf(new double[] {0.5, 0.5}, new double[] {0.9, 0.1}))
                .isCloseTo(0.1017492251, within(5e-11));
    }

    @Test
    void histogramsGiveTheDivergenceOfTheirShares() {
        SharedBins bins = new SharedBins(new double[] {0, 1, 2, 3}, 2); // [0, 2) and [2, 3]
        double[] even = {0, 1, 2, 3};
        double[] uneven = {0, 0, 0.5, 1, 1, 1.9, 1, 1, 1, 3};
        assertThat(bins.jensenShannon(even, uneven)).isCloseTo(0.1017492251, within(5e-11));
        assertThat(bins.jensenShannon(even, new double[] {3, 2, 0, 1.5})).isZero();
    }

    @Test
    void whatNeverOccursInTheReferenceCountsInFull() {
        double[] reference = IntStream.range(0, 207).mapToDouble(i -> i % 13).toArray();
        SharedBins bins = new SharedBins(reference, 32); // more bins than distinct values
        assertThat(bins.jensenShannon(reference, new double[] {-0.1, 12.1, 100}))
                .isCloseTo(Math.log(2), within(1e-12));
        assertThat(bins.jensenShannon(reference, new double[] {12})).isLessThan(0.65);
        assertThat(new SharedBins(new double[] {5, 5, 5}, 4).jensenShannon(new double[] {5}, new double[] {5, 5}))
                .isZero();
    }
}

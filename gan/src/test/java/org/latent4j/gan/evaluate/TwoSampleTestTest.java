package org.latent4j.gan.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.latent4j.data.DataException;
import org.latent4j.gan.evaluate.ManifoldsTest.TestSets;

class TwoSampleTestTest {

    @Test
    void equalDistributionsCannotBeTold() {
        int rejected = 0;
        for (int repeat = 0; repeat < 8; repeat++) {
            TwoSampleTest test = TwoSampleTest.of(
                    TestSets.normal(10 + repeat, 200, 4, 0, 1), TestSets.normal(50 + repeat, 200, 4, 0, 1), 1);
            assertThat(test.tested()).isEqualTo(200);
            assertThat(test.accuracy()).isBetween(0.36, 0.64);
            rejected += test.pValue() < 0.05 ? 1 : 0;
        }
        assertThat(rejected).isLessThanOrEqualTo(2);
    }

    /** Two unit normals 2 apart: the best rule is right with probability Phi(1) = 0.841. */
    @Test
    void aKnownDifferenceIsToldAsOftenAsItCanBe() {
        TwoSampleTest test = TwoSampleTest.of(TestSets.normal(1, 1000, 1, 0, 1), TestSets.normal(2, 1001, 1, 2, 1), 1);
        assertThat(test.accuracy()).isCloseTo(0.841, within(0.045));
        assertThat(test.pValue()).isLessThan(1e-30);
    }

    /** Equal means: a linear rule is no better than chance, the hidden units see the width. */
    @Test
    void aDifferenceOfWidthIsSeen() {
        TwoSampleTest test = TwoSampleTest.of(TestSets.normal(1, 800, 2, 0, 1), TestSets.normal(2, 800, 2, 0, 2.5), 1);
        assertThat(test.accuracy()).isGreaterThan(0.7);
    }

    @Test
    void binomialTailsAreExact() {
        assertThat(TwoSampleTest.binomialTail(0, 5)).isCloseTo(1, within(1e-12));
        assertThat(TwoSampleTest.binomialTail(5, 5)).isCloseTo(1 / 32.0, within(1e-15));
        assertThat(TwoSampleTest.binomialTail(8, 10)).isCloseTo(56 / 1024.0, within(1e-14));
        assertThat(TwoSampleTest.binomialTail(1300, 2500))
                .isCloseTo(0.02384, within(1e-4)); // SciPy: binom.sf(1299, 2500, .5)
    }

    @Test
    void tooFewSamplesAreRefused() {
        assertThatThrownBy(() -> TwoSampleTest.of(TestSets.normal(1, 7, 2, 0, 1), TestSets.normal(1, 9, 2, 0, 1), 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at least 8 real ones are needed, but there are 7");
    }
}

package org.latent4j.ensembles.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalTest {

    /** scipy.special.ndtri and ndtr, 1.17.1. */
    @ParameterizedTest
    @CsvSource({
        "1e-10, -6.361340902404056",
        "0.025, -1.9599639845400545",
        "0.3, -0.5244005127080409",
        "0.9, 1.2815515655446004",
        "0.9999, 3.719016485455709"
    })
    void quantiles(double p, double x) {
        assertThat(Normal.quantile(p)).isCloseTo(x, within(1e-12));
        assertThat(Normal.cumulative(x)).isCloseTo(p, within(1e-15));
    }

    @ParameterizedTest
    @CsvSource({"-7.5, 3.1908916729108844e-14", "-3, 0.0013498980316300933", "-0.5, 0.3085375387259869"})
    void shares(double x, double p) {
        assertThat(Normal.cumulative(x)).isCloseTo(p, within(1e-15));
        assertThat(Normal.cumulative(-x)).isCloseTo(1 - p, within(1e-15));
    }

    @Test
    void ends() {
        assertThat(Normal.quantile(0)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Normal.quantile(1)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Normal.quantile(1.5)).isNaN();
        assertThat(Normal.cumulative(40)).isEqualTo(1);
    }
}

package org.latent4j.data.ising;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Philox;

class EstimateTest {

    /** An autoregressive series has time (1 + a) / (1 - a) / 2 and a mean whose variance is known for every length. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.9})
    void autoregressiveSeriesHaveTheirKnownTimes(double a) {
        Estimate estimate = Estimate.ofMean(series(a, 200_003, 1));
        assertThat(estimate.autocorrelationTime()).isCloseTo((1 + a) / (1 - a) / 2, within(0.04 * (1 + a) / (1 - a)));
        double variance = 1 / ((1 - a) * (1 - a)) / 200_003;
        assertThat(estimate.standardError()).isCloseTo(Math.sqrt(variance), within(0.05 * Math.sqrt(variance)));
    }

    @Test
    void standardErrorsCoverTheTruthAsOftenAsTheyShould() {
        long covered = IntStream.range(0, 400)
                .mapToObj(i -> Estimate.ofMean(series(0.8, 1009, 100 + i)))
                .filter(e -> Math.abs(e.value()) < e.standardError())
                .count();
        assertThat(covered / 400.0)
                .isCloseTo(0.683, within(0.08)); // 3.4 standard errors; 0.26 if the time were not counted
    }

    @Test
    void constantSeriesAndSingleValuesAreExact() {
        assertThat(Estimate.ofMean(new double[] {3, 3, 3})).isEqualTo(new Estimate(3, 0, 0.5));
        assertThat(Estimate.ofMean(new double[] {3})).isEqualTo(new Estimate(3, 0, 0.5));
    }

    @Test
    void sigmasCombineBothErrors() {
        assertThat(new Estimate(1, 3, 0.5).sigmasFrom(new Estimate(11, 4, 0.5))).isEqualTo(2);
        assertThat(new Estimate(1, 0, 0.5).sigmasFrom(new Estimate(1, 0, 0.5))).isZero();
        assertThat(new Estimate(1, 0, 0.5).sigmasFrom(new Estimate(2, 0, 0.5))).isInfinite();
    }

    private static double[] series(double a, int n, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.EVALUATION, 0);
        double[] series = new double[n];
        series[0] = random.nextGaussian() / Math.sqrt(1 - a * a);
        for (int i = 1; i < n; i++) {
            series[i] = a * series[i - 1] + random.nextGaussian();
        }
        return series;
    }
}

package org.latent4j.ensembles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;

class EnsembleDiagnosticsTest {

    @ParameterizedTest
    @CsvSource({
        "10, 0.3, 2, 0.74",
        "25, 0.5, 1, 0.52",
        "500, 0.1, 1, 0.1018",
        "1, 0, 3, 3",
        "4, 1, 2, 2",
        "3, -0.5, 6, 0"
    })
    void varianceOfTheMean(int n, double rho, double s2, double expected) {
        assertThat(VarianceOfMean.of(n, rho, s2)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void impossibleCorrelationsAreNamed() {
        assertThatThrownBy(() -> VarianceOfMean.of(10, -0.2, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("rho is -0.2", "-0.111");
        assertThatThrownBy(() -> VarianceOfMean.of(3, 1.1, 1)).hasMessageContaining("rho is 1.1");
        assertThatThrownBy(() -> VarianceOfMean.of(3, Double.NaN, 1)).hasMessageContaining("rho is NaN");
        assertThatThrownBy(() -> VarianceOfMean.of(0, 0, 1)).hasMessageContaining("n >= 1");
        assertThatThrownBy(() -> VarianceOfMean.of(3, 0, -1)).hasMessageContaining("variance >= 0");
    }

    /** Members with one part in common and one of their own: each pair is correlated by the share of the common part. */
    @ParameterizedTest
    @CsvSource({"10, 0.3", "25, 0.5", "3, 0"})
    void formulaHoldsForEquicorrelatedMembers(int members, double rho) {
        int points = 40_000;
        double[][] predictions = new double[members][points];
        Philox random = new Philox(7, Philox.Purpose.SYNTHETIC, 0);
        for (int i = 0; i < points; i++) {
            double common = random.nextGaussian();
            for (double[] own : predictions) {
                own[i] = 2 * (Math.sqrt(rho) * common + Math.sqrt(1 - rho) * random.nextGaussian());
            }
        }
        EnsembleDiagnostics found = EnsembleDiagnostics.of(predictions);
        assertThat(found.memberVariance()).isCloseTo(4, within(0.08));
        assertThat(found.correlation()).isCloseTo(rho, within(0.015));
        double expected = VarianceOfMean.of(members, rho, 4);
        assertThat(found.predictedVariance()).isCloseTo(expected, within(0.05 * expected + 0.01));
        assertThat(found.ensembleVariance()).isCloseTo(found.predictedVariance(), within(0.01));
        assertThat(found.biasSquared()).isNaN();
    }

    /** Two models and three points by hand: errors (1, 0, -1) and (1, 2, 3), which are correlated by -1. */
    @Test
    void byHand() {
        EnsembleDiagnostics found =
                EnsembleDiagnostics.of(new double[][] {{2, 5, 1}, {2, 7, 5}}, new double[] {1, 5, 2});
        assertThat(found.memberVariance()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(found.correlation()).isCloseTo(-1, within(1e-12));
        assertThat(found.predictedVariance()).isCloseTo(0, within(1e-12));
        assertThat(found.ensembleVariance()).isCloseTo(0, within(1e-12));
        assertThat(found.biasSquared()).isCloseTo(1, within(1e-12));
        assertThat(found.memberError()).isCloseTo(8.0 / 3, within(1e-12));
        assertThat(found.ambiguity()).isCloseTo(5.0 / 3, within(1e-12));
        assertThat(found.ensembleError()).isCloseTo(1, within(1e-12));
    }

    @Test
    void errorIsMembersErrorLessAmbiguity() {
        Philox random = new Philox(3, Philox.Purpose.SYNTHETIC, 0);
        double[][] predictions = new double[13][207];
        double[] truth = new double[207];
        for (int i = 0; i < 207; i++) {
            truth[i] = random.nextGaussian();
            for (int m = 0; m < 13; m++) {
                predictions[m][i] = 0.3 + truth[i] + 0.1 * m * random.nextGaussian();
            }
        }
        EnsembleDiagnostics found = EnsembleDiagnostics.of(predictions, truth);
        assertThat(found.ensembleError()).isCloseTo(found.memberError() - found.ambiguity(), within(1e-12));
        assertThat(found.ensembleError()).isCloseTo(found.biasSquared() + found.ensembleVariance(), within(1e-12));
    }

    @Test
    void constantMembersAndBadInput() {
        EnsembleDiagnostics flat = EnsembleDiagnostics.of(new double[][] {{1, 1}, {2, 2}});
        assertThat(flat.correlation()).isNaN();
        assertThat(flat.ensembleVariance()).isZero();
        assertThatThrownBy(() -> EnsembleDiagnostics.of(new double[0][])).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> EnsembleDiagnostics.of(new double[][] {{1, 2}, {1}}))
                .hasMessageContaining("model 2 predicts 1 points");
        assertThatThrownBy(() -> EnsembleDiagnostics.of(new double[][] {{1, Double.NaN}}))
                .hasMessageContaining("not finite");
    }
}

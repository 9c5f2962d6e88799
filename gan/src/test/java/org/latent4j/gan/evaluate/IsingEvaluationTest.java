package org.latent4j.gan.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.latent4j.data.ising.IsingMethod;
import org.latent4j.data.ising.IsingOptions;
import org.latent4j.data.ising.IsingSampler;

class IsingEvaluationTest {
    private static final int SIZE = 13;

    @Test
    void independentSamplesOfTheSameTemperatureAgreeWithinErrorsAndScoreTheFloor() {
        IsingEvaluation evaluation = evaluate(sample(2.5, 2000));
        assertThat(evaluation.generated().samples()).isEqualTo(2000);
        assertThat(evaluation.replica().samples()).isEqualTo(2000);
        assertThat(Arrays.stream(sigmas(evaluation)).boxed()).allMatch(s -> s < 4);
        assertThat(evaluation.replica().energy().value())
                .isCloseTo(
                        evaluation.exact().energy(),
                        within(4 * evaluation.replica().energy().standardError()));
        // Equal distributions give (bins - 1) / 4n = 0.0039 on average, with a standard deviation of a quarter of it.
        assertThat(evaluation.magnetisationDivergence()).isBetween(0.0005, 0.009);
        assertThat(evaluation.magnetisationFloor()).isBetween(0.0005, 0.009);
        assertThat(evaluation.energyDivergence()).isBetween(0.0005, 0.009);
        assertThat(evaluation.energyFloor()).isBetween(0.0005, 0.009);
    }

    @Test
    void anotherTemperatureIsSeenEverywhere() {
        IsingEvaluation evaluation = evaluate(sample(3, 1000));
        assertThat(evaluation
                        .generated()
                        .energy()
                        .sigmasFrom(evaluation.replica().energy()))
                .isGreaterThan(20);
        assertThat(evaluation
                        .generated()
                        .susceptibility()
                        .sigmasFrom(evaluation.replica().susceptibility()))
                .isGreaterThan(8);
        assertThat(evaluation.energyDivergence()).isGreaterThan(10 * evaluation.energyFloor());
        assertThat(evaluation.magnetisationDivergence()).isGreaterThan(5 * evaluation.magnetisationFloor());
    }

    @Test
    void aCollapsedGeneratorGivesFiniteNumbersAndTheLargestDivergence() {
        byte[][] chessboards = new byte[100][SIZE * SIZE];
        for (byte[] spins : chessboards) {
            for (int i = 0; i < spins.length; i++) {
                spins[i] = (byte) (i % 2 == 0 ? 1 : -1);
            }
        }
        IsingEvaluation evaluation = evaluate(chessboards);
        assertThat(evaluation.energyDivergence()).isCloseTo(Math.log(2), within(1e-12));
        assertThat(evaluation.generated().specificHeat().value()).isZero();
        JsonNode json = new ObjectMapper().valueToTree(evaluation);
        assertThat(json.at("/generated/correlation/1/value").asDouble()).isNegative();
        assertThat(json.toString()).doesNotContain("NaN", "Infinity");
        assertThat(json.at("/generated/correlation").size()).isEqualTo(SIZE / 2 + 1);
    }

    @Test
    void configurationsOfAnotherSizeAreRefused() {
        byte[][] wrong = {new byte[9], new byte[9]};
        for (byte[] spins : wrong) {
            Arrays.fill(spins, (byte) 1);
        }
        assertThatThrownBy(() -> evaluate(wrong))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("9 spins");
        assertThatThrownBy(() -> evaluate(sample(2.5, 1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at least 2 samples");
    }

    private static double[] sigmas(IsingEvaluation evaluation) {
        var a = evaluation.generated();
        var b = evaluation.replica();
        return new double[] {
            a.absMagnetisation().sigmasFrom(b.absMagnetisation()),
            a.squaredMagnetisation().sigmasFrom(b.squaredMagnetisation()),
            a.energy().sigmasFrom(b.energy()),
            a.specificHeat().sigmasFrom(b.specificHeat()),
            a.susceptibility().sigmasFrom(b.susceptibility()),
            a.correlation().get(0).sigmasFrom(b.correlation().get(0)),
            a.correlation().get(SIZE / 2).sigmasFrom(b.correlation().get(SIZE / 2)),
        };
    }

    private static byte[][] sample(double temperature, int count) {
        return IsingSampler.sample(IsingOptions.of(SIZE, temperature, count, IsingMethod.AUTO, 7), Progress.NONE)
                .configurations();
    }

    private static IsingEvaluation evaluate(byte[][] configurations) {
        return IsingEvaluation.of(configurations, SIZE, 2.5, 7, Progress.NONE);
    }
}

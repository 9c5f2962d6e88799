package org.latent4j.gan.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.synthetic.GaussianMixtureDistribution;
import org.latent4j.data.synthetic.Synthetic;

class MixtureEvaluationTest {
    private static final GaussianMixtureDistribution GRID =
            (GaussianMixtureDistribution) ((Synthetic.Points) Synthetic.parse("gaussian-grid")).data();

    /** The literature's perfect sampler: 98.9 % of high quality, reverse KL 0.0048, spread 0.0487. */
    @Test
    void aPerfectSamplerScoresWhatIsKnownOfIt() {
        int repeats = 60;
        double quality = 0;
        double reverseKl = 0;
        double spread = 0;
        for (int i = 0; i < repeats; i++) {
            MixtureEvaluation evaluation = MixtureEvaluation.of(perfect(2500, i), GRID);
            assertThat(evaluation.modesCovered()).isEqualTo(25);
            quality += evaluation.highQualityShare() / repeats;
            reverseKl += evaluation.reverseKl() / repeats;
            spread += evaluation.spread() / repeats;
        }
        assertThat(quality).isCloseTo(0.98889, within(0.0012));
        assertThat(reverseKl).isCloseTo(0.0048, within(0.0008)); // standard error 0.00018
        assertThat(spread).isCloseTo(0.0487, within(0.0002));
        MixtureEvaluation expected = MixtureEvaluation.of(perfect(2500, 0), GRID);
        assertThat(expected.expectedHighQualityShare()).isCloseTo(1 - Math.exp(-4.5), within(1e-14));
        assertThat(expected.expectedReverseKl()).isEqualTo(0.0048);
        assertThat(expected.expectedSpread()).isCloseTo(0.0487, within(5e-5));
    }

    @Test
    void collapseOntoOneModeAndInsideIt() {
        float[] points = new float[2 * 207];
        for (int i = 0; i < 207; i++) {
            points[2 * i] =
                    2.05f + (i % 2 == 0 ? 0.01f : -0.01f); // 1 sigma off the mean (2, -4), spread 0.01 on one axis
            points[2 * i + 1] = -4;
        }
        MixtureEvaluation evaluation = MixtureEvaluation.of(points, GRID);
        assertThat(evaluation.modesCovered()).isEqualTo(1);
        assertThat(evaluation.highQualityShare()).isEqualTo(1);
        assertThat(evaluation.reverseKl()).isCloseTo(Math.log(25), within(1e-12));
        assertThat(evaluation.spread()).isCloseTo(0.01 / Math.sqrt(2), within(5e-5));
    }

    @Test
    void samplesOutsideThreeSigmaCoverNothing() {
        float[] points = {0.16f, 0, -1, -1, 0.14f, 4, Float.NaN, 0};
        MixtureEvaluation evaluation = MixtureEvaluation.of(points, GRID);
        assertThat(evaluation.samples()).isEqualTo(4);
        assertThat(evaluation.modesCovered()).isEqualTo(1); // (0.14, 4) only
        assertThat(evaluation.highQualityShare()).isEqualTo(0.25);
        assertThat(evaluation.notFinite()).isEqualTo(1);
        assertThat(evaluation.reverseKl()).isCloseTo(Math.log(25.0 / 3), within(1e-12)); // three samples, three modes
        assertThat(evaluation.spread()).isZero();
    }

    @Test
    void chiSquareProbabilities() {
        assertThat(MixtureEvaluation.chiSquareCdf(1, 9))
                .isCloseTo(0.9973002039367398, within(1e-14)); // erf(3 / sqrt 2)
        assertThat(MixtureEvaluation.chiSquareCdf(2, 9)).isCloseTo(1 - Math.exp(-4.5), within(1e-14));
        double poisson = Math.exp(-4.5) * (1 + 4.5 + 4.5 * 4.5 / 2 + Math.pow(4.5, 3) / 6 + Math.pow(4.5, 4) / 24);
        assertThat(MixtureEvaluation.chiSquareCdf(10, 9)).isCloseTo(1 - poisson, within(1e-14));
        assertThat(MixtureEvaluation.chiSquareCdf(1000, 9)).isBetween(0.0, 1e-200);
    }

    @Test
    void resultsAreWrittenAsJson() {
        JsonNode json = new ObjectMapper().valueToTree(MixtureEvaluation.of(perfect(13, 1), GRID));
        assertThat(json.get("modes").asInt()).isEqualTo(25);
        assertThat(json.size()).isEqualTo(MixtureEvaluation.class.getRecordComponents().length);
    }

    @Test
    void pointsOfAnotherSizeAreRefused() {
        assertThatThrownBy(() -> MixtureEvaluation.of(new float[3], GRID))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("3 values are no points of 2 features");
        assertThatThrownBy(() -> MixtureEvaluation.of(new float[0], GRID)).isInstanceOf(DataException.class);
        float[] nothingFinite = new float[4];
        Arrays.fill(nothingFinite, Float.NaN);
        assertThat(MixtureEvaluation.of(nothingFinite, GRID).reverseKl()).isZero();
    }

    private static float[] perfect(int n, int index) {
        float[] points = new float[2 * n];
        GRID.sample(new Philox(1, Philox.Purpose.DATA_SAMPLE, index), points);
        return points;
    }
}

package org.latent4j.gan.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.Progress;
import org.latent4j.data.synthetic.Synthetic;

class EvaluatorTest {
    private final Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0));
    private final Synthetic grid = Synthetic.parse("gaussian-grid");
    private final PointDistribution distribution = (PointDistribution) ((Synthetic.Points) grid).data();

    private Evaluator evaluator(EnumSet<Measure> measures, boolean strict) {
        return new Evaluator(
                distribution,
                Optional.of(grid),
                FeatureSpace.values("coordinates"),
                measures,
                strict,
                600,
                1,
                primitives,
                Progress.NONE);
    }

    private float[] draw(long seed, int n) {
        float[] points = new float[2 * n];
        distribution.sample(new Philox(seed, Philox.Purpose.DATA_SAMPLE, 3), points);
        return points;
    }

    /** Published for this grid: 98.9 % within 3 sigma and all 25 modes for a perfect sampler (Lin et al., PacGAN, table 2). */
    @Test
    void aPerfectSamplerScoresTheFloorOfEachMetric() {
        Evaluation evaluation = evaluator(EnumSet.allOf(Measure.class), false).evaluate(draw(5, 2500), Progress.NONE);
        assertThat(evaluation.mixture().modesCovered()).isEqualTo(25);
        assertThat(evaluation.mixture().highQualityShare()).isCloseTo(0.989, within(0.007));
        assertThat(evaluation.mixture().reverseKl()).isLessThan(0.01);
        List<String> keys = evaluation.figures().stream().map(Figure::key).toList();
        assertThat(keys)
                .containsExactly(
                        "precision",
                        "recall",
                        "density",
                        "coverage",
                        "kid",
                        "frechet",
                        "wasserstein",
                        "twoSample",
                        "modes",
                        "highQuality",
                        "modeKl",
                        "spread")
                .allSatisfy(key -> assertThat(Measure.giving(key)).isNotNull());
        Comparison own = evaluation.generated();
        Comparison floor = evaluation.floor();
        assertThat(own.manifolds().coverage()).isCloseTo(floor.manifolds().coverage(), within(0.05));
        assertThat(own.manifolds().precision()).isCloseTo(floor.manifolds().precision(), within(0.05));
        assertThat(own.kernelDistance().low()).isLessThan(0);
        assertThat(own.kernelDistance().high()).isPositive();
        assertThat(own.twoSampleTest().pValue()).isGreaterThan(0.001);
        assertThat(floor.twoSampleTest().pValue()).isGreaterThan(0.001);
    }

    @Test
    void aSamplerThatLacksModesShowsIt() {
        float[] half = draw(5, 3000);
        int kept = 0; // only points with x > 0: ten of 25 modes, and the right half of the five at 0
        for (int i = 0; i < half.length; i += 2) {
            if (half[i] > 0) {
                half[kept++] = half[i];
                half[kept++] = half[i + 1];
            }
        }
        Evaluation evaluation = evaluator(EnumSet.allOf(Measure.class), false)
                .evaluate(java.util.Arrays.copyOf(half, kept), Progress.NONE);
        assertThat(evaluation.mixture().modesCovered()).isEqualTo(15);
        assertThat(evaluation.generated().manifolds().precision()).isGreaterThan(0.9);
        assertThat(evaluation.generated().manifolds().coverage()).isLessThan(0.7);
        assertThat(evaluation.generated().kernelDistance().low()).isPositive();
        assertThat(evaluation.generated().twoSampleTest().pValue()).isLessThan(1e-6);
        assertThat(evaluation.generated().frechetDistance().distance())
                .isGreaterThan(10 * evaluation.floor().frechetDistance().distance());
    }

    @Test
    void whatDoesNotApplyIsLeftOutOrNamed() {
        assertThat(evaluator(EnumSet.allOf(Measure.class), false).measures())
                .doesNotContain(Measure.CLASSES, Measure.ISING, Measure.NEAREST)
                .contains(Measure.MODES);
        assertThatThrownBy(() -> evaluator(EnumSet.of(Measure.ISING, Measure.CLASSES, Measure.KID), true))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("metric classes needs --features classifier")
                .hasMessageContaining("metric ising is for --data ising");
        assertThatThrownBy(() -> evaluator(EnumSet.of(Measure.KID), true).evaluate(draw(1, 599), Progress.NONE))
                .hasMessageContaining("compares 600 samples, but got 599");
    }

    @Test
    void classesAreCounted() {
        float[] real = {.9f, .1f, 0, .2f, .8f, 0, .1f, .1f, .8f, 0, .05f, .95f};
        float[] generated = {.95f, .05f, 0, .5f, .4f, .1f, .3f, .6f, .1f, 1, 0, 0};
        ClassBalance balance = ClassBalance.of(real, generated, 3);
        assertThat(balance.covered()).isEqualTo(2);
        assertThat(balance.recognised()).isEqualTo(0.5);
        assertThat(balance.shares()).containsExactly(.75, .25, 0);
        assertThat(balance.realShares()).containsExactly(.25, .25, .5);
        double expected = .75 * Math.log(.75 * 5.5 / 1.5) + .25 * Math.log(.25 * 5.5 / 1.5);
        assertThat(balance.reverseKl()).isCloseTo(expected, within(1e-12));
    }
}

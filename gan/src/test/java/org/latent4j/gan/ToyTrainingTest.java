package org.latent4j.gan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.data.synthetic.GaussianMixtureDistribution;
import org.latent4j.data.synthetic.Synthetic;
import org.latent4j.gan.evaluate.MixtureEvaluation;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;

/** Whole runs on distributions that are known: they miss their target when the generator's gradient has a wrong sign, size or path. */
class ToyTrainingTest {
    private static final String SLOW = "adam:lr=1e-3,beta1=0.5";

    @Test
    void aGaussianOnTheLineIsReached() {
        Run run = new Run("fp32", "gaussian:mean=3,sigma=0.5", new NetworkOptions("mlp", 32, 4, SLOW, SLOW), 128, 1500);
        double mean = 0;
        double square = 0;
        for (float x : run.samples) {
            mean += x / (double) run.samples.length;
        }
        for (float x : run.samples) {
            square += (x - mean) * (x - mean) / run.samples.length;
        }
        assertThat(mean).isCloseTo(3, within(0.1));
        assertThat(Math.sqrt(square)).isCloseTo(0.5, within(0.15));
        TrainingStatistics last = run.statistics.get(run.statistics.size() - 1);
        assertThat(last.value()).isCloseTo(-Math.log(4), within(0.1));
        assertThat(last.step()).isEqualTo(1500);
        assertThat(last.kimg()).isEqualTo(192);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp32", "bf16"})
    void aRingOfEightModesIsCovered(String precision) {
        Run run = new Run(
                precision,
                "gaussian-ring:sigma=0.2",
                new NetworkOptions(
                        "mlp", 64, 2, "adam:lr=5e-4,beta1=0.5,beta2=0.99", "adam:lr=2e-3,beta1=0.5,beta2=0.99"),
                256,
                1000);
        MixtureEvaluation untrained = MixtureEvaluation.of(run.firstSamples, run.mixture);
        assertThat(untrained.highQualityShare()).isLessThan(0.3);
        MixtureEvaluation trained = MixtureEvaluation.of(run.samples, run.mixture);
        assertThat(trained.modesCovered()).isEqualTo(8);
        assertThat(trained.highQualityShare()).isGreaterThan(0.8);
        assertThat(trained.reverseKl()).isLessThan(0.1);
        assertThat(trained.spread()).isCloseTo(trained.expectedSpread(), within(0.06));
    }

    private static final class Run implements TrainingObserver {
        final GaussianMixtureDistribution mixture;
        final List<TrainingStatistics> statistics = new ArrayList<>();
        float[] firstSamples;
        float[] samples;

        Run(String precision, String data, NetworkOptions networks, int batch, long steps) {
            mixture = (GaussianMixtureDistribution) ((Synthetic.Points) Synthetic.parse(data)).distribution();
            Networks.Pair pair = Networks.configure(networks, mixture.shape(), 1);
            GanTrainer.Result result = new GanTrainer(
                            new ComputationGraph(pair.generator()),
                            new ComputationGraph(pair.discriminator()),
                            mixture,
                            TrainingOptions.defaults()
                                    .withSteps(steps)
                                    .withBatch(batch)
                                    .withPrecision(precision)
                                    .withSeed(4)) // seeds differ more than precisions
                    .force(true)
                    .observe(this)
                    .train();
            assertThat(result).isEqualTo(new GanTrainer.Result(steps, true));
        }

        @Override
        public void statistics(TrainingStatistics line) {
            statistics.add(line);
        }

        @Override
        public void samples(long step, float[] shown) {
            samples = shown.clone();
            if (step == 0) {
                firstSamples = samples;
            }
        }
    }
}

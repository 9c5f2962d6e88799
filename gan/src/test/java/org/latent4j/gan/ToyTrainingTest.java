package org.latent4j.gan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.latent4j.data.PointDistribution;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;

/** Whole runs on distributions that are known: they miss their target when the generator's gradient has a wrong sign, size or path. */
class ToyTrainingTest {

    @Test
    void aGaussianOnTheLineIsReached() {
        ToyDistributions.Gaussian target = new ToyDistributions.Gaussian(3, 0.5);
        Recorded run = train(
                target, new NetworkOptions("mlp", 32, 4, "adam:lr=1e-3,beta1=0.5", "adam:lr=1e-3,beta1=0.5"), 1500);
        double mean = 0;
        double square = 0;
        for (float x : run.samples) {
            mean += x / (double) run.samples.length;
        }
        for (float x : run.samples) {
            square += (x - mean) * (x - mean) / run.samples.length;
        }
        System.err.println("gaussian mean " + mean + " sd " + Math.sqrt(square) + " "
                + run.statistics.get(run.statistics.size() - 1));
        assertThat(mean).isCloseTo(3, within(0.1));
        assertThat(Math.sqrt(square)).isCloseTo(0.5, within(0.15));
        TrainingStatistics last = run.statistics.get(run.statistics.size() - 1);
        assertThat(last.value()).isCloseTo(-Math.log(4), within(0.1));
    }

    @Test
    void aRingOfEightModesIsCovered() {
        ToyDistributions.Ring ring = new ToyDistributions.Ring(2, 0.1);
        Recorded run =
                train(ring, new NetworkOptions("mlp", 64, 8, "adam:lr=1e-3,beta1=0.5", "adam:lr=1e-3,beta1=0.5"), 3000);
        int[] counts = new int[ToyDistributions.Ring.MODES];
        int near = 0;
        for (int i = 0; i < run.samples.length; i += 2) {
            for (int mode = 0; mode < counts.length; mode++) {
                double[] mean = ring.mean(mode);
                if (Math.hypot(run.samples[i] - mean[0], run.samples[i + 1] - mean[1]) < 4 * ring.sigma()) {
                    counts[mode]++;
                    near++;
                }
            }
        }
        System.err.println("ring " + Arrays.toString(counts) + " near " + near * 2.0 / run.samples.length + " "
                + run.statistics.get(run.statistics.size() - 1));
        assertThat(Arrays.stream(counts).min().orElseThrow()).isGreaterThan(2000 / 8 / 4);
        assertThat(near * 2.0 / run.samples.length).isGreaterThan(0.75);
    }

    private static Recorded train(PointDistribution data, NetworkOptions networks, long steps) {
        Networks.Pair pair = Networks.configure(networks, data.shape(), 1);
        Recorded recorded = new Recorded();
        TrainingOptions options = TrainingOptions.defaults().withSteps(steps).withBatch(128);
        long t = System.nanoTime();
        GanTrainer.Result result = new GanTrainer(
                        new ComputationGraph(pair.generator()),
                        new ComputationGraph(pair.discriminator()),
                        data,
                        options)
                .observe(recorded)
                .train();
        System.err.println("ms per step " + (System.nanoTime() - t) / 1e6 / steps);
        assertThat(result).isEqualTo(new GanTrainer.Result(steps, true));
        return recorded;
    }

    private static final class Recorded implements TrainingObserver {
        final List<TrainingStatistics> statistics = new ArrayList<>();
        float[] samples;

        @Override
        public void statistics(TrainingStatistics line) {
            statistics.add(line);
        }

        @Override
        public void samples(long step, float[] shown) {
            samples = shown.clone();
        }
    }
}

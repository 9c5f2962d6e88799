package org.latent4j.gan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Philox;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.compiled.CompiledNetworks;
import org.latent4j.gan.dl4j.Dl4jNetworks;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.nd4j.linalg.factory.Nd4j;

/** The averaged generator against the recurrence written out in double. */
class MovingAverageTest {
    private static final int M = 7;
    private static final int LATENT = 3;
    private static final double DECAY = 0.3;

    @ParameterizedTest
    @ValueSource(strings = {"nd4j", "cpu"})
    void averagesTheGeneratorOverItsUpdates(String device) {
        SampleShape.Point point = new SampleShape.Point(2);
        NetworkOptions networks = new NetworkOptions("mlp", 13, LATENT, "adam:lr=0.01", "adam:lr=0.01");
        Networks.Pair pair = Networks.configure(networks, point, 1);
        ComputationGraph generator = new ComputationGraph(pair.generator());
        ComputationGraph discriminator = new ComputationGraph(pair.discriminator());
        NetworkShapes shapes = NetworkShapes.check(generator, discriminator, point, LATENT);
        TrainingOptions game = TrainingOptions.defaults().withBatch(M).withEma(DECAY);
        MovingAverage average = MovingAverage.of(generator, game);
        try (AdversarialNetworks players = device.equals("cpu")
                ? new CompiledNetworks(generator, discriminator, average, shapes, game, new CpuBackend())
                : new Dl4jNetworks(generator, discriminator, average, shapes, game)) {
            double[] expected = generator.params().toDoubleVector();
            for (int t = 0; t < 6; t++) {
                players.updateGenerator(Minibatch.of(normals(2 * M, 0), normals(M * LATENT, t)));
                double keep = Math.min(DECAY, (1.0 + t) / (10.0 + t)); // 0.1, 0.18, 0.25, 0.3, 0.3, ...
                double[] now = generator.params().toDoubleVector();
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = keep * expected[i] + (1 - keep) * now[i];
                }
            }
            assertThat(average.graph().params().toDoubleVector()).containsExactly(expected, offset(1e-6));
            assertThat(generator.params().distance2(average.graph().params())).isGreaterThan(1e-3);

            float[] latents = normals(M * LATENT, 9);
            float[] samples = players.generate(latents);
            float[] byDl4j = average.graph()
                    .outputSingle(Nd4j.createFromArray(latents).reshape(M, LATENT))
                    .data()
                    .asFloat();
            assertThat(samples).containsExactly(byDl4j, offset(1e-5f));
        }
    }

    /** A half-life that grows from 1 update to 16 over 8 updates; half of the way it is 4. */
    @Test
    void halfLivesGrowOverTheBurnIn() {
        TrainingOptions game = TrainingOptions.defaults()
                .withEma(Math.pow(0.5, 1.0 / 16))
                .withRecipe(Recipe.PLAIN.withBurnIn(8).withEmaFrom(0.5));
        NetworkOptions networks = new NetworkOptions("mlp", 3, LATENT, "sgd", "sgd");
        ComputationGraph generator = new ComputationGraph(
                Networks.configure(networks, new SampleShape.Point(2), 1).generator());
        generator.init();
        MovingAverage average = MovingAverage.of(generator, game);
        assertThat(average.keep(0)).isEqualTo(0.1);
        assertThat(average.keep(4)).isEqualTo(5.0 / 14, offset(1e-12));
        assertThat(average.keep(1000)).isEqualTo(Math.pow(0.5, 1.0 / 16), offset(1e-12));
        MovingAverage late =
                MovingAverage.of(generator, game.withRecipe(game.recipe().withBurnIn(2000)));
        assertThat(late.keep(1000)).isEqualTo(Math.pow(0.5, 1.0 / 4), offset(1e-12));
        assertThat(MovingAverage.decays("1kimg..10kimg", 0.064))
                .containsExactly(MovingAverage.decay("1kimg", 0.064), MovingAverage.decay("10kimg", 0.064));
        assertThat(MovingAverage.decays("0.9", 1)).containsExactly(0.9, 0.9);
        assertThatThrownBy(() -> MovingAverage.decays("0..0.9", 1)).hasMessageContaining("--ema");
    }

    @Test
    void decaysAreSaidAsNumbersOrHalfLives() {
        assertThat(MovingAverage.decay("0.999", 0.064)).isEqualTo(0.999);
        assertThat(MovingAverage.decay("0", 0.064)).isZero();
        double decay = MovingAverage.decay("10kimg", 0.064);
        assertThat(Math.pow(decay, 10 / 0.064)).isCloseTo(0.5, within(1e-12));
        for (String wrong : new String[] {"1", "-0.1", "kimg", "-3kimg", "much", "NaN"}) {
            assertThatThrownBy(() -> MovingAverage.decay(wrong, 0.064))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("--ema must be");
        }
    }

    private static float[] normals(int n, int stream) {
        float[] values = new float[n];
        new Philox(5, Philox.Purpose.SYNTHETIC, stream).fillNormal(values, 0, n);
        return values;
    }
}

package org.latent4j.gan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.compute.DeviceOptions;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.Progress;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.latent4j.gan.network.Updaters;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Against a generator that stands still the best discriminator is known: D* = p / (p + q), whose value is 2 JS(p, q) - log 4.
 *
 * <p>Real samples are N(0, 1), generated ones N(1.2, 0.8^2); the divergence of both is integrated numerically. Source: Goodfellow et al.,
 * "Generative adversarial nets", NIPS 2014, proposition 1 and theorem 1; of least squares Mao et al. 2017, equation 5 with a = 0, b = 1;
 * of pairs the minimiser of the logistic loss over differences, log(p / q) up to a constant.
 */
class OptimalDiscriminatorTest {
    private static final double MEAN = 1.2;
    private static final double DEVIATION = 0.8;
    private static final int STEPS = 1500;
    private static final int LAST = 500;

    private static double density(double x, double mean, double deviation) {
        double z = (x - mean) / deviation;
        return Math.exp(-z * z / 2) / (deviation * Math.sqrt(2 * Math.PI));
    }

    private static double p(double x) {
        return density(x, 0, 1);
    }

    private static double q(double x) {
        return density(x, MEAN, DEVIATION);
    }

    private static double integral(DoubleUnaryOperator function) {
        double step = 1e-3;
        double sum = 0;
        for (double x = -9; x < 9; x += step) {
            sum += function.applyAsDouble(x + step / 2) * step;
        }
        return sum;
    }

    private static double jensenShannon() {
        return integral(
                x -> (p(x) * Math.log(2 * p(x) / (p(x) + q(x))) + q(x) * Math.log(2 * q(x) / (p(x) + q(x)))) / 2);
    }

    @ParameterizedTest
    @CsvSource({"minimax,cpu", "non-saturating,nd4j", "least-squares,cpu", "relativistic,cpu"})
    void theDiscriminatorComesToTheClosedForm(String loss, String device) {
        Game game = new Game(Loss.of(loss), device);
        double reference = game.logit(MEAN / 2) - Math.log(p(MEAN / 2) / q(MEAN / 2));
        for (double x = -1.2; x <= 2.4; x += 0.2) {
            double expected = p(x) / (p(x) + q(x));
            double logit = game.logit(x);
            double found =
                    switch (game.loss) {
                        case LEAST_SQUARES -> logit;
                        case RELATIVISTIC -> probability(logit - reference); // pairs fix differences alone
                        default -> probability(logit);
                    };
            assertThat(found).as("D(%.1f)", x).isCloseTo(expected, within(0.06));
        }
    }

    @Test
    void theValueIsTheBoundOfTheDivergence() {
        Game game = new Game(Loss.MINIMAX, "cpu");
        double divergence = jensenShannon();
        assertThat(divergence).isBetween(0.15, 0.25); // neither equal nor apart, so that a wrong factor shows
        assertThat(game.meanValue).isCloseTo(2 * divergence - Math.log(4), within(0.03));
        assertThat((game.meanValue + Math.log(4)) / 2).isLessThan(divergence + 0.01);
    }

    private static double probability(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    private static final class Game {
        final Loss loss;
        final ComputationGraph discriminator;
        double meanValue;

        Game(Loss loss, String device) {
            this.loss = loss;
            Dataset data = DataSource.of("gaussian:mean=0,sigma=1")
                    .open(null, Progress.NONE)
                    .data();
            ComputationGraph generator = standing();
            String updater = "adam:lr=0.005..0.0002,beta1=0.9";
            NetworkOptions networks = new NetworkOptions("mlp", 24, 1, updater, updater);
            discriminator = new ComputationGraph(
                    Networks.configure(networks, data.shape(), 1).discriminator());
            Pace falling = Updaters.pace(updater);
            TrainingOptions options = TrainingOptions.defaults()
                    .withLoss(loss)
                    .withBatch(256)
                    .withSteps(STEPS)
                    .withDevice(device)
                    .withRecipe(Recipe.PLAIN.withPaces(Pace.STEADY, falling).withBurnIn(STEPS));
            try (AdversarialGame game =
                    AdversarialGame.open(generator, discriminator, data, options, 1, DeviceOptions.DEFAULT)) {
                for (int step = 0; step < STEPS; step++) {
                    boolean counts = step >= STEPS - LAST;
                    game.step(step, update -> meanValue += counts ? update.value() / LAST : 0, update -> {});
                }
                game.networks().synchronize();
            }
            assertThat(generator.params().toFloatVector())
                    .as("the generator stands still")
                    .containsExactly((float) DEVIATION, (float) MEAN);
        }

        /** z -> 0.8 z + 1.2. */
        private static ComputationGraph standing() {
            ComputationGraph generator = new ComputationGraph(new NeuralNetConfiguration.Builder()
                    .updater(new Sgd(0))
                    .trainingWorkspaceMode(WorkspaceMode.NONE)
                    .inferenceWorkspaceMode(WorkspaceMode.NONE)
                    .graphBuilder()
                    .addInputs("latent")
                    .addLayer(
                            "line",
                            new DenseLayer.Builder()
                                    .nIn(1)
                                    .nOut(1)
                                    .activation(new ActivationIdentity())
                                    .build(),
                            "latent")
                    .setOutputs("line")
                    .build());
            generator.init();
            generator.setParams(
                    Nd4j.createFromArray((float) DEVIATION, (float) MEAN).reshape(new long[] {1, 2}));
            return generator;
        }

        double logit(double x) {
            INDArray input = Nd4j.createFromArray((float) x).reshape(new long[] {1, 1});
            return discriminator.outputSingle(input).getDouble(0);
        }
    }
}

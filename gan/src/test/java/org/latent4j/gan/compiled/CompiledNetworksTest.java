package org.latent4j.gan.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.latent4j.compute.Philox;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.AdversarialNetworks;
import org.latent4j.gan.Loss;
import org.latent4j.gan.Minibatch;
import org.latent4j.gan.NetworkShapes;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.UpdateRule;
import org.latent4j.gan.dl4j.Dl4jNetworks;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;

/** The compiled game against the one on stock DL4J: statistics, parameters and samples, update by update. */
class CompiledNetworksTest {
    private static final int M = 5;
    private static final int LATENT = 3;

    static Stream<Arguments> games() {
        SampleShape point = new SampleShape.Point(2);
        SampleShape image = new SampleShape.Image(1, 12, 12);
        return Stream.of(
                Arguments.of("mlp", point, Loss.NON_SATURATING, UpdateRule.ALTERNATING),
                Arguments.of("mlp", new SampleShape.Image(1, 4, 8), Loss.MINIMAX, UpdateRule.ALTERNATING),
                Arguments.of("mlp", point, Loss.HINGE, UpdateRule.SIMULTANEOUS),
                Arguments.of("mlp", point, Loss.RELATIVISTIC, UpdateRule.SIMULTANEOUS),
                Arguments.of("mlp", point, Loss.RELATIVISTIC, UpdateRule.ALTERNATING),
                Arguments.of("mlp", point, Loss.LEAST_SQUARES, UpdateRule.ALTERNATING),
                Arguments.of("mlp", new SampleShape.Image(3, 4, 8), Loss.WASSERSTEIN, UpdateRule.SIMULTANEOUS),
                Arguments.of("dcgan", image, Loss.NON_SATURATING, UpdateRule.SIMULTANEOUS),
                Arguments.of("dcgan", image, Loss.RELATIVISTIC, UpdateRule.ALTERNATING),
                Arguments.of("dcgan", image, Loss.RELATIVISTIC, UpdateRule.SIMULTANEOUS),
                Arguments.of("dcgan", image, Loss.HINGE, UpdateRule.ALTERNATING),
                Arguments.of("dcgan", new SampleShape.Image(3, 20, 13), Loss.MINIMAX, UpdateRule.ALTERNATING));
    }

    @ParameterizedTest
    @MethodSource("games")
    void playsTheSameGameAsStockDl4j(String network, SampleShape sample, Loss loss, UpdateRule update) {
        // Plain gradient descent: Adam would blow the rounding of gradients that are zero up to whole steps.
        NetworkOptions options = new NetworkOptions(network, 6, LATENT, "sgd:lr=0.01", "sgd:lr=0.01");
        Networks.Pair pair = Networks.configure(options, sample, 1);
        ComputationGraph[] stock = {
            new ComputationGraph(pair.generator().clone()),
            new ComputationGraph(pair.discriminator().clone())
        };
        ComputationGraph[] compiled = {
            new ComputationGraph(pair.generator()), new ComputationGraph(pair.discriminator())
        };
        NetworkShapes shapes = NetworkShapes.check(stock[0], stock[1], sample, LATENT);
        NetworkShapes.check(compiled[0], compiled[1], sample, LATENT);
        TrainingOptions game = TrainingOptions.defaults().withLoss(loss).withBatch(M);
        try (AdversarialNetworks expected = new Dl4jNetworks(stock[0], stock[1], null, shapes, game);
                AdversarialNetworks actual =
                        new CompiledNetworks(compiled[0], compiled[1], null, shapes, game, new CpuBackend())) {
            for (int step = 0; step < 5; step++) {
                Minibatch batch =
                        Minibatch.of(normals(M * sample.elements(), 3 * step), normals(M * LATENT, 3 * step + 1));
                AdversarialNetworks.DiscriminatorUpdate d;
                AdversarialNetworks.DiscriminatorUpdate dCompiled;
                AdversarialNetworks.GeneratorUpdate g;
                AdversarialNetworks.GeneratorUpdate gCompiled;
                if (update == UpdateRule.SIMULTANEOUS) {
                    var both = expected.updateBoth(batch);
                    var bothCompiled = actual.updateBoth(batch);
                    d = both.discriminator();
                    g = both.generator();
                    dCompiled = bothCompiled.discriminator();
                    gCompiled = bothCompiled.generator();
                } else {
                    d = expected.updateDiscriminator(batch);
                    dCompiled = actual.updateDiscriminator(batch);
                    g = expected.updateGenerator(batch);
                    gCompiled = actual.updateGenerator(batch);
                }
                assertThat(dCompiled.loss()).isCloseTo(d.loss(), within(1e-3));
                assertThat(dCompiled.value()).isCloseTo(d.value(), within(1e-3));
                assertThat(dCompiled.gradientNorm()).isCloseTo(d.gradientNorm(), within(1e-2 * d.gradientNorm()));
                assertThat(gCompiled.loss()).isCloseTo(g.loss(), within(1e-3));
                assertThat(gCompiled.gradientNorm()).isCloseTo(g.gradientNorm(), within(1e-2 * g.gradientNorm()));
            }
            for (int i = 0; i < 2; i++) {
                double distance = stock[i].params().distance2(compiled[i].params());
                assertThat(distance / stock[i].params().norm2Number().doubleValue())
                        .isLessThan(1e-4);
                assertThat(compiled[i].getConfiguration().getIterationCount()).isEqualTo(5);
            }
            float[] latents = normals((M + 2) * LATENT, 99); // no whole number of minibatches
            float[] samples = expected.generate(latents);
            assertThat(actual.generate(latents)).containsExactly(samples, within(5e-3f));
        }
    }

    @Test
    void dropoutIsDrawnAnewInEachUpdateAndDecidedByTheSeed() {
        double[] first = losses(1);
        assertThat(first[0]).isNotEqualTo(first[1]);
        assertThat(losses(1)).containsExactly(first);
        assertThat(losses(2)[0]).isNotEqualTo(first[0]);
    }

    /** Losses of two updates on the same data by networks that don't learn. */
    private static double[] losses(long seed) {
        SampleShape.Point point = new SampleShape.Point(4);
        NetworkOptions options = new NetworkOptions("mlp", 6, LATENT, "sgd:lr=1e-30", "sgd:lr=1e-30");
        ComputationGraph generator =
                new ComputationGraph(Networks.configure(options, point, 1).generator());
        ComputationGraph discriminator = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Sgd(1e-30))
                .graphBuilder()
                .addInputs("x")
                .addLayer("dense", new DenseLayer.Builder().nIn(4).nOut(9).build(), "x")
                .addLayer(
                        "out",
                        new DenseLayer.Builder()
                                .nIn(9)
                                .nOut(1)
                                .dropOut(0.5)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "dense")
                .setOutputs("out")
                .build());
        NetworkShapes shapes = NetworkShapes.check(generator, discriminator, point, LATENT);
        TrainingOptions game = TrainingOptions.defaults().withBatch(M).withSeed(seed);
        try (AdversarialNetworks networks =
                new CompiledNetworks(generator, discriminator, null, shapes, game, new CpuBackend())) {
            Minibatch batch = Minibatch.of(normals(M * 4, 1), normals(M * LATENT, 2));
            return new double[] {
                networks.updateDiscriminator(batch).loss(),
                networks.updateDiscriminator(batch).loss()
            };
        }
    }

    private static float[] normals(int n, int stream) {
        float[] values = new float[n];
        new Philox(5, Philox.Purpose.SYNTHETIC, stream).fillNormal(values, 0, n);
        return values;
    }
}

package org.latent4j.gan.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleSupplier;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.latent4j.compute.Philox;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.Loss;
import org.latent4j.gan.Minibatch;
import org.latent4j.gan.NetworkShapes;
import org.latent4j.gan.TrainingOptions;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * The gradients of the game against central differences of its definition, in double. With plain gradient descent at rate 1 an update
 * moves the parameters by exactly minus the gradient of the mean loss; the loss is evaluated by DL4J's own forward pass and by logarithms
 * of probabilities, sharing nothing with the code under test.
 */
class AdversarialGradientTest {
    private static final int LATENT = 3;
    private static final int M = 5;
    private static final SampleShape.Image IMAGE = new SampleShape.Image(2, 4, 4);

    static Stream<Arguments> games() {
        return Stream.of(Loss.values()).flatMap(loss -> Stream.of(Arguments.of(loss, false), Arguments.of(loss, true)));
    }

    @ParameterizedTest
    @MethodSource("games")
    void updatesFollowTheGradientOfTheGame(Loss loss, boolean batchNorm) {
        ComputationGraph generator = new ComputationGraph(generator());
        ComputationGraph discriminator = new ComputationGraph(discriminator(batchNorm));
        NetworkShapes shapes = NetworkShapes.check(generator, discriminator, IMAGE, 0);
        assertThat(shapes.latent()).isEqualTo(LATENT);
        Dl4jNetworks networks = new Dl4jNetworks(
                generator,
                discriminator,
                null,
                shapes,
                TrainingOptions.defaults().withLoss(loss).withBatch(M));
        float[] real = normals(M * IMAGE.elements(), 1);
        float[] latents = normals(M * LATENT, 2);
        Minibatch batch = Minibatch.of(real, latents);

        checkUpdate(discriminator, () -> discriminatorLoss(loss, generator, discriminator, real, latents), () -> {
            var update = networks.updateDiscriminator(batch);
            if (loss == Loss.MINIMAX || loss == Loss.NON_SATURATING) {
                assertThat(update.loss()).isCloseTo(-update.value(), within(1e-15));
            }
            return update.loss();
        });
        checkUpdate(
                generator,
                () -> generatorLoss(loss, generator, discriminator, real, latents),
                () -> networks.updateGenerator(batch).loss());
    }

    @ParameterizedTest
    @MethodSource("games")
    void simultaneousUpdatesTakeBothGradientsAtTheSameParameters(Loss loss, boolean batchNorm) {
        ComputationGraph generator = new ComputationGraph(generator());
        ComputationGraph discriminator = new ComputationGraph(discriminator(batchNorm));
        NetworkShapes shapes = NetworkShapes.check(generator, discriminator, IMAGE, 0);
        TrainingOptions game = TrainingOptions.defaults().withLoss(loss).withBatch(M);
        Minibatch batch = Minibatch.of(normals(M * IMAGE.elements(), 1), normals(M * LATENT, 2));
        INDArray before = discriminator.params().dup();
        INDArray generatorBefore = generator.params().dup();
        new Dl4jNetworks(generator, discriminator, null, shapes, game).updateGenerator(batch);
        INDArray generatorAlone = generator.params().dup();
        generator.setParams(generatorBefore);
        new Dl4jNetworks(generator, discriminator, null, shapes, game).updateDiscriminator(batch);
        INDArray discriminatorAlone = discriminator.params().dup();
        discriminator.setParams(before);
        new Dl4jNetworks(generator, discriminator, null, shapes, game).updateBoth(batch);
        assertThat(generator.params().distance2(generatorAlone)).isLessThan(1e-12);
        assertThat(discriminator.params().distance2(discriminatorAlone)).isLessThan(1e-12);
        assertThat(discriminatorAlone.distance2(before)).isGreaterThan(1e-3);
    }

    @Test
    void updateEqualsDl4jsOwnBackpropagation() {
        ComputationGraph ours = new ComputationGraph(discriminator(true));
        GraphPass pass = new GraphPass(ours);
        ComputationGraph theirs = new ComputationGraph(discriminator(true));
        theirs.getConfiguration().setTrainingWorkspaceMode(WorkspaceMode.NONE);
        theirs.getConfiguration().setInferenceWorkspaceMode(WorkspaceMode.NONE);
        theirs.init();
        theirs.setParams(ours.params());
        INDArray input = Nd4j.createFromArray(normals(M * IMAGE.elements(), 3))
                .castTo(DataType.DOUBLE)
                .reshape(M, 2, 4, 4);
        INDArray epsilon =
                Nd4j.createFromArray(normals(M, 4)).castTo(DataType.DOUBLE).reshape(M, 1);
        try (Arena arena = new Arena("TEST")) {
            arena.use(() -> {
                pass.forward(input, true, arena);
                return pass.backward(epsilon.dup(), arena);
            });
        }
        theirs.feedForward(new INDArray[] {input}, true, false);
        theirs.backpropGradient(epsilon.dup());
        assertThat(pass.flatGradient()
                        .sub(theirs.getFlattenedGradients())
                        .norm2Number()
                        .doubleValue())
                .isZero();
        assertThat(pass.flatGradient().norm2Number().doubleValue()).isPositive();
    }

    private static void checkUpdate(ComputationGraph graph, DoubleSupplier definition, DoubleSupplier update) {
        INDArray before = graph.params().dup();
        double step = 1e-6;
        INDArray numeric = Nd4j.zeros(DataType.DOUBLE, before.length());
        for (long i = 0; i < before.length(); i++) {
            double kept = before.getDouble(i);
            graph.params().putScalar(i, kept + step);
            double above = definition.getAsDouble();
            graph.params().putScalar(i, kept - step);
            double below = definition.getAsDouble();
            graph.params().putScalar(i, kept);
            numeric.putScalar(i, (above - below) / (2 * step));
        }
        double expectedLoss = definition.getAsDouble();
        double loss = update.getAsDouble();
        INDArray moved = before.sub(graph.params()).reshape(before.length());
        // Batch norm's running statistics are no parameters of the game: their slots move by DL4J's own rule.
        for (int i = 0; i < moved.length(); i++) {
            if (isRunningStatistic(graph, i)) {
                moved.putScalar(i, 0);
                numeric.putScalar(i, 0);
            }
        }
        assertThat(loss).isCloseTo(expectedLoss, within(1e-12));
        double norm = numeric.norm2Number().doubleValue();
        assertThat(norm).isGreaterThan(1e-3);
        assertThat(moved.sub(numeric).norm2Number().doubleValue() / norm).isLessThan(1e-7);
    }

    private static boolean isRunningStatistic(ComputationGraph graph, int index) {
        long offset = 0;
        for (int vertex : graph.topologicalSortOrder()) {
            var table = graph.getVertices()[vertex].paramTable(false);
            if (table == null) {
                continue;
            }
            for (var entry : table.entrySet()) {
                offset += entry.getValue().length();
                if (index < offset) {
                    return entry.getKey().equals("mean") || entry.getKey().startsWith("log10stdev");
                }
            }
        }
        throw new AssertionError("no parameter at " + index);
    }

    /** The losses as the papers write them, by probabilities where those have them. */
    private static double discriminatorLoss(
            Loss loss, ComputationGraph g, ComputationGraph d, float[] real, float[] latents) {
        INDArray a = d.output(true, images(real))[0];
        INDArray b = d.output(true, samples(g, latents))[0];
        return switch (loss) {
            case MINIMAX, NON_SATURATING -> mean(i -> -Math.log(p(a, i)) - Math.log(1 - p(b, i)));
            case HINGE -> mean(i -> Math.max(0, 1 - a.getDouble(i)) + Math.max(0, 1 + b.getDouble(i)));
            case LEAST_SQUARES -> mean(i -> Math.pow(a.getDouble(i) - 1, 2) / 2 + Math.pow(b.getDouble(i), 2) / 2);
            case WASSERSTEIN -> mean(i -> b.getDouble(i) - a.getDouble(i));
            case RELATIVISTIC -> mean(i -> Math.log1p(Math.exp(b.getDouble(i) - a.getDouble(i))));
        };
    }

    private static double generatorLoss(
            Loss loss, ComputationGraph g, ComputationGraph d, float[] real, float[] latents) {
        INDArray a = d.output(true, images(real))[0];
        INDArray b = d.output(true, samples(g, latents))[0];
        return switch (loss) {
            case MINIMAX -> mean(i -> Math.log(1 - p(b, i)));
            case NON_SATURATING -> mean(i -> -Math.log(p(b, i)));
            case HINGE, WASSERSTEIN -> mean(i -> -b.getDouble(i));
            case LEAST_SQUARES -> mean(i -> Math.pow(b.getDouble(i) - 1, 2) / 2);
            case RELATIVISTIC -> mean(i -> Math.log1p(Math.exp(a.getDouble(i) - b.getDouble(i))));
        };
    }

    private static INDArray images(float[] real) {
        return Nd4j.createFromArray(real).castTo(DataType.DOUBLE).reshape(M, 2, 4, 4);
    }

    private static double p(INDArray logits, int i) {
        return 1 / (1 + Math.exp(-logits.getDouble(i)));
    }

    private static INDArray samples(ComputationGraph g, float[] latents) {
        return g.output(
                        true,
                        Nd4j.createFromArray(latents).castTo(DataType.DOUBLE).reshape(M, LATENT))[0];
    }

    private static double mean(IntToDoubleFunction term) {
        return IntStream.range(0, M).mapToDouble(term).sum() / M;
    }

    private static ComputationGraphConfiguration generator() {
        return base().addInputs("z")
                .addLayer(
                        "dense_1", new DenseLayer.Builder().nIn(LATENT).nOut(12).build(), "z")
                .addLayer(
                        "up", new Upsampling2D.Builder(2).build(), new FeedForwardToCnnPreProcessor(2, 2, 3), "dense_1")
                .addLayer(
                        "out",
                        new ConvolutionLayer.Builder(3, 3)
                                .padding(1, 1)
                                .nIn(3)
                                .nOut(2)
                                .build(),
                        "up")
                .setOutputs("out")
                .build();
    }

    /** A residual network, so that errors meet at a vertex with two consumers. */
    private static ComputationGraphConfiguration discriminator(boolean batchNorm) {
        var graph = base().addInputs("image")
                .addLayer(
                        "conv",
                        new ConvolutionLayer.Builder(3, 3).padding(1, 1).nOut(3).build(),
                        "image")
                .addLayer(
                        "branch",
                        batchNorm ? new BatchNormalization.Builder().build() : new ActivationLayer(Activation.SOFTPLUS),
                        "conv")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "conv", "branch")
                .addLayer(
                        "logit",
                        new DenseLayer.Builder()
                                .nOut(1)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "sum");
        return graph.setOutputs("logit")
                .setInputTypes(InputType.convolutional(4, 4, 2))
                .build();
    }

    private static ComputationGraphConfiguration.GraphBuilder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .updater(new Sgd(1.0))
                .graphBuilder();
    }

    private static float[] normals(int n, int stream) {
        float[] values = new float[n];
        new Philox(5, Philox.Purpose.SYNTHETIC, stream).fillNormal(values, 0, n);
        return values;
    }
}

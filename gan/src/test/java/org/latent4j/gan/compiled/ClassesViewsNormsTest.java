package org.latent4j.gan.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.compute.layer.GroupedConvolution2D;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.AdversarialNetworks;
import org.latent4j.gan.Augmentation;
import org.latent4j.gan.Loss;
import org.latent4j.gan.Minibatch;
import org.latent4j.gan.NetworkShapes;
import org.latent4j.gan.Ramp;
import org.latent4j.gan.Recipe;
import org.latent4j.gan.SlopePenalty;
import org.latent4j.gan.SpectralNorm;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.Views;
import org.latent4j.gan.dl4j.Dl4jNetworks;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Games by class, with augmented samples and with spectral norm: both devices against each other, and against closed forms. */
class ClassesViewsNormsTest {
    private static final int M = 6;
    private static final int LATENT = 3;
    private static final int CLASSES = 3;
    private static final int[] LABELS = {2, 0, 1, 2, 2, 0};
    private static final SampleShape.Image IMAGE = new SampleShape.Image(1, 12, 10);
    private static final String SLOW = "sgd:lr=0.01";
    private static final double RATE = 0.01;
    private static final double GAMMA = 3;

    private static float[] normals(int n, int stream) {
        float[] values = new float[n];
        new Philox(5, Philox.Purpose.SYNTHETIC, stream).fillNormal(values, 0, n);
        return values;
    }

    private static Minibatch batch(int elements, int number) {
        return Minibatch.of(normals(M * elements, 2 * number), normals(M * LATENT, 2 * number + 1), LABELS);
    }

    static Stream<Arguments> games() {
        Recipe views = Recipe.PLAIN.withAugmentation(Augmentation.of("colour+translation+cutout"));
        Recipe rough = Recipe.PLAIN.withPenalty(SlopePenalty.APPROXIMATE, Ramp.constant(0.1));
        return Stream.of(
                Arguments.of("mlp", CLASSES, Loss.NON_SATURATING, false, Recipe.PLAIN),
                Arguments.of("mlp", CLASSES, Loss.RELATIVISTIC, true, rough),
                Arguments.of("dcgan", CLASSES, Loss.RELATIVISTIC, false, Recipe.PLAIN),
                Arguments.of("dcgan", CLASSES, Loss.HINGE, true, views),
                Arguments.of("mlp", 0, Loss.LEAST_SQUARES, true, views),
                Arguments.of("dcgan", 0, Loss.RELATIVISTIC, false, views),
                Arguments.of("dcgan", 0, Loss.HINGE, false, Recipe.PLAIN.withSpectralNorm(true)),
                Arguments.of("mlp", CLASSES, Loss.WASSERSTEIN, true, views.withSpectralNorm(true)));
    }

    @ParameterizedTest
    @MethodSource("games")
    void bothDevicesPlayTheSameGame(String network, int classes, Loss loss, boolean simultaneous, Recipe recipe) {
        NetworkOptions options =
                new NetworkOptions(network, 6, 0, 0, 0, classes, LATENT, NetworkOptions.Norm.GENERATOR, 0, SLOW, SLOW);
        TrainingOptions game =
                TrainingOptions.defaults().withLoss(loss).withBatch(M).withRecipe(recipe);
        INDArray[][] trained = new INDArray[2][];
        for (int device = 0; device < 2; device++) {
            Networks.Pair pair = Networks.configure(options, IMAGE, 1);
            ComputationGraph generator = new ComputationGraph(pair.generator());
            ComputationGraph discriminator = new ComputationGraph(pair.discriminator());
            NetworkShapes shapes = NetworkShapes.check(generator, discriminator, IMAGE, LATENT, classes);
            try (AdversarialNetworks players = players(device == 0, generator, discriminator, shapes, game)) {
                for (int step = 0; step < 4; step++) {
                    Minibatch batch = batch(IMAGE.elements(), step);
                    if (simultaneous) {
                        players.updateBoth(batch);
                    } else {
                        players.updateDiscriminator(batch);
                        players.updateGenerator(batch);
                    }
                }
            }
            trained[device] = new INDArray[] {generator.params(), discriminator.params()};
        }
        for (int i = 0; i < 2; i++) {
            double distance = trained[0][i].distance2(trained[1][i]);
            // Batch norm over six samples in the generator blows rounding up.
            assertThat(distance / trained[0][i].norm2Number().doubleValue()).isLessThan(5e-4);
        }
    }

    private static AdversarialNetworks players(
            boolean stock,
            ComputationGraph generator,
            ComputationGraph discriminator,
            NetworkShapes shapes,
            TrainingOptions game) {
        return stock
                ? new Dl4jNetworks(generator, discriminator, null, shapes, game)
                : new CompiledNetworks(generator, discriminator, null, shapes, game, new CpuBackend());
    }

    /** One dense layer without activation. */
    private static ComputationGraph linear(int inputs, int outputs, double rate) {
        return new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(rate))
                .graphBuilder()
                .addInputs("x")
                .addLayer(
                        "out",
                        new DenseLayer.Builder()
                                .nIn(inputs)
                                .nOut(outputs)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "x")
                .setOutputs("out")
                .build());
    }

    /**
     * D_y(x) = w_y x + b_y by Wasserstein's loss with R1 + R2: w_y descends by the mean over the samples of class y of generated less real
     * ones, and by gamma w_y for each of them.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachClassLearnsFromItsOwnSamples(boolean penalised) {
        int features = 4;
        SampleShape point = new SampleShape.Point(features);
        ComputationGraph generator = linear(LATENT, features, RATE);
        ComputationGraph discriminator = linear(features, CLASSES, RATE);
        NetworkShapes shapes = NetworkShapes.check(generator, discriminator, point, LATENT, CLASSES);
        TrainingOptions game =
                TrainingOptions.defaults().withLoss(Loss.WASSERSTEIN).withBatch(M);
        if (penalised) {
            game = game.withRecipe(Recipe.PLAIN.withPenalty(SlopePenalty.R1_R2, Ramp.constant(GAMMA)));
        }
        INDArray real = Nd4j.createFromArray(normals(M * features, 0)).reshape(M, features);
        INDArray latents = Nd4j.createFromArray(normals(M * LATENT, 1)).reshape(M, LATENT);
        INDArray fake = generator.outputSingle(latents).dup();
        INDArray before = discriminator.getParam("out_W").dup(); // (features, classes)
        INDArray expected = before.dup();
        for (int i = 0; i < M; i++) {
            INDArray column = before.getColumn(LABELS[i]);
            INDArray descent = fake.getRow(i).sub(real.getRow(i));
            if (penalised) {
                descent.addi(column.mul(2 * GAMMA));
            }
            for (int k = 0; k < features; k++) {
                expected.putScalar(k, LABELS[i], expected.getDouble(k, LABELS[i]) - RATE / M * descent.getDouble(k));
            }
        }
        try (AdversarialNetworks players = players(false, generator, discriminator, shapes, game)) {
            players.updateDiscriminator(batch(features, 0));
        }
        assertThat(discriminator.getParam("out_W").distance2(expected)).isLessThan(1e-5);
        assertThat(before.distance2(expected)).isGreaterThan(1e-2);
    }

    /** D(x) = w x: the gradient with respect to sample i is what w becomes on the way back through its view. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theGeneratorLearnsThroughTheViews(boolean stock) {
        SampleShape.Image image = new SampleShape.Image(3, 4, 5);
        int elements = image.elements();
        Augmentation augmentation = Augmentation.of("colour+translation+cutout");
        ComputationGraph generator = linear(LATENT, elements, 1);
        ComputationGraph discriminator = linear(elements, 1, 1);
        NetworkShapes shapes = NetworkShapes.check(generator, discriminator, image, LATENT);
        TrainingOptions game = TrainingOptions.defaults()
                .withLoss(Loss.WASSERSTEIN)
                .withBatch(M)
                .withRecipe(Recipe.PLAIN.withAugmentation(augmentation));
        float[] w = discriminator.getParam("out_W").dup('c').data().asFloat();
        Views views = new Views(augmentation, image, false, game.seed());
        long pass = 6; // of the first update: 10 updates + 5 + 1
        float[] ascent = new float[elements];
        float[] zero = new float[M * elements];
        views.show(zero, pass);
        for (int k = 0; k < elements; k++) {
            float[] unit = new float[M * elements];
            for (int i = 0; i < M; i++) {
                unit[i * elements + k] = 1;
            }
            views.show(unit, pass);
            for (int j = 0; j < unit.length; j++) {
                ascent[k] += (unit[j] - zero[j]) * w[j % elements] / M;
            }
        }
        INDArray before = generator.getParam("out_b").dup();
        try (AdversarialNetworks players = players(stock, generator, discriminator, shapes, game)) {
            players.updateGenerator(batch(elements, 0));
        }
        float[] change = generator.getParam("out_b").sub(before).data().asFloat();
        assertThat(change).containsExactly(ascent, within(1e-4f));
        assertThat(ascent).isNotEqualTo(w);
    }

    /** w stays on the unit sphere; a step goes along the tangent: w + rate (r - (r w) w), and back to length 1. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void spectralNormOfALinearDiscriminator(boolean stock) {
        int features = 5;
        SampleShape point = new SampleShape.Point(features);
        ComputationGraph generator = linear(LATENT, features, RATE);
        ComputationGraph discriminator = linear(features, 1, 0.5);
        discriminator.init();
        INDArray w = discriminator.getParam("out_W").dup();
        w.divi(w.norm2Number());
        NetworkShapes shapes = NetworkShapes.check(generator, discriminator, point, LATENT);
        TrainingOptions game = TrainingOptions.defaults()
                .withLoss(Loss.WASSERSTEIN)
                .withBatch(M)
                .withRecipe(Recipe.PLAIN.withSpectralNorm(true));
        INDArray real = Nd4j.createFromArray(normals(M * features, 0)).reshape(M, features);
        INDArray latents = Nd4j.createFromArray(normals(M * LATENT, 1)).reshape(M, LATENT);
        INDArray ascent =
                real.mean(0).sub(generator.outputSingle(latents).mean(0)).reshape(features, 1);
        INDArray tangent = ascent.sub(w.mul(ascent.mul(w).sumNumber()));
        INDArray expected = w.add(tangent.mul(0.5));
        expected.divi(expected.norm2Number());
        try (AdversarialNetworks players = players(stock, generator, discriminator, shapes, game)) {
            assertThat(discriminator.getParam("out_W").distance2(w)).isLessThan(1e-6);
            players.updateDiscriminator(batch(features, 0));
        }
        assertThat(discriminator.getParam("out_W").distance2(expected)).isLessThan(1e-5);
        assertThat(expected.distance2(w)).isGreaterThan(0.05);
    }

    /** They are no weights, though DL4J gives them the same name. */
    @Test
    void spectralNormLeavesSlopesOfRectifiersAlone() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(3, 4, 2))
                .addLayer("slopes", new PReLULayer.Builder().inputShape(2, 3, 4).build(), "in")
                .addLayer(
                        "out",
                        new DenseLayer.Builder()
                                .nOut(1)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "slopes")
                .setOutputs("out")
                .build());
        graph.init();
        graph.initGradientsView();
        INDArray slopes = graph.getParam("slopes_W").assign(0.3).dup();
        new SpectralNorm(graph, 1);
        assertThat(graph.getParam("slopes_W")).isEqualTo(slopes);
        assertThat(graph.getParam("out_W").norm2Number().doubleValue()).isCloseTo(1, within(1e-5));
    }

    /** The singular values by another algorithm, after updates that would make them grow. */
    @Test
    void singularValuesStayAtOne() {
        NetworkOptions options = new NetworkOptions(
                "dcgan", 6, 0, 0, 0, 0, LATENT, NetworkOptions.Norm.GENERATOR, 0, "adam:lr=0.001", "adam:lr=0.001");
        Networks.Pair pair = Networks.configure(options, IMAGE, 1);
        ComputationGraph generator = new ComputationGraph(pair.generator());
        ComputationGraph discriminator = new ComputationGraph(pair.discriminator());
        NetworkShapes shapes = NetworkShapes.check(generator, discriminator, IMAGE, LATENT);
        TrainingOptions game = TrainingOptions.defaults().withBatch(M).withRecipe(Recipe.PLAIN.withSpectralNorm(true));
        INDArray first = discriminator.params().dup();
        try (AdversarialNetworks players = players(false, generator, discriminator, shapes, game)) {
            for (int step = 0; step < 30; step++) {
                players.updateDiscriminator(batch(IMAGE.elements(), step));
            }
        }
        assertThat(discriminator.params().distance2(first)).isGreaterThan(0.1);
        discriminator.paramTable().forEach((name, weights) -> {
            if (name.endsWith("_W")) {
                long outputs = weights.rank() == 4 ? weights.size(0) : weights.size(1);
                INDArray matrix = weights.rank() == 4
                        ? weights.dup('c').reshape('c', new long[] {outputs, weights.length() / outputs})
                        : weights.transpose().dup('c');
                double[] values = Devices.primitives(new Device(Device.Kind.ND4J, 0))
                        .svd(matrix)
                        .s();
                assertThat(values[0]).as(name).isCloseTo(1, within(0.03));
            }
        });
    }

    @Test
    void singularValuesOfConvolutionsInGroups() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(new WeightInitRelu())
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(9, 9, 4))
                .addLayer(
                        "grouped",
                        new GroupedConvolution2D.Builder(2, 3, 2).nOut(6).build(),
                        "in")
                .addLayer(
                        "depthwise",
                        new DepthwiseConvolution2D.Builder(2, 3)
                                .depthMultiplier(2)
                                .build(),
                        "grouped")
                .addLayer(
                        "separable",
                        new SeparableConvolution2D.Builder(2, 2)
                                .depthMultiplier(3)
                                .nOut(5)
                                .build(),
                        "depthwise")
                .addLayer("logit", new DenseLayer.Builder().nOut(1).build(), "separable")
                .setOutputs("logit")
                .build());
        graph.init();
        new SpectralNorm(graph, 1);
        Map<String, INDArray> matrices = Map.of(
                "grouped", graph.getParam("grouped_W").dup('c').reshape('c', 6, 12),
                "depthwise",
                        graph.getParam("depthwise_W")
                                .permute(2, 3, 0, 1)
                                .dup('c')
                                .reshape('c', 12, 6),
                "each channel", graph.getParam("separable_W").dup('c').reshape('c', 36, 4),
                "each pixel", graph.getParam("separable_pW").dup('c').reshape('c', 5, 36),
                "logit", graph.getParam("logit_W").dup('c'));
        matrices.forEach((name, matrix) -> assertThat(Devices.primitives(new Device(Device.Kind.ND4J, 0))
                        .svd(matrix)
                        .s()[0])
                .as(name)
                .isCloseTo(1, within(1e-3)));
    }
}

package org.latent4j.gan.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.Philox;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.compute.cuda.CudaUnderTest;
import org.latent4j.compute.graph.Backend;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.AdversarialNetworks.BothUpdates;
import org.latent4j.gan.AdversarialNetworks.DiscriminatorUpdate;
import org.latent4j.gan.AdversarialNetworks.GeneratorUpdate;
import org.latent4j.gan.Augmentation;
import org.latent4j.gan.Loss;
import org.latent4j.gan.Minibatch;
import org.latent4j.gan.NetworkShapes;
import org.latent4j.gan.Pace;
import org.latent4j.gan.Ramp;
import org.latent4j.gan.Recipe;
import org.latent4j.gan.SlopePenalty;
import org.latent4j.gan.TrainingDivergedException;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.UpdateRule;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.latent4j.gan.network.Preset;

/**
 * Whole steps that a card plays by itself, against the same game update by update with losses on the host. On a real card with
 * {@code -Dlatent4j.test.device=cuda}, else on an emulated one.
 */
class WholeStepsTest {
    private static final String DEVICE = BackendUnderTest.device().equals("cuda") ? "cuda" : "emulated";
    private static final int M = 5;
    private static final int LATENT = 3;
    private static final int STEPS = 7;
    private static final SampleShape POINT = new SampleShape.Point(2);
    private static final SampleShape IMAGE = new SampleShape.Image(1, 8, 8);
    private static final SampleShape COLOURS = new SampleShape.Image(3, 8, 7);
    private static final int CLASSES = 3;
    private static final Recipe R3 = Recipe.PLAIN.withPenalty(SlopePenalty.R1_R2, new Ramp(8, 2));

    @BeforeEach
    void needsACard() {
        String problem = CudaUnderTest.problem(DEVICE);
        assumeTrue(problem.isEmpty(), problem);
    }

    private static TrainingOptions alternating(Loss loss, Recipe recipe) {
        return TrainingOptions.defaults()
                .withLoss(loss)
                .withBatch(M)
                .withSteps(STEPS)
                .withRecipe(recipe);
    }

    private static TrainingOptions simultaneous(Loss loss, Recipe recipe) {
        return alternating(loss, recipe).withUpdateRule(UpdateRule.SIMULTANEOUS);
    }

    static Stream<Arguments> games() {
        NetworkOptions mlp = new NetworkOptions("mlp", 6, LATENT, "adam:lr=0.01", "adam:lr=0.01");
        NetworkOptions dcgan = new NetworkOptions("dcgan", 4, LATENT, "sgd:lr=0.01", "adam:lr=0.001");
        NetworkOptions linear = new NetworkOptions(
                "dcgan", 4, 4, 0, 0, 0, LATENT, NetworkOptions.Norm.GENERATOR, 0, "sgd:lr=0.01", "adam:lr=0.001");
        Recipe views = R3.withAugmentation(Augmentation.of("colour+roll+translation+cutout"));
        Recipe wasserstein = Recipe.PLAIN.withPenalty(SlopePenalty.WASSERSTEIN, Ramp.constant(10));
        Recipe rough = Recipe.PLAIN.withPenalty(SlopePenalty.APPROXIMATE, new Ramp(3, 1));
        NetworkOptions steady = new NetworkOptions("mlp", 6, LATENT, "sgd:lr=0.01", "sgd:lr=0.01");
        NetworkOptions normed = new NetworkOptions("dcgan", 4, LATENT, "sgd:lr=0.01", "sgd:lr=0.01");
        Recipe pace = Recipe.PLAIN.withPaces(new Pace(new Ramp(1, 0.1), new Ramp(0.9, 0.99)), Pace.STEADY);
        return Stream.of(
                Arguments.of(mlp, POINT, alternating(Loss.NON_SATURATING, Recipe.PLAIN)),
                Arguments.of(mlp, POINT, alternating(Loss.MINIMAX, Recipe.PLAIN)),
                Arguments.of(mlp, POINT, alternating(Loss.LEAST_SQUARES, Recipe.PLAIN)),
                Arguments.of(mlp, POINT, alternating(Loss.WASSERSTEIN, wasserstein)),
                Arguments.of(mlp, POINT, alternating(Loss.RELATIVISTIC, R3)),
                Arguments.of(mlp, POINT, alternating(Loss.HINGE, pace)),
                Arguments.of(mlp.withClasses(CLASSES), POINT, alternating(Loss.RELATIVISTIC, wasserstein)),
                Arguments.of(mlp, POINT, alternating(Loss.NON_SATURATING, rough)),
                Arguments.of(steady.withClasses(CLASSES), POINT, simultaneous(Loss.RELATIVISTIC, rough)),
                Arguments.of(normed, COLOURS, alternating(Loss.HINGE, rough)),
                Arguments.of(linear, COLOURS, simultaneous(Loss.HINGE, rough.withAugmentation(views.augmentation()))),
                Arguments.of(dcgan, IMAGE, alternating(Loss.NON_SATURATING, Recipe.PLAIN)),
                Arguments.of(linear, COLOURS, alternating(Loss.RELATIVISTIC, views)),
                Arguments.of(mlp, POINT, simultaneous(Loss.HINGE, Recipe.PLAIN)),
                Arguments.of(mlp, POINT, alternating(Loss.HINGE, Recipe.PLAIN.withSpectralNorm(true))),
                Arguments.of(linear, COLOURS, simultaneous(Loss.RELATIVISTIC, views.withSpectralNorm(true))),
                Arguments.of(mlp, POINT, simultaneous(Loss.RELATIVISTIC, R3)),
                Arguments.of(mlp.withClasses(CLASSES), POINT, simultaneous(Loss.LEAST_SQUARES, Recipe.PLAIN)),
                Arguments.of(mlp.withClasses(CLASSES), POINT, simultaneous(Loss.RELATIVISTIC, R3)),
                Arguments.of(
                        dcgan,
                        COLOURS,
                        simultaneous(Loss.NON_SATURATING, Recipe.PLAIN.withAugmentation(views.augmentation()))),
                Arguments.of(linear, COLOURS, simultaneous(Loss.RELATIVISTIC, views)));
    }

    private static Minibatch batch(SampleShape sample, int classes, int number) {
        float[] latents = normals(M * LATENT, 2 * number + 1);
        int[] labels = new int[classes == 0 ? 0 : M];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (i * i + number) % classes;
        }
        return Minibatch.of(normals(M * sample.elements(), 2 * number), latents, labels);
    }

    private static float[] normals(int n, int stream) {
        float[] values = new float[n];
        new Philox(6, Philox.Purpose.SYNTHETIC, stream).fillNormal(values, 0, n);
        return values;
    }

    /** One pair of networks and what its updates told. */
    private static final class Game implements AutoCloseable {
        final SampleShape sample;
        final TrainingOptions rules;
        final int classes;
        final ComputationGraph generator;
        final ComputationGraph discriminator;
        final CompiledNetworks networks;
        final List<DiscriminatorUpdate> ofDiscriminator = new ArrayList<>();
        final List<GeneratorUpdate> ofGenerator = new ArrayList<>();
        private int drawn;

        Game(NetworkOptions options, SampleShape sample, TrainingOptions rules) {
            this(options, sample, rules, CudaUnderTest.backend(DEVICE));
        }

        Game(NetworkOptions options, SampleShape sample, TrainingOptions rules, Backend backend) {
            this(Networks.configure(options, sample, 1), options, sample, rules, backend);
        }

        Game(Networks.Pair pair, NetworkOptions options, SampleShape sample, TrainingOptions rules, Backend backend) {
            this.sample = sample;
            this.rules = rules;
            this.classes = options.classes();
            generator = new ComputationGraph(pair.generator());
            discriminator = new ComputationGraph(pair.discriminator());
            NetworkShapes shapes = NetworkShapes.check(generator, discriminator, sample, options.latent(), classes);
            networks = new CompiledNetworks(generator, discriminator, null, shapes, rules, backend);
        }

        boolean isSimultaneous() {
            return rules.update() == UpdateRule.SIMULTANEOUS;
        }

        /** One update of both, or two updates of the discriminator and one of the generator. */
        void play() {
            if (isSimultaneous()) {
                BothUpdates both = networks.updateBoth(batch(sample, classes, drawn++));
                ofDiscriminator.add(both.discriminator());
                ofGenerator.add(both.generator());
            } else {
                ofDiscriminator.add(networks.updateDiscriminator(batch(sample, classes, drawn++)));
                ofDiscriminator.add(networks.updateDiscriminator(batch(sample, classes, drawn++)));
                ofGenerator.add(networks.updateGenerator(batch(sample, classes, drawn++)));
            }
        }

        float[] parameters() {
            networks.synchronize();
            float[] first = generator.params().dup().data().asFloat();
            float[] second = discriminator.params().dup().data().asFloat();
            float[] all = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, all, first.length, second.length);
            return all;
        }

        void playWhole() {
            networks.step(this::play);
            ofDiscriminator.clear();
            ofGenerator.clear();
        }

        @Override
        public void close() {
            networks.close();
        }
    }

    @ParameterizedTest
    @MethodSource("games")
    void aRecordedStepIsTheSameGame(NetworkOptions options, SampleShape sample, TrainingOptions rules) {
        Backend inPieces = CudaUnderTest.backendWithoutRecordings(DEVICE);
        try (Game whole = new Game(options, sample, rules);
                Game pieces = new Game(options, sample, rules, inPieces);
                Game single = new Game(options, sample, rules)) {
            assertThat(whole.networks.playsWholeSteps()).isTrue();
            for (int step = 0; step < STEPS; step++) {
                if (DEVICE.equals("emulated")) {
                    requireOneLaunch(CudaUnderTest.launches(whole::playWhole), step);
                } else {
                    whole.playWhole();
                }
                pieces.playWhole();
                single.play();
                if (step == 4) {
                    whole.networks.generate(normals(2 * LATENT, 50));
                    single.networks.generate(normals(2 * LATENT, 50));
                }
            }
            whole.networks.report(whole.ofDiscriminator::add, whole.ofGenerator::add);
            assertThat(whole.ofDiscriminator).hasSize(whole.isSimultaneous() ? STEPS : 2 * STEPS);
            assertThat(whole.ofGenerator).hasSize(STEPS);
            compare(whole, single);
            float[] learnt = whole.parameters();
            assertThat(learnt).as("bit for bit, piece by piece").isEqualTo(pieces.parameters());
            // Adam's steps are as large for tiny gradients as for large ones.
            assertThat(learnt).as("with losses on the host").containsExactly(single.parameters(), within(1e-4f));
            assertThat(whole.generator.getConfiguration().getIterationCount()).isEqualTo(STEPS);
        }
    }

    private static void requireOneLaunch(List<String> launches, int step) {
        if (step > 0) {
            assertThat(launches.get(0)).startsWith("recording of ");
            assertThat(launches.stream().filter(name -> name.startsWith("recording")))
                    .hasSize(1);
        }
    }

    private static void compare(Game whole, Game single) {
        DiscriminatorUpdate d = whole.ofDiscriminator.get(0);
        assertThat(d.loss())
                .isCloseTo(mean(single.ofDiscriminator.stream().map(DiscriminatorUpdate::loss)), within(1e-5));
        assertThat(d.value())
                .isCloseTo(mean(single.ofDiscriminator.stream().map(DiscriminatorUpdate::value)), within(1e-5));
        assertThat(d.meanReal())
                .isCloseTo(mean(single.ofDiscriminator.stream().map(DiscriminatorUpdate::meanReal)), within(1e-5));
        assertThat(d.lead())
                .isCloseTo(mean(single.ofDiscriminator.stream().map(DiscriminatorUpdate::lead)), within(1e-5));
        assertThat(d.pairsWon())
                .isCloseTo(mean(single.ofDiscriminator.stream().map(DiscriminatorUpdate::pairsWon)), within(1e-5));
        assertThat(d.meanFake())
                .isCloseTo(mean(single.ofDiscriminator.stream().map(DiscriminatorUpdate::meanFake)), within(1e-5));
        assertThat(d.gradientNorm())
                .isCloseTo(mean(single.ofDiscriminator.stream().map(DiscriminatorUpdate::gradientNorm)), within(1e-4));
        GeneratorUpdate g = whole.ofGenerator.get(0);
        assertThat(g.loss()).isCloseTo(mean(single.ofGenerator.stream().map(GeneratorUpdate::loss)), within(1e-5));
        assertThat(g.meanFake())
                .isCloseTo(mean(single.ofGenerator.stream().map(GeneratorUpdate::meanFake)), within(1e-5));
        assertThat(g.gradientNorm())
                .isCloseTo(mean(single.ofGenerator.stream().map(GeneratorUpdate::gradientNorm)), within(1e-4));
    }

    private static double mean(Stream<Double> values) {
        return values.mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** The card's norms of weights, against those that the host keeps for the device cpu. */
    @Test
    void spectralNormsAreThoseOfTheHost() {
        NetworkOptions mlp = new NetworkOptions("mlp", 6, LATENT, "sgd:lr=0.1", "sgd:lr=0.1");
        TrainingOptions rules = alternating(Loss.NON_SATURATING, Recipe.PLAIN.withSpectralNorm(true));
        try (Game card = new Game(mlp, POINT, rules);
                Game host = new Game(mlp, POINT, rules, new CpuBackend())) {
            float[] start = card.parameters();
            for (int step = 0; step < STEPS; step++) {
                card.playWhole();
                host.play();
            }
            float[] learnt = card.parameters();
            assertThat(learnt).isNotEqualTo(start).containsExactly(host.parameters(), within(2e-4f));
            card.networks.spectralNorm().directions().forEach((name, u) -> assertThat(u)
                    .as(name)
                    .containsExactly(host.networks.spectralNorm().directions().get(name), within(1e-3)));
        }
    }

    @Test
    void everyPresetIsOneLaunch() {
        for (Preset preset : Preset.values()) {
            SampleShape sample = preset == Preset.GRID ? POINT : new SampleShape.Image(1, 16, 16);
            TrainingOptions rules = preset.training().withBatch(2);
            try (Game game = new Game(preset.networks(sample), sample, rules)) {
                assertThat(game.networks.playsWholeSteps()).as(preset.label()).isTrue();
            }
        }
    }

    @Test
    void aMeasuredGameIsTheSame() {
        NetworkOptions mlp = new NetworkOptions("mlp", 6, LATENT, "adam:lr=0.01", "adam:lr=0.01");
        TrainingOptions rules = alternating(Loss.RELATIVISTIC, R3);
        try (Game measured = new Game(mlp, POINT, rules);
                Game other = new Game(mlp, POINT, rules)) {
            measured.networks.watch();
            for (int step = 0; step < 3; step++) {
                measured.play();
                other.play();
            }
            assertThat(measured.networks.profile().toString()).contains("discriminator");
            assertThat(measured.parameters()).isEqualTo(other.parameters());
            // Nothing can be timed while it is recorded: profiles are made update by update.
            measured.networks.watch();
            measured.playWhole();
            assertThatThrownBy(measured::playWhole)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("time can't be measured");
        }
    }

    @Test
    void parametersThatSomebodyChangesAreTakenOver() {
        NetworkOptions mlp = new NetworkOptions("mlp", 6, LATENT, "adam:lr=0.01", "adam:lr=0.01");
        try (Game game = new Game(mlp, POINT, alternating(Loss.HINGE, Recipe.PLAIN))) {
            for (int step = 0; step < 4; step++) {
                game.playWhole();
            }
            game.networks.synchronize();
            game.generator.params().assign(0.25);
            game.networks.load();
            for (int step = 0; step < 4; step++) {
                game.playWhole();
            }
            game.networks.synchronize();
            // Adam takes steps of the learning rate at most.
            assertThat(game.generator.params().sub(0.25).normmaxNumber().doubleValue())
                    .isBetween(1e-3, 0.1);
        }
    }

    @Test
    void divergenceIsToldByTheNextReport() {
        NetworkOptions wild = new NetworkOptions("mlp", 6, LATENT, "sgd:lr=1e30", "sgd:lr=1e30");
        try (Game game = new Game(wild, POINT, simultaneous(Loss.LEAST_SQUARES, Recipe.PLAIN))) {
            for (int step = 0; step < 4; step++) {
                game.playWhole();
            }
            assertThatThrownBy(() -> game.networks.report(update -> {}, update -> {}))
                    .isInstanceOf(TrainingDivergedException.class);
        }
    }

    static Stream<Arguments> mixtures() {
        NetworkOptions mlp = new NetworkOptions("mlp", 6, LATENT, "sgd:lr=0.01", "sgd:lr=0.01");
        NetworkOptions images = new NetworkOptions(
                "dcgan", 4, 4, 0, 0, 0, LATENT, NetworkOptions.Norm.GENERATOR, 0, "sgd:lr=0.01", "sgd:lr=0.01");
        Recipe rough = Recipe.PLAIN.withPenalty(SlopePenalty.APPROXIMATE, Ramp.constant(1));
        Recipe views = R3.withAugmentation(Augmentation.of("colour+translation"));
        return Stream.of(
                Arguments.of(mlp, images, alternating(Loss.NON_SATURATING, Recipe.PLAIN)),
                Arguments.of(mlp, images, simultaneous(Loss.RELATIVISTIC, views)),
                Arguments.of(images, mlp, alternating(Loss.RELATIVISTIC, rough)),
                Arguments.of(images, mlp, simultaneous(Loss.HINGE, views)));
    }

    /** Samples of several channels, which lie flat for one network and with their channels last for the other. */
    @ParameterizedTest
    @MethodSource("mixtures")
    void flatSamplesAndImagesAreOneLaunch(
            NetworkOptions generator, NetworkOptions discriminator, TrainingOptions rules) {
        try (Game whole = mixture(generator, discriminator, rules, CudaUnderTest.backend(DEVICE));
                Game host = mixture(generator, discriminator, rules, new CpuBackend())) {
            float[] start = whole.parameters();
            for (int step = 0; step < STEPS; step++) {
                if (DEVICE.equals("emulated")) {
                    requireOneLaunch(CudaUnderTest.launches(whole::playWhole), step);
                } else {
                    whole.playWhole();
                }
                host.play();
            }
            assertThat(whole.parameters()).isNotEqualTo(start).containsExactly(host.parameters(), within(2e-4f));
        }
    }

    /** Configurations count updates: each game has its own. */
    private static Game mixture(
            NetworkOptions generator, NetworkOptions discriminator, TrainingOptions rules, Backend backend) {
        Networks.Pair pair = new Networks.Pair(
                Networks.configure(generator, COLOURS, 1).generator(),
                Networks.configure(discriminator, COLOURS, 1).discriminator());
        return new Game(pair, generator, COLOURS, rules, backend);
    }
}

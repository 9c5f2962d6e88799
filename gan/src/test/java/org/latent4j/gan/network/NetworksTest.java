package org.latent4j.gan.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.Compiler;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.layer.GroupedConvolution2D;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.NetworkShapes;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;

class NetworksTest {

    static Stream<Arguments> images() {
        return Stream.of(
                Arguments.of(4, 4, 1),
                Arguments.of(28, 28, 1),
                Arguments.of(40, 40, 1),
                Arguments.of(32, 32, 3),
                Arguments.of(36, 44, 4),
                Arguments.of(64, 48, 3),
                Arguments.of(100, 20, 3),
                Arguments.of(8, 52, 2),
                Arguments.of(13, 7, 1));
    }

    @ParameterizedTest
    @MethodSource("images")
    void bothNetworksFitImagesOfAnySize(int height, int width, int channels) {
        SampleShape.Image image = new SampleShape.Image(channels, height, width);
        for (String name : List.of(Networks.MLP, Networks.DCGAN)) {
            NetworkOptions defaults = Networks.defaults(name, image);
            NetworkOptions small =
                    new NetworkOptions(name, 4, 7, defaults.generatorUpdater(), defaults.discriminatorUpdater());
            Networks.Pair pair = Networks.configure(small, image, 1);
            ComputationGraph generator = new ComputationGraph(pair.generator());
            NetworkShapes shapes = NetworkShapes.check(generator, new ComputationGraph(pair.discriminator()), image, 7);
            var samples = generator.output(Nd4j.rand(3, 7))[0];
            assertThat(samples.length()).isEqualTo(3L * channels * height * width);
            assertThat(samples.amaxNumber().doubleValue()).isLessThanOrEqualTo(1);
            assertThat(shapes.latent()).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @CsvSource({"28, 28, 1", "32, 32, 3", "64, 48, 3", "12, 8, 2"})
    void residualNetworks(int height, int width, int channels) {
        SampleShape.Image image = new SampleShape.Image(channels, height, width);
        NetworkOptions options = new NetworkOptions(
                Networks.R3, 4, 6, 2, 0, 0, 7, NetworkOptions.Norm.NONE, 0, "adam:lr=1e-3", "adam:lr=1e-3");
        Networks.Pair pair = Networks.configure(options, image, 1);
        ComputationGraph generator = new ComputationGraph(pair.generator());
        ComputationGraph discriminator = new ComputationGraph(pair.discriminator());
        NetworkShapes.check(generator, discriminator, image, 7);
        assertThat(generator.output(Nd4j.rand(3, 7))[0].shape()).containsExactly(3, channels, height, width);
        assertThat(NetworkShapes.mixesSamples(discriminator)).isFalse();
        // Samples of the untrained generator are about as large as pixels are.
        double deviation = generator.output(Nd4j.randn(20, 7))[0].stdNumber().doubleValue();
        assertThat(deviation).isBetween(0.2, 5.0);
        CompileOptions penalised = CompileOptions.training(3, CompileOptions.Wanted.PARAMETERS)
                .withInputShape("image", channels, height, width);
        assertThat(Compiler.penaltyProblems(new Parameters(discriminator), penalised))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"40, 40, 1", "12, 8, 2", "7, 5, 1", "6, 16, 1"})
    void latticeNetworks(int height, int width, int channels) {
        SampleShape.Image image = new SampleShape.Image(channels, height, width);
        int latent = LatticeNetworks.latent(image, 2);
        NetworkOptions options = new NetworkOptions(
                Networks.LATTICE,
                3,
                4,
                0,
                0,
                0,
                latent,
                NetworkOptions.Norm.GENERATOR,
                0,
                "adam:lr=1e-3",
                "adam:lr=1e-3");
        Networks.Pair pair = Networks.configure(options, image, 1);
        ComputationGraph generator = new ComputationGraph(pair.generator());
        ComputationGraph discriminator = new ComputationGraph(pair.discriminator());
        NetworkShapes.check(generator, discriminator, image, latent);
        assertThat(NetworkShapes.mixesSamples(discriminator)).isFalse();
        CompileOptions penalised = CompileOptions.training(3, CompileOptions.Wanted.PARAMETERS)
                .withInputShape("image", channels, height, width);
        assertThat(Compiler.penaltyProblems(new Parameters(discriminator), penalised))
                .isEmpty();
    }

    /** Noise shifted by a site makes the sample shifted by that site's pixels, which the discriminator does not see. */
    @Test
    void latticeNetworksKnowNoPlace() {
        SampleShape.Image image = new SampleShape.Image(1, 16, 12); // halved once, as 4 x 3 would be too small
        NetworkOptions options = new NetworkOptions(
                Networks.LATTICE,
                3,
                4,
                0,
                0,
                0,
                2 * 8 * 6 + 16 * 12,
                NetworkOptions.Norm.NONE,
                0,
                "adam:lr=1e-3",
                "adam:lr=1e-3");
        Networks.Pair pair = Networks.configure(options, image, 1);
        ComputationGraph generator = new ComputationGraph(pair.generator());
        ComputationGraph discriminator = new ComputationGraph(pair.discriminator());
        generator.init();
        discriminator.init();
        INDArray coarse = Nd4j.randn(1, 2, 8, 6);
        INDArray fine = Nd4j.randn(1, 1, 16, 12);
        INDArray sample = generator.output(latent(coarse, fine))[0].dup();
        INDArray shifted = generator.output(latent(rolled(coarse, 3, 1), rolled(fine, 6, 2)))[0].dup();
        assertThat(shifted.equalsWithEps(rolled(sample, 6, 2), 1e-5)).isTrue();
        assertThat(shifted.equalsWithEps(sample, 1e-2)).isFalse();
        assertThat(discriminator.output(shifted)[0].getDouble(0))
                .isCloseTo(discriminator.output(sample)[0].getDouble(0), within(1e-5));
    }

    private static INDArray latent(INDArray coarse, INDArray fine) {
        return Nd4j.concat(1, coarse.reshape(1, coarse.length()), fine.reshape(1, fine.length()));
    }

    private static INDArray rolled(INDArray x, int rows, int columns) {
        INDArray y = x.dup('c');
        for (long c = 0; c < x.size(1); c++) {
            for (long h = 0; h < x.size(2); h++) {
                for (long w = 0; w < x.size(3); w++) {
                    y.putScalar(
                            new long[] {0, c, (h + rows) % x.size(2), (w + columns) % x.size(3)},
                            x.getDouble(0, c, h, w));
                }
            }
        }
        return y;
    }

    @Test
    void latticeNetworksNeedNoiseForEachSite() {
        SampleShape.Image image = new SampleShape.Image(1, 40, 40);
        NetworkOptions base = Networks.defaults(Networks.LATTICE, image);
        assertThatThrownBy(() -> Networks.configure(base.withLatent(64), image, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2100 numbers and 25 times as many as you like")
                .hasMessageContaining("--latent 2125");
        assertThatThrownBy(() -> Networks.configure(base.withClasses(10), image, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("--conditional");
    }

    @Test
    void residualNetworksAreRefusedWhereSidesDoNotHalve() {
        assertThatThrownBy(() -> Networks.configure(
                        Networks.defaults("r3", new SampleShape.Image(1, 8, 8)), new SampleShape.Image(1, 30, 30), 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("--size");
    }

    @Test
    void residualNetworksInGroupsAreThoseOfR3gan() {
        SampleShape.Image image = new SampleShape.Image(3, 8, 8);
        NetworkOptions base = Networks.defaults("r3", image);
        Networks.Pair pair = Networks.configure(inGroups(base, 8), image, 1);
        for (var configuration : List.of(pair.generator(), pair.discriminator())) {
            ComputationGraph network = new ComputationGraph(configuration);
            network.init();
            int blocks = 0;
            for (var layer : network.getLayers()) {
                if (layer.conf().getLayer() instanceof GroupedConvolution2D middle) {
                    blocks++;
                    long block = network.layerSize(middle.getLayerName().replace("-mid", "-out"));
                    assertThat(middle.getNIn()).isEqualTo(2 * block).isEqualTo(8L * middle.groups());
                }
            }
            assertThat(blocks).isEqualTo(2);
        }
        assertThatThrownBy(() -> Networks.configure(inGroups(base, 12), image, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("--group 12")
                .hasMessageContaining("64 channels");
        assertThatThrownBy(() -> inGroups(base, -1)).hasMessageContaining("--group must be");
    }

    private static NetworkOptions inGroups(NetworkOptions base, int group) {
        return new NetworkOptions(
                base.name(),
                base.width(),
                0,
                base.depth(),
                group,
                0,
                base.latent(),
                base.norm(),
                0,
                base.generatorUpdater(),
                base.discriminatorUpdater());
    }

    @Test
    void dcgan64HasTheShapeOfThePaper() {
        SampleShape.Image image = new SampleShape.Image(3, 64, 64);
        Networks.Pair pair = Networks.configure(Networks.defaults("dcgan", image), image, 1);
        ComputationGraph generator = new ComputationGraph(pair.generator());
        generator.init();
        // dense 100 -> 512 x 4 x 4, deconvolutions 512-256-128-64-3 with kernel 4, batch norm of 4 numbers a channel
        long expected = 100L * 8192
                + 8192
                + 4 * 512
                + (512L * 256 * 16 + 256 + 4 * 256)
                + (256L * 128 * 16 + 128 + 4 * 128)
                + (128L * 64 * 16 + 64 + 4 * 64)
                + (64L * 3 * 16 + 3);
        assertThat(generator.numParams()).isEqualTo(expected);
    }

    @Test
    void weightsAreDecidedByTheSeed() {
        SampleShape.Point point = new SampleShape.Point(2);
        NetworkOptions options = Networks.defaults("mlp", point);
        ComputationGraph first =
                new ComputationGraph(Networks.configure(options, point, 1).generator());
        ComputationGraph same =
                new ComputationGraph(Networks.configure(options, point, 1).generator());
        ComputationGraph other =
                new ComputationGraph(Networks.configure(options, point, 2).generator());
        first.init();
        same.init();
        other.init();
        assertThat(first.params()).isEqualTo(same.params());
        assertThat(first.params()).isNotEqualTo(other.params());
    }

    @Test
    void unsuitableNetworksAreRefused() {
        SampleShape.Point point = new SampleShape.Point(2);
        assertThatThrownBy(
                        () -> Networks.configure(Networks.defaults("dcgan", new SampleShape.Image(1, 8, 8)), point, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("--network mlp");
        assertThatThrownBy(() -> new NetworkOptions("mlp", 0, 8, "adam", "adam"))
                .hasMessageContaining("--width");
        assertThatThrownBy(() -> new NetworkOptions("mlp", 8, 0, "adam", "adam"))
                .hasMessageContaining("--latent");
    }

    @Test
    void updatersAreReadWithTheirValues() {
        assertThat(Updaters.parse("adam:lr=2e-4,beta1=0.5")).isEqualTo(new Adam(2e-4, 0.5, 0.999, 1e-8));
        assertThat(Updaters.parse("nesterovs:momentum=0.8")).isEqualTo(new Nesterovs(1e-3, 0.8));
        assertThat(Updaters.parse("adadelta:rho=0.9,eps=1e-5")).isEqualTo(new AdaDelta(0.9, 1e-5));
        Updaters.KEYS.forEach((name, keys) -> {
            assertThat(Updaters.parse(name).hasLearningRate()).as(name).isEqualTo(keys.contains("lr"));
            if (keys.contains("lr")) {
                assertThat(Updaters.parse(name).getLearningRate(0, 0)).isEqualTo(1e-3);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adm",
                "adam:rate=1",
                "adam:lr=fast",
                "adam:lr=-1",
                "adam:lr=NaN",
                "adam:beta1=1",
                "sgd:beta1=0.5",
                "adadelta:lr=1e-3",
                "adadelta:rho=1",
                "adabelief",
                "adam:"
            })
    void wrongUpdatersAreRefused(String text) {
        assertThatThrownBy(() -> Updaters.parse(text))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("updater");
    }
}

package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.layer.GroupedConvolution2D;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** Convolutions in groups, of DL4J and of ours: against the definition, DL4J against the compiled network, and under penalties. */
class GroupedConvolutionTest {

    /** Channels, and a layer: groups of one, of several, of all channels; kernels, strides, paddings and dilations; more filters than channels. */
    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of(6, grouped(2, 4, 3, 1, 1, 1, true)),
                Arguments.of(6, grouped(3, 9, 3, 2, 0, 1, false)),
                Arguments.of(4, grouped(4, 4, 3, 1, 0, 2, true)),
                Arguments.of(4, grouped(1, 3, 2, 1, 0, 1, true)),
                Arguments.of(32, grouped(2, 32, 3, 1, 1, 1, true)),
                Arguments.of(32, grouped(2, 64, 1, 1, 0, 1, false)),
                Arguments.of(3, depthwise(1, 3, 1, ConvolutionMode.Same)),
                Arguments.of(3, depthwise(2, 2, 2, ConvolutionMode.Truncate)),
                Arguments.of(1, depthwise(3, 3, 1, ConvolutionMode.Truncate)),
                Arguments.of(16, depthwise(1, 3, 2, ConvolutionMode.Same)),
                Arguments.of(3, separable(1, 3, 1, ConvolutionMode.Same)),
                Arguments.of(3, separable(2, 2, 2, ConvolutionMode.Truncate)),
                Arguments.of(16, separable(1, 3, 1, ConvolutionMode.Same)));
    }

    private static Layer grouped(
            int groups, int filters, int kernel, int stride, int padding, int dilation, boolean bias) {
        return new GroupedConvolution2D.Builder(groups, kernel, kernel)
                .stride(stride, stride)
                .padding(padding, padding)
                .dilation(dilation, dilation)
                .convolutionMode(ConvolutionMode.Truncate)
                .hasBias(bias)
                .nOut(filters)
                .activation(new ActivationLReLU(0.2))
                .build();
    }

    private static Layer depthwise(int multiplier, int kernel, int stride, ConvolutionMode mode) {
        return new DepthwiseConvolution2D.Builder(kernel, kernel)
                .depthMultiplier(multiplier)
                .stride(stride, stride)
                .convolutionMode(mode)
                .activation(new ActivationLReLU(0.2))
                .build();
    }

    private static Layer separable(int multiplier, int kernel, int stride, ConvolutionMode mode) {
        return new SeparableConvolution2D.Builder(kernel, kernel)
                .depthMultiplier(multiplier)
                .stride(stride, stride)
                .convolutionMode(mode)
                .nOut(5)
                .activation(new ActivationLReLU(0.2))
                .build();
    }

    /** A discriminator around the layer: what comes before it needs gradients through it. */
    private static ComputationGraph network(int channels, Layer layer) {
        return network(channels, layer, new ActivationLReLU(0.2));
    }

    private static ComputationGraph network(int channels, Layer layer, IActivation activation) {
        BaseLayer grouped = (BaseLayer) layer.clone();
        grouped.setActivationFn(activation);
        return TestGraphs.graph(
                TestGraphs.builder(new Adam(1e-3, 0.9, 0.999, 1e-4)), InputType.convolutional(7, 9, 2), g -> g.addLayer(
                                "first",
                                new ConvolutionLayer.Builder(1, 1)
                                        .nOut(channels)
                                        .activation(activation)
                                        .build(),
                                "in")
                        .addLayer("groups", grouped, "first")
                        .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "groups")
                        .addLayer(
                                "logit",
                                new DenseLayer.Builder()
                                        .nOut(1)
                                        .activation(new ActivationIdentity())
                                        .build(),
                                "mean")
                        .setOutputs("logit"));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void compiledLikeDl4j(int channels, Layer layer) {
        for (int batch : new int[] {1, 5}) {
            new Dl4jParity(network(channels, layer), batch, 3)
                    .input("in", 2, 7, 9)
                    .checkGradients();
            new Dl4jParity(network(channels, layer), batch, 5)
                    .input("in", 2, 7, 9)
                    .checkTraining();
        }
        new Dl4jParity(network(channels, layer), 3, 4).input("in", 2, 7, 9).checkInference();
    }

    @ParameterizedTest
    @MethodSource("layers")
    void inSixteenBits(int channels, Layer layer) {
        new Dl4jParity(network(channels, layer, new ActivationTanH()), 5, 3)
                .input("in", 2, 7, 9)
                .checkBf16();
    }

    @ParameterizedTest
    @MethodSource("layers")
    void penaltiesAreExact(int channels, Layer layer) {
        ComputationGraph graph = network(channels, layer);
        PenaltyParity game = PenaltyParity.of(graph, 3, new long[] {2, 7, 9}, Penalty.ZERO_CENTRED, 2);
        game.checkExact(2);
        game.checkCompiled("direct", 1e-4, game.options());
    }

    @Test
    void isWhatTheDefinitionSays() {
        int groups = 3;
        ComputationGraph graph =
                TestGraphs.graph(TestGraphs.builder(new Sgd(0.1)), InputType.convolutional(6, 5, 6), g -> g.addLayer(
                                "groups",
                                new GroupedConvolution2D.Builder(groups, 3, 2)
                                        .stride(2, 1)
                                        .padding(1, 0)
                                        .convolutionMode(ConvolutionMode.Truncate)
                                        .nOut(9)
                                        .activation(new ActivationIdentity())
                                        .build(),
                                "in")
                        .setOutputs("groups"));
        INDArray w = graph.getParam("groups_W");
        INDArray b = graph.getParam("groups_b");
        assertThat(w.shape()).containsExactly(9, 2, 3, 2);
        b.assign(Nd4j.rand(1, 9));
        INDArray x = Nd4j.rand(2, 6, 6, 5);
        INDArray y = graph.output(x)[0];
        assertThat(y.shape()).containsExactly(2, 9, 3, 4);
        for (int n = 0; n < 2; n++) {
            for (int k = 0; k < 9; k++) {
                for (int row = 0; row < 3; row++) {
                    for (int column = 0; column < 4; column++) {
                        double sum = b.getDouble(0, k);
                        for (int c = 0; c < 2; c++) {
                            for (int i = Math.max(0, 1 - 2 * row); i < 3; i++) {
                                for (int j = 0; j < 2; j++) {
                                    sum += w.getDouble(k, c, i, j)
                                            * x.getDouble(n, k / 3 * 2 + c, 2 * row - 1 + i, column + j);
                                }
                            }
                        }
                        assertThat(y.getDouble(n, k, row, column))
                                .isCloseTo(sum, org.assertj.core.api.Assertions.within(1e-5));
                    }
                }
            }
        }
    }

    /** What is left of the inputs, seen through filters of ones: all of them in DL4J and here, or none. */
    @Test
    void inputsAreDropped() {
        for (Layer layer : List.of(
                grouped(2, 2, 1, 1, 0, 1, true),
                depthwise(1, 1, 1, ConvolutionMode.Same),
                separable(1, 1, 1, ConvolutionMode.Same))) {
            BaseLayer dropping = (BaseLayer) layer.clone();
            dropping.setIDropout(new Dropout(0.5));
            ComputationGraph graph = TestGraphs.graph(
                    TestGraphs.builder(new Sgd(0.1)),
                    InputType.convolutional(40, 40, 2),
                    g -> g.addLayer("groups", dropping, "in").setOutputs("groups"));
            graph.params().assign(1);
            INDArray ones = Nd4j.ones(1, 2, 40, 40);
            Compiled compiled = Compiler.compile(
                    new Parameters(graph),
                    BackendUnderTest.get(),
                    CompileOptions.training(1, CompileOptions.Wanted.PARAMETERS).withInputShape("in", 2, 40, 40));
            compiled.tensor("in").write(ones);
            compiled.noise(3, 1);
            compiled.forward();
            float[] ours = compiled.tensor("groups").read();
            float[] theirs = new Dl4jReference(graph)
                    .forward(List.of(ones), true)
                    .get("groups")
                    .data()
                    .asFloat();
            assertThat(distinct(ours)).hasSizeGreaterThan(1).isEqualTo(distinct(theirs));
        }
    }

    private static Set<Float> distinct(float[] numbers) {
        Set<Float> distinct = new TreeSet<>();
        for (float number : numbers) {
            distinct.add(number);
        }
        return distinct;
    }

    @Test
    void oneGroupIsAnOrdinaryConvolution() {
        ComputationGraph ours = network(4, grouped(1, 3, 2, 1, 0, 1, true));
        ComputationGraph theirs = network(
                4,
                new ConvolutionLayer.Builder(2, 2)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .nOut(3)
                        .activation(new ActivationLReLU(0.2))
                        .build());
        theirs.setParams(ours.params());
        INDArray x = Nd4j.rand(3, 2, 7, 9);
        assertThat(ours.output(x)[0].distance2(theirs.output(x)[0])).isLessThan(1e-5);
    }

    @Test
    void isSaved(@TempDir Path folder) throws Exception {
        ComputationGraph graph = network(6, grouped(2, 4, 3, 1, 1, 1, true));
        ComputationGraphConfiguration read =
                ComputationGraphConfiguration.fromJson(graph.getConfiguration().toJson());
        assertThat(read.toJson()).isEqualTo(graph.getConfiguration().toJson());
        ModelSerializer.writeModel(graph, folder.resolve("g.zip").toFile(), true);
        ComputationGraph restored =
                ModelSerializer.restoreComputationGraph(folder.resolve("g.zip").toFile(), true);
        assertThat(((GroupedConvolution2D) restored.getLayer("groups").conf().getLayer()).groups())
                .isEqualTo(2);
        INDArray x = Nd4j.rand(3, 2, 7, 9);
        assertThat(restored.output(x)[0]).isEqualTo(graph.output(x)[0]);
    }

    @Test
    void groupsThatDoNotDivideAreRefused() {
        assertThatThrownBy(() -> network(5, grouped(2, 4, 3, 1, 1, 1, true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5 channels and 4 filters can't be divided into 2 groups");
        assertThatThrownBy(() -> grouped(0, 4, 3, 1, 1, 1, true)).hasMessageContaining("into 0 groups");
        assertThatThrownBy(() -> network(4, grouped(2, 4, 3, 1, 1, 1, true)).output(Nd4j.rand(1, 3, 7, 9)))
                .isInstanceOf(Exception.class);
    }

    @Test
    void filtersSayWhatAnotherShapeIs() {
        assertThat(Filters.of(Shape.of(4, 3, 2, 2, 5))).isEqualTo(new Filters(4, 3, 2, 2, 5));
        assertThatThrownBy(() -> Filters.of(Shape.of(3, 4))).hasMessageContaining("(G, K / G, C / G, h, w)");
        List<Long> sizes = Arrays.asList(4L, 6L);
        Filters filters = Filters.of(Shape.of(2, 3, 2, 1, 1));
        assertThat(List.of(filters.allInputs(), filters.allOutputs())).isEqualTo(sizes);
    }
}

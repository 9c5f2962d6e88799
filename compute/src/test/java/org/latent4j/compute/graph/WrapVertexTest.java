package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.latent4j.compute.layer.WrapVertex;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Periodic padding: against its definition, DL4J against the compiled network, and under penalties. */
class WrapVertexTest {

    /** Height, width, channels, margins: odd ones, one of none, and margins as large as the image. */
    static Stream<Arguments> sizes() {
        return Stream.of(
                Arguments.of(7, 5, 3, 1, 1),
                Arguments.of(4, 9, 2, 2, 1),
                Arguments.of(3, 6, 1, 0, 2),
                Arguments.of(5, 3, 2, 1, 0),
                Arguments.of(1, 2, 3, 1, 2));
    }

    private static ComputationGraph alone(int height, int width, int channels, int rows, int columns) {
        return TestGraphs.graph(
                TestGraphs.builder(new Sgd(0.1)),
                InputType.convolutional(height, width, channels),
                g -> g.addVertex("wrap", new WrapVertex(rows, columns), "in").setOutputs("wrap"));
    }

    /** A convolution on a torus and means over it, as of a discriminator. */
    private static ComputationGraph network(int height, int width, int channels, int rows, int columns) {
        return TestGraphs.graph(
                TestGraphs.builder(new Sgd(0.1)), InputType.convolutional(height, width, channels), g -> g.addLayer(
                                "first",
                                new ConvolutionLayer.Builder(1, 1)
                                        .nOut(4)
                                        .activation(new ActivationLReLU(0.2))
                                        .build(),
                                "in")
                        .addVertex("wrap", new WrapVertex(rows, columns), "first")
                        .addLayer(
                                "conv",
                                new ConvolutionLayer.Builder(2 * rows + 1, 2 * columns + 1)
                                        .nOut(5)
                                        .activation(new ActivationLReLU(0.2))
                                        .build(),
                                "wrap")
                        .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "conv")
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
    @MethodSource("sizes")
    void goesOnWithTheOtherSide(int height, int width, int channels, int rows, int columns) {
        INDArray x = Nd4j.rand(2, channels, height, width);
        INDArray y = alone(height, width, channels, rows, columns).output(x)[0];
        assertThat(y.shape()).containsExactly(2, channels, height + 2L * rows, width + 2L * columns);
        for (int n = 0; n < 2; n++) {
            for (int c = 0; c < channels; c++) {
                for (int h = 0; h < height + 2 * rows; h++) {
                    for (int w = 0; w < width + 2 * columns; w++) {
                        assertThat(y.getFloat(n, c, h, w))
                                .isEqualTo(x.getFloat(
                                        n, c, Math.floorMod(h - rows, height), Math.floorMod(w - columns, width)));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void compiledLikeDl4j(int height, int width, int channels, int rows, int columns) {
        new Dl4jParity(network(height, width, channels, rows, columns), 5, 3)
                .input("in", channels, height, width)
                .checkGradients();
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void penaltiesAreExact(int height, int width, int channels, int rows, int columns) {
        ComputationGraph graph = network(height, width, channels, rows, columns);
        PenaltyParity game = PenaltyParity.of(graph, 3, new long[] {channels, height, width}, Penalty.ZERO_CENTRED, 2);
        game.checkExact(2);
        game.checkCompiled("direct", 1e-4, game.options());
    }

    @Test
    void shiftsAreNotSeen() {
        ComputationGraph graph = network(6, 8, 2, 1, 1);
        INDArray x = Nd4j.rand(1, 2, 6, 8);
        INDArray shifted = Nd4j.create(1, 2, 6, 8);
        for (int c = 0; c < 2; c++) {
            for (int h = 0; h < 6; h++) {
                for (int w = 0; w < 8; w++) {
                    shifted.putScalar(new int[] {0, c, (h + 2) % 6, (w + 5) % 8}, x.getFloat(0, c, h, w));
                }
            }
        }
        float logit = graph.output(x)[0].getFloat(0);
        assertThat(graph.output(shifted)[0].getFloat(0))
                .as("a network of wrapped convolutions and means does not see shifts")
                .isCloseTo(logit, org.assertj.core.api.Assertions.within(1e-5f));
    }

    @Test
    void isSaved() {
        ComputationGraphConfiguration configuration = network(6, 8, 2, 1, 2).getConfiguration();
        ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(configuration.toJson());
        assertThat(read.getVertices().get("wrap")).isEqualTo(new WrapVertex(1, 2));
        assertThat(read.toJson()).isEqualTo(configuration.toJson());
    }

    @Test
    void wrongMarginsAreRefused() {
        assertThatThrownBy(() -> new WrapVertex(-1, 2)).hasMessageContaining("-1 and 2");
        assertThatThrownBy(() -> new WrapVertex(0, 0)).hasMessageContaining("one of them positive");
        assertThatThrownBy(() -> alone(2, 5, 1, 3, 1).output(Nd4j.rand(1, 1, 2, 5)))
                .hasStackTraceContaining(
                        "WrapVertex(3, 1) needs images of at least that many rows and columns, but got 2x5");
    }
}

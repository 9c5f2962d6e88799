package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.layer.FourierVertex;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.learning.config.Sgd;

/** Penalties on slopes. */
class PenaltyTest {
    private static final double FLOAT = 1e-4;
    private static final int GRAPHS = 60;

    private static PenaltyParity random(long seed) {
        RandomGraphs.Sample sample = RandomGraphs.piecewiseLinear(seed);
        Penalty penalty = seed % 3 == 0 ? Penalty.ONE_CENTRED : Penalty.ZERO_CENTRED;
        return PenaltyParity.of(sample.graph(), sample.batch(), sample.input(), penalty, seed);
    }

    @TestFactory
    Stream<DynamicTest> exactOnRandomGraphs() {
        return LongStream.range(0, GRAPHS)
                .mapToObj(seed -> DynamicTest.dynamicTest(
                        "seed " + seed + ": "
                                + RandomGraphs.piecewiseLinear(seed).words(),
                        () -> random(seed).checkExact(seed)));
    }

    @TestFactory
    Stream<DynamicTest> kernelsOnRandomGraphs() {
        return LongStream.range(0, GRAPHS)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
                    PenaltyParity game = random(seed);
                    game.checkCompiled(BackendUnderTest.way(seed), FLOAT, game.options());
                }));
    }

    private static DenseLayer dense(int units) {
        return new DenseLayer.Builder()
                .nOut(units)
                .activation(new ActivationLReLU(0.2))
                .build();
    }

    private static DenseLayer logit() {
        return new DenseLayer.Builder()
                .nOut(1)
                .activation(new ActivationIdentity())
                .build();
    }

    private static ComputationGraph fourier(int points, int octaves) {
        return TestGraphs.graph(TestGraphs.builder(new Sgd(0.1)), InputType.feedForward(points), g -> g.addVertex(
                        "features", new FourierVertex(points, 1.5, octaves), "in")
                .addLayer("a", dense(13), "features")
                .addLayer("b", dense(7), "a")
                .addLayer("logit", logit(), "b")
                .setOutputs("logit"));
    }

    @Test
    void fourierFeatures() {
        for (Penalty penalty : List.of(Penalty.ZERO_CENTRED, Penalty.ONE_CENTRED)) {
            PenaltyParity game = PenaltyParity.of(fourier(3, 4), 13, new long[] {3}, penalty, 5);
            game.checkExact(5);
            game.checkCompiled("direct", FLOAT, game.options());
        }
    }

    @Test
    void fourierFeaturesAgreeWithDl4j() {
        new Dl4jParity(fourier(2, 6), 7, 3).input("in", 2).checkGradients();
    }

    @Test
    void fourierVertexIsSaved() {
        ComputationGraphConfiguration configuration = fourier(2, 6).getConfiguration();
        ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(configuration.toJson());
        assertThat(read.getVertices().get("features")).isEqualTo(new FourierVertex(2, 1.5, 6));
        assertThat(read.toJson()).isEqualTo(configuration.toJson());
    }

    /** Overlapping and padded maxima, and a residual sum. */
    @Test
    void maximaAndResiduals() {
        ComputationGraph graph =
                TestGraphs.graph(TestGraphs.builder(new Sgd(0.1)), InputType.convolutional(9, 7, 2), g -> g.addLayer(
                                "conv",
                                new ConvolutionLayer.Builder(3, 3)
                                        .padding(1, 1)
                                        .nOut(5)
                                        .activation(new ActivationLReLU(0.2))
                                        .build(),
                                "in")
                        .addLayer(
                                "pool",
                                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                                        .kernelSize(3, 3)
                                        .stride(2, 2)
                                        .padding(1, 1)
                                        .build(),
                                "conv")
                        .addLayer(
                                "inner",
                                new ConvolutionLayer.Builder(1, 1)
                                        .nOut(5)
                                        .activation(new ActivationReLU())
                                        .build(),
                                "pool")
                        .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "pool", "inner")
                        .addLayer("logit", logit(), "sum")
                        .setOutputs("logit"));
        PenaltyParity game = PenaltyParity.of(graph, 3, new long[] {2, 9, 7}, Penalty.ZERO_CENTRED, 2);
        game.checkExact(2);
        game.checkCompiled("direct", FLOAT, game.options());
    }

    /** Slopes below zero that are learned, for each channel, for each element, and for each unit. */
    @Test
    void learnedSlopes() {
        for (Penalty penalty : List.of(Penalty.ZERO_CENTRED, Penalty.ONE_CENTRED)) {
            ComputationGraph graph = TestGraphs.chain(
                    InputType.convolutional(4, 5, 2),
                    new ConvolutionLayer.Builder(3, 2)
                            .nOut(7)
                            .activation(new ActivationIdentity())
                            .build(),
                    LayerParityTest.slopes(new long[] {7, 2, 4}, 2, 3),
                    new ConvolutionLayer.Builder(2, 1)
                            .nOut(3)
                            .activation(new ActivationIdentity())
                            .build(),
                    LayerParityTest.slopes(new long[] {3, 1, 4}),
                    dense(5),
                    LayerParityTest.slopes(new long[] {5}),
                    logit());
            PenaltyParity game = PenaltyParity.of(graph, 5, new long[] {2, 4, 5}, penalty, 3);
            game.checkExact(3);
            game.checkCompiled("direct", FLOAT, game.options());
        }
    }

    @Test
    void sixteenBits() {
        ComputationGraph graph = TestGraphs.chain(
                InputType.convolutional(12, 12, 3),
                new ConvolutionLayer.Builder(4, 4)
                        .stride(2, 2)
                        .padding(1, 1)
                        .nOut(16)
                        .activation(new ActivationIdentity())
                        .build(),
                new ConvolutionLayer.Builder(3, 3)
                        .nOut(32)
                        .activation(new ActivationIdentity())
                        .build(),
                logit());
        PenaltyParity game = PenaltyParity.of(graph, 16, new long[] {3, 12, 12}, Penalty.ZERO_CENTRED, 2);
        game.checkCompiled("direct", 2e-2, game.options().withPrecision(Precision.BF16));
    }

    /** A logit for each class, of which each sample has its own. */
    @Test
    void chosenLogits() {
        for (Penalty penalty : List.of(Penalty.ZERO_CENTRED, Penalty.ONE_CENTRED)) {
            ComputationGraph graph = TestGraphs.chain(
                    InputType.convolutional(7, 5, 2),
                    new ConvolutionLayer.Builder(3, 3)
                            .nOut(6)
                            .activation(new ActivationLReLU(0.2))
                            .build(),
                    dense(9),
                    new DenseLayer.Builder()
                            .nOut(3)
                            .activation(new ActivationIdentity())
                            .build());
            PenaltyParity game = PenaltyParity.of(graph, 7, new long[] {2, 7, 5}, penalty, 3);
            game.checkExact(3);
            game.checkCompiled("direct", FLOAT, game.options());
        }
    }

    /** Under a loss that only sees differences of logits the last bias has no gradient, with a penalty too. */
    @Test
    void lastBiasOfARelativisticLossHasNoGradient() {
        ComputationGraph graph = TestGraphs.chain(InputType.feedForward(4), dense(8), logit());
        PenaltyParity game = PenaltyParity.of(graph, 6, new long[] {4}, Penalty.ZERO_CENTRED, 1);
        for (int i = 0; i < 3; i++) {
            game.slopes()[3 + i] = -game.slopes()[i];
        }
        game.compiled(game.options(), "direct");
        assertThat(Dl4jParity.gradient(graph, "b_b")).containsExactly(0);
        assertThat(Dl4jParity.gradient(graph, "b_W")).doesNotContain(0);
    }

    @Test
    void accumulates() {
        ComputationGraph graph = TestGraphs.chain(
                InputType.convolutional(3, 4, 5),
                LayerParityTest.slopes(new long[] {5, 3, 4}, 2, 3),
                LayerParityTest.slopes(new long[] {5, 3, 4}, 2),
                LayerParityTest.slopes(new long[] {5, 3, 4}),
                dense(8),
                logit());
        PenaltyParity game = PenaltyParity.of(graph, 5, new long[] {5, 3, 4}, Penalty.ZERO_CENTRED, 1);
        game.compiled(game.options(), "direct");
        float[] once = graph.getFlattenedGradients().dup().data().asFloat();
        game.compiled(game.options().accumulating(), "direct");
        float[] twice = graph.getFlattenedGradients().dup().data().asFloat();
        assertThat(once[0]).isNotZero();
        for (int i = 0; i < once.length; i++) {
            assertThat(twice[i]).isEqualTo(2 * once[i]);
        }
    }

    @Test
    void saysWhatIsInTheWay() {
        ComputationGraph graph = TestGraphs.chain(
                InputType.convolutional(8, 8, 3),
                new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .activation(new ActivationIdentity())
                        .build(),
                new BatchNormalization(),
                new ActivationLayer(new ActivationTanH()),
                new DenseLayer.Builder()
                        .nOut(4)
                        .hasLayerNorm(true)
                        .activation(new ActivationCube())
                        .build(),
                logit());
        CompileOptions options = CompileOptions.training(4, CompileOptions.Wanted.PARAMETERS)
                .withInputShape("in", 3, 8, 8)
                .withPenalty(Penalty.ZERO_CENTRED);
        assertThatThrownBy(() -> Compiler.compile(new Parameters(graph), BackendUnderTest.get(), options))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("'b' (batch norm")
                .hasMessageContaining("'c' (tanh, which is not piecewise linear)")
                .hasMessageContaining("'d' (LayerNorm, which is not piecewise linear)")
                .hasMessageContaining("'d' (a product of what the input changes, which is not piecewise linear)")
                .hasMessageContaining("--penalty approximate");
        assertThat(Compiler.penaltyProblems(new Parameters(graph), options)).hasSize(4);
        ComputationGraph straight = TestGraphs.chain(InputType.feedForward(4), dense(8), logit());
        assertThat(Compiler.penaltyProblems(new Parameters(straight), CompileOptions.training(4)))
                .isEmpty();
    }
}

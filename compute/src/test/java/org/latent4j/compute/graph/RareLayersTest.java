package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Layers and vertices that need more than {@link LayerParityTest}: random numbers, indices, or no layer of their own. */
class RareLayersTest {
    private final Backend backend = BackendUnderTest.get();

    @Test
    void normalisedAndReshapedSamples() {
        ComputationGraph graph =
                TestGraphs.graph(TestGraphs.builder(new Sgd(0.1)), InputType.convolutional(3, 4, 2), g -> g.addVertex(
                                "unit", new L2NormalizeVertex(), "in")
                        .addVertex("turned", new ReshapeVertex(-1, 4, 2, 3), "unit")
                        .addLayer("tanh", new ActivationLayer(new ActivationTanH()), "turned")
                        .setOutputs("tanh"));
        new Dl4jParity(graph, 5, 1).input("in", 2, 3, 4).checkGradients();
        new Dl4jParity(graph, 1, 1).input("in", 2, 3, 4).checkInference();
    }

    /** Parts at the beginning, in the middle (one number), at the end, and all; two of them overlap. */
    @Test
    void partsOfSamples() {
        for (InputType input : List.of(InputType.feedForward(7), InputType.convolutional(3, 2, 7))) {
            ComputationGraph graph = TestGraphs.graph(
                    TestGraphs.builder(new Sgd(0.1)), input, g -> g.addVertex("first", new SubsetVertex(0, 2), "in")
                            .addVertex("one", new SubsetVertex(2, 2), "in")
                            .addVertex("last", new SubsetVertex(4, 6), "in")
                            .addVertex("all", new SubsetVertex(0, 6), "in")
                            .addVertex("joined", new MergeVertex(), "last", "first", "all", "one")
                            .addLayer("tanh", new ActivationLayer(new ActivationTanH()), "joined")
                            .setOutputs("tanh"));
            new Dl4jParity(graph, 5, 1).input("in", input.getShape(false)).checkGradients();
            new Dl4jParity(graph, 1, 1).input("in", input.getShape(false)).checkInference();
        }
    }

    @Test
    void embeddedIndices() {
        ComputationGraph graph = TestGraphs.chain(
                InputType.feedForward(7),
                new EmbeddingLayer.Builder()
                        .nIn(7)
                        .nOut(3)
                        .activation(new ActivationTanH())
                        .build());
        ComputationGraph theirs = graph.clone();
        Parameters parameters = new Parameters(graph);
        Compiled compiled = Compiler.compile(parameters, backend, CompileOptions.training(5, Wanted.PARAMETERS));
        INDArray indices = Nd4j.createFromArray(3f, 0f, 6f, 3f, 3f).reshape(5, 1);
        INDArray slope = Nd4j.linspace(-1, 2, 15).castTo(indices.dataType()).reshape(5, 3);
        compiled.tensor("in").write(indices);
        compiled.gradient("a").write(slope);
        compiled.forward();
        compiled.backward();
        compiled.backward();
        parameters.synchronize();
        Dl4jReference reference = new Dl4jReference(theirs);
        INDArray expected = reference.forward(List.of(indices), true).get("a");
        reference.backward(Map.of("a", slope));
        Close.require("rows", compiled.tensor("a").read(), expected.data().asFloat(), 1e-5, 0);
        Close.require("table", Dl4jParity.gradient(graph, "a_W"), Dl4jParity.gradient(theirs, "a_W"), 1e-5, 0);

        compiled.tensor("in").write(Nd4j.createFromArray(3f, 0f, 7f, 9f, -1f).reshape(5, 1));
        assertThatThrownBy(compiled::forward)
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("sample 2 has index 7")
                .hasMessageContaining("0 to 6");
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void dropoutKeepsItsShareAndRepeats(Precision precision) {
        int units = 20_000;
        double keep = 0.7;
        ComputationGraph graph = TestGraphs.chain(
                InputType.feedForward(units), new DropoutLayer(keep), new ActivationLayer(new ActivationIdentity()));
        Compiled plain = Compiler.compile(
                new Parameters(graph),
                backend,
                CompileOptions.training(2, Wanted.INPUTS)
                        .withPrecision(precision)
                        .withInputShape("in", units));
        float[] ones = new float[2 * units];
        Arrays.fill(ones, 1);
        plain.tensor("in").write(ones);
        plain.gradient("b").write(ones);
        plain.noise(7, 1);
        plain.forward();
        plain.backward();
        float[] first = plain.tensor("b").read();
        int kept = 0;
        for (float value : first) {
            kept += value != 0 ? 1 : 0;
            assertThat(value == 0 || Math.abs(value - 1 / keep) < 6e-3).isTrue();
        }
        // Five standard deviations of a binomial count.
        assertThat((double) kept / first.length)
                .isCloseTo(keep, within(5 * Math.sqrt(keep * (1 - keep) / first.length)));
        assertThat(plain.gradient("in").read()).isEqualTo(first);
        plain.noise(7, 2);
        plain.forward();
        assertThat(plain.tensor("b").read()).isNotEqualTo(first);
        plain.noise(7, 1);
        plain.forward();
        assertThat(plain.tensor("b").read()).isEqualTo(first);
    }
}

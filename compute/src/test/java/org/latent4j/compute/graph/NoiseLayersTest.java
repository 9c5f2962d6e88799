package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Kinds of noise: draws are our own, so that it is moments that are compared with DL4J's. */
class NoiseLayersTest {
    private static final int UNITS = 40_001;
    private static final float X = 1.5f;
    private static final float SLOPE = 3;

    static List<IDropout> kinds() {
        return List.of(new GaussianNoise(0.4), new GaussianDropout(0.3), new AlphaDropout(0.7));
    }

    private record Moments(double mean, double deviation) {
        static Moments of(float[] values) {
            double mean = 0;
            for (float value : values) {
                mean += (double) value / values.length;
            }
            double squares = 0;
            for (float value : values) {
                squares += (value - mean) * (value - mean) / values.length;
            }
            return new Moments(mean, Math.sqrt(squares));
        }

        /** Five standard errors of the difference of two samples; none of these has long tails. */
        void requireLike(Moments other) {
            double error = 5 * Math.sqrt(2.0 / UNITS) * deviation + 1e-3;
            assertThat(mean).isCloseTo(other.mean, within(error));
            assertThat(deviation).isCloseTo(other.deviation, within(error));
        }
    }

    private static ComputationGraph network(IDropout kind) {
        return TestGraphs.chain(
                InputType.feedForward(UNITS),
                new DropoutLayer.Builder().dropOut(kind).build(),
                new ActivationLayer(new ActivationIdentity()));
    }

    private static Compiled compiled(ComputationGraph graph, CompileOptions options) {
        return compiled(graph, options, BackendUnderTest.get());
    }

    private static Compiled compiled(ComputationGraph graph, CompileOptions options, Backend backend) {
        return Compiler.compile(new Parameters(graph), backend, options.withInputShape("in", UNITS));
    }

    private static float[] all(float value) {
        float[] values = new float[UNITS];
        Arrays.fill(values, value);
        return values;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void momentsAreThoseOfDl4j(IDropout kind) {
        for (Precision precision : Precision.values()) {
            Compiled ours = compiled(
                    network(kind), CompileOptions.training(1, Wanted.INPUTS).withPrecision(precision));
            ours.tensor("in").write(all(X));
            ours.gradient("b").write(all(SLOPE));
            ours.noise(7, 1);
            ours.forward();
            ours.backward();
            Dl4jReference theirs = new Dl4jReference(network(kind));
            INDArray x = Nd4j.createFromArray(all(X)).reshape(1, UNITS);
            float[] expected = theirs.forward(List.of(x), true).get("b").data().asFloat();
            theirs.backward(Map.of("b", Nd4j.createFromArray(all(SLOPE)).reshape(1, UNITS)));
            float[] y = ours.tensor("b").read();
            assertThat(Moments.of(y).deviation()).isPositive();
            Moments.of(y).requireLike(Moments.of(expected));
            Moments.of(ours.gradient("in").read())
                    .requireLike(Moments.of(theirs.inputGradient("in").data().asFloat()));
        }
    }

    /** Also each gradient is that of its own draw: y = f x + n with the same f. */
    @ParameterizedTest
    @MethodSource("kinds")
    void drawsRepeat(IDropout kind) {
        Compiled ours = compiled(network(kind), CompileOptions.training(1, Wanted.INPUTS));
        float[][] results = new float[4][];
        for (int i = 0; i < results.length; i++) {
            ours.tensor("in").write(all(i == 3 ? 2 * X : X));
            ours.gradient("b").write(all(SLOPE));
            ours.noise(7, i == 1 ? 2 : 1);
            ours.forward();
            ours.backward();
            results[i] = ours.tensor("b").read();
        }
        assertThat(results[2]).isEqualTo(results[0]);
        assertThat(results[1]).isNotEqualTo(results[0]);
        float[] gradient = ours.gradient("in").read();
        for (int i = 0; i < UNITS; i++) {
            double factor = (results[3][i] - results[0][i]) / X;
            assertThat((double) gradient[i]).isCloseTo(SLOPE * factor, within(1e-4));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void drawsAreThoseOfDeviceCpu(IDropout kind) {
        float[][] results = new float[2][];
        for (Backend backend : List.of(BackendUnderTest.get(), new CpuBackend())) {
            Compiled network = compiled(network(kind), CompileOptions.training(1, Wanted.INPUTS), backend);
            network.tensor("in").write(all(X));
            network.noise(11, 3);
            network.forward();
            results[backend instanceof CpuBackend ? 0 : 1] = network.tensor("b").read();
        }
        for (int i = 0; results[1] != null && i < UNITS; i++) {
            assertThat((double) results[1][i]).isCloseTo(results[0][i], within(1e-6));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nothingIsDoneWhileNotTraining(IDropout kind) {
        Compiled ours = compiled(network(kind), CompileOptions.inference(1));
        ours.tensor("in").write(all(X));
        ours.forward();
        assertThat(ours.tensor("b").read()).isEqualTo(all(X));
    }
}

package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.Philox;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Training by labels against DL4J's own {@code fit}: score and parameters, step by step. */
class LossParityTest {
    private static final int BATCH = 5;

    private record Case(LossFunction loss, Activation activation, boolean probabilities) {}

    private static final List<Case> CASES = List.of(
            new Case(LossFunction.MSE, Activation.TANH, false),
            new Case(LossFunction.L2, Activation.IDENTITY, false),
            new Case(LossFunction.L1, Activation.TANH, false),
            new Case(LossFunction.MEAN_ABSOLUTE_ERROR, Activation.IDENTITY, false),
            new Case(LossFunction.XENT, Activation.SIGMOID, true),
            new Case(LossFunction.MCXENT, Activation.SOFTMAX, true),
            new Case(LossFunction.NEGATIVELOGLIKELIHOOD, Activation.SOFTMAX, true),
            new Case(LossFunction.HINGE, Activation.TANH, false),
            new Case(LossFunction.WASSERSTEIN, Activation.IDENTITY, false));

    private static INDArray random(long seed, boolean probabilities, long... shape) {
        float[] values = new float[Math.toIntExact(Shape.of(shape).elements())];
        new Philox(seed, Philox.Purpose.EVALUATION, 2).fillNormal(values, 0, values.length);
        if (probabilities) {
            for (int i = 0; i < values.length; i++) {
                values[i] = values[i] > 0 ? 1 : 0;
            }
        }
        return Nd4j.createFromArray(values).reshape('c', shape);
    }

    private static void check(InputType type, long[] input, long[] output, Case c, Layer... layers) {
        ComputationGraph ours =
                TestGraphs.chain(TestGraphs.builder(new Adam(1e-2)).l2(1e-2), type, layers);
        ComputationGraph theirs = ours.clone();
        Parameters parameters = new Parameters(ours);
        Backend backend = BackendUnderTest.get();
        Compiled compiled = Compiler.compile(
                parameters,
                backend,
                CompileOptions.training(BATCH, Wanted.PARAMETERS).withLabels().withInputShape("in", input));
        Updater updater = new Updater(parameters, backend);
        String last = ours.getConfiguration().getNetworkOutputs().get(0);
        for (int step = 1; step <= 3; step++) {
            INDArray x = random(step, false, compiled.tensor("in").shape().array());
            INDArray y = random(
                    10 + step, c.probabilities(), compiled.tensor(last).shape().array());
            assertThat(y.shape()).endsWith(output);
            compiled.tensor("in").write(x);
            compiled.labels(last).write(y);
            compiled.forward();
            compiled.backward();
            double score = compiled.loss(last) / BATCH + ours.calcRegularizationScore(true);
            updater.update(BATCH);
            parameters.synchronize();
            theirs.fit(new INDArray[] {x}, new INDArray[] {y});
            // DL4J's LossLayer takes its score after its gradient has overwritten its input: right for these two only.
            boolean scored = !(layers[layers.length - 1] instanceof LossLayer)
                    || c.activation() == Activation.IDENTITY
                    || c.activation() == Activation.SOFTMAX;
            if (scored) {
                assertThat(score)
                        .as("score of step " + step)
                        .isCloseTo(theirs.score(), within(1e-4 * Math.abs(theirs.score()) + 1e-5));
            }
            Close.require(
                    "parameters after step " + step,
                    ours.params().dup().data().asFloat(),
                    theirs.params().dup().data().asFloat(),
                    step * 1e-4,
                    0);
        }
    }

    @TestFactory
    Stream<DynamicTest> outputLayers() {
        return CASES.stream()
                .map(c -> DynamicTest.dynamicTest(
                        c.toString(),
                        () -> check(
                                InputType.feedForward(7),
                                new long[] {7},
                                new long[] {3},
                                c,
                                new DenseLayer.Builder()
                                        .nOut(4)
                                        .activation(new ActivationTanH())
                                        .build(),
                                new OutputLayer.Builder(c.loss())
                                        .nOut(3)
                                        .activation(c.activation())
                                        .build())));
    }

    @TestFactory
    Stream<DynamicTest> lossLayers() {
        return CASES.stream()
                .map(c -> DynamicTest.dynamicTest(
                        c.toString(),
                        () -> check(
                                InputType.feedForward(7),
                                new long[] {7},
                                new long[] {3},
                                c,
                                new DenseLayer.Builder()
                                        .nOut(3)
                                        .activation(new ActivationTanH())
                                        .build(),
                                new LossLayer.Builder(c.loss())
                                        .activation(c.activation())
                                        .build())));
    }

    @TestFactory
    Stream<DynamicTest> pixels() {
        return CASES.stream()
                .map(c -> DynamicTest.dynamicTest(
                        c.toString(),
                        () -> check(
                                InputType.convolutional(4, 5, 2),
                                new long[] {2, 4, 5},
                                new long[] {3, 4, 5},
                                c,
                                new ConvolutionLayer.Builder(1, 1)
                                        .nOut(3)
                                        .activation(new ActivationTanH())
                                        .build(),
                                new CnnLossLayer.Builder(c.loss())
                                        .activation(c.activation())
                                        .build())));
    }

    @Test
    void labelsNeedALoss() {
        ComputationGraph graph = TestGraphs.chain(
                InputType.feedForward(3), new DenseLayer.Builder().nOut(2).build());
        assertThatThrownBy(() -> Compiler.compile(
                        new Parameters(graph),
                        BackendUnderTest.get(),
                        CompileOptions.training(1, Wanted.PARAMETERS).withLabels()))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("output 'a'");
    }
}

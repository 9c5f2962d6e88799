package org.latent4j.compute.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.Device;
import org.latent4j.compute.Philox;
import org.latent4j.compute.graph.Close;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Against DL4J's own {@code fit}. */
class NetworkTrainingTest {
    private static final int[] SIZES = {6, 6, 4, 6, 4, 1};

    private static ComputationGraph classifier() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.01))
                .l2(1e-3)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(11, 9, 3))
                .addLayer(
                        "conv",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(4)
                                .activation(Activation.TANH)
                                .build(),
                        "in")
                .addLayer("norm", new BatchNormalization(), "conv")
                .addLayer(
                        "class",
                        new OutputLayer.Builder()
                                .nOut(2)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "norm")
                .setOutputs("class")
                .build());
        graph.init();
        return graph;
    }

    private static DataSet minibatch(int number) {
        int n = SIZES[number];
        float[] pixels = new float[n * 3 * 11 * 9];
        new Philox(4, Philox.Purpose.SYNTHETIC, number).fillNormal(pixels, 0, pixels.length);
        INDArray labels = Nd4j.zeros(n, 2);
        for (int i = 0; i < n; i++) {
            labels.putScalar(i, (i + number) % 2, 1);
        }
        return new DataSet(Nd4j.createFromArray(pixels).reshape(n, 3, 11, 9), labels);
    }

    private static NetworkDevice device() {
        return new NetworkDevice(new Device(Device.Kind.CPU, 0), BackendUnderTest.get());
    }

    private static void assertLearnedTheSame(ComputationGraph ours, ComputationGraph stock) {
        ComputationGraph start = classifier();
        assertThat(Close.distance(stock.params(), start.params())).isGreaterThan(0.02);
        assertThat(Close.distance(ours.params(), stock.params())).isLessThan(1e-4);
        assertThat(Close.distance(
                        ours.getUpdater().getStateViewArray(),
                        stock.getUpdater().getStateViewArray()))
                .isLessThan(1e-3);
        assertThat(ours.getIterationCount()).isEqualTo(stock.getIterationCount());
    }

    /** What DL4J, minibatches and their arrays have taught. */
    private record Taught(ComputationGraph stock, ComputationGraph ours, ComputationGraph byArrays) {

        static Taught on(Function<ComputationGraph, NetworkDevice> device) {
            Taught taught = new Taught(classifier(), classifier(), classifier());
            NetworkTraining training = new NetworkTraining(taught.ours, device.apply(taught.ours), 1, 3, 11, 9);
            NetworkTraining plain = new NetworkTraining(taught.byArrays, device.apply(taught.byArrays), 1, 3, 11, 9);
            for (int number = 0; number < SIZES.length; number++) {
                DataSet minibatch = minibatch(number);
                taught.stock.fit(minibatch);
                training.update(minibatch);
                plain.update(
                        minibatch.numExamples(),
                        minibatch.getFeatures().dup('c').data().asFloat(),
                        minibatch.getLabels().dup('c').data().asFloat());
            }
            training.synchronize();
            plain.synchronize();
            return taught;
        }
    }

    @Test
    void learnsWhatFitLearns() {
        Taught taught = Taught.on(graph -> device());
        assertLearnedTheSame(taught.ours, taught.stock);
        assertThat(taught.byArrays.params()).isEqualTo(taught.ours.params());
    }

    @Test
    void deviceNd4jIsFit() {
        Taught taught = Taught.on(graph -> NetworkDevice.forTraining("nd4j", graph));
        assertThat(taught.ours.params()).isEqualTo(taught.stock.params());
        assertThat(taught.byArrays.params()).isEqualTo(taught.stock.params());
    }

    @Test
    void masksAreRefused() {
        NetworkTraining training = new NetworkTraining(classifier(), device(), 1, 3, 11, 9);
        DataSet masked = minibatch(0);
        masked.setLabelsMaskArray(Nd4j.ones(SIZES[0], 1));
        assertThatThrownBy(() -> training.update(masked))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("no masks");
    }
}

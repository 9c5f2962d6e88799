package org.latent4j.gan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class NetworkShapesTest {
    private static final SampleShape.Point POINT = new SampleShape.Point(3);

    @Test
    void allProblemsComeInOneMessage() {
        ComputationGraph generator = dense(4, 5, Activation.IDENTITY, DataType.FLOAT); // five features instead of three
        ComputationGraph discriminator = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .graphBuilder()
                .addInputs("x")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunctions.LossFunction.XENT)
                                .nIn(2)
                                .nOut(1)
                                .activation(Activation.SIGMOID)
                                .build(),
                        "x")
                .setOutputs("out")
                .build());
        assertThatThrownBy(() -> NetworkShapes.check(generator, discriminator, POINT, 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("discriminator: its output out is an output layer")
                .hasMessageContaining("activation identity")
                .hasMessageContaining("applies a sigmoid")
                .hasMessageContaining("generator computes in FLOAT, discriminator in DOUBLE");
    }

    @Test
    void sizesAreComparedWithTheDataAndEachOther() {
        ComputationGraph wrongSamples = dense(4, 5, Activation.IDENTITY, DataType.FLOAT);
        ComputationGraph wrongInput = dense(5, 1, Activation.IDENTITY, DataType.FLOAT);
        ComputationGraph twoLogits = dense(3, 2, Activation.IDENTITY, DataType.FLOAT);
        assertThatThrownBy(() -> NetworkShapes.check(wrongSamples, wrongInput, POINT, 0))
                .hasMessageContaining(
                        "generator: gives samples of shape (n, 5), but the data are points of 3 features = (n, 3)")
                .hasMessageContaining("discriminator: does not take samples (n, 3)");
        assertThatThrownBy(() ->
                        NetworkShapes.check(dense(4, 3, Activation.IDENTITY, DataType.FLOAT), twoLogits, POINT, 0))
                .hasMessageContaining("gives (n, 2) for samples (n, 3), but one logit each is needed");
        assertThatThrownBy(() -> NetworkShapes.check(
                        dense(4, 3, Activation.IDENTITY, DataType.FLOAT),
                        dense(3, 1, Activation.IDENTITY, DataType.FLOAT),
                        POINT,
                        7))
                .hasMessageContaining("its first layer takes 4 inputs, but latent vectors have 7");
    }

    @Test
    void fittingNetworksPass() {
        NetworkShapes shapes = NetworkShapes.check(
                dense(4, 3, Activation.IDENTITY, DataType.FLOAT),
                dense(3, 1, Activation.IDENTITY, DataType.FLOAT),
                POINT,
                0);
        assertThat(shapes.latent()).isEqualTo(4);
        assertThat(shapes.sample()).isEqualTo(POINT);
    }

    private static ComputationGraph dense(int inputs, int outputs, Activation activation, DataType type) {
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .graphBuilder()
                .addInputs("x")
                .addLayer(
                        "out",
                        new DenseLayer.Builder()
                                .nIn(inputs)
                                .nOut(outputs)
                                .activation(activation)
                                .build(),
                        "x")
                .setOutputs("out")
                .build();
        return new ComputationGraph(configuration);
    }
}

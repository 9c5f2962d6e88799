package org.latent4j.gan.compiled;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;

/** Discriminators whose penalties are known in closed form. */
final class TestDiscriminators {
    private TestDiscriminators() {}

    /** One layer "out" without activation. */
    static ComputationGraph linear(int inputs, double rate) {
        return new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(rate))
                .graphBuilder()
                .addInputs("x")
                .addLayer(
                        "out",
                        new DenseLayer.Builder()
                                .nIn(inputs)
                                .nOut(1)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "x")
                .setOutputs("out")
                .build());
    }

    /** Five units "hidden" with tanh, then "out". */
    static ComputationGraph smooth(int inputs, double rate) {
        return new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(rate))
                .graphBuilder()
                .addInputs("x")
                .addLayer(
                        "hidden",
                        new DenseLayer.Builder()
                                .nIn(inputs)
                                .nOut(5)
                                .activation(Activation.TANH)
                                .build(),
                        "x")
                .addLayer(
                        "out",
                        new DenseLayer.Builder()
                                .nIn(5)
                                .nOut(1)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "hidden")
                .setOutputs("out")
                .build());
    }
}

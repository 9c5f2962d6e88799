package org.latent4j.bench;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;

/**
 * A layer as DL4J writes it, and its name for the peer's script.
 *
 * @param op as {@code peers/ops_torch.py} names it
 * @param input type of one sample
 * @param parameters names of the first layer's parameters whose gradients are compared
 */
record LayerCase(String name, String op, int batch, InputType input, List<String> parameters, Layer... layers) {
    private static final List<String> WEIGHTS = List.of("W", "b");

    /** The layers that adversarial networks are made of, at the sizes of a 64 by 64 pixel DCGAN, and the widest of an MLP. */
    static List<LayerCase> all() {
        return List.of(
                new LayerCase(
                        "conv 4x4/2, 64 to 128 channels, 32x32, batch 64",
                        "conv:2:1",
                        64,
                        InputType.convolutional(32, 32, 64),
                        WEIGHTS,
                        new ConvolutionLayer.Builder(4, 4)
                                .stride(2, 2)
                                .padding(1, 1)
                                .nOut(128)
                                .activation(Activation.IDENTITY)
                                .build()),
                new LayerCase(
                        "conv 3x3, 128 to 128 channels, 16x16, batch 64",
                        "conv:1:1",
                        64,
                        InputType.convolutional(16, 16, 128),
                        WEIGHTS,
                        new ConvolutionLayer.Builder(3, 3)
                                .padding(1, 1)
                                .nOut(128)
                                .activation(Activation.IDENTITY)
                                .build()),
                new LayerCase(
                        "deconv 4x4/2, 256 to 128 channels, 8x8, batch 64",
                        "deconv:2:1",
                        64,
                        InputType.convolutional(8, 8, 256),
                        WEIGHTS,
                        new Deconvolution2D.Builder(4, 4)
                                .stride(2, 2)
                                .padding(1, 1)
                                .nOut(128)
                                .activation(Activation.IDENTITY)
                                .build()),
                new LayerCase(
                        "dense 784 to 512, batch 128",
                        "dense",
                        128,
                        InputType.feedForward(784),
                        WEIGHTS,
                        new DenseLayer.Builder()
                                .nOut(512)
                                .activation(Activation.IDENTITY)
                                .build()),
                new LayerCase(
                        "batch norm + leaky relu, 128 channels, 16x16, batch 64",
                        "batchnorm",
                        64,
                        InputType.convolutional(16, 16, 128),
                        List.of("gamma", "beta"),
                        new BatchNormalization.Builder().build(),
                        new ActivationLayer.Builder()
                                .activation(new ActivationLReLU(0.2))
                                .build()));
    }

    /** The layers in a row, the first named {@code layer0}; the last is the output. */
    ComputationGraph graph() {
        var builder = new NeuralNetConfiguration.Builder()
                .seed(1)
                .graphBuilder()
                .addInputs("x")
                .setInputTypes(input);
        String previous = "x";
        for (int i = 0; i < layers.length; i++) {
            builder.addLayer("layer" + i, layers[i], previous);
            previous = "layer" + i;
        }
        ComputationGraph graph =
                new ComputationGraph(builder.setOutputs(previous).build());
        graph.init();
        return graph;
    }

    /** (F) or (C, H, W). */
    long[] sample() {
        return input.getShape(false);
    }

    String output() {
        return "layer" + (layers.length - 1);
    }
}

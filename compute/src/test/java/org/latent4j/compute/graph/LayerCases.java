package org.latent4j.compute.graph;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.latent4j.compute.BackendUnderTest;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Layers alone against DL4J: outputs and all gradients; training, then inference. */
final class LayerCases {
    private static final int FILTERS = 5;

    static final InputType POINTS = InputType.feedForward(7);
    static final InputType IMAGES = InputType.convolutional(13, 7, 3);

    private LayerCases() {}

    /** For one sample and for five; convolutions in each of their ways. */
    static Stream<DynamicTest> cases(InputType input, String name, Layer... layers) {
        return Stream.of(1, 5)
                .filter(batch -> batch > 1 || !name.contains("norm"))
                .map(batch -> DynamicTest.dynamicTest(name + ", batch " + batch, () -> {
                    ComputationGraph graph = TestGraphs.chain(input, layers);
                    long[] shape = input.getShape(false);
                    new Dl4jParity(graph, batch, 3).input("in", shape).checkGradients();
                    if (name.contains("convolution")) {
                        for (String way : BackendUnderTest.WAYS.subList(1, BackendUnderTest.WAYS.size())) {
                            new Dl4jParity(graph, batch, 5)
                                    .way(way)
                                    .input("in", shape)
                                    .checkGradients();
                        }
                    }
                    new Dl4jParity(graph, batch, 4).input("in", shape).checkInference();
                }));
    }

    /** @param k kernel, stride, padding (not of the mode Same), dilation */
    static Layer conv(ConvolutionMode mode, int[] k, boolean bias) {
        return conv(mode, k, bias, FILTERS);
    }

    static Layer conv(ConvolutionMode mode, int[] k, boolean bias, int filters) {
        return new ConvolutionLayer.Builder(k[0], k[0])
                .stride(k[1], k[1])
                .padding(mode == ConvolutionMode.Same ? new int[] {0, 0} : new int[] {k[2], k[2]})
                .dilation(k[3], k[3])
                .convolutionMode(mode)
                .hasBias(bias)
                .nOut(filters)
                .activation(new ActivationTanH())
                .build();
    }

    static Layer deconv(ConvolutionMode mode, int[] k, boolean bias) {
        return new Deconvolution2D.Builder(k[0], k[0])
                .stride(k[1], k[1])
                .padding(mode == ConvolutionMode.Same ? new int[] {0, 0} : new int[] {k[2], k[2]})
                .dilation(k[3], k[3])
                .convolutionMode(mode)
                .hasBias(bias)
                .nOut(FILTERS)
                .activation(new ActivationTanH())
                .build();
    }
}

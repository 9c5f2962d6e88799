package org.latent4j.compute.graph;

import static org.latent4j.compute.graph.LayerCases.*;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.*;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Each layer alone against DL4J, with awkward sizes, for one sample and for five: outputs and all gradients; training, then inference. */
class LayerParityTest {

    @TestFactory
    Stream<DynamicTest> activations() {
        List<IActivation> functions = List.of(
                new ActivationIdentity(),
                new ActivationReLU(),
                new ActivationLReLU(0.2),
                new ActivationTanH(),
                new ActivationSigmoid(),
                new ActivationSoftPlus(),
                new ActivationELU(1),
                new ActivationSELU(),
                new ActivationSwish(),
                new ActivationGELU(false),
                new ActivationReLU(0.7, 0.0, 0.0),
                new ActivationReLU(null, 0.0, 0.3),
                new ActivationReLU6(),
                new ActivationHardTanH(),
                new ActivationHardSigmoid(),
                new ActivationThresholdedReLU(),
                new ActivationThresholdedReLU(0.3),
                new ActivationCube(),
                new ActivationSoftSign(),
                new ActivationRationalTanh(),
                new ActivationRectifiedTanh(),
                new ActivationMish(),
                new ActivationSoftmax());
        return functions.stream()
                .flatMap(f -> Stream.concat(
                        cases(
                                POINTS,
                                "dense, " + f,
                                new DenseLayer.Builder().nOut(13).activation(f).build()),
                        f instanceof ActivationSoftmax
                                ? Stream.empty()
                                : cases(IMAGES, "images, " + f, new ActivationLayer(f))));
    }

    /** Arguments four times as large: some lie beyond the bounds. */
    @TestFactory
    Stream<DynamicTest> boundedActivations() {
        return Stream.of(
                        new ActivationReLU6(),
                        new ActivationHardTanH(),
                        new ActivationHardSigmoid(),
                        new ActivationRationalTanh())
                .map(f -> DynamicTest.dynamicTest(f.toString(), () -> {
                    ComputationGraph graph =
                            TestGraphs.graph(TestGraphs.builder(new Sgd(0.1)), IMAGES, g -> g.addVertex(
                                            "large", new ScaleVertex(4), "in")
                                    .addLayer("a", new ActivationLayer(f), "large")
                                    .setOutputs("a"));
                    new Dl4jParity(graph, 5, 3)
                            .input("in", IMAGES.getShape(false))
                            .checkGradients();
                }));
    }

    /** But for those with a kink at zero, where rounding decides on which side many arguments lie. */
    @TestFactory
    Stream<DynamicTest> composedActivationsIn16Bits() {
        return Stream.of(
                        new ActivationHardTanH(),
                        new ActivationHardSigmoid(),
                        new ActivationThresholdedReLU(0.3),
                        new ActivationCube(),
                        new ActivationSoftSign(),
                        new ActivationRationalTanh(),
                        new ActivationMish())
                .map(f -> DynamicTest.dynamicTest(f.toString(), () -> {
                    ComputationGraph graph = TestGraphs.chain(
                            IMAGES,
                            conv(ConvolutionMode.Same, new int[] {3, 1, 0, 1}, true),
                            new ActivationLayer((IActivation) f),
                            new DenseLayer.Builder()
                                    .nOut(3)
                                    .activation(new ActivationIdentity())
                                    .build());
                    new Dl4jParity(graph, 5, 3)
                            .input("in", IMAGES.getShape(false))
                            .checkBf16();
                }));
    }

    /** DL4J takes images of at most 64 numbers for each slope. */
    @TestFactory
    Stream<DynamicTest> rectifiersWithSlopesOfTheirOwn() {
        InputType small = InputType.convolutional(3, 1, 7);
        InputType wide = InputType.convolutional(3, 4, 5);
        return Stream.of(
                        cases(POINTS, "points", slopes(new long[] {7})),
                        cases(IMAGES, "each element", slopes(new long[] {3, 13, 7})),
                        cases(small, "each channel", slopes(new long[] {7, 3, 1}, 2, 3)),
                        cases(small, "each row", slopes(new long[] {7, 3, 1}, 1, 3)),
                        cases(wide, "each pixel", slopes(new long[] {5, 3, 4}, 1)),
                        cases(wide, "each channel and column", slopes(new long[] {5, 3, 4}, 2)),
                        cases(
                                POINTS,
                                "behind a dense layer",
                                new DenseLayer.Builder()
                                        .nOut(13)
                                        .activation(new ActivationIdentity())
                                        .build(),
                                slopes(new long[] {13})))
                .flatMap(s -> s);
    }

    static PReLULayer slopes(long[] shape, long... shared) {
        PReLULayer.Builder builder = new PReLULayer.Builder().inputShape(shape);
        if (shared.length > 0) {
            builder.sharedAxes(shared);
        }
        return builder.build();
    }

    @TestFactory
    Stream<DynamicTest> slopesIn16Bits() {
        return Stream.of(new long[0], new long[] {2, 3}, new long[] {2}, new long[] {1})
                .map(shared -> DynamicTest.dynamicTest(Arrays.toString(shared), () -> {
                    ComputationGraph graph =
                            TestGraphs.chain(InputType.convolutional(3, 4, 5), slopes(new long[] {5, 3, 4}, shared));
                    new Dl4jParity(graph, 5, 3).input("in", 5, 3, 4).checkBf16();
                }));
    }

    @Test
    void slopesLearnWithDecay() {
        ComputationGraph graph = TestGraphs.chain(
                TestGraphs.builder(new Adam(0.01)).l2(0.02),
                InputType.convolutional(3, 4, 5),
                slopes(new long[] {5, 3, 4}, 2),
                slopes(new long[] {5, 3, 4}));
        new Dl4jParity(graph, 5, 3).input("in", 5, 3, 4).checkTraining();
    }

    @Test
    void softmaxOverThePixelsOfALossLayer() {
        ComputationGraph graph = TestGraphs.chain(
                IMAGES,
                new CnnLossLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(new ActivationSoftmax())
                        .build());
        new Dl4jParity(graph, 5, 4).input("in", IMAGES.getShape(false)).checkInference();
    }

    /** Also of a single unit, whose deviation is zero. */
    @TestFactory
    Stream<DynamicTest> denseWithNormalisedSums() {
        return Stream.of(13, 7, 3, 1).flatMap(units -> Stream.of(true, false)
                .flatMap(bias -> cases(
                        POINTS,
                        units + " units" + (bias ? " with biases" : ""),
                        normed(units, bias),
                        new DenseLayer.Builder().nOut(3).build())));
    }

    private static DenseLayer normed(int units, boolean bias) {
        return new DenseLayer.Builder()
                .nOut(units)
                .hasLayerNorm(true)
                .hasBias(bias)
                .activation(new ActivationTanH())
                .build();
    }

    @Test
    void normalisedSumsLearn() {
        ComputationGraph graph = TestGraphs.chain(
                TestGraphs.builder(new Adam(0.01)).l2(0.02), POINTS, normed(13, true), normed(5, false));
        new Dl4jParity(graph, 5, 3).input("in", 7).checkTraining();
        new Dl4jParity(graph, 5, 3).input("in", 7).checkBf16();
    }

    @TestFactory
    Stream<DynamicTest> withoutBias() {
        return cases(
                POINTS, "dense", new DenseLayer.Builder().nOut(3).hasBias(false).build());
    }

    @TestFactory
    Stream<DynamicTest> batchNorm() {
        return Stream.of(true, false).flatMap(log -> Stream.of(true, false).flatMap(locked -> {
            BatchNormalization norm = new BatchNormalization.Builder(locked)
                    .gamma(locked ? 1.3 : 1)
                    .beta(locked ? 0.2 : 0)
                    .useLogStd(log)
                    .decay(0.7)
                    .build();
            String name = (log ? "norm with log10 deviation" : "norm with variance") + (locked ? ", locked" : "");
            Stream<DynamicTest> images = cases(
                    IMAGES,
                    name + ", images",
                    conv(ConvolutionMode.Truncate, new int[] {3, 1, 1, 1}, true),
                    norm.clone(),
                    new ActivationLayer(new ActivationReLU()));
            // 8 channels: a GPU takes four at once
            return Stream.concat(
                    images,
                    Stream.of(6, 8)
                            .flatMap(channels -> cases(
                                    POINTS,
                                    name + ", " + channels + " channels of points",
                                    new DenseLayer.Builder().nOut(channels).build(),
                                    norm.clone(),
                                    new ActivationLayer(new ActivationReLU()))));
        }));
    }

    @TestFactory
    Stream<DynamicTest> pooling() {
        return Stream.of(SubsamplingLayer.PoolingType.MAX, SubsamplingLayer.PoolingType.AVG)
                .flatMap(type -> Stream.of(
                                cases(
                                        IMAGES,
                                        type + " 2/2",
                                        new SubsamplingLayer.Builder(type, new int[] {2, 2}, new int[] {2, 2}).build()),
                                cases(
                                        IMAGES,
                                        type + " 3/2 padded",
                                        new SubsamplingLayer.Builder(
                                                        type, new int[] {3, 3}, new int[] {2, 2}, new int[] {1, 1})
                                                .build()),
                                cases(
                                        IMAGES,
                                        type + " 3/2 same",
                                        new SubsamplingLayer.Builder(type, new int[] {3, 3}, new int[] {2, 2})
                                                .convolutionMode(ConvolutionMode.Same)
                                                .build()))
                        .flatMap(s -> s));
    }

    @TestFactory
    Stream<DynamicTest> poolingByNorms() {
        return Stream.of(2, 3).flatMap(p -> Stream.of(
                        cases(IMAGES, p + " 2/2", pooling(p, 2, 2, 0)),
                        cases(IMAGES, p + " 3/2 padded", pooling(p, 3, 2, 1)),
                        cases(
                                IMAGES,
                                p + " global",
                                new GlobalPoolingLayer.Builder(PoolingType.PNORM)
                                        .pnorm(p)
                                        .build()))
                .flatMap(s -> s));
    }

    private static SubsamplingLayer pooling(int p, int kernel, int stride, int padding) {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.PNORM)
                .pnorm(p)
                .kernelSize(kernel, kernel)
                .stride(stride, stride)
                .padding(padding, padding)
                .build();
    }

    @TestFactory
    Stream<DynamicTest> globalPooling() {
        return Stream.of(PoolingType.MAX, PoolingType.AVG, PoolingType.SUM)
                .flatMap(type -> Stream.concat(
                        cases(IMAGES, type + " global", new GlobalPoolingLayer(type)),
                        cases(
                                InputType.convolutional(17, 19, 2),
                                type + " global, large, kept",
                                new GlobalPoolingLayer.Builder(type)
                                        .collapseDimensions(false)
                                        .build())));
    }

    @TestFactory
    Stream<DynamicTest> moving() {
        return Stream.of(
                        cases(
                                IMAGES,
                                "upsampling",
                                new Upsampling2D.Builder(2)
                                        .size(new int[] {2, 3})
                                        .build()),
                        cases(IMAGES, "zero padding", new ZeroPaddingLayer.Builder(1, 2, 3, 0).build()),
                        cases(IMAGES, "cropping", new Cropping2D.Builder(1, 2, 3, 0).build()),
                        cases(
                                IMAGES,
                                "flattening",
                                conv(ConvolutionMode.Same, new int[] {3, 2, 0, 1}, true),
                                new DenseLayer.Builder().nOut(3).build()))
                .flatMap(s -> s);
    }
}

package org.latent4j.compute.graph;

import static org.latent4j.compute.graph.LayerCases.*;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Convolutions and deconvolutions, in each of their ways, against DL4J. */
class ConvolutionParityTest {

    @TestFactory
    Stream<DynamicTest> convolutions() {
        return Stream.of(ConvolutionMode.Truncate, ConvolutionMode.Same).flatMap(mode -> Stream.of(
                        new int[] {3, 1, 1, 1},
                        new int[] {4, 2, 1, 1},
                        new int[] {6, 2, 2, 1},
                        new int[] {3, 3, 1, 1},
                        new int[] {3, 2, 0, 2},
                        new int[] {1, 1, 0, 1},
                        new int[] {2, 3, 0, 1})
                .flatMap(k -> {
                    String name =
                            mode + ", kernel " + k[0] + ", stride " + k[1] + ", padding " + k[2] + ", dilation " + k[3];
                    return Stream.concat(
                            cases(IMAGES, "convolution, " + name, conv(mode, k, true)),
                            k[3] > 1 || mode == ConvolutionMode.Same && k[0] < k[1]
                                    ? Stream.empty()
                                    : cases(IMAGES, "deconvolution, " + name, deconv(mode, k, true)));
                }));
    }

    @TestFactory
    Stream<DynamicTest> convolutionsOfOtherStepsAlongEachAxis() {
        return Stream.of(new int[] {4, 2, 2, 1}, new int[] {2, 6, 1, 2}, new int[] {3, 6, 1, 2}, new int[] {4, 3, 2, 1})
                .flatMap(k -> cases(
                        IMAGES,
                        "convolution, kernel " + k[0] + "x" + k[1] + ", stride " + k[2] + "x" + k[3],
                        new ConvolutionLayer.Builder(k[0], k[1])
                                .stride(k[2], k[3])
                                .padding(1, 0)
                                .nOut(5)
                                .activation(new ActivationTanH())
                                .build()));
    }

    /** Those that {@code PlaceKernels} are for, and their neighbours. */
    @TestFactory
    Stream<DynamicTest> convolutionsByFewFilters() {
        return Stream.of(1, 3, 4).flatMap(filters -> Stream.of(
                        new int[] {3, 1, 1, 1}, new int[] {3, 1, 0, 2}, new int[] {4, 1, 3, 1}, new int[] {3, 2, 1, 1})
                .flatMap(k -> cases(
                        IMAGES,
                        "convolution by " + filters + ", kernel " + k[0] + ", stride " + k[1] + ", padding " + k[2]
                                + ", dilation " + k[3],
                        conv(ConvolutionMode.Truncate, k, true, filters))));
    }

    @TestFactory
    Stream<DynamicTest> withoutBias() {
        int[] k = {3, 2, 1, 1};
        return Stream.concat(
                cases(IMAGES, "convolution", conv(ConvolutionMode.Truncate, k, false)),
                cases(IMAGES, "deconvolution", deconv(ConvolutionMode.Truncate, k, false)));
    }
}

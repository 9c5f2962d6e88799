package org.latent4j.gan.network;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.latent4j.data.SampleShape;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * Convolutional networks in the manner of DCGAN for images of any size: strided convolutions halve the image until its sides are 7 or
 * less, channels double from {@code width} on to at most eight times; the generator runs the same sizes backwards. An even side halves by
 * kernel 4, an odd one by kernel 3 to its half rounded up, so that every size comes out exactly. Batch norm everywhere but at the image
 * and at the discriminator's first layer, or in the generator alone, or nowhere; ReLU and tanh in the generator, LeakyReLU 0.2 in the
 * discriminator.
 *
 * <p>Source: Radford, Metz, Chintala, "Unsupervised representation learning with deep convolutional generative adversarial networks",
 * ICLR 2016.
 */
final class DcganNetworks {
    private static final int SMALLEST = 7;

    /** A discriminator without batch norm goes one step further down, as in the recipes for penalties. */
    private static final int SMALLEST_WITHOUT_NORM = 4;

    private static final IWeightInit WEIGHTS = new WeightInitDistribution(new NormalDistribution(0, 0.02));

    private DcganNetworks() {}

    /** Sizes (height, width) from the image down to the smallest map. */
    private static List<int[]> sizes(SampleShape.Image image, int smallest) {
        List<int[]> sizes = new ArrayList<>();
        int height = image.height();
        int width = image.width();
        sizes.add(new int[] {height, width});
        do {
            height = half(height);
            width = half(width);
            sizes.add(new int[] {height, width});
        } while (Math.max(height, width) > smallest);
        return sizes;
    }

    private static int half(int side) {
        return side > SMALLEST / 2 ? (side + 1) / 2 : side;
    }

    /** Kernel of the step between a side and its half: 4 doubles exactly, 3 doubles less one, 1 (stride 1) keeps. */
    private static int kernel(int large, int small) {
        return large == small ? 1 : large % 2 == 0 ? 4 : 3;
    }

    private static int stride(int large, int small) {
        return large == small ? 1 : 2;
    }

    private static int padding(int large, int small) {
        return large == small ? 0 : 1;
    }

    private static int channels(int width, int level) {
        return width << Math.min(level - 1, 3);
    }

    private static BatchNormalization norm(int channels) {
        return new BatchNormalization.Builder().nIn(channels).nOut(channels).build();
    }

    /** Without batch norm nothing else would bring small weights to the right size. */
    private static IWeightInit weights(boolean normalised) {
        return normalised ? WEIGHTS : new WeightInitRelu();
    }

    static ComputationGraphConfiguration generator(NetworkOptions options, SampleShape.Image image, long seed) {
        List<int[]> sizes = sizes(image, SMALLEST);
        int levels = sizes.size() - 1;
        int[] smallest = sizes.get(levels);
        int deepest = channels(options.width(), levels);
        boolean normalised = options.norm() != NetworkOptions.Norm.NONE;
        var graph = Networks.builder(options.generatorUpdater(), weights(normalised), seed)
                .addInputs("latent");
        graph.addLayer(
                "dense",
                new DenseLayer.Builder()
                        .nIn(options.latent())
                        .nOut(deepest * smallest[0] * smallest[1])
                        .activation(new ActivationIdentity())
                        .build(),
                "latent");
        InputPreProcessor image0 = new FeedForwardToCnnPreProcessor(smallest[0], smallest[1], deepest);
        if (normalised) {
            graph.addLayer("norm0", norm(deepest), image0, "dense");
            graph.addLayer("relu0", new ActivationLayer(new ActivationReLU()), "norm0");
        } else {
            graph.addLayer("relu0", new ActivationLayer(new ActivationReLU()), image0, "dense");
        }
        String previous = "relu0";
        for (int level = levels; level >= 1; level--) {
            int[] small = sizes.get(level);
            int[] large = sizes.get(level - 1);
            boolean last = level == 1;
            int outputs = last ? image.channels() : channels(options.width(), level - 1);
            int step = levels - level + 1;
            graph.addLayer(
                    "deconv" + step,
                    new Deconvolution2D.Builder(kernel(large[0], small[0]), kernel(large[1], small[1]))
                            .stride(stride(large[0], small[0]), stride(large[1], small[1]))
                            .padding(padding(large[0], small[0]), padding(large[1], small[1]))
                            .convolutionMode(ConvolutionMode.Truncate)
                            .nIn(channels(options.width(), level))
                            .nOut(outputs)
                            .activation(last ? new ActivationTanH() : new ActivationIdentity())
                            .build(),
                    previous);
            previous = "deconv" + step;
            if (!last) {
                if (normalised) {
                    graph.addLayer("norm" + step, norm(outputs), previous);
                    previous = "norm" + step;
                }
                graph.addLayer("relu" + step, new ActivationLayer(new ActivationReLU()), previous);
                previous = "relu" + step;
            }
        }
        return graph.setOutputs(previous).build();
    }

    static ComputationGraphConfiguration discriminator(NetworkOptions options, SampleShape.Image image, long seed) {
        boolean normalised = options.norm() == NetworkOptions.Norm.BATCH;
        List<int[]> sizes = sizes(image, normalised ? SMALLEST : SMALLEST_WITHOUT_NORM);
        int levels = sizes.size() - 1;
        var graph = Networks.builder(options.discriminatorUpdater(), weights(normalised), seed)
                .addInputs("image");
        String previous = "image";
        for (int level = 1; level <= levels; level++) {
            int[] large = sizes.get(level - 1);
            int[] small = sizes.get(level);
            int outputs = channels(options.widthOfDiscriminator(), level);
            graph.addLayer(
                    "conv" + level,
                    new ConvolutionLayer.Builder(kernel(large[0], small[0]), kernel(large[1], small[1]))
                            .stride(stride(large[0], small[0]), stride(large[1], small[1]))
                            .padding(padding(large[0], small[0]), padding(large[1], small[1]))
                            .convolutionMode(ConvolutionMode.Truncate)
                            .nIn(level == 1 ? image.channels() : channels(options.widthOfDiscriminator(), level - 1))
                            .nOut(outputs)
                            .activation(level == 1 || !normalised ? new ActivationLReLU(0.2) : new ActivationIdentity())
                            .build(),
                    previous);
            previous = "conv" + level;
            if (level > 1 && normalised) {
                graph.addLayer("norm" + level, norm(outputs), previous);
                graph.addLayer("lrelu" + level, new ActivationLayer(new ActivationLReLU(0.2)), "norm" + level);
                previous = "lrelu" + level;
            }
        }
        int[] smallest = sizes.get(levels);
        int deepest = channels(options.widthOfDiscriminator(), levels);
        graph.addLayer(
                "logit",
                new DenseLayer.Builder()
                        .nIn((long) deepest * smallest[0] * smallest[1])
                        .nOut(options.logits())
                        .activation(new ActivationIdentity())
                        .build(),
                new CnnToFeedForwardPreProcessor(smallest[0], smallest[1], deepest),
                previous);
        return graph.setOutputs("logit").build();
    }
}

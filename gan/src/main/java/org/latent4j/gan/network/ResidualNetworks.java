package org.latent4j.gan.network;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.deeplearning4j.nn.weights.WeightInitNormal;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.latent4j.compute.layer.GroupedConvolution2D;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;

/**
 * Residual networks without normalisation in the manner of R3GAN: at each size {@code depth} blocks x + F(x), where F is a 1x1 convolution,
 * LeakyReLU 0.2, 3x3, LeakyReLU 0.2, 1x1 back, the last one beginning near zero. The 3x3 convolution has half of the channels or, as R3GAN's,
 * twice as many in groups ({@link GroupedConvolution2D}, where DL4J lacks it). Between sizes
 * [1, 2, 1] resampling, which is two means over 2x2 pixels (down), or each pixel repeated and a mean (up), and a 1x1 convolution to the new
 * channels: {@code width} at full size, twice as many at each half, up to eight times. The generator's last layer has no tanh.
 *
 * <p>Throws {@link DataException} for images whose sides don't halve to 8 or less without a rest, and for groups that don't divide the channels.
 *
 * <p>Source: Huang et al., "The GAN is dead; long live the GAN! A modern GAN baseline", NeurIPS 2024.
 */
final class ResidualNetworks {
    private static final int SMALLEST = 8;

    /** How many times as wide as a block its convolutions in groups are. */
    private static final int EXPANSION = 2;

    /** Of the last convolution of a block, whose sum with the input should begin as the input alone. */
    private static final IWeightInit NEAR_ZERO = new WeightInitDistribution(new NormalDistribution(0, 1e-3));

    private final ComputationGraphConfiguration.GraphBuilder graph;
    private final NetworkOptions options;
    private final int width;
    private final SampleShape.Image image;
    private final int levels;
    private String last;
    private int channels;

    private ResidualNetworks(
            NetworkOptions options, int width, String updater, SampleShape.Image image, long seed, String input) {
        this.options = options;
        this.width = width;
        this.image = image;
        this.levels = levels(image);
        this.graph = Networks.builder(updater, new WeightInitRelu(), seed).addInputs(input);
        this.last = input;
    }

    /** How often both sides halve. */
    private static int levels(SampleShape.Image image) {
        int height = image.height();
        int width = image.width();
        int levels = 0;
        while (Math.max(height, width) >= SMALLEST && height % 2 == 0 && width % 2 == 0) {
            height /= 2;
            width /= 2;
            levels++;
        }
        if (Math.max(height, width) > SMALLEST || Math.min(height, width) < 2) {
            throw new DataException("network r3 needs images whose sides halve to " + SMALLEST
                    + " pixels or less without a rest, but these are " + image
                    + "; choose another --size, as 28, 32, 48, 64, 96 or 128");
        }
        return levels;
    }

    private int channels(int level) {
        return width << Math.min(level, 3);
    }

    static ComputationGraphConfiguration generator(NetworkOptions options, SampleShape.Image image, long seed) {
        var net = new ResidualNetworks(options, options.width(), options.generatorUpdater(), image, seed, "latent");
        int height = image.height() >> net.levels;
        int width = image.width() >> net.levels;
        net.channels = net.channels(net.levels);
        net.graph.addLayer(
                "dense",
                new DenseLayer.Builder()
                        .nIn(options.latent())
                        .nOut((long) net.channels * height * width)
                        .weightInit(new WeightInitNormal())
                        .activation(new ActivationIdentity())
                        .build(),
                "latent");
        net.last = "dense";
        for (int level = net.levels; level >= 0; level--) {
            String at = "level" + level;
            if (level < net.levels) {
                net.up(at);
                net.widen(at, net.channels(level));
            }
            net.blocks(at, level == net.levels ? new FeedForwardToCnnPreProcessor(height, width, net.channels) : null);
        }
        net.conv("image", 1, image.channels(), new ActivationIdentity(), new WeightInitNormal());
        return net.graph.setOutputs(net.last).build();
    }

    static ComputationGraphConfiguration discriminator(NetworkOptions options, SampleShape.Image image, long seed) {
        var net = new ResidualNetworks(
                options, options.widthOfDiscriminator(), options.discriminatorUpdater(), image, seed, "image");
        net.channels = image.channels();
        net.widen("from", net.channels(0));
        for (int level = 0; level <= net.levels; level++) {
            String at = "level" + level;
            if (level > 0) {
                net.down(at);
                net.widen(at, net.channels(level));
            }
            net.blocks(at, null);
        }
        int height = image.height() >> net.levels;
        int width = image.width() >> net.levels;
        net.graph.addLayer(
                "logit",
                new DenseLayer.Builder()
                        .nIn((long) net.channels * height * width)
                        .nOut(options.logits())
                        .weightInit(new WeightInitNormal())
                        .activation(new ActivationIdentity())
                        .build(),
                new CnnToFeedForwardPreProcessor(height, width, net.channels),
                net.last);
        return net.graph.setOutputs("logit").build();
    }

    private void blocks(String at, FeedForwardToCnnPreProcessor toImage) {
        if (toImage != null) {
            graph.addVertex(at + "-image", new PreprocessorVertex(toImage), last);
            last = at + "-image";
        }
        int whole = channels;
        for (int i = 1; i <= options.depth(); i++) {
            String name = at + "-block" + i;
            String before = last;
            int inner = options.group() > 0 ? EXPANSION * whole : Math.max(1, whole / 2);
            conv(name + "-in", 1, inner, new ActivationLReLU(0.2), new WeightInitRelu());
            middle(name + "-mid");
            conv(name + "-out", 1, whole, new ActivationIdentity(), NEAR_ZERO);
            graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), before, last);
            last = name;
        }
    }

    /** A 1x1 convolution without activation. */
    private void widen(String at, int outputs) {
        conv(at + "-channels", 1, outputs, new ActivationIdentity(), new WeightInitNormal());
    }

    /** 3x3, and as many channels as before. */
    private void middle(String name) {
        int group = options.group();
        if (group == 0) {
            conv(name, 3, channels, new ActivationLReLU(0.2), new WeightInitRelu());
            return;
        }
        if (channels % group != 0) {
            throw new DataException("--group " + group + ": network r3 has a 3x3 convolution of " + channels
                    + " channels here, which can't be divided into groups of " + group
                    + "; choose a divisor of twice the width, as 16 for --width 32");
        }
        conv(
                name,
                new GroupedConvolution2D.Builder(channels / group, 3, 3),
                channels,
                new ActivationLReLU(0.2),
                new WeightInitRelu());
    }

    private void conv(String name, int kernel, int outputs, IActivation activation, IWeightInit weights) {
        conv(name, new ConvolutionLayer.Builder(kernel, kernel), outputs, activation, weights);
    }

    private void conv(
            String name,
            ConvolutionLayer.BaseConvBuilder<?> builder,
            int outputs,
            IActivation activation,
            IWeightInit weights) {
        graph.addLayer(
                name,
                builder.convolutionMode(ConvolutionMode.Same)
                        .nIn(channels)
                        .nOut(outputs)
                        .weightInit(weights)
                        .activation(activation)
                        .build(),
                last);
        last = name;
        channels = outputs;
    }

    private void mean(String name, int stride) {
        graph.addLayer(
                name,
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                        .kernelSize(2, 2)
                        .stride(stride, stride)
                        .convolutionMode(ConvolutionMode.Same)
                        .build(),
                last);
        last = name;
    }

    private void down(String at) {
        mean(at + "-blur", 1);
        mean(at + "-down", 2);
    }

    private void up(String at) {
        graph.addLayer(at + "-up", new Upsampling2D.Builder(2).build(), last);
        last = at + "-up";
        mean(at + "-blur", 1);
    }
}

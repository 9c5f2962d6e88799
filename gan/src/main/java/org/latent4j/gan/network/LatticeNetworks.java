package org.latent4j.gan.network;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.weights.WeightInitNormal;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.latent4j.compute.layer.WrapVertex;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * Networks for samples on a torus, as spin configurations with periodic boundaries, that know no place better than another: every
 * convolution goes on over the edges ({@link WrapVertex}). Sides are halved up to three times, as long as they are even and their halves not
 * below 4. The generator's latent vector is noise on these lattices: many numbers for each site of the smallest, from which large structures come, and one for
 * each site of the others, for what is random at small distances. What it makes is in distribution the same after a shift by a site of the smallest lattice.
 * The discriminator ends in means over all places, and two dense layers of them.
 *
 * <p>Throws {@link DataException} for a latent vector of another length, and for classes.
 */
final class LatticeNetworks {
    private static final int MOST_HALVINGS = 3;
    private static final int SMALLEST = 4;
    private static final int FINE = 2;

    private final ComputationGraphConfiguration.GraphBuilder graph;
    private String last;
    private int channels;

    private LatticeNetworks(String updater, long seed, String input, int channels) {
        this.graph = Networks.builder(updater, new WeightInitRelu(), seed).addInputs(input);
        this.last = input;
        this.channels = channels;
    }

    private static int halvings(SampleShape.Image image) {
        int height = image.height();
        int width = image.width();
        int halvings = 0;
        while (halvings < MOST_HALVINGS
                && height % 2 == 0
                && width % 2 == 0
                && Math.min(height, width) >= 2 * SMALLEST) {
            height /= 2;
            width /= 2;
            halvings++;
        }
        return halvings;
    }

    private static int sites(SampleShape.Image image, int halvings) {
        return (image.height() >> halvings) * (image.width() >> halvings);
    }

    /** Latent numbers that are one for each site of all lattices but the smallest. */
    private static int fine(SampleShape.Image image) {
        int sum = 0;
        for (int level = 0; level < halvings(image); level++) {
            sum += sites(image, level);
        }
        return sum;
    }

    /** Latent numbers if each site of the smallest lattice has so many. */
    static int latent(SampleShape.Image image, int perSite) {
        return perSite * sites(image, halvings(image)) + fine(image);
    }

    static ComputationGraphConfiguration generator(NetworkOptions options, SampleShape.Image image, long seed) {
        if (options.classes() > 0) {
            throw new DataException("network lattice makes no samples by class; leave --conditional out, or use dcgan");
        }
        int halvings = halvings(image);
        int perSite = (options.latent() - fine(image)) / sites(image, halvings);
        if (perSite < 1 || latent(image, perSite) != options.latent()) {
            throw new DataException("network lattice needs for " + image + " a latent vector of "
                    + latent(image, 0) + " numbers and " + sites(image, halvings)
                    + " times as many as you like, but it has "
                    + options.latent() + "; give --latent " + latent(image, Math.max(1, perSite)));
        }
        var net = new LatticeNetworks(options.generatorUpdater(), seed, "latent", 0);
        int from = net.noise(image, halvings, perSite, 0);
        boolean normalised = options.norm() != NetworkOptions.Norm.NONE;
        net.conv("conv0", 3, 1, options.width() << halvings, new ActivationIdentity());
        net.rectify("0", normalised);
        for (int level = 1; level <= halvings; level++) {
            net.twice("deconv" + level, options.width() << halvings - level);
            net.rectify("" + level, normalised);
            from = net.noise(image, halvings - level, 1, from);
        }
        // Wide, because a discriminator that knows samples by their details tells nothing of the whole.
        net.conv("fine", 3, 1, FINE * options.width(), new ActivationIdentity());
        net.rectify("Fine", normalised);
        net.conv("image", 3, 1, image.channels(), new ActivationTanH());
        return net.graph.setOutputs(net.last).build();
    }

    static ComputationGraphConfiguration discriminator(NetworkOptions options, SampleShape.Image image, long seed) {
        int width = options.widthOfDiscriminator();
        int halvings = halvings(image);
        var net = new LatticeNetworks(options.discriminatorUpdater(), seed, "image", image.channels());
        for (int level = 1; level <= halvings; level++) {
            net.conv("conv" + level, 4, 2, width << level - 1, new ActivationLReLU(0.2));
        }
        net.conv("conv" + (halvings + 1), 3, 1, width << Math.max(0, halvings - 1), new ActivationLReLU(0.2));
        net.graph.addLayer("means", new GlobalPoolingLayer(PoolingType.AVG), net.last);
        net.last = "means";
        net.dense("dense", net.channels, new ActivationLReLU(0.2));
        net.dense("logit", options.logits(), new ActivationIdentity());
        return net.graph.setOutputs(net.last).build();
    }

    /** Adds channels of noise from latent numbers on; where those end. */
    private int noise(SampleShape.Image image, int halvings, int count, int from) {
        int to = from + count * sites(image, halvings);
        String name = "noise" + halvings;
        graph.addVertex(name + "-numbers", new SubsetVertex(from, to - 1), "latent");
        graph.addVertex(
                name,
                new PreprocessorVertex(
                        new FeedForwardToCnnPreProcessor(image.height() >> halvings, image.width() >> halvings, count)),
                name + "-numbers");
        if (channels > 0) {
            graph.addVertex(name + "-joined", new MergeVertex(), last, name);
            name += "-joined";
        }
        last = name;
        channels += count;
        return to;
    }

    /** Around the torus: to the same size by kernel 3, to half of it by kernel 4. */
    private void conv(String name, int kernel, int stride, int outputs, IActivation activation) {
        wrap(name);
        graph.addLayer(
                name,
                new ConvolutionLayer.Builder(kernel, kernel)
                        .stride(stride, stride)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .nIn(channels)
                        .nOut(outputs)
                        .activation(activation)
                        .build(),
                last);
        last = name;
        channels = outputs;
    }

    /** To twice the size: what a wrapped border of one pixel makes beyond the image is cut off by the padding. */
    private void twice(String name, int outputs) {
        wrap(name);
        graph.addLayer(
                name,
                new Deconvolution2D.Builder(4, 4)
                        .stride(2, 2)
                        .padding(3, 3)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .nIn(channels)
                        .nOut(outputs)
                        .activation(new ActivationIdentity())
                        .build(),
                last);
        last = name;
        channels = outputs;
    }

    private void wrap(String name) {
        graph.addVertex(name + "-wrap", new WrapVertex(1, 1), last);
        last = name + "-wrap";
    }

    private void rectify(String at, boolean normalised) {
        if (normalised) {
            graph.addLayer(
                    "norm" + at,
                    new BatchNormalization.Builder()
                            .nIn(channels)
                            .nOut(channels)
                            .build(),
                    last);
            last = "norm" + at;
        }
        graph.addLayer("relu" + at, new ActivationLayer(new ActivationReLU()), last);
        last = "relu" + at;
    }

    private void dense(String name, int outputs, IActivation activation) {
        graph.addLayer(
                name,
                new DenseLayer.Builder()
                        .nIn(channels)
                        .nOut(outputs)
                        .weightInit(
                                activation instanceof ActivationIdentity
                                        ? new WeightInitNormal()
                                        : new WeightInitRelu())
                        .activation(activation)
                        .build(),
                last);
        last = name;
        channels = outputs;
    }
}

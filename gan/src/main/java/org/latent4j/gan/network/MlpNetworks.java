package org.latent4j.gan.network;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.weights.WeightInitNormal;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.latent4j.compute.layer.FourierVertex;
import org.latent4j.data.SampleShape;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/**
 * Fully connected networks for points and small images: three hidden layers of equal width for points, widths w/2 and w for images as in
 * the classic 784-512-256-1; LeakyReLU 0.2, no normalisation. The discriminator may see points by their Fourier features.
 */
final class MlpNetworks {
    /** A quarter of a wave over one standard deviation: the lowest octave tells the two sides of the data apart. */
    private static final double FREQUENCY = Math.PI / 2;

    private MlpNetworks() {}

    static int[] hidden(SampleShape sample, int width) {
        return sample instanceof SampleShape.Point
                ? new int[] {width, width, width}
                : new int[] {width, Math.max(1, width / 2)};
    }

    static ComputationGraphConfiguration generator(NetworkOptions options, SampleShape sample, long seed) {
        int[] hidden = hidden(sample, options.width());
        int[] rising = new int[hidden.length];
        for (int i = 0; i < hidden.length; i++) {
            rising[i] = hidden[hidden.length - 1 - i];
        }
        IActivation output = sample instanceof SampleShape.Point ? new ActivationIdentity() : new ActivationTanH();
        return chain(options.generatorUpdater(), seed, options.latent(), rising, sample.elements(), output, 0);
    }

    static ComputationGraphConfiguration discriminator(NetworkOptions options, SampleShape sample, long seed) {
        return chain(
                options.discriminatorUpdater(),
                seed,
                sample.elements(),
                hidden(sample, options.widthOfDiscriminator()),
                options.logits(),
                new ActivationIdentity(),
                options.fourier());
    }

    private static ComputationGraphConfiguration chain(
            String updater, long seed, int inputs, int[] hidden, int outputs, IActivation last, int fourier) {
        var graph = Networks.builder(updater, new WeightInitRelu(), seed).addInputs("in");
        String previous = "in";
        int size = inputs;
        if (fourier > 0) {
            FourierVertex features = new FourierVertex(inputs, FREQUENCY, fourier);
            graph.addVertex("features", features, previous);
            previous = "features";
            size = features.features().width();
        }
        for (int i = 0; i < hidden.length; i++) {
            String name = "dense" + (i + 1);
            graph.addLayer(
                    name,
                    new DenseLayer.Builder()
                            .nIn(size)
                            .nOut(hidden[i])
                            .activation(new ActivationLReLU(0.2))
                            .build(),
                    previous);
            previous = name;
            size = hidden[i];
        }
        graph.addLayer(
                "out",
                new DenseLayer.Builder()
                        .nIn(size)
                        .nOut(outputs)
                        .weightInit(new WeightInitNormal()) // nothing rectifies behind it
                        .activation(last)
                        .build(),
                previous);
        return graph.setOutputs("out").build();
    }
}

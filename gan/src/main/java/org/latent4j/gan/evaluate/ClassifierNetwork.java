package org.latent4j.gan.evaluate;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.latent4j.data.SampleShape;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * The classifier of small images: 3x3 convolutions with batch norm and ReLU, the first of 32 channels, each next one halving the image and
 * doubling the channels (to 128 at most) while its sides are above 7; a dense layer of 64 units behind dropout; softmax.
 */
final class ClassifierNetwork {
    static final String FEATURES = "features";
    static final String CLASSES = "classes";

    private static final int FIRST_CHANNELS = 32;
    private static final int MOST_CHANNELS = 128;
    private static final int SMALL = 7;
    private static final int UNITS = 64;
    private static final double RATE = 1e-3;

    private ClassifierNetwork() {}

    /** To be trained: Adam, whose rate falls to 0 over so many updates. */
    static ComputationGraphConfiguration configuration(SampleShape.Image shape, int classes, int updates) {
        return configuration(shape, classes, updates, CLASSES);
    }

    /** The same network, that also gives its features. */
    static ComputationGraphConfiguration featuresAndClasses(SampleShape.Image shape, int classes) {
        return configuration(shape, classes, 1, FEATURES, CLASSES);
    }

    private static ComputationGraphConfiguration configuration(
            SampleShape.Image shape, int classes, int updates, String... outputs) {
        var graph = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(new PolySchedule(ScheduleType.ITERATION, RATE, 1, Math.max(1, updates))))
                .weightInit(WeightInit.RELU)
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(shape.height(), shape.width(), shape.channels()));
        String previous = "in";
        int channels = FIRST_CHANNELS;
        int side = Math.max(shape.height(), shape.width());
        for (int i = 1; i == 1 || side > SMALL; i++) {
            int stride = i == 1 ? 1 : 2;
            side = (side + stride - 1) / stride;
            graph.addLayer(
                            "conv" + i,
                            new ConvolutionLayer.Builder(3, 3)
                                    .stride(stride, stride)
                                    .convolutionMode(ConvolutionMode.Same)
                                    .nOut(channels)
                                    .activation(new ActivationIdentity())
                                    .build(),
                            previous)
                    .addLayer("norm" + i, new BatchNormalization.Builder().build(), "conv" + i)
                    .addLayer("relu" + i, new ActivationLayer(new ActivationReLU()), "norm" + i);
            previous = "relu" + i;
            channels = Math.min(MOST_CHANNELS, 2 * channels);
        }
        return graph.addLayer(
                        FEATURES,
                        new DenseLayer.Builder()
                                .nOut(UNITS)
                                .dropOut(0.5)
                                .activation(new ActivationLReLU(0.2))
                                .build(),
                        previous)
                .addLayer(
                        CLASSES,
                        new OutputLayer.Builder(new LossMCXENT())
                                .nOut(classes)
                                .activation(new ActivationSoftmax())
                                .build(),
                        FEATURES)
                .setOutputs(outputs)
                .build();
    }
}

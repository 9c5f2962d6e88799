package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A user's classifier, as a user would write it: residual blocks, pooling, clipping, trained by {@code fit} and by us, step by step. */
class ResidualNetworkTest {
    private static final int BATCH = 6;
    private static final int CLASSES = 4;

    private static ConvolutionLayer convolution(int filters, int stride) {
        return new ConvolutionLayer.Builder(3, 3)
                .stride(stride, stride)
                .convolutionMode(ConvolutionMode.Same)
                .nOut(filters)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static String block(GraphBuilder graph, String name, String from) {
        graph.addLayer(name + "-conv1", convolution(6, 1), from)
                .addLayer(name + "-norm1", new BatchNormalization(), name + "-conv1")
                .addLayer(name + "-relu1", new ActivationLayer(new ActivationReLU()), name + "-norm1")
                .addLayer(name + "-conv2", convolution(6, 1), name + "-relu1")
                .addLayer(name + "-norm2", new BatchNormalization(), name + "-conv2")
                .addVertex(name + "-sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), name + "-norm2", from)
                .addLayer(name, new ActivationLayer(new ActivationReLU()), name + "-sum");
        return name;
    }

    private static ComputationGraph network() {
        return TestGraphs.graph(
                TestGraphs.builder(new Nesterovs(0.02, 0.9))
                        .l2(1e-3)
                        .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                        .gradientNormalizationThreshold(0.5),
                InputType.convolutional(11, 9, 3),
                graph -> {
                    graph.addLayer("stem", convolution(6, 1), "in")
                            .addLayer(
                                    "pool",
                                    new SubsamplingLayer.Builder(
                                                    SubsamplingLayer.PoolingType.MAX, new int[] {3, 3}, new int[] {2, 2
                                                    })
                                            .convolutionMode(ConvolutionMode.Same)
                                            .build(),
                                    "stem");
                    String last = block(graph, "two", block(graph, "one", "pool"));
                    graph.addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), last)
                            .addLayer(
                                    "class",
                                    new OutputLayer.Builder(LossFunction.MCXENT)
                                            .nOut(CLASSES)
                                            .activation(Activation.SOFTMAX)
                                            .build(),
                                    "mean")
                            .setOutputs("class");
                });
    }

    @Test
    void everyStepAgreesWithFit() {
        ComputationGraph ours = network();
        ComputationGraph theirs = ours.clone();
        Parameters parameters = new Parameters(ours);
        Backend backend = BackendUnderTest.get();
        Compiled compiled = Compiler.compile(
                parameters,
                backend,
                CompileOptions.training(BATCH, Wanted.PARAMETERS).withLabels().withInputShape("in", 3, 11, 9));
        Updater updater = new Updater(parameters, backend);
        Random random = new Random(5);
        double first = 0;
        for (int step = 1; step <= 10; step++) {
            INDArray x = Nd4j.create(BATCH, 3, 11, 9);
            INDArray y = Nd4j.zeros(BATCH, CLASSES);
            for (int sample = 0; sample < BATCH; sample++) {
                int label = random.nextInt(CLASSES);
                y.putScalar(sample, label, 1);
                for (int i = 0; i < 3 * 11 * 9; i++) {
                    x.putScalar((long) sample * 3 * 11 * 9 + i, random.nextGaussian() + 0.5 * label);
                }
            }
            compiled.tensor("in").write(x);
            compiled.labels("class").write(y);
            compiled.forward();
            compiled.backward();
            double score = compiled.loss("class") / BATCH + ours.calcRegularizationScore(true);
            updater.update(BATCH);
            parameters.synchronize();
            theirs.fit(new INDArray[] {x}, new INDArray[] {y});
            assertThat(score).as("score of step " + step).isCloseTo(theirs.score(), within(1e-3 * theirs.score()));
            Close.require(
                    "parameters after step " + step,
                    ours.params().dup().data().asFloat(),
                    theirs.params().dup().data().asFloat(),
                    step * 1e-4,
                    0);
            first = step == 1 ? score : first;
            assertThat(step < 10 || score < first)
                    .as("ten steps lower the score")
                    .isTrue();
        }
    }
}

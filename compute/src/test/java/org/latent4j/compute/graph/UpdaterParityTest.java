package org.latent4j.compute.graph;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.learning.config.*;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Twenty steps of every updater, regularisation and normalisation against DL4J: parameters, state and batch norm's running moments. */
class UpdaterParityTest {

    private static ComputationGraph network(NeuralNetConfiguration.Builder builder) {
        return TestGraphs.chain(
                builder,
                InputType.convolutional(5, 7, 2),
                new ConvolutionLayer.Builder(3, 3)
                        .nOut(3)
                        .activation(new ActivationTanH())
                        .build(),
                new BatchNormalization.Builder().build(),
                new DenseLayer.Builder()
                        .nOut(3)
                        .activation(new ActivationTanH())
                        .build());
    }

    private static void check(NeuralNetConfiguration.Builder builder) {
        new Dl4jParity(network(builder), 5, 7).input("in", 2, 5, 7).checkTraining();
    }

    @TestFactory
    Stream<DynamicTest> updaters() {
        List<IUpdater> updaters = List.of(
                new Sgd(0.05),
                new Nesterovs(0.02, 0.9),
                new Adam(1e-3, 0.5, 0.999, 1e-8),
                new AMSGrad(1e-3, 0.5, 0.9, 1e-8),
                new AdaMax(1e-3, 0.9, 0.999, 1e-8),
                new Nadam(1e-3, 0.9, 0.999, 1e-8),
                new RmsProp(1e-3, 0.9, 1e-8),
                new AdaGrad(1e-2, 1e-6),
                new AdaDelta(0.9, 1e-4),
                new AdaDelta(0.95, 1e-6),
                new Adam(new ExponentialSchedule(ScheduleType.ITERATION, 2e-3, 0.9)));
        return updaters.stream().map(u -> DynamicTest.dynamicTest(u.toString(), () -> check(TestGraphs.builder(u))));
    }

    @TestFactory
    Stream<DynamicTest> normalisations() {
        return Stream.of(GradientNormalization.values()).flatMap(kind -> Stream.of(0.05, 100.0)
                .map(threshold -> DynamicTest.dynamicTest(
                        kind + " " + threshold,
                        () -> check(TestGraphs.builder(new Sgd(0.05))
                                .gradientNormalization(kind)
                                .gradientNormalizationThreshold(threshold)))));
    }

    @Test
    void regularisation() {
        check(TestGraphs.builder(new Adam(1e-3)).l1(1e-2).l2(2e-2).l2Bias(1e-2));
        check(TestGraphs.builder(new Nesterovs(0.02, 0.9))
                .weightDecay(1e-2, true)
                .weightDecayBias(1e-3, false));
        check(TestGraphs.builder(new AdaDelta(0.9, 1e-4))
                .weightDecay(1e-3, true)
                .l2(1e-3));
    }

    @Test
    void summedGradients() {
        check(TestGraphs.builder(new Sgd(0.01)).miniBatch(false));
    }
}

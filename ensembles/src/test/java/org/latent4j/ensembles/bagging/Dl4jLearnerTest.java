package org.latent4j.ensembles.bagging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.Philox;
import org.latent4j.compute.graph.Close;
import org.latent4j.ensembles.Samples;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Compiled training against DL4J's own {@code fit}. */
class Dl4jLearnerTest {
    private static final int N = 45; // two minibatches of 20, and one of 5
    private static final int FEATURES = 4;

    private static MultiLayerConfiguration classifier(long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(0.01))
                .l2(1e-3)
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(FEATURES).nOut(7).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(7)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
    }

    /** With a layer that can't be compiled. */
    private static MultiLayerConfiguration regression(long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(0.01))
                .activation(Activation.TANH)
                .list()
                .layer(new ElementWiseMultiplicationLayer.Builder()
                        .nIn(FEATURES)
                        .nOut(FEATURES)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(FEATURES)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .build();
    }

    private static INDArray points() {
        float[] values = new float[N * FEATURES];
        new Philox(2, Philox.Purpose.SYNTHETIC, 0).fillNormal(values, 0, values.length);
        return Nd4j.createFromArray(values).reshape(N, FEATURES);
    }

    private static Samples classes() {
        int[] labels = new int[N];
        for (int i = 0; i < N; i++) {
            labels[i] = i % 3;
        }
        return Samples.ofClasses(points(), labels);
    }

    private static MultiLayerNetwork taught(String device) {
        return new Dl4jLearner(Dl4jLearnerTest::classifier, 4, 20, device)
                .fit(classes(), 3)
                .network();
    }

    @Test
    void learnsWhatFitLearns() {
        MultiLayerNetwork ours = taught("cpu");
        MultiLayerNetwork stock = taught("nd4j");
        MultiLayerNetwork start = new MultiLayerNetwork(classifier(3));
        start.init();
        assertThat(Close.distance(stock.params(), start.params())).isGreaterThan(0.02);
        assertThat(Close.distance(ours.params(), stock.params())).isLessThan(1e-4);
        assertThat(ours.getIterationCount()).isEqualTo(12);
        assertThat(Close.distance(
                        ours.getUpdater().getStateViewArray(),
                        stock.getUpdater().getStateViewArray()))
                .isLessThan(1e-3);
    }

    /** Moments and the number of updates, which correct them, are the network's own. */
    @Test
    void whatItLearnedGoesOnLearning() {
        INDArray before = points();
        MultiLayerNetwork ours = taught("cpu");
        MultiLayerNetwork stock = taught("nd4j");
        INDArray labels = Nd4j.zeros(N, 3);
        labels.getColumn(1).assign(1);
        for (int i = 0; i < 3; i++) {
            ours.fit(new DataSet(before, labels));
            stock.fit(new DataSet(before, labels));
        }
        assertThat(Close.distance(ours.params(), stock.params())).isLessThan(1e-4);
    }

    @Test
    void whatCannotBeCompiledIsLearnedByDl4jOrRefused() {
        double[] values = new double[N];
        INDArray points = points();
        for (int i = 0; i < N; i++) {
            values[i] = points.getDouble(i, 0);
        }
        Samples samples = Samples.ofValues(points, values);
        Dl4jLearner automatic = new Dl4jLearner(Dl4jLearnerTest::regression, 30, 20);
        assertThat(automatic.fit(samples, 3).predict(points).shape()).containsExactly(N, 1);
        assertThat(automatic.fit(samples, 3).network().getIterationCount()).isEqualTo(90);
        assertThatThrownBy(() -> new Dl4jLearner(Dl4jLearnerTest::regression, 30, 20, "cpu").fit(samples, 3))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("device cpu can't run these networks: '0'");
    }
}

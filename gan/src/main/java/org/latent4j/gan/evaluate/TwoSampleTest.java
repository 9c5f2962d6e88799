package org.latent4j.gan.evaluate;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Classifier two-sample test: a network learns to tell real from generated samples on one half, and is tested on the other.
 *
 * <p>{@code accuracy} is its share of right answers among {@code tested} samples, half of them real: 0.5 when it can't tell, 1 when it
 * always can. {@code pValue} is the probability of at least as many right answers by chance (binomial, exact): small means that the
 * distributions differ. The network has one hidden layer of 20 ReLU units on standardised features, as in the paper.
 *
 * <p>Throws {@link DataException} for sets of different numbers of features, with values that are not finite, or of fewer than 8 samples.
 *
 * <p>Source: Lopez-Paz and Oquab, "Revisiting classifier two-sample tests", ICLR 2017.
 */
public record TwoSampleTest(double accuracy, double pValue, int tested, long seed) {
    private static final String DEVICE = "auto";
    private static final int HIDDEN = 20;
    private static final int BATCH = 32;
    private static final int LEAST = 8;
    private static final int EPOCHS = 100;
    private static final int MOST_UPDATES = 4000;
    private static final long WEIGHTS_STREAM = -10;

    /** Tells generated (M, d) from real (N, d) samples, as many of each as the smaller set has. */
    public static TwoSampleTest of(INDArray real, INDArray generated, long seed) {
        Sets.check(real, generated, LEAST);
        int features = (int) real.columns();
        int half = (int) Math.min(real.rows(), generated.rows()) / 2;
        float[] all = new float[4 * half * features];
        int size = 2 * half * features;
        System.arraycopy(Sets.floats(real), 0, all, 0, size);
        System.arraycopy(Sets.floats(generated), 0, all, size, size);
        standardise(all, features);
        Rows rows = Rows.of(all, features);
        int[] learning = new int[2 * half];
        int[] testing = new int[2 * half];
        int[] labels = new int[2 * half];
        for (int i = 0; i < half; i++) {
            learning[i] = i;
            testing[i] = half + i;
            learning[half + i] = 2 * half + i;
            testing[half + i] = 3 * half + i;
            labels[half + i] = 1;
        }
        int batch = Math.min(BATCH, 2 * half);
        int epochs = Math.max(1, Math.min(EPOCHS, MOST_UPDATES / ClassifierTraining.updates(2 * half, batch, 1)));
        ComputationGraph graph = new ComputationGraph(configuration(features, seed));
        graph.init();
        new ClassifierTraining(graph, 2, batch, DEVICE, features)
                .train(rows.subset(learning), labels, epochs, seed, "two-sample test", Progress.NONE);
        float[] answers = new NetworkOutputs(graph, DEVICE, batch, features)
                .of(rows.subset(testing), "two-sample test", Progress.NONE)[0];
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += (answers[2 * i + 1] > answers[2 * i] ? 1 : 0) == labels[i] ? 1 : 0;
        }
        return new TwoSampleTest(
                (double) right / labels.length, binomialTail(right, labels.length), labels.length, seed);
    }

    private static ComputationGraphConfiguration configuration(int features, long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(new Philox(seed, Philox.Purpose.EVALUATION, WEIGHTS_STREAM).nextLong())
                .updater(new Adam(1e-3))
                .weightInit(WeightInit.RELU)
                .l2(1e-3)
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "hidden",
                        new DenseLayer.Builder()
                                .nIn(features)
                                .nOut(HIDDEN)
                                .activation(new ActivationReLU())
                                .build(),
                        "in")
                .addLayer(
                        "answer",
                        new OutputLayer.Builder(new LossMCXENT())
                                .nIn(HIDDEN)
                                .nOut(2)
                                .activation(new ActivationSoftmax())
                                .build(),
                        "hidden")
                .setOutputs("answer")
                .build();
    }

    /** Zero mean and unit variance of each feature over all rows; a constant feature becomes 0. */
    private static void standardise(float[] rows, int features) {
        int n = rows.length / features;
        for (int f = 0; f < features; f++) {
            double sum = 0;
            for (int i = f; i < rows.length; i += features) {
                sum += rows[i];
            }
            double mean = sum / n;
            double squares = 0;
            for (int i = f; i < rows.length; i += features) {
                squares += (rows[i] - mean) * (rows[i] - mean);
            }
            double deviation = Math.sqrt(squares / n);
            for (int i = f; i < rows.length; i += features) {
                rows[i] = deviation > 0 ? (float) ((rows[i] - mean) / deviation) : 0;
            }
        }
    }

    /** Probability of at least {@code right} successes in {@code n} fair throws. */
    static double binomialTail(int right, int n) {
        double logTerm = -n * Math.log(2); // of 0 successes
        double sum = right <= 0 ? Math.exp(logTerm) : 0;
        for (int i = 1; i <= n; i++) {
            logTerm += Math.log((double) (n - i + 1) / i);
            sum += i >= right ? Math.exp(logTerm) : 0;
        }
        return Math.min(1, sum);
    }
}

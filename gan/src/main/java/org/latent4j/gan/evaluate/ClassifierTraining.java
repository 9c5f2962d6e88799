package org.latent4j.gan.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Philox;
import org.latent4j.compute.network.NetworkDevice;
import org.latent4j.compute.network.NetworkTraining;
import org.latent4j.data.Progress;

/**
 * Trains a classifier, a DL4J graph of one input and one softmax output layer, on samples with labels. The same samples and seed give the
 * same network on the same device, at a fixed number of threads.
 */
final class ClassifierTraining {
    private static final long ORDER_STREAM = 1_000_000; // directions of projections count from 0

    private final ComputationGraph graph;
    private final int classes;
    private final int batch;
    private final NetworkDevice device;
    private final long[] sampleShape;

    /** {@code batch} samples go into an update; {@code device} as in {@link NetworkDevice}. */
    ClassifierTraining(ComputationGraph graph, int classes, int batch, String device, long... sampleShape) {
        this(graph, classes, batch, NetworkDevice.forTraining(device, graph), sampleShape);
    }

    ClassifierTraining(ComputationGraph graph, int classes, int batch, NetworkDevice device, long... sampleShape) {
        this.graph = graph;
        this.classes = classes;
        this.batch = batch;
        this.device = device;
        this.sampleShape = sampleShape;
    }

    /** Updates that a number of epochs makes; samples that fill no batch wait for the next epoch's order. */
    static int updates(int samples, int batch, int epochs) {
        return samples / batch * epochs;
    }

    /** Trains on all rows, each in a new order in each epoch. */
    void train(Rows rows, int[] labels, int epochs, long seed, String task, Progress progress) {
        NetworkTraining training = new NetworkTraining(graph, device, seed, sampleShape);
        int perEpoch = rows.count() / batch;
        int[] order = IntStream.range(0, rows.count()).toArray();
        for (int epoch = 0; epoch < epochs; epoch++) {
            new Philox(seed, Philox.Purpose.EVALUATION, ORDER_STREAM + epoch).shuffle(order);
            for (int i = 0; i < perEpoch; i++) {
                int[] chosen = Arrays.copyOfRange(order, i * batch, (i + 1) * batch);
                float[] targets = new float[batch * classes];
                for (int row = 0; row < batch; row++) {
                    targets[row * classes + labels[chosen[row]]] = 1;
                }
                training.update(batch, rows.gather(chosen), targets);
                progress.report(task, (long) epoch * perEpoch + i + 1, (long) epochs * perEpoch);
            }
        }
        training.synchronize();
    }
}

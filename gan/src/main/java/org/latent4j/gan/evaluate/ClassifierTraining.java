package org.latent4j.gan.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Compiler;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Updater;
import org.latent4j.data.Progress;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains a classifier, a DL4J graph of one input and one softmax output layer, on samples with labels: compiled where all its layers can be,
 * else by DL4J. The same samples and seed give the same network at a fixed number of threads.
 */
final class ClassifierTraining {
    private static final long ORDER_STREAM = 1_000_000; // directions of projections count from 0

    private final ComputationGraph graph;
    private final long[] sampleShape;
    private final int classes;
    private final int batch;
    private final Parameters parameters;
    private final Compiled compiled; // null: DL4J trains the network
    private final Updater updater;

    /** {@code batch} samples go into an update. */
    ClassifierTraining(ComputationGraph graph, int classes, int batch, long... sampleShape) {
        this.graph = graph;
        this.sampleShape = sampleShape;
        this.classes = classes;
        this.batch = batch;
        Device device =
                Devices.choose("auto", () -> Compiler.unsupported(graph)).device();
        if (device.kind() == Device.Kind.CPU) {
            CpuBackend backend = new CpuBackend();
            this.parameters = new Parameters(graph);
            this.compiled = Compiler.compile(
                    parameters,
                    backend,
                    CompileOptions.training(batch, Wanted.PARAMETERS)
                            .withLabels()
                            .withInputShape(input(), sampleShape));
            this.updater = new Updater(parameters, backend);
        } else {
            this.parameters = null;
            this.compiled = null;
            this.updater = null;
        }
    }

    /** Updates that a number of epochs makes; samples that fill no batch wait for the next epoch's order. */
    static int updates(int samples, int batch, int epochs) {
        return samples / batch * epochs;
    }

    /** Trains on all rows, each in a new order in each epoch. */
    void train(Rows rows, int[] labels, int epochs, long seed, String task, Progress progress) {
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
                update(rows.gather(chosen), targets, (long) epoch * perEpoch + i, seed);
                progress.report(task, (long) epoch * perEpoch + i + 1, (long) epochs * perEpoch);
            }
        }
    }

    private void update(float[] samples, float[] targets, long number, long seed) {
        if (compiled != null) {
            compiled.tensor(input()).write(samples);
            compiled.labels(output()).write(targets);
            compiled.noise(seed, number);
            compiled.forward();
            compiled.backward();
            updater.update(batch);
            return;
        }
        long[] shape = new long[sampleShape.length + 1];
        shape[0] = batch;
        System.arraycopy(sampleShape, 0, shape, 1, sampleShape.length);
        graph.fit(new org.nd4j.linalg.dataset.DataSet(
                Nd4j.createFromArray(samples).reshape(shape),
                Nd4j.createFromArray(targets).reshape(new long[] {batch, classes})));
    }

    private String input() {
        return graph.getConfiguration().getNetworkInputs().get(0);
    }

    private String output() {
        return graph.getConfiguration().getNetworkOutputs().get(0);
    }
}

package org.latent4j.compute.network;

import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Compiler;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Updater;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J's {@code fit} of a graph with one input and one output layer, minibatch by minibatch on any device: its loss, regularisation and updaters, on its own
 * parameters and updater state. Minibatches may be of several sizes; each size is compiled once.
 *
 * <p>Dropout draws are a function of the seed and the number of the update (on device nd4j they are ND4J's). The same samples give the same parameters
 * at a fixed number of threads. Not thread-safe.
 */
public final class NetworkTraining {
    private final ComputationGraph graph;
    private final NetworkDevice device;
    private final long[] sampleShape;
    private final long seed;
    private final Parameters parameters; // null: DL4J trains
    private final Updater updater;
    private final Map<Integer, Compiled> compiled = new HashMap<>();
    private long updates;

    /**
     * Prepares.
     *
     * @param graph initialised; it is the one that learns
     * @param sampleShape (features) or (channels, height, width) of one sample
     * @param seed of what dropout draws
     */
    public NetworkTraining(ComputationGraph graph, NetworkDevice device, long seed, long... sampleShape) {
        this.graph = graph;
        this.device = device;
        this.seed = seed;
        this.sampleShape = sampleShape;
        this.parameters = device.compiles() ? new Parameters(graph) : null;
        this.updater = device.compiles() ? new Updater(parameters, device.backend()) : null;
    }

    /**
     * One update.
     *
     * @param samples (count, elements of a sample), row by row
     * @param labels (count, outputs), row by row
     */
    public void update(int count, float[] samples, float[] labels) {
        if (device.compiles()) {
            Compiled network = network(count);
            network.tensor(input()).write(samples);
            network.labels(output()).write(labels);
            step(network, count);
            return;
        }
        long[] shape = new long[sampleShape.length + 1];
        shape[0] = count;
        System.arraycopy(sampleShape, 0, shape, 1, sampleShape.length);
        try (INDArray x = Nd4j.createFromArray(samples);
                INDArray y = Nd4j.createFromArray(labels)) {
            graph.fit(new DataSet(x.reshape(shape), y.reshape(count, labels.length / count)));
        }
    }

    /**
     * One update by a minibatch as DL4J has it.
     *
     * @throws ComputeException for one with masks, on a device that compiles
     */
    public void update(DataSet minibatch) {
        if (!device.compiles()) {
            graph.fit(minibatch);
            return;
        }
        if (minibatch.hasMaskArrays()) {
            throw new ComputeException("compiled networks take no masks; train by DL4J, device nd4j");
        }
        int count = minibatch.numExamples();
        Compiled network = network(count);
        network.tensor(input()).write(minibatch.getFeatures());
        network.labels(output()).write(minibatch.getLabels());
        step(network, count);
    }

    private void step(Compiled network, int count) {
        network.noise(seed, updates++);
        network.forward();
        network.backward();
        updater.update(count);
    }

    /** To be called before anybody else reads the graph's parameters or updater state. */
    public void synchronize() {
        if (parameters != null) {
            parameters.synchronize();
        }
    }

    private Compiled network(int count) {
        return compiled.computeIfAbsent(
                count,
                size -> Compiler.compile(
                        parameters,
                        device.backend(),
                        CompileOptions.training(size, Wanted.PARAMETERS)
                                .withLabels()
                                .withInputShape(input(), sampleShape)));
    }

    private String input() {
        return graph.getConfiguration().getNetworkInputs().get(0);
    }

    private String output() {
        return graph.getConfiguration().getNetworkOutputs().get(0);
    }
}

package org.latent4j.ensembles.bagging;

import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.latent4j.compute.Philox;
import org.latent4j.compute.network.NetworkDevice;
import org.latent4j.compute.network.NetworkTraining;
import org.latent4j.ensembles.Learner;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A DL4J network as a learner: what its {@code fit} does, on shuffled minibatches.
 *
 * <p>The network takes (batch, p) and gives (batch, classes) probabilities, or (batch, 1) numbers.
 *
 * @param configuration makes a network's configuration with a seed, whose output layer has the number of outputs of the samples
 * @param device of the training, as in {@link NetworkDevice}
 */
public record Dl4jLearner(LongFunction<MultiLayerConfiguration> configuration, int epochs, int batch, String device)
        implements Learner<Dl4jLearner.Network> {

    /** A trained network. */
    public record Network(MultiLayerNetwork network, int features, int outputs) implements Model {
        @Override
        public INDArray predict(INDArray points) {
            Points.require(points, features, "this network");
            return network.output(points.castTo(DataType.FLOAT)).castTo(DataType.DOUBLE);
        }
    }

    /** On the best device that can train the network. */
    public Dl4jLearner(LongFunction<MultiLayerConfiguration> configuration, int epochs, int batch) {
        this(configuration, epochs, batch, "auto");
    }

    @Override
    public Network fit(Samples samples, long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration.apply(seed));
        network.init();
        ComputationGraph graph = network.toComputationGraph();
        int features = samples.features();
        int outputs = samples.outputs();
        NetworkTraining training = new NetworkTraining(graph, NetworkDevice.forTraining(device, graph), seed, features);
        float[] points = floats(Points.doubles(samples.points()));
        float[] targets = floats(samples.truth());
        int[] order = IntStream.range(0, samples.size()).toArray();
        Philox random = new Philox(seed, Philox.Purpose.DATA_ORDER, 0);
        for (int epoch = 0; epoch < epochs; epoch++) {
            random.shuffle(order);
            for (int from = 0; from < order.length; from += batch) {
                int[] rows = Arrays.copyOfRange(order, from, Math.min(order.length, from + batch));
                training.update(rows.length, rows(points, features, rows), rows(targets, outputs, rows));
            }
        }
        training.synchronize();
        return new Network(layers(network, graph), features, outputs);
    }

    /** The network with what its graph has learned, and can go on learning from. */
    private static MultiLayerNetwork layers(MultiLayerNetwork network, ComputationGraph graph) {
        network.setParams(graph.params());
        INDArray state = graph.getUpdater().getStateViewArray();
        if (state != null) {
            network.getUpdater().setStateViewArray(network, state.dup(), false);
        }
        network.setIterationCount(graph.getIterationCount());
        return network;
    }

    private static float[] rows(float[] all, int width, int[] rows) {
        float[] gathered = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(all, rows[i] * width, gathered, i * width, width);
        }
        return gathered;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}

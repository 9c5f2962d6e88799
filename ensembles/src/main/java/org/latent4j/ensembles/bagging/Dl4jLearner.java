package org.latent4j.ensembles.bagging;

import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.latent4j.compute.Philox;
import org.latent4j.ensembles.Learner;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A DL4J network as a learner: trained by {@code fit} on shuffled minibatches.
 *
 * <p>The network takes (batch, p) and gives (batch, classes) probabilities, or (batch, 1) numbers.
 *
 * @param configuration makes a network's configuration with a seed, whose output layer has the number of outputs of the samples
 */
public record Dl4jLearner(LongFunction<MultiLayerConfiguration> configuration, int epochs, int batch)
        implements Learner<Dl4jLearner.Network> {

    /** A trained network. */
    public record Network(MultiLayerNetwork network, int features, int outputs) implements Model {
        @Override
        public INDArray predict(INDArray points) {
            Points.require(points, features, "this network");
            return network.output(points.castTo(DataType.FLOAT)).castTo(DataType.DOUBLE);
        }
    }

    @Override
    public Network fit(Samples samples, long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration.apply(seed));
        network.init();
        INDArray targets = targets(samples);
        int[] order = IntStream.range(0, samples.size()).toArray();
        Philox random = new Philox(seed, Philox.Purpose.DATA_ORDER, 0);
        INDArray points = samples.points().castTo(DataType.FLOAT);
        for (int epoch = 0; epoch < epochs; epoch++) {
            random.shuffle(order);
            for (int from = 0; from < order.length; from += batch) {
                int[] rows = Arrays.copyOfRange(order, from, Math.min(order.length, from + batch));
                network.fit(new DataSet(Points.rows(points, rows), Points.rows(targets, rows)));
            }
        }
        return new Network(network, samples.features(), samples.outputs());
    }

    private static INDArray targets(Samples samples) {
        return Nd4j.create(samples.truth(), new long[] {samples.size(), samples.outputs()}, DataType.FLOAT);
    }
}

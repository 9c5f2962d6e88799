package org.latent4j.gan.evaluate;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.data.DataException;
import org.latent4j.data.KerasFile;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.run.ModelZip;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Features of a network that the user has, in a zip of DL4J or a file of Keras: what one of its layers gives, by DL4J. Images go in as (n, c, h, w)
 * in -1 .. 1, or as Keras's model takes them, (n, h, w, c) or (n, h w c); a layer that gives images gives as many features as they have numbers.
 *
 * <p>Throws {@link DataException} for a file that is no network, an unknown layer (those there are listed), and images that the network does not take.
 */
public final class NetworkFeatures implements FeatureSpace {
    private static final int BATCH = 64;
    private static final String TASK = "network features";

    private final String description;
    private final ComputationGraph graph;
    private final String layer;
    private final SampleShape.Image shape;
    private final KerasFile keras; // null: a zip of DL4J

    private NetworkFeatures(
            String description, ComputationGraph graph, String layer, SampleShape.Image shape, KerasFile keras) {
        this.description = description;
        this.graph = graph;
        this.layer = layer;
        this.shape = shape;
        this.keras = keras;
    }

    /** {@code layer} is the one whose activations are the features; null: the network's only output. */
    public static NetworkFeatures of(Path file, String layer, SampleShape.Image shape) {
        KerasFile keras = KerasFile.is(file) ? KerasFile.read(file) : null;
        ComputationGraph graph = keras == null ? ModelZip.readAny(file) : keras.graph();
        List<String> outputs = graph.getConfiguration().getNetworkOutputs();
        if (layer == null && outputs.size() != 1) {
            throw new DataException(
                    file + " has the outputs " + outputs + ": name the layer, as in " + file + ":" + outputs.get(0));
        }
        String chosen = layer == null ? outputs.get(0) : layer;
        if (!graph.getConfiguration().getVertices().containsKey(chosen)) {
            throw new DataException(file + " has no layer '" + chosen + "'; it has "
                    + graph.getConfiguration().getVertices().keySet());
        }
        if (graph.getNumInputArrays() != 1) {
            throw new DataException(
                    file + " takes " + graph.getNumInputArrays() + " inputs; a feature network takes images alone");
        }
        NetworkFeatures features =
                new NetworkFeatures(file.getFileName() + ", layer " + chosen, graph, chosen, shape, keras);
        try {
            features.requireSize();
            features.batch(new float[shape.elements()], 1);
        } catch (RuntimeException e) {
            throw new DataException(
                    file + " does not take the images, " + shape + ": " + e.getMessage()
                            + "; train and evaluate with the --size and --channels that it takes",
                    e);
        }
        return features;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Seen see(Rows samples, Progress progress) {
        float[] features = null;
        int d = 0;
        for (int from = 0; from < samples.count(); from += BATCH) {
            int to = Math.min(from + BATCH, samples.count());
            float[] batch = batch(samples.slice(from, to), to - from);
            if (features == null) {
                d = batch.length / (to - from);
                features = new float[Math.multiplyExact(samples.count(), d)];
            }
            System.arraycopy(batch, 0, features, from * d, batch.length);
            progress.report(TASK, to, samples.count());
        }
        INDArray array = Nd4j.createFromArray(features).reshape(new long[] {samples.count(), d});
        return new Seen(array, Optional.empty());
    }

    /** DL4J itself may take images of other sizes than a Keras model was made for. */
    private void requireSize() {
        if (keras == null) {
            return;
        }
        List<Integer> expected = keras.input().size() == 1
                ? List.of(shape.elements())
                : keras.channelsLast()
                        ? List.of(shape.height(), shape.width(), shape.channels())
                        : List.of(shape.channels(), shape.height(), shape.width());
        if (!keras.input().equals(expected)) {
            throw new DataException("its input is " + keras.input());
        }
    }

    /** Images (n, c, h, w) as the network takes them. */
    private INDArray laidOut(INDArray images) {
        INDArray turned = keras != null && keras.channelsLast()
                ? images.permute(0, 2, 3, 1).dup('c')
                : images;
        return keras != null && keras.input().size() == 1 ? turned.reshape(images.size(0), shape.elements()) : turned;
    }

    private float[] batch(float[] samples, int count) {
        try (INDArray flat = Nd4j.createFromArray(samples)) {
            INDArray images = flat.reshape(new long[] {count, shape.channels(), shape.height(), shape.width()});
            INDArray output =
                    graph.feedForward(new INDArray[] {laidOut(images)}, false).get(layer);
            if (output.size(0) != count) {
                throw new DataException("layer " + layer + " gives " + Arrays.toString(output.shape()));
            }
            return Sets.floats(output.castTo(images.dataType()).reshape(new long[] {count, output.length() / count}));
        }
    }
}

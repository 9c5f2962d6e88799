package org.latent4j.gan.evaluate;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.graph.Compiler;
import org.latent4j.compute.network.GraphPart;
import org.latent4j.data.DataException;
import org.latent4j.data.KerasFile;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.run.ModelZip;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Features of a network that the user has, in a zip of DL4J or a file of Keras: what one of its layers gives. Images go in as (n, c, h, w)
 * in -1 .. 1, or as Keras's model takes them, (n, h, w, c) or (n, h w c); a layer that gives images gives as many features as they have numbers.
 *
 * <p>Throws {@link DataException} for a file that is no network, an unknown layer (those there are listed), and images that the network does not take.
 */
public final class NetworkFeatures implements FeatureSpace {
    private static final int BATCH = 64;
    private static final String STOCK = "nd4j";
    private static final String TASK = "network features";

    private final String description;
    private final NetworkOutputs network;
    private final SampleShape.Image shape;
    private final KerasFile keras; // null: a zip of DL4J

    private NetworkFeatures(String description, NetworkOutputs network, SampleShape.Image shape, KerasFile keras) {
        this.description = description;
        this.network = network;
        this.shape = shape;
        this.keras = keras;
    }

    /**
     * Reads a network.
     *
     * @param layer whose activations are the features; null: the network's only output
     * @param device of what can be compiled, as in {@link NetworkOutputs}; DL4J runs other networks, and those of Keras that take channels last
     */
    public static NetworkFeatures of(Path file, String layer, SampleShape.Image shape, String device) {
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
        try {
            requireSize(keras, shape);
            NetworkFeatures features = new NetworkFeatures(
                    file.getFileName() + ", layer " + chosen,
                    outputs(GraphPart.upTo(graph, chosen), keras, shape, device),
                    shape,
                    keras);
            features.see(Rows.of(new float[shape.elements()], shape.elements()), Progress.NONE);
            return features;
        } catch (RuntimeException e) {
            throw new DataException(
                    file + " does not take the images, " + shape + ": " + e.getMessage()
                            + "; train and evaluate with the --size and --channels that it takes",
                    e);
        }
    }

    private static NetworkOutputs outputs(
            ComputationGraph part, KerasFile keras, SampleShape.Image shape, String device) {
        if (keras != null && keras.input().size() == 1) {
            return new NetworkOutputs(part, able(part, device), BATCH, shape.elements());
        }
        return keras != null && keras.channelsLast()
                ? new NetworkOutputs(part, STOCK, BATCH, shape.height(), shape.width(), shape.channels())
                : new NetworkOutputs(part, able(part, device), BATCH, shape.channels(), shape.height(), shape.width());
    }

    private static String able(ComputationGraph part, String device) {
        return Compiler.unsupportedInInference(part).isEmpty() ? device : STOCK;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Seen see(Rows samples, Progress progress) {
        boolean turned = keras != null && keras.channelsLast();
        float[] features = network.of(turned ? channelsLast(samples) : samples, TASK, progress)[0];
        INDArray array =
                Nd4j.createFromArray(features).reshape(new long[] {samples.count(), features.length / samples.count()});
        return new Seen(array, Optional.empty());
    }

    /** DL4J itself may take images of other sizes than a Keras model was made for. */
    private static void requireSize(KerasFile keras, SampleShape.Image shape) {
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

    private Rows channelsLast(Rows images) {
        int channels = shape.channels();
        int pixels = shape.elements() / channels;
        return new Rows(images.count(), images.features(), (index, out, at) -> {
            float[] image = images.slice(index, index + 1);
            for (int i = 0; i < image.length; i++) {
                out[at + i % pixels * channels + i / pixels] = image[i];
            }
        });
    }
}

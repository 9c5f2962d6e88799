package org.latent4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.nn.modelimport.keras.KerasLayer;
import org.deeplearning4j.nn.modelimport.keras.KerasModel;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasModelBuilder;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A Keras model in HDF5 (.h5), as Keras 2 and 3 save it, as a DL4J graph. DL4J's import makes the layers; their weights are read here, since DL4J
 * leaves a layer at random where it finds none and doesn't know Keras 3's names.
 *
 * <p>Throws {@link DataException} that names the file and the reason: no such file, weights without layers, layers that DL4J doesn't know, and
 * layers whose weights are missing.
 *
 * @param graph the network; it takes a batch of what {@code input} says
 * @param input sizes of a sample as Keras has them: (features), or (height, width, channels), or (channels, height, width)
 * @param channelsLast whether images have their channels last
 */
public record KerasFile(ComputationGraph graph, List<Integer> input, boolean channelsLast) {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    private static final String WEIGHTS = "model_weights";
    private static final String VERSION = "keras_version";
    private static final String CONFIGURATION = "model_config";

    /** Whether a file is in HDF5. */
    public static boolean is(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(SIGNATURE.length), SIGNATURE);
        } catch (IOException e) {
            return false; // whoever reads it next tells
        }
    }

    public static KerasFile read(Path file) {
        org.bytedeco.hdf5.Exception.dontPrint(); // what HDF5 finds wrong is told here
        try (Hdf5Archive archive = open(file)) {
            if (!archive.hasAttribute(CONFIGURATION)) {
                throw new DataException(
                        "it holds weights without their layers; save the whole model: model.save('m.h5')");
            }
            KerasConfiguration configuration = KerasConfiguration.of(
                    archive.readAttributeAsJson(CONFIGURATION),
                    archive.hasAttribute(VERSION) ? archive.readAttributeAsString(VERSION) : "2");
            KerasModelBuilder builder = new KerasModel()
                    .modelBuilder()
                    .modelJson(configuration.json())
                    .enforceTrainingConfig(false);
            KerasModel model = builder.buildModel();
            for (KerasLayer layer : model.getLayersOrdered()) {
                if (layer.getNumParams() > 0) {
                    layer.setWeights(weights(archive, configuration, layer));
                }
            }
            return new KerasFile(model.getComputationGraph(true), configuration.input(), configuration.channelsLast());
        } catch (IOException
                | InvalidKerasConfigurationException
                | UnsupportedKerasConfigurationException
                | RuntimeException e) {
            throw new DataException(file + " is no Keras model that can be read: " + withoutAddress(e), e);
        }
    }

    private static Hdf5Archive open(Path file) {
        try {
            return new Hdf5Archive(file.toString());
        } catch (RuntimeException e) {
            throw new DataException("HDF5 can't open it; it may be cut short", e);
        }
    }

    /** DL4J's messages end with addresses. */
    private static String withoutAddress(Exception e) {
        return String.valueOf(e.getMessage()).replaceFirst("\\.? (For more information|Please file an issue).*", "");
    }

    /** A layer's weights by the names that DL4J knows: the data sets of its group, however deep they lie. */
    private static Map<String, INDArray> weights(
            Hdf5Archive archive, KerasConfiguration configuration, KerasLayer layer)
            throws UnsupportedKerasConfigurationException {
        Map<String, INDArray> weights = new HashMap<>();
        if (archive.getGroups(WEIGHTS).contains(layer.getLayerName())) {
            collect(
                    archive,
                    List.of(WEIGHTS, layer.getLayerName()),
                    configuration.isDepthwise(layer.getLayerName()),
                    weights);
        }
        if (weights.containsKey("moving_mean")) { // batch norm without a shift, which DL4J always has
            weights.putIfAbsent("beta", weights.get("moving_mean").like());
        }
        if (weights.isEmpty()) {
            throw new DataException("layer '" + layer.getLayerName() + "' has no weights in it");
        }
        return weights;
    }

    private static void collect(Hdf5Archive archive, List<String> path, boolean depthwise, Map<String, INDArray> into)
            throws UnsupportedKerasConfigurationException {
        String[] groups = path.toArray(String[]::new);
        for (String name : archive.getDataSets(groups)) {
            String plain = name.replaceAll(":\\d+$", "");
            into.put(
                    depthwise && plain.equals("kernel") ? "depthwise_kernel" : plain,
                    archive.readDataSet(name, groups));
        }
        for (String group : archive.getGroups(groups)) {
            List<String> inner = new ArrayList<>(path);
            inner.add(group);
            collect(archive, inner, depthwise, into);
        }
    }
}

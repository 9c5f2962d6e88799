package org.latent4j.gan.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's model zips, read with distrust: DL4J deserialises a {@code preprocessor.bin} of any class, instantiates the classes that the
 * configuration names, and allocates what the arrays' headers ask for. Here only known entries, classes of DL4J, ND4J and latent4j, and
 * arrays of the size that the configuration implies pass on to it.
 *
 * <p>Throws {@link DataException} that names the file and the reason.
 */
public final class ModelZip {
    private static final Set<String> ENTRIES =
            Set.of("configuration.json", "coefficients.bin", "updaterState.bin", "noParams.marker");
    private static final List<String> PACKAGES = List.of("org.deeplearning4j.", "org.nd4j.", "org.latent4j.");
    private static final int MAX_CONFIGURATION_BYTES = 64 << 20;

    /** Arrays an updater may keep for each parameter (AMSGrad keeps three). */
    private static final int MAX_STATES = 4;

    private ModelZip() {}

    /** Writes a graph, with its updater's state if wanted, to a new file and forces it to the disk. */
    public static void write(ComputationGraph graph, Path file, boolean updaterState) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            ModelSerializer.writeModel(graph, out, updaterState);
        }
        AtomicFiles.syncFile(file);
    }

    /** Reads a graph with its updater's state. */
    public static ComputationGraph read(Path file) {
        try {
            check(file, false);
            return ModelSerializer.restoreComputationGraph(file.toFile(), true);
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new DataException(file + " is no usable DL4J model: " + e.getMessage(), e);
        }
    }

    /** Reads a graph, or a network of layers one after the other as a graph; without updater state. */
    public static ComputationGraph readAny(Path file) {
        try {
            return check(file, true)
                    ? ModelSerializer.restoreComputationGraph(file.toFile(), false)
                    : ModelSerializer.restoreMultiLayerNetwork(file.toFile(), false)
                            .toComputationGraph();
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new DataException(file + " is no usable DL4J model: " + e.getMessage(), e);
        }
    }

    /** Reads a configuration that a user wrote as JSON. */
    public static ComputationGraphConfiguration readConfiguration(Path file) {
        try {
            if (Files.size(file) > MAX_CONFIGURATION_BYTES) {
                throw new DataException(file + " is too large for a configuration: " + Files.size(file) + " bytes");
            }
            return configuration(file, Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new DataException(file + " does not exist: give a ComputationGraphConfiguration's JSON file");
        } catch (IOException e) {
            throw new DataException(file + " can't be read: " + e.getMessage(), e);
        }
    }

    /** True for a graph; false for layers one after the other, where they are allowed. */
    private static boolean check(Path file, boolean layersToo) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + " does not exist");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!ENTRIES.contains(entry.getName())) {
                    throw new DataException(
                            file + " holds the entry '" + entry.getName() + "', which is not loaded for safety: only "
                                    + ENTRIES.stream().sorted().toList() + " are; save the model again without it");
                }
            }
            String json =
                    new String(bytes(file, zip, "configuration.json", MAX_CONFIGURATION_BYTES), StandardCharsets.UTF_8);
            boolean layers = layersToo && tree(file, json).has("confs");
            long parameters = layers ? parametersOfLayers(json) : parameters(configuration(file, json));
            checkArray(file, zip, "coefficients.bin", parameters, parameters);
            if (zip.getEntry("updaterState.bin") != null) {
                checkArray(file, zip, "updaterState.bin", 0, MAX_STATES * parameters);
            }
            return !layers;
        }
    }

    /** The configuration as JSON, once it is known to name no foreign classes. */
    private static JsonNode tree(Path file, String json) throws IOException {
        JsonNode tree;
        try {
            tree = new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new DataException(file + ": the configuration is no JSON: " + e.getOriginalMessage(), e);
        }
        for (JsonNode name : tree.findValues("@class")) {
            if (PACKAGES.stream().noneMatch(name.asText()::startsWith)) {
                throw new DataException(file + ": the configuration names the class '" + name.asText()
                        + "', which is not loaded for safety: only classes of DL4J, ND4J and latent4j are");
            }
        }
        return tree;
    }

    private static ComputationGraphConfiguration configuration(Path file, String json) throws IOException {
        JsonNode tree = tree(file, json);
        if (!tree.path("vertices").isObject()) {
            throw new DataException(file + " is no configuration of a ComputationGraph"
                    + (tree.has("confs") ? ", but of a MultiLayerNetwork: convert it with toComputationGraph()" : ""));
        }
        try {
            return ComputationGraphConfiguration.fromJson(json);
        } catch (RuntimeException e) {
            throw new DataException(file + ": DL4J can't read the configuration: " + e.getMessage(), e);
        }
    }

    private static long parametersOfLayers(String json) {
        return MultiLayerConfiguration.fromJson(json).getConfs().stream()
                .mapToLong(conf -> conf.getLayer().initializer().numParams(conf))
                .sum();
    }

    private static long parameters(ComputationGraphConfiguration configuration) {
        return configuration.getVertices().values().stream()
                .mapToLong(vertex -> vertex.numParams(true))
                .sum();
    }

    /** Reads the array's headers as {@code Nd4j.read} will, and compares their lengths with the entry and the configuration. */
    private static void checkArray(Path file, ZipFile zip, String name, long least, long most) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new DataException(file + " holds no " + name + ": it is no complete model");
        }
        try (InputStream stream = zip.getInputStream(entry);
                DataInputStream in = new DataInputStream(stream)) {
            in.readUTF();
            long shapeLength = in.readLong();
            String shapeType = in.readUTF();
            if (!shapeType.equals("LONG") || shapeLength < 4 || shapeLength > 80) {
                throw new DataException(file + ": " + name + " has a damaged header");
            }
            in.skipNBytes(shapeLength * 8);
            in.readUTF();
            long length = in.readLong();
            DataType type = DataType.valueOf(in.readUTF());
            if (length < least || length > most) {
                throw new DataException(file + ": " + name + " holds " + length
                        + " numbers, but the configuration needs " + (least == most ? "" : "at most ") + most);
            }
            long expected = length * type.width();
            long left = 0;
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0 && left <= expected; read = in.read(buffer)) {
                left += read;
            }
            if (left != expected) {
                throw new DataException(file + ": " + name + " is damaged: " + expected
                        + " bytes of numbers are announced, but " + (left > expected ? "more" : left) + " are there");
            }
        } catch (EOFException | IllegalArgumentException e) {
            throw new DataException(file + ": " + name + " is damaged: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(Path file, ZipFile zip, String name, int most) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new DataException(file + " holds no " + name + ": it is no DL4J model");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new DataException(file + ": " + name + " unpacks to more than " + most + " bytes");
            }
            return bytes;
        }
    }

    /** The graph's configuration as JSON, without what training changes in it. */
    static String canonicalJson(ComputationGraph graph) {
        ComputationGraphConfiguration copy = graph.getConfiguration().clone();
        copy.setIterationCount(0);
        copy.setEpochCount(0);
        copy.setTrainingWorkspaceMode(WorkspaceMode.NONE);
        copy.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        return copy.toJson();
    }

    /** Copies parameters, updater state and iteration count of a model that was read into a graph of the same configuration. */
    static void restore(ComputationGraph from, ComputationGraph into) {
        into.setParams(from.params());
        INDArray state = from.getUpdater().getStateViewArray();
        if (state != null) {
            into.getUpdater().setStateViewArray(state);
        }
        into.getConfiguration().setIterationCount(from.getConfiguration().getIterationCount());
        into.getConfiguration().setEpochCount(from.getConfiguration().getEpochCount());
    }
}

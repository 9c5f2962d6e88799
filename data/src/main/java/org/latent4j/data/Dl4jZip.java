package org.latent4j.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * DL4J's model zips, read with distrust: DL4J deserialises a {@code preprocessor.bin} of any class, instantiates the classes that the
 * configuration names, and allocates what the arrays' headers ask for. Here only known entries, classes of DL4J, ND4J and latent4j, and
 * arrays of the size that the configuration implies pass on to it: in a new zip, as DL4J finds entries that a zip's directory does not name.
 *
 * <p>Throws {@link DataException} that names the file and the reason.
 *
 * @param graph a ComputationGraph; else a MultiLayerNetwork
 * @param bytes of the new zip
 */
public record Dl4jZip(boolean graph, byte[] bytes) {
    private static final Set<String> ENTRIES =
            Set.of("configuration.json", "coefficients.bin", "updaterState.bin", "noParams.marker");
    private static final List<String> PACKAGES = List.of("org.deeplearning4j.", "org.nd4j.", "org.latent4j.");
    private static final int MAX_CONFIGURATION_BYTES = 64 << 20;

    /** Arrays an updater may keep for each parameter (AMSGrad keeps three). */
    private static final int MAX_STATES = 4;

    /** Checks a file, which holds a graph, or layers one after the other. */
    public static Dl4jZip open(Path file) {
        return open(file, true);
    }

    /** Checks a file, which must hold a graph. */
    public static Dl4jZip openGraph(Path file) {
        return open(file, false);
    }

    private static Dl4jZip open(Path file, boolean layersToo) {
        try {
            return check(file, layersToo);
        } catch (IOException | RuntimeException e) {
            throw e instanceof DataException told ? told : unusable(file, e);
        }
    }

    public ComputationGraph readGraph(Path file, boolean updaterState) {
        try {
            return graph
                    ? ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(bytes), updaterState)
                    : readLayers(file).toComputationGraph();
        } catch (IOException | RuntimeException e) {
            throw unusable(file, e);
        }
    }

    public MultiLayerNetwork readLayers(Path file) {
        if (graph) {
            throw new DataException(file + " holds a ComputationGraph, but a MultiLayerNetwork is expected");
        }
        try {
            return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes), false);
        } catch (IOException | RuntimeException e) {
            throw unusable(file, e);
        }
    }

    private static DataException unusable(Path file, Exception e) {
        return e instanceof DataException told
                ? told
                : new DataException(file + " is no usable DL4J model: " + e.getMessage(), e);
    }

    private static Dl4jZip check(Path file, boolean layersToo) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + " does not exist");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.getEntry("model.weights.h5") != null) {
                throw new DataException(file + " is an archive of Keras 3; save the model in HDF5: model.save('m.h5')");
            }
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
            long parameters = layers ? parametersOfLayers(json) : parameters(graph(file, json, tree(file, json)));
            checkArray(file, zip, "coefficients.bin", parameters, parameters);
            if (zip.getEntry("updaterState.bin") != null) {
                checkArray(file, zip, "updaterState.bin", 0, MAX_STATES * parameters);
            }
            return new Dl4jZip(!layers, copy(file, zip));
        }
    }

    private static byte[] copy(Path file, ZipFile zip) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.setLevel(Deflater.NO_COMPRESSION);
            for (String name : ENTRIES.stream().sorted().toList()) {
                ZipEntry entry = zip.getEntry(name);
                if (entry != null) {
                    out.putNextEntry(new ZipEntry(name));
                    CRC32 sum = new CRC32();
                    try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), sum)) {
                        in.transferTo(out);
                    }
                    if (sum.getValue() != entry.getCrc()) {
                        throw new DataException(file + ": " + name + " is damaged: its checksum does not fit");
                    }
                }
            }
        }
        return bytes.toByteArray();
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

    /**
     * A configuration as a user wrote it. One of layers one after the other becomes that of a graph as DL4J's {@code toComputationGraph()} makes
     * it, but keeps its seed, which DL4J replaces by the time of day.
     */
    public static ComputationGraphConfiguration configuration(Path file, String json) throws IOException {
        JsonNode tree = tree(file, json);
        return tree.has("confs") ? layers(file, json) : graph(file, json, tree);
    }

    private static ComputationGraphConfiguration layers(Path file, String json) {
        try {
            MultiLayerConfiguration layers = MultiLayerConfiguration.fromJson(json);
            NeuralNetConfiguration first = layers.getConf(0);
            ComputationGraphConfiguration.GraphBuilder builder = new NeuralNetConfiguration.Builder()
                    .seed(first.getSeed())
                    .miniBatch(first.isMiniBatch())
                    .dataType(layers.getDataType())
                    .graphBuilder()
                    .addInputs("in");
            String from = "in";
            for (int i = 0; i < layers.getConfs().size(); i++) {
                String name = String.valueOf(i);
                builder.addLayer(name, layers.getConf(i).getLayer(), layers.getInputPreProcess(i), from);
                from = name;
            }
            return builder.setOutputs(from).build();
        } catch (RuntimeException e) {
            throw new DataException(
                    file + ": DL4J can't read the configuration of a MultiLayerNetwork: " + e.getMessage(), e);
        }
    }

    private static ComputationGraphConfiguration graph(Path file, String json, JsonNode tree) {
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
}

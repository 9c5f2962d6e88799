package org.latent4j.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A Keras model's configuration in the form of Keras 2, which DL4J reads. What Keras 3 writes otherwise is written back: types with their modules,
 * shapes of inputs, how layers are connected, the slope of LeakyReLU and the name of SiLU. Chains of layers become graphs.
 *
 * <p>Throws {@link DataException} for what DL4J would read as something else.
 */
final class KerasConfiguration {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String INPUT = "InputLayer";
    private static final List<String> NUMBERS = List.of("max_value", "negative_slope", "threshold");
    private static final String INPUT_SHAPE = "batch_input_shape";

    /** What Keras 3 calls otherwise, by class. */
    private static final Map<String, Map<String, String>> OTHER_NAMES =
            Map.of(INPUT, Map.of("batch_shape", INPUT_SHAPE), "LeakyReLU", Map.of("negative_slope", "alpha"));

    private final ObjectNode model;
    private final boolean third; // of Keras 3

    private KerasConfiguration(ObjectNode model, boolean third) {
        this.model = model;
        this.third = third;
    }

    /**
     * Reads the attribute {@code model_config} of a file.
     *
     * @param version of Keras
     */
    static KerasConfiguration of(String json, String version) throws JsonProcessingException {
        if (!(MAPPER.readTree(json) instanceof ObjectNode model)
                || !model.path("config").isObject()) {
            throw new DataException("its model_config is no configuration of a model");
        }
        KerasConfiguration configuration = new KerasConfiguration(model, version.startsWith("3"));
        configuration.translate();
        return configuration;
    }

    /** Whether a layer's kernel is what DL4J calls a depthwise one. */
    boolean isDepthwise(String layer) {
        return layers().anyMatch(l -> l.path("config").path("name").asText().equals(layer)
                && l.path("class_name").asText().equals("DepthwiseConv2D"));
    }

    /** Sizes of a sample. */
    List<Integer> input() {
        List<JsonNode> shapes = layers().filter(
                        layer -> layer.path("class_name").asText().equals(INPUT))
                .map(layer -> layer.path("config").path(INPUT_SHAPE))
                .filter(JsonNode::isArray)
                .toList();
        if (shapes.size() != 1) {
            throw new DataException("it must have one input of known sizes, but has " + shapes.size());
        }
        List<Integer> sizes = new ArrayList<>();
        shapes.get(0).forEach(size -> sizes.add(size.asInt()));
        List<Integer> sample = sizes.subList(1, sizes.size());
        if (sample.size() != 1 && sample.size() != 3 || sample.contains(0)) {
            throw new DataException("it takes samples of sizes " + shapes.get(0)
                    + "; give its input as images with a channel axis, as in Input((28, 28, 1)), or as vectors");
        }
        return sample;
    }

    /** Whether images have their channels last, which is Keras's default. */
    boolean channelsLast() {
        return layers().noneMatch(layer ->
                layer.path("config").path("data_format").asText().equals("channels_first"));
    }

    private Stream<JsonNode> layers() {
        return StreamSupport.stream(model.path("config").path("layers").spliterator(), false);
    }

    String json() {
        return model.toString();
    }

    private void translate() {
        model.put("keras_version", "2.9.0");
        model.put("backend", "tensorflow");
        ObjectNode config = (ObjectNode) model.get("config");
        if (model.path("class_name").asText().equals("Sequential")) {
            connect(config);
        }
        for (JsonNode layer : config.path("layers")) {
            translate((ObjectNode) layer);
        }
        for (String ends : new String[] {"input_layers", "output_layers"}) {
            JsonNode end = config.path(ends);
            if (end.path(0).isTextual()) { // one alone
                config.set(ends, MAPPER.createArrayNode().add(end));
            }
        }
    }

    /** Layers one after the other as a graph: DL4J numbers those of a chain, and so loses their names. */
    private void connect(ObjectNode config) {
        model.put("class_name", "Functional");
        ArrayNode layers = MAPPER.createArrayNode();
        ArrayNode given = (ArrayNode) config.get("layers");
        JsonNode first = given.path(0).path("config");
        if (!given.path(0).path("class_name").asText().equals(INPUT) && first.has(INPUT_SHAPE)) {
            ObjectNode input = layers.addObject().put("class_name", INPUT);
            input.putObject("config")
                    .put("name", first.path("name").asText() + "_input")
                    .set(INPUT_SHAPE, first.get(INPUT_SHAPE));
        }
        layers.addAll(given);
        String before = null;
        for (JsonNode layer : layers) {
            ArrayNode nodes = ((ObjectNode) layer).putArray("inbound_nodes");
            if (before != null) {
                nodes.addArray().add(end(before).add(MAPPER.createObjectNode()));
            }
            before = layer.path("config").path("name").asText();
        }
        config.set("layers", layers);
        config.putArray("input_layers")
                .add(end(layers.path(0).path("config").path("name").asText()));
        config.putArray("output_layers").add(end(before));
    }

    /** What a layer gives. */
    private static ArrayNode end(String layer) {
        return MAPPER.createArrayNode().add(layer).add(0).add(0);
    }

    /** What DL4J would read as something else without a word, or null; found by comparing it with Keras layer by layer. */
    private String misread(String type, ObjectNode config) {
        if (config.path("groups").asInt(1) > 1) {
            return "groups";
        }
        if (!config.path("interpolation").asText("nearest").equals("nearest")) {
            return "interpolation " + config.path("interpolation").asText();
        }
        if (type.equals("PReLU") && config.path("shared_axes").size() > 0) {
            return "shared axes";
        }
        // Keras 3 has another slope than Keras 2 and DL4J.
        return third && config.path("activation").asText().equals("hard_sigmoid") ? "Keras 3's hard_sigmoid" : null;
    }

    private void translate(ObjectNode layer) {
        String name =
                layer.path("config").path("name").asText(layer.path("name").asText());
        String type = layer.path("class_name").asText();
        if (!(layer.get("config") instanceof ObjectNode config) || config.has("layers")) {
            throw new DataException("layer '" + name + "' (" + type
                    + ") is a model of its own, which DL4J does not read; save a model of layers alone");
        }
        String misread = misread(type, config);
        if (misread != null) {
            throw new DataException(
                    "layer '" + name + "' (" + type + ") has " + misread + ", which DL4J does not read");
        }
        if (config.path("activation").asText().equals("silu")) {
            config.put("activation", "swish");
        }
        for (String number : NUMBERS) {
            if (config.path(number).isInt()) { // DL4J takes these for doubles
                config.put(number, config.path(number).asDouble());
            }
        }
        OTHER_NAMES.getOrDefault(type, Map.of()).forEach((now, before) -> {
            if (config.has(now)) {
                config.set(before, config.remove(now));
            }
        });
        if (config.path("dtype").isObject()) {
            config.put("dtype", config.path("dtype").path("config").path("name").asText("float32"));
        }
        ArrayNode nodes = MAPPER.createArrayNode();
        for (JsonNode node : layer.path("inbound_nodes")) {
            if (node.isObject()) {
                ArrayNode from = MAPPER.createArrayNode();
                for (JsonNode history : node.path("args").findValues("keras_history")) {
                    from.add(((ArrayNode) history.deepCopy()).add(MAPPER.createObjectNode()));
                }
                nodes.add(from);
            } else {
                nodes.add(node);
            }
        }
        if (layer.has("inbound_nodes")) {
            layer.set("inbound_nodes", nodes);
        }
        if (!layer.has("name")) {
            layer.put("name", name);
        }
    }
}

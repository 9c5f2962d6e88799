package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.layer.FourierVertex;

/**
 * Turns a DL4J graph's vertices into operations.
 *
 * <p>Throws {@link ComputeException} that lists every layer and vertex that is not supported, or names the input whose shape is not known.
 */
final class Dl4jImport {
    final GraphBuilder builder = new GraphBuilder();
    final CompileOptions options;
    private final Parameters parameters;
    private final Map<String, Value> activations = new HashMap<>();
    private final Map<String, Value> parameterValues = new HashMap<>();
    private final List<Imported.Norm> norms = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private String vertex;
    private int streams;

    private Dl4jImport(Parameters parameters, CompileOptions options) {
        this.parameters = parameters;
        this.options = options;
    }

    static Imported run(Parameters parameters, CompileOptions options) {
        return new Dl4jImport(parameters, options).convert();
    }

    /** What of a network can't be compiled, layer by layer; empty if all of it can. */
    static List<String> problems(Parameters parameters) {
        Dl4jImport check = new Dl4jImport(parameters, CompileOptions.inference(1));
        check.check(check.order());
        return check.problems;
    }

    private List<String> order() {
        ComputationGraph graph = parameters.graph();
        List<String> order = new ArrayList<>();
        for (int index : graph.topologicalSortOrder()) {
            order.add(graph.getVertices()[index].getVertexName());
        }
        order.removeAll(graph.getConfiguration().getNetworkInputs());
        return order;
    }

    private void check(List<String> order) {
        for (String name : order) {
            vertex = name;
            VertexRules.check(
                    this, parameters.graph().getConfiguration().getVertices().get(name));
        }
    }

    private Imported convert() {
        ComputationGraphConfiguration configuration = parameters.graph().getConfiguration();
        List<String> order = order();
        check(order);
        if (!problems.isEmpty()) {
            throw new ComputeException("this network can't be compiled, because these are not supported: "
                    + String.join("; ", problems) + ". Use --device nd4j, which runs every DL4J network");
        }
        Map<String, Value> inputs = new LinkedHashMap<>();
        for (String input : configuration.getNetworkInputs()) {
            inputs.put(input, builder.border(input, inputShape(configuration, input), Role.INPUT));
        }
        activations.putAll(inputs);
        for (String name : order) {
            vertex = name;
            builder.name(name);
            List<Value> from = configuration.getVertexInputs().get(name).stream()
                    .map(activations::get)
                    .toList();
            try {
                activations.put(
                        name,
                        VertexRules.convert(this, configuration.getVertices().get(name), from));
            } catch (IllegalArgumentException e) {
                throw new ComputeException("layer '" + name + "': " + e.getMessage(), e);
            }
        }
        Map<String, Value> outputs = new LinkedHashMap<>();
        for (String output : configuration.getNetworkOutputs()) {
            outputs.put(output, builder.land(activations.get(output), output, Role.OUTPUT));
        }
        Map<String, Imported.LossOf> losses = new LinkedHashMap<>();
        outputs.forEach((name, output) -> {
            if (configuration.getVertices().get(name) instanceof LayerVertex layer) {
                Op.Loss loss = Losses.of(layer.getLayerConf().getLayer());
                if (loss != null) {
                    losses.put(name, new Imported.LossOf(loss, about(loss, output)));
                }
            }
        });
        return new Imported(builder, inputs, outputs, losses, norms);
    }

    /** The gradient of softmax and cross-entropy together is simple; that of each alone overflows. */
    private Value about(Op.Loss loss, Value output) {
        if (loss.kind() != Op.LossKind.SOFTMAX_CROSS_ENTROPY) {
            return output;
        }
        return builder.nodes().stream()
                .filter(node -> node.output(0).equals(output))
                .findFirst()
                .orElseThrow()
                .input(0);
    }

    /** From the options, or from what a first dense or embedding layer takes. */
    private Shape inputShape(ComputationGraphConfiguration configuration, String input) {
        Shape sample = options.inputShapes().get(input);
        if (sample == null) {
            for (Map.Entry<String, List<String>> entry :
                    configuration.getVertexInputs().entrySet()) {
                GraphVertex reader = configuration.getVertices().get(entry.getKey());
                if (entry.getValue().contains(input)
                        && reader instanceof LayerVertex layer
                        && layer.getPreProcessor() == null
                        && layer.getLayerConf().getLayer() instanceof FeedForwardLayer dense
                        && !(dense instanceof ConvolutionLayer)) {
                    sample = Shape.of(dense instanceof EmbeddingLayer ? 1 : dense.getNIn());
                } else if (entry.getValue().contains(input) && reader instanceof FourierVertex fourier) {
                    sample = Shape.of(fourier.size());
                }
            }
        }
        if (sample == null) {
            throw new ComputeException(
                    "the shape of input '" + input
                            + "' does not follow from the network; give the shape of a sample, (features) or (channels, height, width)");
        }
        if (sample.rank() != 1 && sample.rank() != 3) {
            throw new ComputeException(
                    "input '" + input + "' has samples of shape " + sample
                            + ", but compiled networks take (features) or (channels, height, width); use --device nd4j for sequences");
        }
        List<Long> sizes = new ArrayList<>(List.of((long) options.batch()));
        sizes.addAll(sample.sizes());
        return new Shape(sizes);
    }

    /** Notes that the present layer can't be compiled. */
    void problem(String what) {
        problems.add("'" + vertex + "' (" + what + ")");
    }

    void require(boolean condition, String otherwise) {
        if (!condition) {
            problem(otherwise);
        }
    }

    /** A parameter of the present layer. */
    Value parameter(String name) {
        String full = Parameters.name(vertex, name);
        return parameterValues.computeIfAbsent(
                full, n -> builder.border(n, parameters.place(n).shape(), Role.PARAM));
    }

    /** A stream of random numbers of its own for the present layer. */
    int stream() {
        return streams++;
    }

    void norm(Imported.Norm norm) {
        norms.add(norm);
    }
}

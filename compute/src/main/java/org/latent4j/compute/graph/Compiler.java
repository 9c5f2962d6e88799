package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.ComputeException;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * From a DL4J network to tapes: import, backward pass, fusion, precision, memory, kernels.
 *
 * <p>Throws {@link ComputeException} for layers, shapes and shared tensors that don't fit, and says what to do.
 */
public final class Compiler {
    private Compiler() {}

    /** Every layer, updater and data type of a network that is not supported; empty if it can be compiled and trained. */
    public static List<String> unsupported(ComputationGraph graph) {
        List<String> problems = new ArrayList<>(unsupportedInInference(graph));
        problems.addAll(Updater.problems(graph));
        return problems;
    }

    /** The same without the updaters: empty if the network can be compiled by {@link CompileOptions#inference}. */
    public static List<String> unsupportedInInference(ComputationGraph graph) {
        return graph.getConfiguration().getDataType() == DataType.FLOAT
                ? Dl4jImport.problems(new Parameters(graph))
                : List.of("data type " + graph.getConfiguration().getDataType());
    }

    /** What keeps a network from an exact penalty, layer by layer; empty if it can have one. */
    public static List<String> penaltyProblems(Parameters parameters, CompileOptions options) {
        Imported imported = Dl4jImport.run(parameters, options);
        return Tangent.problems(imported, imported.inputs().values().iterator().next());
    }

    public static Compiled compile(Parameters parameters, Backend backend, CompileOptions options) {
        Imported imported = Dl4jImport.run(parameters, options);
        GraphBuilder builder = imported.builder();
        int forwardNodes = builder.nodes().size();
        Map<String, Value> borders = new LinkedHashMap<>(imported.inputs());
        borders.putAll(imported.outputs());
        if (!options.gradients().isEmpty()) {
            differentiate(imported, options, borders);
        }
        Graph graph = Fuse.apply(new Graph(builder.nodes(), forwardNodes));
        if (options.precision() == Precision.BF16) {
            backend.requireBf16();
            graph = LowerPrecision.apply(graph);
        }
        requireSupport(backend, graph);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<Integer, Tensor> memory = new HashMap<>();
        borders.forEach((name, value) -> {
            Tensor tensor = options.shared().get(name);
            if (tensor == null) {
                tensor = Tensor.zeros(value.shape());
            } else if (!tensor.shape().equals(value.shape())) {
                throw new ComputeException("the tensor shared as '" + name + "' has shape " + tensor.shape()
                        + ", but the network needs " + value.shape());
            }
            tensors.put(name, tensor);
            memory.put(value.id(), tensor);
        });
        options.shared().keySet().stream()
                .filter(name -> !borders.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new ComputeException(
                            "a tensor is shared as '" + name + "', but the network has only " + borders.keySet());
                });
        MemoryPlan plan = new MemoryPlan(graph);
        Noise noise = new Noise();
        Backend.Setting setting = new Backend.Setting(parameters, memory, options.accumulate(), noise);
        return new Compiled(graph, tensors, plan, backend, backend.prepare(graph, plan, setting), noise);
    }

    private static void requireSupport(Backend backend, Graph graph) {
        Set<String> missing = new TreeSet<>();
        graph.nodes().stream()
                .filter(node -> !backend.supports(node.op()))
                .forEach(node ->
                        missing.add(node.op().title() + " of '" + node.output(0).name() + "'"));
        if (!missing.isEmpty()) {
            throw new ComputeException("the device lacks these operations: " + String.join(", ", missing)
                    + ". Use --device nd4j, which runs every DL4J network");
        }
    }

    private static void differentiate(Imported imported, CompileOptions options, Map<String, Value> borders) {
        GraphBuilder builder = imported.builder();
        boolean ofParameters = options.gradients().contains(CompileOptions.Wanted.PARAMETERS);
        boolean ofInputs = options.gradients().contains(CompileOptions.Wanted.INPUTS);
        if (options.penalty() != Penalty.NONE) {
            penalise(imported, options, borders);
            return;
        }
        Map<Value, Value> seeds = new HashMap<>();
        imported.outputs().forEach((name, output) -> {
            if (options.labels()) {
                label(imported, name, output, seeds, borders);
            } else {
                Value seed = builder.border(CompileOptions.gradientOf(name), output.shape(), Role.INPUT);
                seeds.put(output, seed);
                borders.put(seed.name(), seed);
            }
        });
        Map<Value, Value> gradients = Backprop.append(
                builder,
                seeds,
                value -> value.role() == Role.PARAM
                        ? ofParameters
                        : ofInputs && imported.inputs().containsValue(value));
        gradients.forEach((value, gradient) -> {
            if (value.role() == Role.PARAM) {
                builder.land(gradient, value.name(), Role.PARAM_GRADIENT);
            } else {
                String name = CompileOptions.gradientOf(value.name());
                borders.put(name, builder.land(gradient, name, Role.OUTPUT));
            }
        });
        if (ofParameters) {
            imported.norms()
                    .forEach(norm -> builder.runningMoments(
                            norm.decay(),
                            norm.log10Deviation(),
                            norm.moments(),
                            norm.running(),
                            norm.running().stream()
                                    .map(v -> builder.border(v.name(), v.shape(), Role.PARAM_GRADIENT))
                                    .toList()));
        }
    }

    private static void penalise(Imported imported, CompileOptions options, Map<String, Value> borders) {
        GraphBuilder builder = imported.builder();
        Value input = imported.inputs().values().iterator().next();
        Value logits = imported.outputs().values().iterator().next();
        List<String> problems = Tangent.problems(imported, input);
        if (imported.outputs().size() > 1
                || logits.shape().rank() != 2
                || logits.shape().size(0) != options.batch()) {
            problems.add("its outputs, which are " + imported.outputs().values() + " where logits (N, K) are wanted");
        }
        if (!problems.isEmpty()) {
            throw new ComputeException(
                    "the exact penalty needs a discriminator that is piecewise linear and without batch"
                            + " norm; what is in the way: " + String.join("; ", problems)
                            + ". Use --penalty approximate, or another discriminator (of dcgan: --norm generator)");
        }
        Shape column = Shape.of(options.batch(), 1);
        Value seed = seed(builder, logits, borders);
        Value slopes = builder.border(CompileOptions.gradientOf(logits.name()), column, Role.INPUT);
        Value weights = builder.border(CompileOptions.penaltyOf(input.name()), column, Role.INPUT);
        Value squares = builder.border(CompileOptions.squaresOf(input.name()), column, Role.OUTPUT);
        List.of(slopes, weights, squares).forEach(value -> borders.put(value.name(), value));
        Tangent.append(imported, options.penalty(), input, Map.of(logits, seed), slopes, weights, squares)
                .forEach((value, gradient) -> {
                    if (value.role() == Role.PARAM) {
                        builder.land(gradient, value.name(), Role.PARAM_GRADIENT);
                    } else {
                        String name = CompileOptions.slopeOf(value.name());
                        borders.put(name, builder.land(gradient, name, Role.OUTPUT));
                    }
                });
    }

    /** The logit D(x) itself, or its share in each of several. */
    private static Value seed(GraphBuilder builder, Value logits, Map<String, Value> borders) {
        if (logits.shape().size(1) == 1) {
            return builder.fill(1, logits.shape());
        }
        Value choice = builder.border(CompileOptions.choiceOf(logits.name()), logits.shape(), Role.INPUT);
        borders.put(choice.name(), choice);
        return choice;
    }

    private static void label(
            Imported imported, String name, Value output, Map<Value, Value> seeds, Map<String, Value> borders) {
        Imported.LossOf loss = imported.losses().get(name);
        if (loss == null) {
            throw new ComputeException(
                    "output '" + name
                            + "' is no output layer with a loss that can be compiled; give gradients from outside, or use --device nd4j");
        }
        GraphBuilder builder = imported.builder();
        Value labels = builder.border(CompileOptions.labelsOf(name), output.shape(), Role.INPUT);
        Value sum = builder.border(CompileOptions.lossOf(name), Shape.of(1), Role.OUTPUT);
        borders.put(labels.name(), labels);
        borders.put(sum.name(), sum);
        seeds.put(loss.about(), builder.loss(loss.loss(), output, labels, sum));
    }
}

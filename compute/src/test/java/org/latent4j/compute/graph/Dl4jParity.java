package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.Philox;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compares a compiled network with DL4J on random data: outputs, gradients with respect to inputs and parameters, updated parameters and
 * updater state; 1e-4 relative L2 for each tensor after one step, 1e-3 after twenty. Biases that only a batch norm sees are left out of
 * the gradients: theirs is zero, and DL4J's rounding noise.
 */
public final class Dl4jParity {
    private static final double ONE_STEP = 1e-4;
    private static final double TWENTY_STEPS = 1e-3;
    private static final double BF16 = 5e-2;
    /** Tensors below this norm are sums that cancel, as of a bias that batch norm takes out again further on: what is left is rounding. */
    private static final double NOISE = 1e-2;

    /** What rounding may leave of a gradient that is 0. */
    private static final double ZERO = 1e-5;

    private final ComputationGraph graph;
    private final Map<String, Shape> inputs = new LinkedHashMap<>();
    private final int batch;
    private final Philox random;
    private Backend backend = BackendUnderTest.get();

    public Dl4jParity(ComputationGraph graph, int batch, long seed) {
        this.graph = graph;
        this.batch = batch;
        this.random = new Philox(seed, Philox.Purpose.EVALUATION, 0);
    }

    /** Convolutions in the named way only. */
    Dl4jParity way(String name) {
        backend = BackendUnderTest.get(name);
        return this;
    }

    /** On another device. */
    public Dl4jParity on(Backend device) {
        backend = device;
        return this;
    }

    public Dl4jParity input(String name, long... sample) {
        inputs.put(name, Shape.of(sample));
        return this;
    }

    private CompileOptions options(CompileOptions options) {
        CompileOptions result = options;
        for (Map.Entry<String, Shape> input : inputs.entrySet()) {
            result = result.withInputShape(input.getKey(), input.getValue().array());
        }
        return result;
    }

    private INDArray random(Shape shape) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        random.fillNormal(values, 0, values.length);
        return Nd4j.createFromArray(values).reshape('c', shape.array());
    }

    /** Forward and backward once. */
    public void checkGradients() {
        ComputationGraph ours = graph.clone();
        Parameters parameters = new Parameters(ours);
        Compiled compiled = Compiler.compile(
                parameters,
                backend,
                options(CompileOptions.training(
                        batch, CompileOptions.Wanted.PARAMETERS, CompileOptions.Wanted.INPUTS)));
        Dl4jReference reference = new Dl4jReference(graph);
        step(compiled, reference, ONE_STEP);
        parameters.synchronize();

        Set<String> ignored = biasesBeforeNorm(compiled.graph());
        Set<String> cancelling = biasesInSumsBeforeNorm(compiled.graph());
        cancelling.forEach(name -> assertThat(norm(gradient(ours, name)))
                .as("gradient of " + name + ", which batch norm makes 0")
                .isLessThan(ZERO));
        graph.paramTable().keySet().stream()
                .filter(name -> !ignored.contains(name) && !cancelling.contains(name))
                .forEach(name -> Close.require(
                        "gradient of " + name, gradient(ours, name), gradient(graph, name), ONE_STEP, NOISE));
    }

    /** Gradients with 16-bit activations: 5 % of the norm of the whole flat gradient. */
    public void checkBf16() {
        ComputationGraph ours = graph.clone();
        Parameters parameters = new Parameters(ours);
        Compiled compiled = Compiler.compile(
                parameters,
                backend,
                options(CompileOptions.training(batch, CompileOptions.Wanted.PARAMETERS, CompileOptions.Wanted.INPUTS)
                        .withPrecision(Precision.BF16)));
        step(compiled, new Dl4jReference(graph), BF16);
        parameters.synchronize();
        Close.require(
                "flat gradient",
                ours.getFlattenedGradients().dup().data().asFloat(),
                graph.getFlattenedGradients().dup().data().asFloat(),
                BF16,
                NOISE);
    }

    /** Twenty steps of training; after each, the network goes on from its own parameters. */
    public void checkTraining() {
        ComputationGraph ours = graph.clone();
        Parameters parameters = new Parameters(ours);
        Compiled compiled = Compiler.compile(
                parameters, backend, options(CompileOptions.training(batch, CompileOptions.Wanted.PARAMETERS)));
        Updater updater = new Updater(parameters, backend);
        Dl4jReference reference = new Dl4jReference(graph);
        Set<String> ignored = biasesBeforeNorm(compiled.graph());
        for (int step = 1; step <= 20; step++) {
            double tolerance = step == 1 ? ONE_STEP : TWENTY_STEPS;
            step(compiled, reference, tolerance);
            updater.update(batch);
            reference.update(batch);
            if (step == 1 || step == 20) {
                parameters.synchronize();
                String when = " after step " + step;
                parameters.names().stream()
                        .filter(name -> !ignored.contains(name))
                        .forEach(name -> Close.require(
                                name + when,
                                slice(ours.params(), parameters.place(name)),
                                slice(graph.params(), parameters.place(name)),
                                tolerance,
                                NOISE));
                if (ignored.isEmpty() && graph.getUpdater().getStateViewArray() != null) {
                    Close.require(
                            "updater state" + when,
                            ours.getUpdater().getStateViewArray().dup().data().asFloat(),
                            graph.getUpdater().getStateViewArray().dup().data().asFloat(),
                            10 * tolerance,
                            NOISE);
                }
            }
        }
    }

    /** Inference. */
    public void checkInference() {
        Compiled compiled =
                Compiler.compile(new Parameters(graph.clone()), backend, options(CompileOptions.inference(batch)));
        List<INDArray> values = writeInputs(compiled);
        compiled.forward();
        new Dl4jReference(graph)
                .forward(values, false)
                .forEach((name, expected) -> Close.require(
                        "inference output " + name,
                        compiled.tensor(name).read(),
                        expected.data().asFloat(),
                        ONE_STEP,
                        NOISE));
    }

    private List<INDArray> writeInputs(Compiled compiled) {
        List<INDArray> values = new ArrayList<>();
        for (String name : graph.getConfiguration().getNetworkInputs()) {
            INDArray value = random(compiled.tensor(name).shape());
            values.add(value);
            compiled.tensor(name).write(value);
        }
        return values;
    }

    private void step(Compiled compiled, Dl4jReference reference, double tolerance) {
        List<INDArray> values = writeInputs(compiled);
        compiled.forward();
        Map<String, INDArray> expected = reference.forward(values, true);
        Map<String, INDArray> seeds = new HashMap<>();
        expected.forEach((name, output) -> {
            Close.require(
                    "output " + name,
                    compiled.tensor(name).read(),
                    output.data().asFloat(),
                    tolerance,
                    NOISE);
            INDArray seed = random(Shape.of(output.shape()));
            seeds.put(name, seed);
            compiled.gradient(name).write(seed);
        });
        compiled.backward();
        reference.backward(seeds);
        for (String name : graph.getConfiguration().getNetworkInputs()) {
            INDArray gradient = reference.inputGradient(name);
            if (gradient != null && compiled.hasGradient(name)) {
                Close.require(
                        "gradient of input " + name,
                        compiled.gradient(name).read(),
                        gradient.data().asFloat(),
                        tolerance,
                        NOISE);
            }
        }
    }

    static float[] gradient(ComputationGraph graph, String name) {
        Parameters.Place place = new Parameters(graph).place(name);
        return slice(graph.getFlattenedGradients(), place);
    }

    /** A parameter, or its gradient, in a network's flat array as kernels see it. */
    static INDArray seen(INDArray flat, Parameters.Place place) {
        return Nd4j.create(
                flat.data(),
                place.shape().array(),
                place.strides().stream().mapToLong(stride -> stride).toArray(),
                flat.offset() + place.offset());
    }

    private static float[] slice(INDArray flat, Parameters.Place place) {
        float[] all = flat.data().asFloat();
        float[] part = new float[Math.toIntExact(place.shape().elements())];
        System.arraycopy(all, Math.toIntExact(flat.offset() + place.offset()), part, 0, part.length);
        return part;
    }

    private static Set<String> biasesBeforeNorm(Graph graph) {
        Set<String> names = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Op.Fill && node.output(0).role() == Role.PARAM_GRADIENT) {
                names.add(node.output(0).name());
            }
        }
        return names;
    }

    /** Of convolutions and products whose results go into nothing but sums, and these into nothing but batch norm: their gradients are 0. */
    private static Set<String> biasesInSumsBeforeNorm(Graph graph) {
        Set<String> names = new HashSet<>();
        for (Node node : graph.nodes()) {
            boolean plain =
                    node.op() instanceof Op.Conv conv && conv.activation().isIdentity()
                            || node.op() instanceof Op.MatMul product
                                    && product.activation().isIdentity();
            if (plain && node.inputs().size() == 3 && isSummedForNorm(graph, node.output(0))) {
                names.add(node.input(2).name());
            }
        }
        return names;
    }

    private static boolean isSummedForNorm(Graph graph, Value value) {
        List<Node> readers = graph.nodes().stream()
                .filter(node -> node.inputs().contains(value) && !(node.op() instanceof Op.BatchNormGradient))
                .toList();
        return !readers.isEmpty()
                && readers.stream()
                        .allMatch(node -> node.op() instanceof Op.BatchNorm
                                || node.op() instanceof Op.Binary binary
                                        && (binary.kind() == Op.BinaryKind.ADD
                                                || binary.kind() == Op.BinaryKind.SUBTRACT)
                                        && isSummedForNorm(graph, node.output(0)));
    }

    private static double norm(float[] numbers) {
        double squares = 0;
        for (float number : numbers) {
            squares += (double) number * number;
        }
        return Math.sqrt(squares);
    }
}

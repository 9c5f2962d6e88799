package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.Philox;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A discriminator, its samples, and a loss that is linear in the logits plus a penalty on slopes. The judge of the pass is DL4J in double
 * precision: that loss as a function of the parameters, by central differences; the judge of the kernels is the same graph in double
 * precision.
 */
record PenaltyParity(
        ComputationGraph graph, double[] x, Shape shape, double[] slopes, double[] weights, Penalty penalty) {
    private static final double EXACT = 1e-6;

    static PenaltyParity of(ComputationGraph graph, int batch, long[] sample, Penalty penalty, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.EVALUATION, 0);
        long[] sizes = new long[sample.length + 1];
        sizes[0] = batch;
        System.arraycopy(sample, 0, sizes, 1, sample.length);
        Shape shape = Shape.of(sizes);
        double[] x = numbers(random, (int) shape.elements());
        double[] slopes = numbers(random, batch);
        double[] weights = numbers(random, batch);
        Arrays.setAll(weights, i -> Math.abs(weights[i]) + 0.1);
        return new PenaltyParity(graph, x, shape, slopes, weights, penalty);
    }

    private static double[] numbers(Philox random, int count) {
        double[] numbers = new double[count];
        Arrays.setAll(numbers, i -> (float) random.nextGaussian());
        return numbers;
    }

    String input() {
        return graph.getConfiguration().getNetworkInputs().get(0);
    }

    String output() {
        return graph.getConfiguration().getNetworkOutputs().get(0);
    }

    private int logits() {
        return (int) ((FeedForwardLayer) graph.getLayer(output()).conf().getLayer()).getNOut();
    }

    /** Of several logits each sample has its own. */
    private double[] choice() {
        int logits = logits();
        double[] choice = new double[slopes.length * logits];
        for (int n = 0; n < slopes.length; n++) {
            choice[n * logits + n * n % logits] = 1;
        }
        return choice;
    }

    CompileOptions options() {
        return CompileOptions.training((int) shape.size(0), CompileOptions.Wanted.PARAMETERS)
                .withInputShape(
                        input(),
                        shape.sizes().stream().skip(1).mapToLong(l -> l).toArray())
                .withPenalty(penalty);
    }

    Compiled compiled(CompileOptions options, String way) {
        Parameters parameters = new Parameters(graph);
        Compiled compiled = Compiler.compile(parameters, BackendUnderTest.get(way), options);
        compiled.tensor(input()).write(floats(x));
        compiled.gradient(output()).write(floats(slopes));
        compiled.tensor(CompileOptions.penaltyOf(input())).write(floats(weights));
        if (logits() > 1) {
            compiled.tensor(CompileOptions.choiceOf(output())).write(floats(choice()));
        }
        compiled.forward();
        compiled.backward();
        parameters.synchronize();
        return compiled;
    }

    DoubleInterpreter inDouble(Graph program) {
        DoubleInterpreter interpreter = new DoubleInterpreter(graph);
        interpreter.set(input(), x);
        interpreter.set(CompileOptions.gradientOf(output()), slopes);
        interpreter.set(CompileOptions.penaltyOf(input()), weights);
        if (logits() > 1) {
            interpreter.set(CompileOptions.choiceOf(output()), choice());
        }
        interpreter.run(program);
        return interpreter;
    }

    /** The loss and its penalty by DL4J alone. */
    double loss(ComputationGraph inDouble) {
        Dl4jReference reference = new Dl4jReference(inDouble);
        INDArray samples = Nd4j.createFromArray(x).reshape('c', shape.array());
        INDArray logits = reference.forward(List.of(samples), true).get(output());
        INDArray chosen = Nd4j.createFromArray(choice()).reshape('c', shape.size(0), logits());
        reference.backward(Map.of(output(), chosen));
        INDArray values = logits.mul(chosen).sum(1);
        INDArray v =
                reference.inputGradient(input()).reshape('c', new long[] {shape.size(0), x.length / shape.size(0)});
        double sum = 0;
        for (int n = 0; n < slopes.length; n++) {
            double norm = v.getRow(n).norm2Number().doubleValue();
            sum += slopes[n] * values.getDouble(n)
                    + (penalty == Penalty.ZERO_CENTRED
                            ? weights[n] / 2 * norm * norm
                            : weights[n] * (norm - 1) * (norm - 1));
        }
        return sum;
    }

    void checkExact(long seed) {
        DoubleInterpreter ours = inDouble(compiled(options(), "direct").graph());
        ComputationGraph inDouble = graph.convertDataType(DataType.DOUBLE);
        Philox random = new Philox(seed, Philox.Purpose.EVALUATION, 1);
        Parameters places = new Parameters(graph);
        places.names().forEach(name -> {
            INDArray parameter = Dl4jParity.seen(inDouble.params(), places.place(name));
            INDArray direction = Nd4j.createFromArray(numbers(random, (int) parameter.length()))
                    .reshape('c', parameter.shape());
            direction.divi(direction.norm2Number());
            INDArray before = parameter.dup();
            double step = 2e-7;
            parameter.assign(before.add(direction.mul(step)));
            double up = loss(inDouble);
            parameter.assign(before.sub(direction.mul(step)));
            double down = loss(inDouble);
            parameter.assign(before);
            double expected = (up - down) / (2 * step);
            double[] gradient = ours.get("gradient of " + name);
            double[] along = direction.dup('c').data().asDouble();
            double actual = 0;
            double norm = 0;
            for (int i = 0; i < along.length; i++) {
                actual += gradient[i] * along[i];
                norm += gradient[i] * gradient[i];
            }
            // Relative to the gradient's length, or to the loss, whose rounding the step divides.
            double scale = Math.max(Math.sqrt(norm), 1e-3 * Math.max(1, Math.abs(up)));
            assertThat(Math.abs(actual - expected) / scale)
                    .as(name + ": " + actual + " but by differences " + expected)
                    .isLessThan(EXACT);
        });
    }

    void checkCompiled(String way, double tolerance, CompileOptions options) {
        Compiled compiled = compiled(options, way);
        DoubleInterpreter expected = inDouble(compiled(options(), way).graph());
        compiled(options, way);
        for (String border : List.of(CompileOptions.slopeOf(input()), CompileOptions.squaresOf(input()))) {
            Close.require(border, compiled.tensor(border).read(), floats(expected.get(border)), tolerance, 1e-3);
        }
        graph.paramTable().keySet().forEach(name -> {
            Parameters.Place place = new Parameters(graph).place(name);
            INDArray own = Dl4jParity.seen(graph.getFlattenedGradients(), place).dup('c');
            Close.require(
                    "gradient of " + name,
                    own.data().asFloat(),
                    floats(expected.get("gradient of " + name)),
                    tolerance,
                    1e-2);
        });
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}

package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.Philox;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.compute.cpu.KernelChoices;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Operations that are large enough to be timed: the trials leave nothing behind, in whatever order choices are known. */
class TimedWaysTest {
    private static final int SIZE = 16;
    private static final int CHANNELS = 32;
    private static final int UNITS = 200;
    private static final int BATCH = 8;

    @TempDir
    Path folder;

    private final ComputationGraph graph = TestGraphs.chain(
            TestGraphs.builder(new Sgd(0.1)),
            InputType.convolutional(SIZE, SIZE, CHANNELS),
            convolution(),
            convolution(),
            new DenseLayer.Builder()
                    .nOut(UNITS)
                    .activation(new ActivationTanH())
                    .build());

    private static ConvolutionLayer convolution() {
        return new ConvolutionLayer.Builder(3, 3)
                .padding(1, 1)
                .nOut(CHANNELS)
                .activation(new ActivationTanH())
                .build();
    }

    private static INDArray random(int stream, long... shape) {
        INDArray values = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
        float[] normal = new float[Math.toIntExact(values.length())];
        new Philox(1, Philox.Purpose.EVALUATION, stream).fillNormal(normal, 0, normal.length);
        values.data().setData(normal);
        return values;
    }

    /** Of two passes, the second of which adds to what the first left; that one is prepared, and timed, before the other. */
    private float[] gradients(KernelChoices choices) {
        Parameters parameters = new Parameters(graph);
        CpuBackend backend = new CpuBackend(choices, false);
        CompileOptions options = CompileOptions.training(BATCH, Wanted.PARAMETERS, Wanted.INPUTS)
                .withInputShape("in", CHANNELS, SIZE, SIZE);
        Compiled second = Compiler.compile(parameters, backend, options.accumulating());
        Compiled first = Compiler.compile(parameters, backend, options);
        for (Compiled pass : List.of(first, second)) {
            pass.tensor("in").write(random(1, BATCH, CHANNELS, SIZE, SIZE));
            pass.gradient("c").write(random(2, BATCH, UNITS));
            pass.forward();
            pass.backward();
        }
        parameters.synchronize();
        return graph.getFlattenedGradients().dup().data().asFloat();
    }

    @Test
    void timedKernelsComputeWhatTheFirstOnesDo() throws IOException {
        Path file = folder.resolve("kernels.properties");
        float[] expected = gradients(KernelChoices.always("direct"));
        assertThat(Close.distance(expected, new float[expected.length])).isGreaterThan(1);
        Close.require("all timed", gradients(KernelChoices.at(file)), expected, 1e-4, 0);

        // Convolutions are known, products within them are not: those are timed while a convolution is prepared.
        List<String> lines = Files.readAllLines(file);
        List<String> convolutions = lines.stream()
                .filter(line -> line.startsWith("Conv"))
                .map(line -> line.substring(0, line.lastIndexOf('=')) + "=columns")
                .toList();
        assertThat(convolutions).hasSize(3);
        Files.write(file, convolutions);
        Close.require("products timed", gradients(KernelChoices.at(file)), expected, 1e-4, 0);
        assertThat(Files.readAllLines(file)).anyMatch(line -> line.startsWith("product"));
    }
}

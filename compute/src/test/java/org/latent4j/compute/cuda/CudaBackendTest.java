package org.latent4j.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Compiler;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Op;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Precision;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.compute.graph.Updater;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.learning.config.Adam;

/**
 * What the CUDA backend promises beyond agreement with DL4J: the same random bits as other devices, typed errors, residence, one launch
 * for an update. On a real card with {@code -Dlatent4j.test.device=cuda}, else on an emulated one.
 */
class CudaBackendTest {
    private Gpu gpu;
    private Backend backend;

    @BeforeEach
    void open() {
        String device = BackendUnderTest.device().equals("cuda") ? "cuda" : "emulated";
        String problem = CudaUnderTest.problem(device);
        assumeTrue(problem.isEmpty(), problem);
        gpu = CudaUnderTest.gpu(device);
        backend = new CudaBackend(gpu, new CudaOptions(false, true));
    }

    private static ComputationGraph network() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(1e-3))
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(6, 5, 2))
                .addLayer(
                        "conv",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(4)
                                .activation(new ActivationReLU())
                                .build(),
                        "in")
                .addLayer("norm", new BatchNormalization(), "conv")
                .addLayer("drop", new DropoutLayer(0.7), "norm")
                .addLayer(
                        "dense",
                        new DenseLayer.Builder()
                                .nOut(3)
                                .activation(new ActivationTanH())
                                .build(),
                        "drop")
                .setOutputs("dense")
                .build());
        graph.init();
        return graph;
    }

    private static CompileOptions options() {
        return CompileOptions.training(5, Wanted.PARAMETERS).withInputShape("in", 2, 6, 5);
    }

    private static float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) Math.sin(0.7 * i + 0.1);
        }
        return numbers;
    }

    /** Parameters after some steps with dropout. */
    private static float[] trained(Backend device, CompileOptions options, int steps) {
        return trained(device, options, steps, false);
    }

    private static float[] trained(Backend device, CompileOptions options, int steps, boolean watched) {
        ComputationGraph graph = network();
        Parameters parameters = new Parameters(graph);
        Compiled compiled = Compiler.compile(parameters, device, options);
        Updater updater = new Updater(parameters, device);
        if (watched) {
            compiled.watch();
        }
        for (int step = 0; step < steps; step++) {
            compiled.noise(11, step);
            compiled.tensor("in").write(numbers(5 * 2 * 6 * 5));
            compiled.forward();
            compiled.gradient("dense").copy(compiled.tensor("dense"));
            compiled.backward();
            updater.update(5);
        }
        parameters.synchronize();
        return graph.params().dup().data().asFloat();
    }

    @Test
    void dropoutDrawsTheSameBitsAsDeviceCpu() {
        float[] ours = trained(backend, options(), 4);
        float[] theirs = trained(new CpuBackend(), options(), 4);
        for (int i = 0; i < ours.length; i++) {
            assertThat((double) ours[i]).isCloseTo(theirs[i], within(2e-4 + 1e-3 * Math.abs(theirs[i])));
        }
        assertThat(trained(backend, options(), 3)).isNotEqualTo(ours);
    }

    @Test
    void measuredPassesComputeWhatOthersDo() {
        assertThat(trained(backend, options(), 3, true)).isEqualTo(trained(backend, options(), 3));
    }

    @Test
    void trainingRepeatsBitForBit() {
        assertThat(trained(backend, options(), 5)).isEqualTo(trained(backend, options(), 5));
        CompileOptions low = options().withPrecision(Precision.BF16);
        assumeTrue(gpu.card().hasBf16(), "the card has no bf16");
        assertThat(trained(backend, low, 5)).isEqualTo(trained(backend, low, 5));
    }

    /** Convolutions that compute in 16 bits and write to borders, which have 32. */
    @Test
    void convolutionsWriteBordersIn32Bits() {
        assumeTrue(gpu.card().hasBf16(), "the card has no bf16");
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(4)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(7, 5, 3))
                .addLayer("a", convolution(6, new ActivationReLU()), "in")
                .addLayer("b", convolution(2, new ActivationTanH()), "a")
                .setOutputs("b")
                .build());
        graph.init();
        float[][] ours = gradientsAtBorders(graph, backend);
        float[][] theirs = gradientsAtBorders(graph, new CpuBackend());
        for (int border = 0; border < ours.length; border++) {
            for (int i = 0; i < ours[border].length; i++) {
                assertThat((double) ours[border][i]).isCloseTo(theirs[border][i], within(0.03));
            }
        }
        assertThat(theirs[1][0]).isNotZero();
    }

    private static ConvolutionLayer convolution(int channels, IActivation function) {
        return new ConvolutionLayer.Builder(3, 3)
                .padding(1, 1)
                .nOut(channels)
                .activation(function)
                .build();
    }

    /** The output, and the input's gradient. */
    private static float[][] gradientsAtBorders(ComputationGraph graph, Backend device) {
        CompileOptions options = CompileOptions.training(3, Wanted.INPUTS)
                .withInputShape("in", 3, 7, 5)
                .withPrecision(Precision.BF16);
        Compiled compiled = Compiler.compile(new Parameters(graph), device, options);
        compiled.tensor("in").write(numbers(3 * 3 * 7 * 5));
        compiled.gradient("b").write(numbers(3 * 2 * 7 * 5));
        compiled.forward();
        compiled.backward();
        return new float[][] {
            compiled.tensor("b").read(), compiled.gradient("in").read()
        };
    }

    @Test
    void ownKernelsAgreeWithTheLibraries() {
        assumeTrue(gpu.libraries() != null, "an emulated card has no libraries");
        float[] libraries = trained(backend, options(), 5);
        float[] own = trained(new CudaBackend(new LesserGpu(gpu, false, true), CudaOptions.DEFAULT), options(), 5);
        for (int i = 0; i < own.length; i++) {
            assertThat((double) own[i]).isCloseTo(libraries[i], within(2e-4 + 1e-3 * Math.abs(libraries[i])));
        }
    }

    @Test
    void everyKindOfOperationHasItsKernels() {
        assertThat(Op.class.getPermittedSubclasses()).hasSizeGreaterThan(30);
        assertThat(CudaBackend.operations().toArray())
                .containsExactlyInAnyOrder((Object[]) Op.class.getPermittedSubclasses());
    }

    @Test
    void aRecordedStepBringsNewNumbersAndMustAskTheSameEachTime() {
        try (DeviceMemory memory = new DeviceMemory(gpu, 16);
                FloatPointer host = new FloatPointer(4);
                FloatPointer back = new FloatPointer(4)) {
            long[] bytes = {16};
            Kernel step = gpu.step(() -> gpu.upload(memory.address(), host.address(), bytes[0]));
            for (int run = 0; run < 6; run++) {
                host.put(0, run);
                step.run();
                gpu.download(back.address(), memory.address(), 16);
                assertThat(back.get(0)).isEqualTo(run);
            }
            bytes[0] = 8;
            assertThatThrownBy(step::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("8 bytes");
            Kernel reading = gpu.step(() -> gpu.download(back.address(), memory.address(), 16));
            reading.run();
            assertThatThrownBy(reading::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("numbers can't be read");
            assertThat(gpu.inStep()).isFalse();
        }
    }

    @Test
    void anUpdateIsOneLaunch() {
        assumeTrue(gpu instanceof EmulatedGpu, "launches are listed on an emulated card");
        ComputationGraph graph = network();
        Parameters parameters = new Parameters(graph);
        Updater updater = new Updater(parameters, backend);
        EmulatedGpu emulated = (EmulatedGpu) gpu;
        emulated.watch();
        updater.update(5);
        assertThat(emulated.launches()).containsExactly("update");
    }

    @Test
    void aTapeIsTheExpectedListOfKernels() {
        assumeTrue(gpu instanceof EmulatedGpu, "launches are listed on an emulated card");
        ComputationGraph graph = network();
        Compiled compiled = Compiler.compile(new Parameters(graph), backend, options());
        EmulatedGpu emulated = (EmulatedGpu) gpu;
        emulated.watch();
        compiled.forward();
        assertThat(emulated.launches())
                .containsExactly(
                        "conv_forward<T=float>",
                        "bias_activate<T=float>",
                        "moment_parts<T=float>",
                        "moments<T=float>",
                        "normalize<T=float>",
                        "dropout<T=float>",
                        "binary<T=float>",
                        "box<X=float, Y=float>",
                        "product<A=float, B=float, Y=float>");
    }

    @Test
    void everyModuleOfKernelsIsKnownToTheCompilation() {
        Map<String, Set<String>> files = KernelSources.MODULES.stream()
                .collect(Collectors.groupingBy(
                        KernelName::file, Collectors.mapping(KernelName::module, Collectors.toSet())));
        assertThat(files.keySet())
                .containsExactlyInAnyOrder(
                        "elements",
                        "boxes",
                        "norm",
                        "pool",
                        "conv",
                        "product",
                        "rows",
                        "update",
                        "game",
                        "histograms",
                        "merges",
                        "primitives",
                        "nearest");
        files.keySet().forEach(file -> assertThat(KernelSources.functions(file)).isNotEmpty());
    }

    @Test
    void tooLittleMemoryIsATypedErrorAndTheProcessGoesOn() {
        long asked = gpu instanceof EmulatedGpu ? 1L << 40 : 1L << 46;
        if (gpu instanceof EmulatedGpu emulated) {
            emulated.limit(emulated.used() + (1L << 30));
        }
        assertThatThrownBy(() -> new DeviceMemory(gpu, asked))
                .isInstanceOf(DeviceMemoryException.class)
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("asked for")
                .hasMessageContaining("free")
                .satisfies(error -> {
                    DeviceMemoryException typed = (DeviceMemoryException) error;
                    assertThat(typed.askedBytes()).isEqualTo(asked);
                    assertThat(typed.freeBytes()).isPositive().isLessThan(asked);
                    assertThat(typed.usedBytes()).isNotNegative();
                });
        if (gpu instanceof EmulatedGpu emulated) {
            emulated.limit(Long.MAX_VALUE);
        }
        assertThat(trained(backend, options(), 1)).isNotEmpty();
    }

    @Test
    void bytesAveragesAndSquaresAreThoseOfDeviceCpu() {
        byte[] bytes = new byte[2 * 3 * 5];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (9 * i);
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
        Tensor whole = Tensor.zeros(Shape.of(3, 2, 1, 5));
        Tensor rows = whole.rows(1, 3);
        backend.fromBytes(ByteBuffer.allocateDirect(20).put(0, bytes, 0, 20), rows)
                .run();
        Tensor expected = Tensor.zeros(Shape.of(3, 2, 1, 5));
        new CpuBackend().fromBytes(buffer, expected).run();
        float[] all = new float[30];
        float[] part = new float[20];
        expected.get(all);
        rows.get(part);
        assertThat(part).isEqualTo(java.util.Arrays.copyOf(all, 20));

        ComputationGraph values = network();
        ComputationGraph average = network();
        average.params().muli(0.5);
        Parameters from = new Parameters(values);
        Parameters to = new Parameters(average);
        backend.average(from, to, () -> 0.75).run();
        to.synchronize();
        assertThat(average.params().getDouble(0))
                .isCloseTo(values.params().getDouble(0) * (0.75 * 0.5 + 0.25), within(1e-6));
        Backend.Measure squares = backend.squares(from, false);
        squares.run();
        assertThat(squares.value())
                .isCloseTo(Math.pow(values.params().norm2Number().doubleValue(), 2), within(1e-4));
        values.params().putScalar(0, Double.NaN);
        from.refresh();
        squares.run();
        assertThat(squares.value()).isNaN();
    }

    /** What the host writes to a part of a tensor and what the card writes to another part come together. */
    @Test
    void hostAndCardWriteToPartsOfOneTensor() {
        Compiled compiled = Compiler.compile(
                new Parameters(network()), backend, CompileOptions.inference(5).withInputShape("in", 2, 6, 5));
        Tensor in = compiled.tensor("in");
        Tensor source = Tensor.zeros(Shape.of(2, 2, 6, 5));
        source.mirror(() -> new DeviceMirror(gpu, source.address(), 2 * 60 * Float.BYTES));
        source.write(numbers(120));
        in.write(new float[300]);
        compiled.forward();
        in.rows(3, 5).copy(source);
        float[] first = numbers(180);
        in.rows(0, 3).write(first);
        float[] all = in.read();
        assertThat(java.util.Arrays.copyOf(all, 180)).isEqualTo(first);
        assertThat(java.util.Arrays.copyOfRange(all, 180, 300)).isEqualTo(numbers(120));
    }

    @Test
    void memoryOfALongRunIsFlat() {
        ComputationGraph graph = network();
        Parameters parameters = new Parameters(graph);
        Compiled compiled = Compiler.compile(parameters, backend, options());
        Updater updater = new Updater(parameters, backend);
        long before = 0;
        for (int step = 0; step < 60; step++) {
            compiled.forward();
            compiled.backward();
            updater.update(5);
            if (step == 5) {
                before = used();
            }
        }
        assertThat(used()).isLessThanOrEqualTo(before);
    }

    private long used() {
        return gpu instanceof EmulatedGpu emulated
                ? emulated.used()
                : gpu.card().bytes() - Cuda.freeBytes();
    }
}

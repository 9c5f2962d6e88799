package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.BackendUnderTest;
import org.latent4j.compute.ComputeException;
import org.latent4j.compute.Philox;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** What compiled networks promise beyond agreement with DL4J layer by layer: sharing, repeatability, no allocation, clear errors. */
class CompiledTest {
    private final Backend backend = BackendUnderTest.get();

    private static NeuralNetConfiguration.Builder adam() {
        return TestGraphs.builder(new Adam(1e-3, 0.5, 0.999, 1e-8));
    }

    /** Latents (3) to images (2, 6, 6). */
    private static ComputationGraph generator() {
        return generator(new BatchNormalization.Builder().build());
    }

    private static ComputationGraph generator(BatchNormalization norm) {
        return TestGraphs.chain(
                adam(),
                InputType.convolutional(3, 3, 1),
                new ConvolutionLayer.Builder(1, 1)
                        .nOut(5)
                        .activation(new ActivationIdentity())
                        .build(),
                norm,
                new ActivationLayer(new ActivationReLU()),
                new Deconvolution2D.Builder(2, 2)
                        .stride(2, 2)
                        .nOut(2)
                        .activation(new ActivationTanH())
                        .build());
    }

    private static ComputationGraph discriminator() {
        return TestGraphs.chain(
                adam(),
                InputType.convolutional(6, 6, 2),
                new ConvolutionLayer.Builder(3, 3)
                        .stride(2, 2)
                        .nOut(4)
                        .activation(new ActivationLReLU(0.2))
                        .build(),
                new DenseLayer.Builder()
                        .nOut(1)
                        .activation(new ActivationIdentity())
                        .build());
    }

    private static INDArray random(long seed, Shape shape) {
        float[] values = new float[Math.toIntExact(shape.elements())];
        new Philox(seed, Philox.Purpose.EVALUATION, 1).fillNormal(values, 0, values.length);
        return Nd4j.createFromArray(values).reshape('c', shape.array());
    }

    private static CompileOptions images(CompileOptions options) {
        return options.withInputShape("in", 2, 6, 6);
    }

    private static CompileOptions latents(CompileOptions options) {
        return options.withInputShape("in", 1, 3, 3);
    }

    /** One store of parameters under tapes for other batches and gradients; one tensor between two networks. */
    @Test
    void theGeneratorLearnsThroughTheDiscriminatorsInput() {
        int m = 3;
        ComputationGraph d = discriminator();
        ComputationGraph g = generator();
        Dl4jReference referenceD = new Dl4jReference(d.clone());
        ComputationGraph clonedG = g.clone();
        Dl4jReference referenceG = new Dl4jReference(clonedG);

        Parameters parametersD = new Parameters(d);
        Parameters parametersG = new Parameters(g);
        Compiled both =
                Compiler.compile(parametersD, backend, images(CompileOptions.training(2 * m, Wanted.PARAMETERS)));
        Compiled critic = Compiler.compile(parametersD, backend, images(CompileOptions.training(m, Wanted.INPUTS)));
        Compiled faker = Compiler.compile(
                parametersG,
                backend,
                latents(CompileOptions.training(m))
                        .withShared("d", both.tensor("in").rows(m, 2 * m)));
        Compiled learner = Compiler.compile(
                parametersG,
                backend,
                latents(CompileOptions.training(m, Wanted.PARAMETERS))
                        .withShared("d", critic.tensor("in"))
                        .withShared(CompileOptions.gradientOf("d"), critic.gradient("in")));
        Updater updaterD = new Updater(parametersD, backend);

        INDArray z = random(1, Shape.of(m, 1, 3, 3));
        INDArray real = random(2, Shape.of(m, 2, 6, 6));
        INDArray slopes = random(3, Shape.of(2 * m, 1));
        faker.tensor("in").write(z);
        faker.forward();
        both.tensor("in").rows(0, m).write(real);
        both.forward();
        both.gradient("b").write(slopes);
        both.backward();
        updaterD.update(m);
        INDArray fake = referenceG.forward(List.of(z), true).get("d");
        referenceD.forward(List.of(Nd4j.concat(0, real, fake)), true);
        referenceD.backward(Map.of("b", slopes));
        referenceD.update(m);

        learner.tensor("in").write(z);
        learner.forward();
        critic.forward();
        INDArray slope = random(4, Shape.of(m, 1));
        critic.gradient("b").write(slope);
        critic.backward();
        learner.backward();
        parametersG.synchronize();
        INDArray fakeLogits = referenceD
                .forward(List.of(referenceG.forward(List.of(z), true).get("d")), true)
                .get("b");
        referenceD.backward(Map.of("b", slope));
        referenceG.backward(Map.of("d", referenceD.inputGradient("in")));

        Close.require("logits", critic.tensor("b").read(), fakeLogits.data().asFloat(), 1e-4, 1e-3);
        // The norm takes out the scale of a filter of one weight: what is left of a_W's gradient is rounding, other on
        // each device.
        double noise = BackendUnderTest.isCpu() ? 1e-2 : 1e-1;
        for (String name : List.of("d_W", "d_b", "b_gamma", "b_beta", "b_mean", "b_log10stdev", "a_W")) {
            Close.require(
                    name,
                    Dl4jParity.gradient(g, name),
                    Dl4jParity.gradient(clonedG, name),
                    1e-4,
                    name.equals("a_W") ? noise : 1e-2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void accumulatedGradientsAreSumsOfPasses(boolean locked) {
        ComputationGraph graph = generator(
                new BatchNormalization.Builder(locked).gamma(1).beta(0).build());
        Parameters parameters = new Parameters(graph);
        Compiled first = Compiler.compile(parameters, backend, latents(CompileOptions.training(5, Wanted.PARAMETERS)));
        Compiled second = Compiler.compile(
                parameters,
                backend,
                latents(CompileOptions.training(5, Wanted.PARAMETERS)).accumulating());
        for (Compiled pass : List.of(first, second)) {
            pass.tensor("in").write(random(5, Shape.of(5, 1, 3, 3)));
            pass.gradient("d").write(random(6, Shape.of(5, 2, 6, 6)));
            pass.forward();
        }
        first.backward();
        parameters.synchronize();
        float[] once = graph.getFlattenedGradients().dup().data().asFloat();
        second.backward();
        parameters.synchronize();
        float[] twice = graph.getFlattenedGradients().dup().data().asFloat();
        for (int i = 0; i < once.length; i++) {
            once[i] *= 2;
        }
        assertThat(Close.distance(once, new float[once.length])).isGreaterThan(1);
        Close.require("sum", twice, once, 1e-6, 0);
    }

    private float[] trained(int steps) {
        ComputationGraph graph = generator();
        Parameters parameters = new Parameters(graph);
        Compiled compiled =
                Compiler.compile(parameters, backend, latents(CompileOptions.training(7, Wanted.PARAMETERS)));
        Updater updater = new Updater(parameters, backend);
        for (int step = 0; step < steps; step++) {
            compiled.tensor("in").write(random(step, Shape.of(7, 1, 3, 3)));
            compiled.forward();
            compiled.gradient("d").write(compiled.tensor("d").array());
            compiled.backward();
            updater.update(7);
        }
        assertThat(updater.iteration()).isEqualTo(steps);
        parameters.synchronize();
        return graph.params().dup().data().asFloat();
    }

    @Test
    void trainingRepeatsBitForBit() {
        assertThat(trained(5)).isEqualTo(trained(5)).isNotEqualTo(trained(4));
    }

    @Test
    void aStepAllocatesNothing() {
        assumeTrue(!BackendUnderTest.device().equals("emulated"), "an emulated card makes lists");
        ComputationGraph graph = generator();
        Parameters parameters = new Parameters(graph);
        Compiled compiled = Compiler.compile(
                parameters, backend, latents(CompileOptions.training(7, Wanted.PARAMETERS, Wanted.INPUTS)));
        Updater updater = new Updater(parameters, backend);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        int steps = 200;
        for (int warm = 0; warm < 2; warm++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int step = 0; step < steps; step++) {
                compiled.forward();
                compiled.backward();
                updater.update(7);
            }
            long bytes = (threads.getThreadAllocatedBytes(thread) - before) / steps;
            if (warm == 1) {
                assertThat(bytes).isLessThan(1024);
            }
        }
    }

    @Test
    void allUnsupportedLayersAreListedAtOnce() {
        ComputationGraph graph = TestGraphs.chain(
                InputType.convolutional(8, 8, 2),
                new LocalResponseNormalization.Builder().build(),
                new ConvolutionLayer.Builder(3, 3).nOut(2).build(),
                new LocallyConnected2D.Builder().kernelSize(3, 3).nOut(2).build(),
                new SpaceToDepthLayer.Builder<>(2).build(),
                new ActivationLayer(new ActivationReLU(null, 0.5, 0.0)));
        assertThatThrownBy(() -> Compiler.compile(
                        new Parameters(graph),
                        backend,
                        CompileOptions.inference(1).withInputShape("in", 2, 8, 8)))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("'a' (LocalResponseNormalization)")
                .hasMessageContaining("'c' (LocallyConnected2D)")
                .hasMessageContaining("'d' (SpaceToDepthLayer)")
                .hasMessageContaining("'e' (activation relu with max null, threshold 0.5")
                .hasMessageNotContaining("'b'")
                .hasMessageContaining("--device nd4j");
    }

    @Test
    void whatDoesNotFitIsNamed() {
        Parameters parameters = new Parameters(discriminator());
        assertThatThrownBy(() -> Compiler.compile(parameters, backend, CompileOptions.inference(2)))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("shape of input 'in'");
        assertThatThrownBy(() -> Compiler.compile(
                        parameters,
                        backend,
                        images(CompileOptions.inference(2)).withShared("in", Tensor.zeros(Shape.of(3, 2, 6, 6)))))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("3x2x6x6")
                .hasMessageContaining("2x2x6x6");
        assertThatThrownBy(() -> Compiler.compile(
                        parameters, backend, CompileOptions.inference(2).withInputShape("in", 3, 6, 6)))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("layer 'a'");
        assertThatThrownBy(() -> Compiler.compile(
                        parameters, backend, CompileOptions.inference(2).withInputShape("in", 5, 9)))
                .isInstanceOf(ComputeException.class)
                .hasMessageContaining("5x9")
                .hasMessageContaining("(channels, height, width)");
    }

    @Test
    void activationsAreMergedAndNothingUnusedIsComputed() {
        Parameters parameters = new Parameters(generator());
        Graph training = Compiler.compile(parameters, backend, latents(CompileOptions.training(3, Wanted.PARAMETERS)))
                .graph();
        assertThat(training.nodes().subList(0, training.forwardNodes()))
                .extracting(Node::op)
                .hasOnlyElementsOfTypes(Op.Conv.class, Op.BatchNorm.class, Op.ConvData.class)
                .hasSize(3);
        assertThat(training.nodes())
                .extracting(node -> node.op().title())
                .contains("BatchNormGradient", "ConvWeights", "RunningMoments")
                .doesNotContain("Activate");

        Graph critic = Compiler.compile(
                        new Parameters(discriminator()), backend, images(CompileOptions.training(3, Wanted.INPUTS)))
                .graph();
        assertThat(critic.values()).noneMatch(value -> value.role() == Role.PARAM_GRADIENT);
        assertThat(critic.nodes()).extracting(node -> node.op().title()).doesNotContain("ConvWeights", "ChannelSum");
    }

    @Test
    void reportsNameEveryOperationAndItsKernels() {
        Compiled compiled = Compiler.compile(
                new Parameters(generator()), backend, latents(CompileOptions.training(3, Wanted.PARAMETERS)));
        assertThat(compiled.explain())
                .contains(
                        "forward",
                        "backward",
                        "Conv ",
                        "BatchNormGradient",
                        BackendUnderTest.isCpu() ? "jit" : "normalize",
                        "memory: ")
                .containsPattern("ConvData +d#\\d+ 3x2x6x6 F32");
        Profile profile = compiled.profile(3);
        assertThat(profile.copyRate()).isGreaterThan(1e8);
        assertThat(profile.rows()).hasSize(compiled.graph().nodes().size());
        assertThat(profile.rows()).allMatch(row -> row.milliseconds() > 0);
        assertThat(profile.milliseconds())
                .isEqualTo(profile.rows().stream()
                        .mapToDouble(Profile.Row::milliseconds)
                        .sum());
        assertThat(profile.toString()).contains("GFLOP/s", "ConvWeights", " %", "ms in all");
        // 9 pixels of 3 images, 5 filters, 1 channel, a window of 1 pixel: a product and a sum for each
        assertThat(profile.rows().get(0).node().flops()).isEqualTo(2.0 * 9 * 3 * 5);
        if (!BackendUnderTest.device().equals("emulated")) {
            assertThat(profile.share(profile.rows().get(0))).isBetween(0.0, 1.0);
        }
    }

    @Test
    void profiledPassesComputeWhatUnprofiledOnesDo() {
        float[][] results = new float[2][];
        for (int i = 0; i < 2; i++) {
            ComputationGraph graph = generator();
            Parameters parameters = new Parameters(graph);
            Compiled compiled =
                    Compiler.compile(parameters, backend, latents(CompileOptions.training(4, Wanted.PARAMETERS)));
            compiled.tensor("in").write(random(1, Shape.of(4, 1, 3, 3)));
            compiled.gradient("d").write(random(2, Shape.of(4, 2, 6, 6)));
            if (i == 0) {
                compiled.forward();
                compiled.backward();
            } else {
                compiled.profile(3);
            }
            parameters.synchronize();
            results[i] = graph.getFlattenedGradients().dup().data().asFloat();
        }
        assertThat(results[0]).isNotEqualTo(new float[results[0].length]);
        assertThat(results[1]).containsExactly(results[0]);
    }

    @Test
    void aSavedNetworkGoesOnInPlainDl4jAndBack(@TempDir Path folder) throws IOException {
        ComputationGraph graph = generator();
        Parameters parameters = new Parameters(graph);
        Compiled compiled =
                Compiler.compile(parameters, backend, latents(CompileOptions.training(4, Wanted.PARAMETERS)));
        Updater updater = new Updater(parameters, backend);
        INDArray z = random(1, Shape.of(4, 1, 3, 3));
        INDArray slope = random(2, Shape.of(4, 2, 6, 6));
        for (int step = 0; step < 3; step++) {
            step(compiled, updater, z, slope);
        }
        parameters.synchronize();
        File file = folder.resolve("model.zip").toFile();
        ModelSerializer.writeModel(graph, file, true);
        ComputationGraph plain = ModelSerializer.restoreComputationGraph(file, true);
        assertThat(plain.params()).isEqualTo(graph.params());

        Compiled sampler = Compiler.compile(parameters, backend, latents(CompileOptions.inference(4)));
        sampler.tensor("in").write(z);
        sampler.forward();
        Close.require(
                "samples",
                sampler.tensor("d").read(),
                plain.output(z)[0].dup('c').data().asFloat(),
                1e-4,
                1e-3);

        // Plain DL4J takes the fourth step, and the compiled network goes on from there with the fifth.
        Dl4jReference reference = new Dl4jReference(plain);
        reference.forward(List.of(z), true);
        reference.backward(Map.of("d", slope));
        reference.update(4);
        Parameters restored = new Parameters(plain);
        Compiled again = Compiler.compile(restored, backend, latents(CompileOptions.training(4, Wanted.PARAMETERS)));
        step(again, new Updater(restored, backend), z, slope);
        step(compiled, updater, z, slope);
        step(compiled, updater, z, slope);
        restored.synchronize();
        parameters.synchronize();
        assertThat(plain.getConfiguration().getIterationCount()).isEqualTo(5);
        // Not b_mean: it follows the bias in front of the norm, which DL4J moves by its rounding noise.
        for (String name : List.of("b_gamma", "b_log10stdev", "d_W", "d_b")) {
            Close.require(
                    name,
                    plain.getParam(name).dup('c').data().asFloat(),
                    graph.getParam(name).dup('c').data().asFloat(),
                    1e-4,
                    1e-3);
        }
    }

    private static void step(Compiled compiled, Updater updater, INDArray z, INDArray slope) {
        compiled.tensor("in").write(z);
        compiled.gradient("d").write(slope);
        compiled.forward();
        compiled.backward();
        updater.update(4);
    }
}

package org.latent4j.gan.compiled;

import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Compiler;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.compute.graph.Updater;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.AdversarialNetworks;
import org.latent4j.gan.Divergence;
import org.latent4j.gan.Loss;
import org.latent4j.gan.NetworkShapes;

/**
 * The adversarial game on compiled networks: the tapes of both, joined where one's samples are the other's input.
 *
 * <p>All tapes of a network work on its graph's own parameters. The generator's gradient comes through a discriminator that was compiled for
 * the gradient of its input alone: its parameters' gradients are not computed there. Real and generated samples pass the discriminator as
 * one minibatch of 2m unless it mixes samples (batch norm); then a second pass adds to the first one's gradients.
 *
 * <p>Throws {@link org.latent4j.compute.ComputeException} for networks that can't be compiled.
 */
public final class CompiledNetworks implements AdversarialNetworks {
    /** Forward passes in an update of each network, whose dropout draws differ: they are a function of the seed and the update. */
    private static final long PASSES = 5;

    private final ComputationGraph generatorGraph;
    private final ComputationGraph discriminatorGraph;
    private final NetworkShapes shapes;
    private final Loss loss;
    private final int m;
    private final long seed;
    private final Backend backend;
    private final Divergence divergence;
    private final Parameters generatorParameters;
    private final Parameters discriminatorParameters;
    private final Updater generatorUpdater;
    private final Updater discriminatorUpdater;

    /** The discriminator on real samples, and on generated ones; one and the same where they pass together. */
    private final Side real;

    private final Side fake;
    private final Compiled sampling;
    private final Compiled generator;
    private final Compiled judge;
    private Compiled inference;

    public CompiledNetworks(
            ComputationGraph generatorGraph,
            ComputationGraph discriminatorGraph,
            NetworkShapes shapes,
            Loss loss,
            int batch,
            long seed,
            Backend backend) {
        this.generatorGraph = generatorGraph;
        this.discriminatorGraph = discriminatorGraph;
        this.shapes = shapes;
        this.loss = loss;
        this.m = batch;
        this.seed = seed;
        this.backend = backend;
        this.divergence = new Divergence(generatorGraph, discriminatorGraph);
        this.generatorParameters = new Parameters(generatorGraph);
        this.discriminatorParameters = new Parameters(discriminatorGraph);
        this.generatorUpdater = new Updater(generatorParameters, backend);
        this.discriminatorUpdater = new Updater(discriminatorParameters, backend);

        if (NetworkShapes.mixesSamples(discriminatorGraph)) {
            real = new Side(discriminator(CompileOptions.training(m, Wanted.PARAMETERS)), 0, m);
            fake = new Side(
                    discriminator(CompileOptions.training(m, Wanted.PARAMETERS).accumulating()), 0, m);
        } else {
            Compiled both = discriminator(CompileOptions.training(2 * m, Wanted.PARAMETERS));
            real = new Side(both, 0, m);
            fake = new Side(both, m, 2 * m);
        }
        judge = discriminator(CompileOptions.training(m, Wanted.INPUTS));
        sampling = generator(CompileOptions.training(m), fake.input, null);
        generator = generator(
                CompileOptions.training(m, Wanted.PARAMETERS),
                judge.tensor(input(discriminatorGraph)),
                judge.gradient(input(discriminatorGraph)));
    }

    /** Rows of a compiled discriminator: where samples go in, and logits and their gradients are. */
    private final class Side {
        final Compiled network;
        final Tensor input;
        final Tensor logits;
        final Tensor gradient;

        Side(Compiled network, int from, int to) {
            this.network = network;
            this.input = network.tensor(input(discriminatorGraph)).rows(from, to);
            this.logits = network.tensor(output(discriminatorGraph)).rows(from, to);
            this.gradient = network.gradient(output(discriminatorGraph)).rows(from, to);
        }
    }

    private Compiled discriminator(CompileOptions options) {
        CompileOptions shaped = shapes.discriminatorTakesImages() && shapes.sample() instanceof SampleShape.Image image
                ? options.withInputShape(input(discriminatorGraph), image.channels(), image.height(), image.width())
                : options.withInputShape(
                        input(discriminatorGraph), shapes.sample().elements());
        return Compiler.compile(discriminatorParameters, backend, shaped);
    }

    /** Compiles the generator; it writes its samples to where the discriminator reads them, if both mean the same memory. */
    private Compiled generator(CompileOptions options, Tensor samples, Tensor sampleGradient) {
        String output = output(generatorGraph);
        CompileOptions shaped = options.withInputShape(input(generatorGraph), shapes.latent());
        if (samples != null && shapes.generatorGivesImages() == shapes.discriminatorTakesImages()) {
            shaped = shaped.withShared(output, samples);
            if (sampleGradient != null) {
                shaped = shaped.withShared(CompileOptions.gradientOf(output), sampleGradient);
            }
        }
        return Compiler.compile(generatorParameters, backend, shaped);
    }

    /** Copies between tensors of one content but different shapes: flat samples and images. */
    private static void copy(Tensor from, Tensor to) {
        if (from.address() != to.address()) {
            to.write(from.array().dup('c'));
        }
    }

    @Override
    public DiscriminatorUpdate updateDiscriminator(float[] realSamples, float[] latents) {
        long update = PASSES * discriminatorUpdater.iteration();
        sampling.noise(seed, update);
        real.network.noise(seed, update + 1);
        real.input.write(realSamples);
        sampling.tensor(input(generatorGraph)).write(latents);
        sampling.forward();
        copy(sampling.tensor(output(generatorGraph)), fake.input);

        double[] slopes = new double[m];
        boolean together = real.network == fake.network;
        real.network.forward();
        double[] realLogits = values(real.logits);
        double lossValue = loss.real(realLogits, slopes);
        write(slopes, real.gradient);
        if (!together) {
            real.network.backward();
            fake.network.noise(seed, update + 2);
            fake.network.forward();
        }
        double[] fakeLogits = values(fake.logits);
        lossValue += loss.fake(fakeLogits, slopes);
        write(slopes, fake.gradient);
        fake.network.backward();

        divergence.requireFiniteLoss(
                "discriminator",
                lossValue,
                sampling.tensor(input(generatorGraph)).array(),
                real.input.array(),
                fake.input.array());
        double norm = discriminatorGraph.getFlattenedGradients().norm2Number().doubleValue() / m;
        discriminatorUpdater.update(m);
        divergence.requireFiniteDiscriminator(lossValue);
        return new DiscriminatorUpdate(
                lossValue,
                Loss.value(realLogits, fakeLogits),
                Loss.meanProbability(realLogits),
                Loss.meanProbability(fakeLogits),
                norm);
    }

    @Override
    public GeneratorUpdate updateGenerator(float[] latents) {
        String samples = input(discriminatorGraph);
        long update = PASSES * generatorUpdater.iteration();
        generator.noise(seed, update + 3);
        judge.noise(seed, update + 4);
        generator.tensor(input(generatorGraph)).write(latents);
        generator.forward();
        copy(generator.tensor(output(generatorGraph)), judge.tensor(samples));
        judge.forward();
        double[] logits = values(judge.tensor(output(discriminatorGraph)));
        double[] slopes = new double[m];
        double lossValue = loss.generator(logits, slopes);
        write(slopes, judge.gradient(output(discriminatorGraph)));
        judge.backward();
        copy(judge.gradient(samples), generator.gradient(output(generatorGraph)));
        generator.backward();

        divergence.requireFiniteLoss(
                "generator",
                lossValue,
                generator.tensor(input(generatorGraph)).array(),
                judge.tensor(samples).array());
        double norm = generatorGraph.getFlattenedGradients().norm2Number().doubleValue() / m;
        generatorUpdater.update(m);
        divergence.requireFiniteGenerator(lossValue);
        return new GeneratorUpdate(lossValue, Loss.meanProbability(logits), norm);
    }

    @Override
    public float[] generate(float[] latents) {
        if (inference == null) {
            inference = generator(CompileOptions.inference(m), null, null);
        }
        int rows = latents.length / shapes.latent();
        int elements = shapes.sample().elements();
        float[] samples = new float[rows * elements];
        for (int from = 0; from < rows; from += m) {
            int count = Math.min(m, rows - from);
            float[] chunk = new float[m * shapes.latent()]; // the last minibatch is filled up with zeros
            System.arraycopy(latents, from * shapes.latent(), chunk, 0, count * shapes.latent());
            inference.tensor(input(generatorGraph)).write(chunk);
            inference.forward();
            float[] made = inference.tensor(output(generatorGraph)).read();
            System.arraycopy(made, 0, samples, from * elements, count * elements);
        }
        return samples;
    }

    @Override
    public void load() {
        generatorParameters.refresh();
        discriminatorParameters.refresh();
    }

    @Override
    public void synchronize() {
        // All tapes work on the graphs' own parameters.
    }

    @Override
    public void close() {
        // Native memory goes with the tapes.
    }

    private static String input(ComputationGraph graph) {
        return graph.getConfiguration().getNetworkInputs().get(0);
    }

    private static String output(ComputationGraph graph) {
        return graph.getConfiguration().getNetworkOutputs().get(0);
    }

    private static double[] values(Tensor tensor) {
        float[] floats = tensor.read();
        double[] values = new double[floats.length];
        Arrays.setAll(values, i -> floats[i]);
        return values;
    }

    private static void write(double[] values, Tensor tensor) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        tensor.write(floats);
    }
}

package org.latent4j.gan.compiled;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.data.ImageSet;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.AdversarialNetworks;
import org.latent4j.gan.Divergence;
import org.latent4j.gan.Minibatch;
import org.latent4j.gan.MovingAverage;
import org.latent4j.gan.NetworkShapes;
import org.latent4j.gan.SpectralNorm;
import org.latent4j.gan.TrainingOptions;

/**
 * The adversarial game on compiled networks: the tapes of both sides, joined where one's samples are the other's input.
 *
 * <p>All tapes of a network work on its graph's own parameters. An update allocates nothing but the record it returns.
 *
 * <p>Throws {@link org.latent4j.compute.ComputeException} for networks that can't be compiled.
 */
public final class CompiledNetworks implements AdversarialNetworks {
    /** Forward passes in an update of each network, whose dropout draws differ: they are a function of the seed and the update. */
    private static final long PASSES = 10;

    private final Setting setting;
    private final DiscriminatorSide d;
    private final GeneratorSide g;
    private final GameKernels kernels; // null where the device has none
    private final StepsOnDevice onDevice; // null where the host computes the losses
    private boolean recorded;
    private Compiled inference;

    /**
     * Compiles everything but inference.
     *
     * @param average what follows the generator, or null
     */
    public CompiledNetworks(
            ComputationGraph generatorGraph,
            ComputationGraph discriminatorGraph,
            MovingAverage average,
            NetworkShapes shapes,
            TrainingOptions options,
            Backend backend) {
        setting = new Setting(shapes, options, backend, new Divergence(generatorGraph, discriminatorGraph));
        d = new DiscriminatorSide(discriminatorGraph, setting);
        g = new GeneratorSide(generatorGraph, average, d, setting);
        kernels = backend.gameKernels().orElse(null);
        if (kernels != null) {
            d.normBy(kernels);
        }
        onDevice = kernels == null ? null : new StepsOnDevice(kernels, setting, d, g);
    }

    @Override
    public String hold(ImageSet images) {
        if (kernels == null) {
            return "";
        }
        SampleShape.Image image = images.shape();
        long bytes = (long) images.size() * image.elements();
        long room = kernels.roomForImages();
        if (bytes > room) {
            return String.format(
                    Locale.ROOT,
                    "minibatches come from the host: %.1f GB of images, but only %.1f GB of the card's memory are for them",
                    bytes * 1e-9,
                    room * 1e-9);
        }
        setting.hold(kernels.store(
                new GameKernels.Images(image.channels(), image.height(), image.width(), true),
                images.size(),
                images::read));
        return String.format(Locale.ROOT, "all images are on the card, %.1f MB", bytes * 1e-6);
    }

    @Override
    public boolean playsWholeSteps() {
        return onDevice != null;
    }

    @Override
    public void step(Runnable updates) {
        recorded = true;
        try {
            onDevice.step(updates);
        } finally {
            recorded = false;
        }
    }

    @Override
    public void report(Consumer<DiscriminatorUpdate> ofDiscriminator, Consumer<GeneratorUpdate> ofGenerator) {
        if (onDevice == null || !onDevice.report(ofDiscriminator, ofGenerator)) {
            return;
        }
        setting.synchronize();
        Divergence divergence = setting.divergence;
        divergence.requireFiniteDiscriminator(Double.NaN);
        divergence.requireFiniteGenerator(Double.NaN);
        divergence.requireFiniteLoss(
                "game",
                Double.NaN,
                g.sampling.tensor(g.player.input).array(),
                d.real.samples.array(),
                d.fake.samples.array());
    }

    @Override
    public DiscriminatorUpdate updateDiscriminator(Minibatch batch) {
        setting.laps.start("D");
        long noise = PASSES * d.learning.iteration();
        d.read(batch);
        Tensor generated = g.generate(g.sampling, batch, noise);
        if (recorded) {
            onDevice.bringClasses();
            d.judge(generated, noise, onDevice);
            d.gradient(noise, onDevice);
            d.update(onDevice);
            return StepsOnDevice.UNTOLD_DISCRIMINATOR;
        }
        d.judge(generated, noise);
        return d.update(d.gradient(noise, g.sampling.tensor(g.player.input)));
    }

    @Override
    public GeneratorUpdate updateGenerator(Minibatch batch) {
        setting.laps.start("G");
        long noise = PASSES * g.learning.iteration() + PASSES / 2;
        if (recorded) {
            g.generate(g.learner, batch, noise);
            onDevice.bringClasses();
            if (g.hasWitness()) {
                g.witness(batch, noise + 2, onDevice);
            }
            g.gradient(onDevice.generatorLoss, noise + 1, onDevice);
            g.update(onDevice);
            return StepsOnDevice.UNTOLD_GENERATOR;
        }
        if (g.hasWitness()) {
            g.witness(batch, noise + 2);
        }
        g.generate(g.learner, batch, noise);
        return g.update(g.gradient(g.hasWitness() ? g.witness.values : null, noise + 1));
    }

    @Override
    public BothUpdates updateBoth(Minibatch batch) {
        setting.laps.start("both");
        long noise = PASSES * d.learning.iteration();
        d.read(batch);
        Tensor generated = g.generate(g.learner, batch, noise);
        if (recorded) {
            return updateBothOnDevice(generated, noise);
        }
        d.judge(generated, noise);
        Tensor latents = g.learner.tensor(g.player.input);
        // The generator's gradient is taken before the discriminator changes.
        double ofDiscriminator;
        double ofGenerator;
        if (d.slopes.givesSlopes()) {
            ofDiscriminator = d.gradient(noise, latents);
            ofGenerator = g.gradientBySlopes(d.real, d.fake, noise + 2);
        } else {
            ofGenerator = g.gradient(d.real.values, noise + 2);
            ofDiscriminator = d.gradient(noise, latents);
        }
        DiscriminatorUpdate first = d.update(ofDiscriminator);
        return new BothUpdates(first, g.update(ofGenerator));
    }

    private BothUpdates updateBothOnDevice(Tensor generated, long noise) {
        onDevice.bringClasses();
        d.judge(generated, noise, onDevice);
        if (d.slopes.givesSlopes()) {
            d.gradient(noise, onDevice);
            g.gradientBySlopes(noise + 2, onDevice);
        } else {
            g.gradient(onDevice.generatorLossOfBoth, noise + 2, onDevice);
            d.gradient(noise, onDevice);
        }
        d.update(onDevice);
        g.update(onDevice);
        return new BothUpdates(StepsOnDevice.UNTOLD_DISCRIMINATOR, StepsOnDevice.UNTOLD_GENERATOR);
    }

    /** Times every piece of the updates that follow, which do what they always do, until {@link #profile}. */
    public void watch() {
        setting.laps.on();
        passes().keySet().forEach(Compiled::watch);
    }

    /** Where the time of the updates since {@link #watch} went. */
    public StepProfile profile() {
        return StepProfile.of(passes(), setting.laps.medians());
    }

    /** Floating point operations that the definitions of the layers ask for in k + l updates, without penalties' own passes. */
    public double flops(int k, int l, boolean simultaneous) {
        Compiled real = d.real.network;
        double judging = real.flops() + (real == d.fake.network ? 0 : d.fake.network.flops());
        double learning = g.learner.flops() + g.judge.network.flops();
        if (simultaneous) {
            return judging + learning;
        }
        double witnessing = g.hasWitness() ? g.witness.network.flops() : 0;
        return k * (g.sampling.flops() + judging) + l * (learning + witnessing);
    }

    /** Each network and what it is for; one that is there for two things is told of once. */
    private Map<Compiled, String> passes() {
        Map<Compiled, String> passes = new LinkedHashMap<>();
        passes.put(g.sampling, "generator, for the discriminator");
        passes.put(
                d.real.network,
                d.real.network == d.fake.network ? "discriminator on both" : "discriminator on real samples");
        passes.putIfAbsent(d.fake.network, "discriminator on generated samples");
        if (g.hasWitness()) {
            passes.put(g.witness.network, "discriminator on real samples, for the generator");
        }
        passes.put(g.learner, "generator");
        passes.put(g.judge.network, "discriminator on generated samples, for the generator");
        return passes;
    }

    @Override
    public float[] generate(float[] manyLatents) {
        int m = setting.m;
        if (inference == null) {
            inference = g.averaged.compile(CompileOptions.inference(m));
        }
        g.averaged.parameters.derive();
        int latent = setting.shapes.latent();
        int elements = setting.shapes.sample().elements();
        int rows = manyLatents.length / latent;
        float[] samples = new float[rows * elements];
        for (int from = 0; from < rows; from += m) {
            int count = Math.min(m, rows - from);
            float[] chunk = new float[m * latent]; // the last minibatch is filled up with zeros
            System.arraycopy(manyLatents, from * latent, chunk, 0, count * latent);
            inference.tensor(g.player.input).write(chunk);
            inference.forward();
            float[] made = inference.tensor(g.player.output).read();
            System.arraycopy(made, 0, samples, from * elements, count * elements);
        }
        return samples;
    }

    @Override
    public SpectralNorm spectralNorm() {
        return d.spectralNorm;
    }

    @Override
    public void load() {
        if (onDevice != null) {
            onDevice.forget();
        }
        setting.refresh();
        d.bringNorm();
    }

    @Override
    public void synchronize() {
        setting.synchronize();
        d.fetchNorm();
        // Finite gradients can still have led beyond all numbers, in large steps.
        if (!d.learning.hasFiniteParameters()) {
            setting.divergence.requireFiniteDiscriminator(Double.NaN);
        }
        if (!g.learning.hasFiniteParameters()) {
            setting.divergence.requireFiniteGenerator(Double.NaN);
        }
    }

    @Override
    public void close() {
        // Native memory goes with the tapes.
    }
}

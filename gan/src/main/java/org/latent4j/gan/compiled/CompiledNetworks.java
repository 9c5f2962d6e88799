package org.latent4j.gan.compiled;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Precision;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.AdversarialNetworks;
import org.latent4j.gan.Chosen;
import org.latent4j.gan.Divergence;
import org.latent4j.gan.Loss;
import org.latent4j.gan.Minibatch;
import org.latent4j.gan.MovingAverage;
import org.latent4j.gan.NetworkShapes;
import org.latent4j.gan.Recipe;
import org.latent4j.gan.SpectralNorm;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.Views;

/**
 * The adversarial game on compiled networks: the tapes of both, joined where one's samples are the other's input.
 *
 * <p>All tapes of a network work on its graph's own parameters. The generator's gradient comes through a discriminator that was compiled for
 * the gradient of its input alone: its parameters' gradients are not computed there. Real and generated samples pass the discriminator as
 * one minibatch of 2m unless it mixes samples (batch norm); then a second pass adds to the first one's gradients. An update allocates
 * nothing but the record it returns.
 *
 * <p>Throws {@link org.latent4j.compute.ComputeException} for networks that can't be compiled.
 */
public final class CompiledNetworks implements AdversarialNetworks {
    /** Forward passes in an update of each network, whose dropout draws differ: they are a function of the seed and the update. */
    private static final long PASSES = 10;

    private final NetworkShapes shapes;
    private final Loss loss;
    private final int m;
    private final long seed;
    private final Divergence divergence;
    private final Chosen chosen;
    private final Views views;
    private final float[] seen;
    private final SpectralNorm spectralNorm;
    private final Player generator;
    private final Player discriminator;
    private final Player averaged;
    private final Learning generatorLearning;
    private final Learning discriminatorLearning;
    private final Kernel average;

    /** The discriminator on real samples, and on generated ones; one and the same network where they pass together. */
    private final Logits real;

    private final Logits fake;
    private final SlopePasses slopes;
    private final DoubleSupplier gamma;
    private final Feed feed;

    /** The discriminator that the generator learns from, and the one that tells it of real samples where a loss is of pairs. */
    private final Logits judge;

    private final Logits witness;
    private final Feed witnessFeed;
    private final Compiled sampling;
    private final Compiled learner;
    private final float[] latents;
    private final Tensor fakeSlopes;
    private final float[] sampleGradient;
    private final Laps laps = new Laps();
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
        this.shapes = shapes;
        this.loss = options.loss();
        this.m = options.batch();
        this.seed = options.seed();
        this.divergence = new Divergence(generatorGraph, discriminatorGraph);
        this.chosen = new Chosen(shapes.classes(), m);
        Recipe recipe = options.recipe();
        this.views = new Views(recipe.augmentation(), shapes.sample(), shapes.discriminatorTakesImages(), seed);
        this.seen = new float[views.any() ? m * shapes.sample().elements() : 0];
        this.spectralNorm = recipe.spectralNorm() ? new SpectralNorm(discriminatorGraph, seed) : null;
        Precision precision = options.precision().equals("bf16") ? Precision.BF16 : Precision.F32;
        this.generator = new Player(generatorGraph, backend, precision, shapes.latent());
        this.discriminator = new Player(discriminatorGraph, backend, precision, sampleShape());
        this.averaged = average == null ? generator : new Player(average.graph(), backend, precision, shapes.latent());
        long burnIn = recipe.burnIn(options.steps());
        this.generatorLearning =
                new Learning("G", generator, backend, recipe.generatorPace().over((double) burnIn * options.l()));
        this.discriminatorLearning = new Learning(
                "D", discriminator, backend, recipe.discriminatorPace().over((double) burnIn * options.k()));
        this.average = average == null
                ? () -> {}
                : backend.average(
                        generator.parameters,
                        averaged.parameters,
                        () -> average.keep(generatorLearning.iteration() - 1));

        if (NetworkShapes.mixesSamples(discriminatorGraph) && !recipe.penalty().isExact()) {
            real = new Logits(
                    discriminator, discriminator.compile(CompileOptions.training(m, Wanted.PARAMETERS)), chosen, 0, m);
            fake = new Logits(
                    discriminator,
                    discriminator.compile(
                            CompileOptions.training(m, Wanted.PARAMETERS).accumulating()),
                    chosen,
                    0,
                    m);
        } else {
            Compiled both = discriminator.compile(
                    SlopePasses.joint(CompileOptions.training(2 * m, Wanted.PARAMETERS), recipe.penalty()));
            real = new Logits(discriminator, both, chosen, 0, m);
            fake = new Logits(discriminator, both, chosen, m, 2 * m);
        }
        slopes = new SlopePasses(recipe.penalty(), discriminator, chosen, real, fake, m, seed);
        gamma = () -> recipe.gamma().at(discriminatorLearning.iteration() / ((double) burnIn * options.k()));
        feed = feed(real, backend);
        judge = new Logits(
                discriminator, discriminator.compile(CompileOptions.training(m, Wanted.INPUTS)), chosen, 0, m);
        witness = loss.pairs()
                ? new Logits(discriminator, discriminator.compile(CompileOptions.training(m)), chosen, 0, m)
                : null;
        witnessFeed = loss.pairs() ? feed(witness, backend) : null;
        sampling = generator(CompileOptions.training(m), fake.samples, null);
        learner = generator(
                CompileOptions.training(m, Wanted.PARAMETERS),
                judge.samples,
                judge.network.gradient(discriminator.input));
        latents = new float[m * shapes.latent()];
        fakeSlopes = slopes.givesSlopes() ? slopes.fakeSlopes() : null;
        sampleGradient = new float[slopes.givesSlopes() ? m * shapes.sample().elements() : 0];
        onDevice = staysOnDevice()
                ? backend.gameLosses()
                        .map(losses -> new StepsOnDevice(losses, loss, m, backend, real, fake, judge, witness)
                                .norms(discriminatorLearning.gradientSquares, generatorLearning.gradientSquares))
                        .orElse(null)
                : null;
    }

    /** Whether nothing but plain losses needs the host: no reordering or augmenting of samples, no classes, no norm of weights. */
    private boolean staysOnDevice() {
        return slopes.staysOnDevice()
                && !views.any()
                && spectralNorm == null
                && real.isPlain()
                && fake.samples.liesLike(sampling.tensor(generator.output))
                && judge.samples.liesLike(learner.tensor(generator.output))
                && learner.gradient(generator.output).liesLike(judge.network.gradient(discriminator.input));
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
        synchronizeParameters();
        divergence.requireFiniteDiscriminator(Double.NaN);
        divergence.requireFiniteGenerator(Double.NaN);
        divergence.requireFiniteLoss(
                "game",
                Double.NaN,
                sampling.tensor(generator.input).array(),
                real.samples.array(),
                fake.samples.array());
    }

    private long[] sampleShape() {
        return shapes.discriminatorTakesImages() && shapes.sample() instanceof SampleShape.Image image
                ? new long[] {image.channels(), image.height(), image.width()}
                : new long[] {shapes.sample().elements()};
    }

    private Feed feed(Logits logits, Backend backend) {
        boolean byteOrder = shapes.discriminatorTakesImages()
                || shapes.sample() instanceof SampleShape.Image image && image.channels() == 1;
        return new Feed(logits.samples, byteOrder, backend);
    }

    /** Compiles the generator; it writes its samples to where the discriminator reads them, if both mean the same memory. */
    private Compiled generator(CompileOptions options, Tensor samples, Tensor sampleGradient) {
        CompileOptions joined = options;
        if (shapes.generatorGivesImages() == shapes.discriminatorTakesImages()) {
            if (!views.any()) { // a view in place of the samples would spoil the generator's backward pass
                joined = options.withShared(generator.output, samples);
            }
            if (sampleGradient != null) {
                joined = joined.withShared(CompileOptions.gradientOf(generator.output), sampleGradient);
            }
        }
        return generator.compile(joined);
    }

    @Override
    public DiscriminatorUpdate updateDiscriminator(Minibatch batch) {
        laps.start("D");
        long noise = PASSES * discriminatorLearning.iteration();
        feed.real(batch);
        laps.lap("real samples");
        generate(sampling, batch, noise);
        if (recorded) {
            fake.samples.copy(sampling.tensor(generator.output));
            passBoth(noise);
            slopes.bringWeights();
            slopes.before(gamma.getAsDouble());
            onDevice.discriminatorLoss.run();
            if (real.network != fake.network) {
                real.network.backward();
            }
            fake.network.backward();
            discriminatorLearning.follow(m);
            onDevice.discriminatorNorm.run();
            return StepsOnDevice.UNTOLD_DISCRIMINATOR;
        }
        judgeBoth(sampling, noise);
        return updateDiscriminator(discriminatorGradient(sampling, noise));
    }

    @Override
    public GeneratorUpdate updateGenerator(Minibatch batch) {
        laps.start("G");
        long noise = PASSES * generatorLearning.iteration() + PASSES / 2;
        if (witness != null) {
            chosen.read(batch);
            witnessFeed.real(batch);
            laps.lap("real samples");
            show(witness.samples, noise + 2);
            witness.network.noise(seed, noise + 2);
            witness.network.forward();
            if (!recorded) {
                witness.read();
            }
            laps.lap("discriminator on real samples");
        }
        generate(learner, batch, noise);
        if (recorded) {
            judge.samples.copy(learner.tensor(generator.output));
            judge.network.noise(seed, noise + 1);
            judge.network.forward();
            onDevice.generatorLoss.run();
            judge.network.backward();
            learner.gradient(generator.output).copy(judge.network.gradient(discriminator.input));
            learner.backward();
            generatorLearning.follow(m);
            onDevice.generatorNorm.run();
            average.run();
            return StepsOnDevice.UNTOLD_GENERATOR;
        }
        return updateGenerator(witness == null ? null : witness.values, noise + 1);
    }

    @Override
    public BothUpdates updateBoth(Minibatch batch) {
        laps.start("both");
        long noise = PASSES * discriminatorLearning.iteration();
        feed.real(batch);
        laps.lap("real samples");
        generate(learner, batch, noise);
        judgeBoth(learner, noise);
        // The generator's gradient is taken before the discriminator changes.
        if (slopes.givesSlopes()) {
            double loss = discriminatorGradient(learner, noise);
            double lossValue = generatorGradientBySlopes(noise + 2);
            DiscriminatorUpdate first = updateDiscriminator(loss);
            return new BothUpdates(first, updateGenerator(lossValue));
        }
        double lossValue = generatorGradient(real.values, noise + 2);
        DiscriminatorUpdate first = updateDiscriminator(discriminatorGradient(learner, noise));
        return new BothUpdates(first, updateGenerator(lossValue));
    }

    /** Where a backward pass has left dD/dx of each generated sample, the generator's loss scales it, and nothing else is to do. */
    private double generatorGradientBySlopes(long noise) {
        double lossValue = loss.generator(real.values, fake.values, judge.slopes);
        System.arraycopy(fake.values, 0, judge.values, 0, m);
        if (!Double.isFinite(lossValue)) {
            divergence.requireFiniteLoss(
                    "generator", lossValue, learner.tensor(generator.input).array(), fake.samples.array());
        }
        fakeSlopes.get(sampleGradient);
        int elements = sampleGradient.length / m;
        for (int n = 0; n < m; n++) {
            float slope = (float) judge.slopes[n];
            for (int i = n * elements; i < (n + 1) * elements; i++) {
                sampleGradient[i] *= slope;
            }
        }
        if (views.any()) {
            views.back(sampleGradient, noise);
        }
        Tensor gradient = judge.network.gradient(discriminator.input);
        gradient.put(sampleGradient);
        laps.lap("loss of G");
        learner.gradient(generator.output).copy(gradient);
        learner.backward();
        laps.lap("generator backward");
        return lossValue;
    }

    private void generate(Compiled network, Minibatch batch, long noise) {
        chosen.read(batch);
        batch.latents(latents);
        network.tensor(generator.input).put(latents);
        laps.lap("latents");
        network.noise(seed, noise);
        network.forward();
        laps.lap("generator forward");
    }

    /** Turns samples into what the discriminator sees of them. */
    private void show(Tensor samples, long noise) {
        if (views.any()) {
            samples.get(seen);
            views.show(seen, noise);
            samples.put(seen);
        }
    }

    private void judgeBoth(Compiled source, long noise) {
        fake.samples.copy(source.tensor(generator.output));
        show(real.samples, noise + 1);
        show(fake.samples, noise + 2);
        passBoth(noise);
        real.read();
        fake.read();
        laps.lap("discriminator forward");
    }

    private void passBoth(long noise) {
        real.network.noise(seed, noise + 1);
        real.network.forward();
        if (real.network != fake.network) {
            fake.network.noise(seed, noise + 2);
            fake.network.forward();
        }
    }

    /** Leaves the gradient of the discriminator's loss and penalty in its flat gradient. */
    private double discriminatorGradient(Compiled source, long noise) {
        double lossValue = loss.discriminator(real.values, fake.values, real.slopes, fake.slopes);
        if (!Double.isFinite(lossValue)) {
            synchronizeParameters();
            divergence.requireFiniteLoss(
                    "discriminator",
                    lossValue,
                    source.tensor(generator.input).array(),
                    real.samples.array(),
                    fake.samples.array());
        }
        laps.lap("loss of D");
        slopes.before(gamma.getAsDouble());
        real.write();
        if (real.network != fake.network) {
            real.network.backward();
        }
        fake.write();
        fake.network.backward();
        laps.lap("discriminator backward");
        if (slopes.hasPassesOfItsOwn()) {
            slopes.after(gamma.getAsDouble(), noise + 3);
            laps.lap("penalty by passes of its own");
        }
        return lossValue;
    }

    private DiscriminatorUpdate updateDiscriminator(double lossValue) {
        double norm = discriminatorLearning.update(m, spectralNorm, laps);
        if (!Double.isFinite(norm)) {
            synchronizeParameters();
            divergence.requireFiniteDiscriminator(lossValue);
        }
        DiscriminatorUpdate done = new DiscriminatorUpdate(
                lossValue,
                Loss.value(real.values, fake.values),
                Loss.meanProbability(real.values),
                Loss.meanProbability(fake.values),
                Loss.lead(real.values, fake.values),
                Loss.pairsWon(real.values, fake.values),
                norm);
        laps.lap("statistics of D");
        return done;
    }

    private GeneratorUpdate updateGenerator(double[] realLogits, long noise) {
        return updateGenerator(generatorGradient(realLogits, noise));
    }

    /** Judges the learner's samples and leaves the gradient of the generator's loss in its flat gradient. */
    private double generatorGradient(double[] realLogits, long noise) {
        judge.samples.copy(learner.tensor(generator.output));
        show(judge.samples, noise);
        judge.network.noise(seed, noise);
        judge.network.forward();
        judge.read();
        laps.lap("discriminator on generated samples forward");
        double lossValue = loss.generator(realLogits, judge.values, judge.slopes);
        if (!Double.isFinite(lossValue)) {
            synchronizeParameters();
            divergence.requireFiniteLoss(
                    "generator", lossValue, learner.tensor(generator.input).array(), judge.samples.array());
        }
        laps.lap("loss of G");
        judge.write();
        judge.network.backward();
        laps.lap("discriminator on generated samples backward");
        Tensor gradient = judge.network.gradient(discriminator.input);
        if (views.any()) {
            gradient.get(seen);
            views.back(seen, noise);
            gradient.put(seen);
        }
        learner.gradient(generator.output).copy(gradient);
        learner.backward();
        laps.lap("generator backward");
        return lossValue;
    }

    private GeneratorUpdate updateGenerator(double lossValue) {
        double norm = generatorLearning.update(m, null, laps);
        if (!Double.isFinite(norm)) {
            synchronizeParameters();
            divergence.requireFiniteGenerator(lossValue);
        }
        if (averaged != generator) {
            average.run();
            laps.lap("moving average");
        }
        return new GeneratorUpdate(lossValue, Loss.meanProbability(judge.values), norm);
    }

    /** Times every piece of the updates that follow, which do what they always do, until {@link #profile}. */
    public void watch() {
        laps.on();
        passes().keySet().forEach(Compiled::watch);
    }

    /** Where the time of the updates since {@link #watch} went. */
    public StepProfile profile() {
        return StepProfile.of(passes(), laps.medians());
    }

    /** Floating point operations that the definitions of the layers ask for in k + l updates, without penalties' own passes. */
    public double flops(int k, int l, boolean simultaneous) {
        double judging = real.network.flops() + (real.network == fake.network ? 0 : fake.network.flops());
        double learning = learner.flops() + judge.network.flops();
        if (simultaneous) {
            return judging + learning;
        }
        return k * (sampling.flops() + judging) + l * (learning + (witness == null ? 0 : witness.network.flops()));
    }

    /** Each network and what it is for; one that is there for two things is told of once. */
    private Map<Compiled, String> passes() {
        Map<Compiled, String> passes = new LinkedHashMap<>();
        passes.put(sampling, "generator, for the discriminator");
        passes.put(
                real.network, real.network == fake.network ? "discriminator on both" : "discriminator on real samples");
        passes.putIfAbsent(fake.network, "discriminator on generated samples");
        if (witness != null) {
            passes.put(witness.network, "discriminator on real samples, for the generator");
        }
        passes.put(learner, "generator");
        passes.put(judge.network, "discriminator on generated samples, for the generator");
        return passes;
    }

    @Override
    public float[] generate(float[] manyLatents) {
        if (inference == null) {
            inference = averaged.compile(CompileOptions.inference(m));
        }
        averaged.parameters.derive();
        int rows = manyLatents.length / shapes.latent();
        int elements = shapes.sample().elements();
        float[] samples = new float[rows * elements];
        for (int from = 0; from < rows; from += m) {
            int count = Math.min(m, rows - from);
            float[] chunk = new float[m * shapes.latent()]; // the last minibatch is filled up with zeros
            System.arraycopy(manyLatents, from * shapes.latent(), chunk, 0, count * shapes.latent());
            inference.tensor(generator.input).write(chunk);
            inference.forward();
            float[] made = inference.tensor(generator.output).read();
            System.arraycopy(made, 0, samples, from * elements, count * elements);
        }
        return samples;
    }

    @Override
    public SpectralNorm spectralNorm() {
        return spectralNorm;
    }

    @Override
    public void load() {
        if (onDevice != null) {
            onDevice.forget();
        }
        generator.parameters.refresh();
        discriminator.parameters.refresh();
        if (averaged != generator) {
            averaged.parameters.refresh();
        }
    }

    @Override
    public void synchronize() {
        synchronizeParameters();
        // Finite gradients can still have led beyond all numbers, in large steps.
        if (!discriminatorLearning.hasFiniteParameters()) {
            divergence.requireFiniteDiscriminator(Double.NaN);
        }
        if (!generatorLearning.hasFiniteParameters()) {
            divergence.requireFiniteGenerator(Double.NaN);
        }
    }

    /** Brings what the device has learned to the graphs' own parameters. */
    private void synchronizeParameters() {
        generator.parameters.synchronize();
        discriminator.parameters.synchronize();
        averaged.parameters.synchronize();
    }

    @Override
    public void close() {
        // Native memory goes with the tapes.
    }
}

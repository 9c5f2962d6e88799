package org.latent4j.gan.compiled;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.gan.AdversarialNetworks.GeneratorUpdate;
import org.latent4j.gan.Loss;
import org.latent4j.gan.Minibatch;
import org.latent4j.gan.MovingAverage;

/**
 * The generator's side of a game: its passes, the discriminator that it learns from, and its updates. That discriminator was compiled for
 * the gradient of its input alone: its parameters' gradients are not computed.
 */
final class GeneratorSide {
    final Player player;

    /** What follows the generator; the generator itself where nothing does. */
    final Player averaged;

    final Learning learning;

    /** The generator that makes samples for the discriminator's update, and the one that learns. */
    final Compiled sampling;

    final Compiled learner;

    /** The discriminator that the generator learns from, and the one that tells it of real samples where a loss is of pairs. */
    final Logits judge;

    final Logits witness;
    private final Setting setting;
    private final Loss loss;
    private final Laps laps;
    private final Player discriminator;
    private final Feed witnessFeed;
    private final Kernel average;
    private final float[] latents;
    private final Tensor slopes; // dD/dx of each generated sample where a backward pass leaves it, or null
    private final float[] sampleGradient;

    /**
     * Compiles everything.
     *
     * @param average what follows the generator, or null
     */
    GeneratorSide(ComputationGraph graph, MovingAverage average, DiscriminatorSide opponent, Setting setting) {
        this.setting = setting;
        this.loss = setting.loss;
        this.laps = setting.laps;
        this.discriminator = opponent.player;
        int m = setting.m;
        player = setting.player(graph, setting.shapes.latent());
        averaged = average == null ? player : setting.player(average.graph(), setting.shapes.latent());
        learning = new Learning(
                "G",
                player,
                setting.backend,
                setting.recipe().generatorPace().over(setting.burnIn() * setting.options.l()));
        this.average = average == null
                ? () -> {}
                : setting.backend.average(
                        player.parameters, averaged.parameters, () -> average.keep(learning.iteration() - 1));
        judge = new Logits(
                discriminator, discriminator.compile(CompileOptions.training(m, Wanted.INPUTS)), setting.chosen, 0, m);
        witness = loss.pairs()
                ? new Logits(discriminator, discriminator.compile(CompileOptions.training(m)), setting.chosen, 0, m)
                : null;
        witnessFeed = loss.pairs() ? setting.feed(witness) : null;
        sampling = compile(CompileOptions.training(m), opponent.fake.samples, null);
        learner = compile(
                CompileOptions.training(m, Wanted.PARAMETERS),
                judge.samples,
                judge.network.gradient(discriminator.input));
        latents = new float[m * setting.shapes.latent()];
        slopes = opponent.slopes.givesSlopes() ? opponent.slopes.fakeSlopes() : null;
        sampleGradient =
                new float[slopes == null ? 0 : m * setting.shapes.sample().elements()];
    }

    /** It writes its samples to where the discriminator reads them, if both mean the same memory. */
    private Compiled compile(CompileOptions options, Tensor samples, Tensor gradientOfSamples) {
        CompileOptions joined = options;
        if (setting.shapes.generatorGivesImages() == setting.shapes.discriminatorTakesImages()) {
            if (!setting.views.any()) { // a view in place of the samples would spoil the generator's backward pass
                joined = options.withShared(player.output, samples);
            }
            if (gradientOfSamples != null) {
                joined = joined.withShared(CompileOptions.gradientOf(player.output), gradientOfSamples);
            }
        }
        return player.compile(joined);
    }

    /** Makes samples of a minibatch's latents by {@link #sampling} or by {@link #learner}. */
    Tensor generate(Compiled network, Minibatch batch, long noise) {
        setting.chosen.read(batch);
        batch.latents(latents);
        network.tensor(player.input).put(latents);
        laps.lap("latents");
        network.noise(setting.seed, noise);
        network.forward();
        laps.lap("generator forward");
        return network.tensor(player.output);
    }

    boolean hasWitness() {
        return witness != null;
    }

    /** The discriminator's logits of real samples, for a loss of pairs. */
    void witness(Minibatch batch, long noise) {
        setting.chosen.read(batch);
        witnessFeed.real(batch);
        laps.lap("real samples");
        setting.show(witness.samples, noise);
        witness.network.noise(setting.seed, noise);
        witness.network.forward();
        witness.read();
        laps.lap("discriminator on real samples");
    }

    /** As {@link #witness(Minibatch, long)}, with the logits left on the device. */
    void witness(Minibatch batch, long noise, StepsOnDevice onDevice) {
        witnessFeed.real(batch);
        onDevice.views.show(witness.samples, noise);
        witness.network.noise(setting.seed, noise);
        witness.network.forward();
    }

    /** Judges the learner's samples and leaves the gradient of the loss in the flat gradient; gives the loss. */
    double gradient(double[] realLogits, long noise) {
        judge.samples.copy(learner.tensor(player.output));
        setting.show(judge.samples, noise);
        judge.network.noise(setting.seed, noise);
        judge.network.forward();
        judge.read();
        laps.lap("discriminator on generated samples forward");
        double lossValue = loss.generator(realLogits, judge.values, judge.slopes);
        if (!Double.isFinite(lossValue)) {
            setting.synchronize();
            requireFinite(lossValue, judge.samples);
        }
        laps.lap("loss of G");
        judge.write();
        judge.network.backward();
        laps.lap("discriminator on generated samples backward");
        setting.back(judge.network.gradient(discriminator.input), noise);
        learn();
        return lossValue;
    }

    /**
     * Likewise where a backward pass has left dD/dx of each generated sample: the loss scales it, and nothing else is to do.
     *
     * @param real logits of the real samples that the discriminator has judged
     */
    double gradientBySlopes(Logits real, Logits fake, long noise) {
        double lossValue = loss.generator(real.values, fake.values, judge.slopes);
        System.arraycopy(fake.values, 0, judge.values, 0, setting.m);
        if (!Double.isFinite(lossValue)) {
            requireFinite(lossValue, fake.samples);
        }
        slopes.get(sampleGradient);
        int elements = sampleGradient.length / setting.m;
        for (int n = 0; n < setting.m; n++) {
            float slope = (float) judge.slopes[n];
            for (int i = n * elements; i < (n + 1) * elements; i++) {
                sampleGradient[i] *= slope;
            }
        }
        if (setting.views.any()) {
            setting.views.back(sampleGradient, noise);
        }
        judge.network.gradient(discriminator.input).put(sampleGradient);
        laps.lap("loss of G");
        learn();
        return lossValue;
    }

    private void requireFinite(double lossValue, Tensor samples) {
        setting.divergence.requireFiniteLoss(
                "generator", lossValue, learner.tensor(player.input).array(), samples.array());
    }

    /** From the gradient of the samples, where the judge has it, to that of the parameters. */
    private void learn() {
        learner.gradient(player.output).copy(judge.network.gradient(discriminator.input));
        learner.backward();
        laps.lap("generator backward");
    }

    GeneratorUpdate update(double lossValue) {
        double norm = learning.update(setting.m, null, null, laps);
        if (!Double.isFinite(norm)) {
            setting.synchronize();
            setting.divergence.requireFiniteGenerator(lossValue);
        }
        if (averaged != player) {
            average.run();
            laps.lap("moving average");
        }
        return new GeneratorUpdate(lossValue, Loss.meanProbability(judge.values), norm);
    }

    /** As {@link #gradient(double[], long)}, with the loss left on the device: one of {@code onDevice}'s. */
    void gradient(Kernel lossThere, long noise, StepsOnDevice onDevice) {
        judge.samples.copy(learner.tensor(player.output));
        onDevice.views.show(judge.samples, noise);
        judge.network.noise(setting.seed, noise);
        judge.network.forward();
        lossThere.run();
        judge.choose();
        judge.network.backward();
        onDevice.views.back(judge.network.gradient(discriminator.input), noise);
        learn();
    }

    /** As {@link #gradientBySlopes(Logits, Logits, long)}, with the loss left on the device. */
    void gradientBySlopes(long noise, StepsOnDevice onDevice) {
        onDevice.generatorLossBySlopes.run();
        onDevice.views.back(judge.network.gradient(discriminator.input), noise);
        learn();
    }

    /** As {@link #update(double)}, with what it tells left on the device. */
    void update(StepsOnDevice onDevice) {
        learning.follow(setting.m, null);
        onDevice.generatorNorm.run();
        average.run();
    }

    /** Where {@link #gradientBySlopes} leaves the gradient of the samples. */
    Tensor gradientOfSamples() {
        return judge.network.gradient(discriminator.input);
    }
}

package org.latent4j.gan.compiled;

import java.util.function.DoubleSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.gan.AdversarialNetworks.DiscriminatorUpdate;
import org.latent4j.gan.Loss;
import org.latent4j.gan.Minibatch;
import org.latent4j.gan.NetworkShapes;
import org.latent4j.gan.SlopePenalty;
import org.latent4j.gan.SpectralNorm;

/**
 * The discriminator's side of a game: its passes over real and generated samples, its loss with penalties, its updates. Real and generated
 * samples pass it as one minibatch of 2m unless it mixes samples (batch norm); then a second pass adds to the first one's gradients.
 */
final class DiscriminatorSide {
    final Player player;
    final Learning learning;
    final SlopePasses slopes;
    final SpectralNorm spectralNorm;

    /** The discriminator on real samples, and on generated ones; one and the same network where they pass together. */
    final Logits real;

    final Logits fake;
    private final Setting setting;
    private final Loss loss;
    private final Laps laps;
    private final Feed feed;
    private final DoubleSupplier gamma;

    DiscriminatorSide(ComputationGraph graph, Setting setting) {
        this.setting = setting;
        this.loss = setting.loss;
        this.laps = setting.laps;
        int m = setting.m;
        double updates = setting.burnIn() * setting.options.k();
        player = setting.player(graph, setting.sampleShape());
        learning = new Learning(
                "D",
                player,
                setting.backend,
                setting.recipe().discriminatorPace().over(updates));
        spectralNorm = setting.recipe().spectralNorm() ? new SpectralNorm(graph, setting.seed) : null;
        SlopePenalty penalty = setting.recipe().penalty();
        CompileOptions options = CompileOptions.training(m, Wanted.PARAMETERS);
        if (NetworkShapes.mixesSamples(graph) && !penalty.isExact()) {
            real = new Logits(player, player.compile(options), setting.chosen, 0, m);
            fake = new Logits(player, player.compile(options.accumulating()), setting.chosen, 0, m);
        } else {
            Compiled both =
                    player.compile(SlopePasses.joint(CompileOptions.training(2 * m, Wanted.PARAMETERS), penalty));
            real = new Logits(player, both, setting.chosen, 0, m);
            fake = new Logits(player, both, setting.chosen, m, 2 * m);
        }
        slopes = new SlopePasses(penalty, player, setting.chosen, real, fake, m, setting.seed);
        gamma = () -> setting.recipe().gamma().at(learning.iteration() / updates);
        feed = setting.feed(real);
    }

    /** Real and generated samples pass as one minibatch. */
    private boolean together() {
        return real.network == fake.network;
    }

    void read(Minibatch batch) {
        feed.real(batch);
        laps.lap("real samples");
    }

    /** Judges the real samples that were read and the generated ones given. */
    void judge(Tensor generated, long noise) {
        fake.samples.copy(generated);
        setting.show(real.samples, noise + 1);
        setting.show(fake.samples, noise + 2);
        pass(noise);
        real.read();
        fake.read();
        laps.lap("discriminator forward");
    }

    private void pass(long noise) {
        real.network.noise(setting.seed, noise + 1);
        real.network.forward();
        if (!together()) {
            fake.network.noise(setting.seed, noise + 2);
            fake.network.forward();
        }
    }

    /** Leaves the gradient of the loss and the penalty in the flat gradient; gives the loss. */
    double gradient(long noise, Tensor latents) {
        double lossValue = loss.discriminator(real.values, fake.values, real.slopes, fake.slopes);
        if (!Double.isFinite(lossValue)) {
            setting.synchronize();
            setting.divergence.requireFiniteLoss(
                    "discriminator", lossValue, latents.array(), real.samples.array(), fake.samples.array());
        }
        laps.lap("loss of D");
        slopes.before(gamma.getAsDouble());
        real.write();
        if (!together()) {
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

    DiscriminatorUpdate update(double lossValue) {
        double norm = learning.update(setting.m, spectralNorm, laps);
        if (!Double.isFinite(norm)) {
            setting.synchronize();
            setting.divergence.requireFiniteDiscriminator(lossValue);
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

    /** As {@link #judge}, with the logits left on the device. */
    void judge(Tensor generated, long noise, StepsOnDevice onDevice) {
        fake.samples.copy(generated);
        onDevice.views.show(real.samples, noise + 1);
        onDevice.views.show(fake.samples, noise + 2);
        pass(noise);
    }

    /** As {@link #gradient}, with the loss left on the device. */
    void gradient(long noise, StepsOnDevice onDevice) {
        slopes.bringWeights();
        slopes.before(gamma.getAsDouble());
        onDevice.discriminatorLoss.run();
        real.choose();
        if (!together()) {
            real.network.backward();
        }
        fake.choose();
        fake.network.backward();
        slopes.follow(gamma.getAsDouble(), noise + 3);
    }

    /** As {@link #update}, with what it tells left on the device. */
    void update(StepsOnDevice onDevice) {
        learning.follow(setting.m);
        onDevice.discriminatorNorm.run();
    }
}

package org.latent4j.gan.compiled;

import java.util.function.Consumer;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.GameLosses;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.gan.AdversarialNetworks.DiscriminatorUpdate;
import org.latent4j.gan.AdversarialNetworks.GeneratorUpdate;
import org.latent4j.gan.Loss;

/**
 * What whole steps on a device have besides their passes and updates: losses that stay there, sums of what the updates would report, and the
 * record of a step that is launched as one.
 */
final class StepsOnDevice {
    /** An update within a step tells nothing. */
    static final DiscriminatorUpdate UNTOLD_DISCRIMINATOR =
            new DiscriminatorUpdate(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    static final GeneratorUpdate UNTOLD_GENERATOR = new GeneratorUpdate(Double.NaN, Double.NaN, Double.NaN);

    final Kernel discriminatorLoss;
    final Kernel generatorLoss;
    Kernel discriminatorNorm;
    Kernel generatorNorm;
    private final GameLosses losses;
    private final int m;
    private final Backend backend;
    private Runnable updates;
    private Kernel step;

    /** {@code witness}: the discriminator on real samples in the generator's update, or null. */
    StepsOnDevice(
            GameLosses losses,
            Loss loss,
            int m,
            Backend backend,
            Logits real,
            Logits fake,
            Logits judge,
            Logits witness) {
        GameLosses.Kind kind = GameLosses.Kind.valueOf(loss.name());
        this.losses = losses;
        this.m = m;
        this.backend = backend;
        this.discriminatorLoss = losses.discriminator(kind, real.logits, fake.logits, real.gradient, fake.gradient);
        this.generatorLoss =
                losses.generator(kind, witness == null ? null : witness.logits, judge.logits, judge.gradient);
        forget();
    }

    /** Where the norms of both gradients come from. */
    StepsOnDevice norms(Backend.Measure ofDiscriminator, Backend.Measure ofGenerator) {
        discriminatorNorm = losses.norm(ofDiscriminator, m, true);
        generatorNorm = losses.norm(ofGenerator, m, false);
        return this;
    }

    void step(Runnable newUpdates) {
        updates = newUpdates;
        step.run();
    }

    /** The next step is recorded anew. */
    void forget() {
        step = backend.step(() -> updates.run());
    }

    /** Tells of the updates since the last report by their means; true if a number is not finite. */
    boolean report(Consumer<DiscriminatorUpdate> ofDiscriminator, Consumer<GeneratorUpdate> ofGenerator) {
        GameLosses.Sums sums = losses.take();
        long n = sums.discriminatorUpdates();
        for (long i = 0; i < n; i++) {
            ofDiscriminator.accept(new DiscriminatorUpdate(
                    sums.discriminatorLoss() / n,
                    sums.value() / n,
                    sums.real() / n,
                    sums.fake() / n,
                    sums.lead() / n,
                    sums.pairsWon() / n,
                    sums.discriminatorNorm() / n));
        }
        long l = sums.generatorUpdates();
        for (long i = 0; i < l; i++) {
            ofGenerator.accept(
                    new GeneratorUpdate(sums.generatorLoss() / l, sums.generatorFake() / l, sums.generatorNorm() / l));
        }
        return !Double.isFinite(
                sums.discriminatorLoss() + sums.discriminatorNorm() + sums.generatorLoss() + sums.generatorNorm());
    }
}

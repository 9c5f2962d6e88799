package org.latent4j.gan.compiled;

import java.util.function.Consumer;
import org.latent4j.compute.graph.GameKernels;
import org.latent4j.compute.graph.Kernel;
import org.latent4j.compute.graph.Shape;
import org.latent4j.compute.graph.Tensor;
import org.latent4j.gan.AdversarialNetworks.DiscriminatorUpdate;
import org.latent4j.gan.AdversarialNetworks.GeneratorUpdate;

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
    final Kernel discriminatorNorm;
    final Kernel generatorNorm;

    /** Of updates of the generator alone, which ask for real samples' logits themselves where a loss is of pairs. */
    final Kernel generatorLoss;

    /** Of updates of both networks, for a backward pass of the generator's own. */
    final Kernel generatorLossOfBoth;

    /** Of updates of both networks, where the discriminator's pass has left slopes: the samples' gradient too; null where it does not. */
    final Kernel generatorLossBySlopes;

    final ViewsOnDevice views;
    private final GameKernels kernels;
    private final Setting setting;
    private final Tensor classes; // null where there is one logit
    private final float[] numbers;
    private Runnable updates;
    private Kernel step;

    StepsOnDevice(GameKernels kernels, Setting setting, DiscriminatorSide d, GeneratorSide g) {
        GameKernels.Kind kind = GameKernels.Kind.valueOf(setting.loss.name());
        this.kernels = kernels;
        this.setting = setting;
        int m = setting.m;
        boolean many = setting.chosen.width() > 1;
        classes = many ? Tensor.zeros(Shape.of(m, 1)) : null;
        numbers = new float[many ? m : 0];
        discriminatorLoss = kernels.discriminator(kind, d.real.judged(), d.fake.judged(), classes);
        generatorLoss = kernels.generator(kind, g.hasWitness() ? g.witness.logits : null, g.judge.judged(), classes);
        generatorLossOfBoth = kernels.generator(kind, d.real.logits, g.judge.judged(), classes);
        generatorLossBySlopes = d.slopes.givesSlopes() ? bySlopes(kind, d, g) : null;
        discriminatorNorm = kernels.norm(d.learning.gradientSquares, m, true);
        generatorNorm = kernels.norm(g.learning.gradientSquares, m, false);
        d.slopes.keepOn(kernels, classes);
        views = new ViewsOnDevice(kernels, setting.views, m);
        views.see(d.real.samples);
        views.see(d.fake.samples);
        views.see(g.judge.samples);
        views.see(g.gradientOfSamples());
        if (g.hasWitness()) {
            views.see(g.witness.samples);
        }
        forget();
    }

    private Kernel bySlopes(GameKernels.Kind kind, DiscriminatorSide d, GeneratorSide g) {
        Tensor slopes = Tensor.zeros(Shape.of(setting.m, 1));
        Kernel loss = kernels.generator(kind, d.real.logits, new GameKernels.Judged(d.fake.logits, slopes), classes);
        Kernel scale = kernels.scale(d.slopes.fakeSlopes(), slopes, g.gradientOfSamples());
        return () -> {
            loss.run();
            scale.run();
        };
    }

    /** Tells the losses of the minibatch's classes. */
    void bringClasses() {
        if (classes != null) {
            setting.chosen.classes(numbers);
            classes.put(numbers);
        }
    }

    void step(Runnable newUpdates) {
        updates = newUpdates;
        step.run();
    }

    /** The next step is recorded anew. */
    void forget() {
        step = setting.backend.step(() -> updates.run());
    }

    /** Tells of the updates since the last report by their means; true if a number is not finite. */
    boolean report(Consumer<DiscriminatorUpdate> ofDiscriminator, Consumer<GeneratorUpdate> ofGenerator) {
        GameKernels.Sums sums = kernels.take();
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

package org.latent4j.gan;

import java.util.function.Consumer;
import org.latent4j.data.ImageSet;

/**
 * A generator and a discriminator on one device: the updates of the adversarial game, and generation.
 *
 * <p>All arrays are row-major with one sample a row: real samples and generated ones (m, elements) with images in (c, h, w) order, latents
 * (m, latent). Updates throw {@link TrainingDivergedException} as soon as a loss or a gradient is not finite, and {@link #synchronize} if a
 * parameter is not, so that none is ever saved. Not thread-safe.
 */
public interface AdversarialNetworks extends AutoCloseable {

    /**
     * One descent step on the discriminator's parameters.
     *
     * @param loss the discriminator's loss of the minibatch
     * @param value V(G, D) of the minibatch in nats
     * @param meanReal mean of D(x)
     * @param meanFake mean of D(G(z))
     * @param lead mean logit of real samples, less that of generated ones
     * @param pairsWon share of pairs, a real and a generated sample at the same place of the minibatch, of which the real one has the larger logit
     * @param gradientNorm L2 norm of the loss's gradient with respect to all parameters
     */
    record DiscriminatorUpdate(
            double loss,
            double value,
            double meanReal,
            double meanFake,
            double lead,
            double pairsWon,
            double gradientNorm) {}

    /** One descent step on the generator's parameters; fields as in {@link DiscriminatorUpdate}. */
    record GeneratorUpdate(double loss, double meanFake, double gradientNorm) {}

    /** One step of each. */
    record BothUpdates(DiscriminatorUpdate discriminator, GeneratorUpdate generator) {}

    DiscriminatorUpdate updateDiscriminator(Minibatch batch);

    /** Real samples are asked for by losses of pairs only. */
    GeneratorUpdate updateGenerator(Minibatch batch);

    /** Updates both networks by gradients of one minibatch that are both taken before either changes. */
    BothUpdates updateBoth(Minibatch batch);

    /**
     * Takes a set of images to where its minibatches are needed, if it can.
     *
     * @return in words what came of it; empty where minibatches come from the host as ever
     */
    default String hold(ImageSet images) {
        return "";
    }

    /**
     * Whether whole adversarial steps run on the device by themselves. Between {@link #step} and {@link #report} nobody
     * hears of an update, nor of a divergence.
     */
    default boolean playsWholeSteps() {
        return false;
    }

    /** Plays the updates of one step as one piece of work, which may still be under way when this returns; what they return means nothing. */
    default void step(Runnable updates) {
        updates.run();
    }

    /** Waits for the steps played so far and tells of their updates since the last report: their means, as often as there were any. */
    default void report(Consumer<DiscriminatorUpdate> ofDiscriminator, Consumer<GeneratorUpdate> ofGenerator) {
        // Each update has told of itself.
    }

    /**
     * Generates samples (n, elements) in inference mode, by the averaged generator if there is one: batch norm uses its running statistics,
     * dropout is off.
     */
    float[] generate(float[] latents);

    /** Takes over parameters and updater state that somebody else has changed in the computation graphs. */
    void load();

    /** Brings what lives on the device back into the computation graphs, so that they can be saved. */
    void synchronize();

    /** What keeps the discriminator's weights normalised, or null. */
    default SpectralNorm spectralNorm() {
        return null;
    }

    /** Frees what the device holds; the graphs stay. */
    @Override
    void close();
}

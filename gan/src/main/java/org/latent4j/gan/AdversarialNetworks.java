package org.latent4j.gan;

/**
 * A generator and a discriminator on one device: the updates of the adversarial game, and generation.
 *
 * <p>All arrays are row-major with one sample a row: real samples and generated ones (m, elements) with images in (c, h, w) order, latents
 * (m, latent). Calls throw {@link TrainingDivergedException} in the very update in which a loss or parameter stops being finite. Not
 * thread-safe.
 */
public interface AdversarialNetworks extends AutoCloseable {

    /**
     * One ascent step of V on the discriminator's parameters.
     *
     * @param loss the discriminator's loss of the minibatch
     * @param value V(G, D) of the minibatch in nats
     * @param meanReal mean of D(x)
     * @param meanFake mean of D(G(z))
     * @param gradientNorm L2 norm of the loss's gradient with respect to all parameters
     */
    record DiscriminatorUpdate(double loss, double value, double meanReal, double meanFake, double gradientNorm) {}

    /** One descent step on the generator's parameters; fields as in {@link DiscriminatorUpdate}. */
    record GeneratorUpdate(double loss, double meanFake, double gradientNorm) {}

    DiscriminatorUpdate updateDiscriminator(float[] real, float[] latents);

    GeneratorUpdate updateGenerator(float[] latents);

    /** Generates samples (n, elements) in inference mode: batch norm uses its running statistics, dropout is off. */
    float[] generate(float[] latents);

    /** Takes over parameters and updater state that somebody else has changed in the two computation graphs. */
    void load();

    /** Brings what lives on the device back into the two computation graphs, so that they can be saved. */
    void synchronize();

    /** Frees what the device holds; the graphs stay. */
    @Override
    void close();
}

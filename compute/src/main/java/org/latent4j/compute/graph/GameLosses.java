package org.latent4j.compute.graph;

/**
 * The adversarial game's losses on a device, where logits and slopes stay: what the updates would report is added up there, and read when it
 * is asked for.
 *
 * <p>Losses are means over m samples, slopes derivatives of each sample's own term, as {@code org.latent4j.gan.Loss} defines them. Numbers
 * that are not finite stay so in the sums.
 */
public interface GameLosses {

    /** The losses, in the order of {@code org.latent4j.gan.Loss}. */
    enum Kind {
        MINIMAX,
        NON_SATURATING,
        HINGE,
        LEAST_SQUARES,
        WASSERSTEIN,
        RELATIVISTIC
    }

    /**
     * What updates were, added up.
     *
     * @param value of V(G, D); {@code real} and {@code fake} are sums of mean probabilities
     * @param lead of mean logits of real samples less those of generated ones
     * @param pairsWon of shares of pairs whose real sample has the larger logit, equal ones counting half
     */
    record Sums(
            long discriminatorUpdates,
            double discriminatorLoss,
            double value,
            double real,
            double fake,
            double discriminatorNorm,
            double lead,
            double pairsWon,
            long generatorUpdates,
            double generatorLoss,
            double generatorFake,
            double generatorNorm) {}

    /** Reads logits (m, 1) of real and generated samples, writes the slopes of the discriminator's loss. */
    Kernel discriminator(Kind kind, Tensor real, Tensor fake, Tensor realSlopes, Tensor fakeSlopes);

    /** Writes the slopes of the generator's loss; {@code real} is null unless the loss is of pairs. */
    Kernel generator(Kind kind, Tensor real, Tensor fake, Tensor slopes);

    /** Adds the norm of a gradient, a sum over {@code minibatch} samples whose squares were summed, to a network's sums. */
    Kernel norm(Backend.Measure squares, int minibatch, boolean ofDiscriminator);

    /** The sums since they were last taken; waits for the device. */
    Sums take();
}

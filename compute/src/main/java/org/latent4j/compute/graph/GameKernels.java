package org.latent4j.compute.graph;

import java.nio.IntBuffer;
import java.util.List;

/**
 * What an adversarial game needs on a device besides its networks, so that nothing of a step comes back to the host: losses, gradients by
 * slopes, mixtures of samples, random views of images. What the updates would report is added up there, and read when it is asked for.
 *
 * <p>Losses are means over m samples, slopes derivatives of each sample's own term, as {@code org.latent4j.gan.Loss} defines them. Numbers
 * that are not finite stay so in the sums. Logits are (m, 1), or (m, classes) of which each sample's class chooses one; classes are numbers
 * (m) as floats, the same for real and generated samples.
 */
public interface GameKernels {

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
     * Samples as a discriminator judged them.
     *
     * @param slopes receives the loss's: (m, 1), or of the logits' shape with zeros where a logit was not chosen
     */
    record Judged(Tensor logits, Tensor slopes) {}

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

    /** Images (m, h, w, c) in memory, or (m, c, h, w). */
    record Images(int channels, int height, int width, boolean channelsLast) {}

    /** Numbers that say what an image's view is: see {@link #view}. */
    int VIEW_NUMBERS = 9;

    /**
     * Reads logits and writes the slopes of the discriminator's loss.
     *
     * @param classes null where there is one logit
     */
    Kernel discriminator(Kind kind, Judged real, Judged fake, Tensor classes);

    /** Writes the slopes of the generator's loss; {@code realLogits} is null unless the loss is of pairs. */
    Kernel generator(Kind kind, Tensor realLogits, Judged fake, Tensor classes);

    /** Adds the norm of a gradient, a sum over {@code minibatch} samples whose squares were summed, to a network's sums. */
    Kernel norm(Backend.Measure squares, int minibatch, boolean ofDiscriminator);

    /** y = x, each sample times its own number (m, 1). All lie alike in memory. */
    Kernel scale(Tensor x, Tensor factors, Tensor y);

    /** y = b + share (a - b), each sample with its own share (m, 1). All lie alike in memory. */
    Kernel mix(Tensor a, Tensor b, Tensor shares, Tensor y);

    /**
     * Samples, and derivatives that belong to them: with respect to each number of a sample, or to its logits as {@link Judged} has them.
     */
    record Sloped(Tensor samples, Tensor slopes) {}

    /**
     * Moves samples along v = dD/dx, {@code from.slopes}: to x + distance v / |v|, or x where v is 0. Their logits' slopes become
     * gamma |v| / (2 distance): backward passes from both sides then add up to gamma times the derivative of dD/dw along v.
     *
     * @param gamma one number
     * @param classes null where there is one logit
     */
    Kernel alongSlopes(Sloped from, double distance, Sloped to, Tensor gamma, Tensor classes);

    /**
     * Turns images into their views, in place, or gradients with respect to views into those with respect to the images.
     *
     * @param numbers (m, {@link #VIEW_NUMBERS}): brightness added; saturation and contrast, 1 for none; shift down and right; shift around
     *     the borders down and right; first row and column of a window of half of each side that is cut out, far outside for none
     */
    Kernel view(Images shape, Tensor images, Tensor numbers, boolean back);

    /** Where images lie before they are stored: bytes (h, w, c) of one of them. */
    interface Source {
        void read(int index, byte[] out, int offset);
    }

    /** Images that stay on the device as bytes. */
    interface Store {
        long bytes();

        /**
         * Makes a minibatch in the networks' scale, y = x / 127.5 - 1.
         *
         * @param which m indices in a direct buffer; {@code ~index} for an image that is mirrored left to right. Read by each run
         * @param samples (m, c, h, w), or flat (m, c h w)
         */
        Kernel gather(IntBuffer which, Tensor samples);
    }

    /**
     * Weights W in a network's flat array, (rows, columns) row after row from {@code offset} on.
     *
     * @param u (rows) the left singular vector of the largest singular value
     */
    record Normed(long offset, int rows, int columns, double[] u) {}

    /** Keeps the largest singular value of weights at 1, as {@code org.latent4j.gan.SpectralNorm} does. */
    interface SpectralKernels {
        /** Turns the gradient into the one through the normalisation. */
        void beforeUpdate();

        /** Normalises the weights that an update has changed. */
        void afterUpdate();

        /** Brings the singular vectors to the device. */
        void put();

        /** Brings them to {@link Normed#u}. */
        void get();
    }

    /** {@code steps}: of the power method after each update. */
    SpectralKernels spectral(Parameters parameters, List<Normed> weights, int steps);

    /** Bytes that {@link #store} would take; more is left for other things to come. */
    long roomForImages();

    /** Brings images to the device, once and for all. Throws {@link org.latent4j.compute.ComputeException} if there is no room. */
    Store store(Images shape, int count, Source source);

    /** The sums since they were last taken; waits for the device. */
    Sums take();
}

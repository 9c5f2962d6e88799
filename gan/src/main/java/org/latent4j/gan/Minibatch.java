package org.latent4j.gan;

/**
 * One minibatch of m real samples and m latent vectors, written where a device wants it. Each part can be asked for several times and gives
 * the same numbers.
 */
public interface Minibatch {

    /** Latent vectors, (m, latent). */
    void latents(float[] out);

    /** Real samples in the networks' scale, (m, elements), images in (c, h, w) order. */
    void real(float[] out);

    /** Whether the real samples are there as bytes. */
    default boolean hasPixels() {
        return false;
    }

    /** Real images as bytes (m, h, w, c), of which 0 .. 255 stand for -1 .. 1. */
    default void pixels(byte[] out) {
        throw new IllegalStateException("this minibatch has no pixels");
    }

    /** Whether the real samples are images of a stored set. */
    default boolean isStored() {
        return false;
    }

    /** The place of each real sample in its set; {@code ~index} for one that is mirrored left to right. */
    default void indices(int[] out) {
        throw new IllegalStateException("this minibatch is of no stored set");
    }

    /** The classes of the real samples, which are those of the latent vectors too. */
    default void labels(int[] out) {
        throw new IllegalStateException("this minibatch has no classes");
    }

    /** A minibatch that is there: the arrays are read, not kept as copies. */
    static Minibatch of(float[] real, float[] latents, int... labels) {
        return new Minibatch() {
            @Override
            public void labels(int[] out) {
                System.arraycopy(labels, 0, out, 0, out.length);
            }

            @Override
            public void latents(float[] out) {
                System.arraycopy(latents, 0, out, 0, latents.length);
            }

            @Override
            public void real(float[] out) {
                System.arraycopy(real, 0, out, 0, real.length);
            }
        };
    }
}

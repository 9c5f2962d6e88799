package org.latent4j.data.ising;

import org.latent4j.data.DataException;

/**
 * Ising configurations with the options that repeat them.
 *
 * <p>{@code configurations} is (n, L * L): row after row, +1 or -1, chain after chain, in the order of each chain. As images they are
 * one-channel: -1 black (0), +1 white (255).
 *
 * <p>Indices outside 0 .. size - 1 throw {@link IndexOutOfBoundsException}. Pixels that are no whole number of
 * configurations throw {@link DataException}. The arrays are held, not copied.
 */
public record IsingSamples(IsingOptions options, byte[][] configurations) {

    public int count() {
        return configurations.length;
    }

    /** Writes configuration {@code index} as (L, L, 1) uint8 pixels to {@code out[at ..]}. */
    public void readImage(int index, byte[] out, int at) {
        byte[] spins = configurations[index];
        for (int i = 0; i < spins.length; i++) {
            out[at + i] = (byte) (spins[i] > 0 ? 255 : 0);
        }
    }

    /** The configurations in (n, L, L, 1) uint8 pixels, also grey ones: 128 and above are +1. */
    public static byte[][] spins(byte[] pixels, int size) {
        int area = size * size;
        if (pixels.length % area != 0) {
            throw new DataException(pixels.length + " pixels are no whole number of " + size + " x " + size
                    + " Ising configurations; give images of one channel and that size");
        }
        byte[][] spins = new byte[pixels.length / area][area];
        for (int i = 0; i < pixels.length; i++) {
            spins[i / area][i % area] = (byte) (pixels[i] < 0 ? 1 : -1); // a byte below 0 is a uint8 of 128 and above
        }
        return spins;
    }
}

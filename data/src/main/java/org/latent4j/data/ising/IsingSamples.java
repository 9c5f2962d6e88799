package org.latent4j.data.ising;

/**
 * Ising configurations with the options that repeat them.
 *
 * <p>{@code configurations} is (n, L * L): row after row, +1 or -1, chain after chain, in the order of each chain. As images they are
 * one-channel: -1 black (0), +1 white (255).
 *
 * <p>Indices outside 0 .. size - 1 throw {@link IndexOutOfBoundsException}. The arrays are held, not copied.
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
}

package org.latent4j.compute.layer;

/**
 * Points with sines and cosines of their coordinates behind them: a row x of p numbers becomes
 * {@code [x, sin f_0 x, cos f_0 x, sin f_1 x, cos f_1 x, ...]} of p (1 + 2 octaves), f_k = frequency 2^k.
 *
 * <p>A network sees small differences of place in them that it is slow to learn from the coordinates.
 *
 * <p>Source: Tancik et al., "Fourier features let networks learn high frequency functions in low dimensional domains", NeurIPS 2020.
 *
 * @param size p
 * @param frequency f_0 in radians for each unit of x
 * @param octaves at least 1
 */
public record FourierFeatures(int size, double frequency, int octaves) {

    public FourierFeatures {
        if (octaves < 1 || !(frequency > 0 && Double.isFinite(frequency))) {
            throw new IllegalArgumentException(
                    "Fourier features need at least one octave and a positive frequency, but got " + octaves + " and "
                            + frequency);
        }
    }

    /** Numbers in a row of features. */
    public int width() {
        return size * (1 + 2 * octaves);
    }
}

package org.latent4j.gan.evaluate;

import java.util.Arrays;
import org.latent4j.data.DataException;

/**
 * How generated samples share out over the classes that a classifier sees in them.
 *
 * <p>{@code shares} and {@code realShares} are (classes): of generated and of real samples by their most probable class. {@code covered} counts
 * classes with at least one generated sample; {@code reverseKl} is KL(generated shares || real shares) in nats, the real ones with half a
 * sample added to each class so that it stays finite; {@code recognised} is the share of generated samples whose class has a probability of at least 0.9.
 *
 * <p>Throws {@link DataException} when there are no samples, or when the probabilities are not of the classes.
 *
 * <p>Source: Srivastava et al. (VEEGAN), NIPS 2017, section 4.2; Lin et al. (PacGAN), NeurIPS 2018, section 4.2.
 */
public record ClassBalance(
        int classes, int covered, double reverseKl, double recognised, double[] shares, double[] realShares) {
    private static final double CONFIDENT = 0.9;

    /** Compares probabilities of generated (M, classes) and real (N, classes) samples, row by row. */
    public static ClassBalance of(float[] real, float[] generated, int classes) {
        int[] realCounts = counts(real, classes);
        int[] counts = counts(generated, classes);
        double n = real.length / (double) classes;
        double m = generated.length / (double) classes;
        double kl = 0;
        int covered = 0;
        for (int c = 0; c < classes; c++) {
            if (counts[c] > 0) {
                covered++;
                kl += counts[c] / m * Math.log(counts[c] / m * (n + 0.5 * classes) / (realCounts[c] + 0.5));
            }
        }
        int recognised = 0;
        for (int row = 0; row < generated.length; row += classes) {
            recognised += generated[row + best(generated, row, classes)] >= CONFIDENT ? 1 : 0;
        }
        return new ClassBalance(
                classes,
                covered,
                Math.max(0, kl),
                recognised / m,
                Arrays.stream(counts).mapToDouble(c -> c / m).toArray(),
                Arrays.stream(realCounts).mapToDouble(c -> c / n).toArray());
    }

    private static int[] counts(float[] probabilities, int classes) {
        if (classes < 1 || probabilities.length == 0 || probabilities.length % classes != 0) {
            throw new DataException(probabilities.length + " probabilities are no samples of " + classes + " classes");
        }
        int[] counts = new int[classes];
        for (int row = 0; row < probabilities.length; row += classes) {
            counts[best(probabilities, row, classes)]++;
        }
        return counts;
    }

    /** The most probable class of a row, the lowest of equal ones. */
    static int best(float[] probabilities, int row, int classes) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            best = probabilities[row + c] > probabilities[row + best] ? c : best;
        }
        return best;
    }
}

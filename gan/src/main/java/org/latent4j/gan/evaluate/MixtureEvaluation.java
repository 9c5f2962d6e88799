package org.latent4j.gan.evaluate;

import org.latent4j.data.DataException;
import org.latent4j.data.synthetic.GaussianMixtureDistribution;

/**
 * How well samples cover the modes of a known Gaussian mixture.
 *
 * <p>Each sample belongs to the mode of its nearest mean and is of high quality within 3 sigma of it. {@code modesCovered} counts modes with
 * at least one such sample; {@code reverseKl} is KL(share of samples by mode || uniform) in nats; {@code spread} is the standard deviation
 * along an axis of the high-quality samples around the mean of those of their mode, 0 when no mode has two. The expected values are
 * those of a perfect sampler of the same size: the share within 3 sigma, (k - 1) / 2n, and sigma shortened by the cut at 3 sigma. A spread
 * below the expected one is collapse inside the modes, which the share alone would praise.
 *
 * <p>Throws {@link DataException} when the samples are none or not of the mixture's features. A sample with NaN or infinite values is of no
 * mode and of low quality, and counted in {@code notFinite}.
 *
 * <p>Source: Srivastava et al. (VEEGAN), NIPS 2017; Lin et al. (PacGAN), NeurIPS 2018, section 4.1.
 */
public record MixtureEvaluation(
        int samples,
        int modes,
        int modesCovered,
        double highQualityShare,
        double expectedHighQualityShare,
        double reverseKl,
        double expectedReverseKl,
        double spread,
        double expectedSpread,
        int notFinite) {

    private static final double SIGMAS = 3;

    /** Evaluates samples (n, p). */
    public static MixtureEvaluation of(float[] samples, GaussianMixtureDistribution mixture) {
        double[][] means = mixture.means();
        int features = means[0].length;
        if (samples.length == 0 || samples.length % features != 0) {
            throw new DataException(samples.length + " values are no points of " + features + " features, as "
                    + mixture.name() + " has them");
        }
        int n = samples.length / features;
        double radius = SIGMAS * mixture.sigma();
        int[] belonging = new int[means.length];
        int[] good = new int[means.length];
        double[][] sums =
                new double[means.length][features]; // of deviations from the true mean, which is close: digits are kept
        double squares = 0;
        int notFinite = 0;
        for (int row = 0; row < samples.length; row += features) {
            int nearest = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int k = 0; k < means.length; k++) {
                double distance = squaredDistance(samples, row, means[k]);
                if (distance < least) {
                    least = distance;
                    nearest = k;
                }
            }
            if (nearest < 0) {
                notFinite++;
                continue;
            }
            belonging[nearest]++;
            if (least <= radius * radius) {
                good[nearest]++;
                squares += least;
                for (int j = 0; j < features; j++) {
                    sums[nearest][j] += samples[row + j] - means[nearest][j];
                }
            }
        }
        int covered = 0;
        int highQuality = 0;
        int freedom = 0;
        double reverseKl = 0;
        for (int k = 0; k < means.length; k++) {
            highQuality += good[k];
            if (good[k] > 0) {
                covered++;
                freedom += good[k] - 1;
                for (double sum : sums[k]) {
                    squares -= sum * sum / good[k];
                }
            }
            if (belonging[k] > 0) {
                double share = (double) belonging[k] / (n - notFinite);
                reverseKl += share * Math.log(share * means.length);
            }
        }
        double within = chiSquareCdf(features, SIGMAS * SIGMAS);
        return new MixtureEvaluation(
                n,
                means.length,
                covered,
                (double) highQuality / n,
                within,
                Math.max(0, reverseKl),
                (means.length - 1) / (2.0 * n),
                freedom == 0 ? 0 : Math.sqrt(Math.max(0, squares) / freedom / features),
                mixture.sigma() * Math.sqrt(chiSquareCdf(features + 2, SIGMAS * SIGMAS) / within),
                notFinite);
    }

    private static double squaredDistance(float[] samples, int row, double[] mean) {
        double sum = 0;
        for (int j = 0; j < mean.length; j++) {
            double difference = samples[row + j] - mean[j];
            sum += difference * difference;
        }
        return sum;
    }

    /**
     * Probability that the sum of p squared standard normals is at most x: the series of the incomplete gamma function, whose terms are
     * all positive.
     */
    static double chiSquareCdf(int p, double x) {
        double half = p / 2.0;
        double logGamma = p % 2 == 0 ? 0 : Math.log(Math.PI) / 2; // ln Gamma(1) or ln Gamma(1/2)
        for (double a = p % 2 == 0 ? 1 : 0.5; a < half; a++) {
            logGamma += Math.log(a);
        }
        double term = Math.exp(half * Math.log(x / 2) - x / 2 - logGamma) / half;
        double sum = 0;
        for (int i = 1; term > sum * 1e-17 && i < 10_000; i++) {
            sum += term;
            term *= x / 2 / (half + i);
        }
        return sum;
    }
}

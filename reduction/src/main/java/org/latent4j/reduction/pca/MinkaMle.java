package org.latent4j.reduction.pca;

import org.apache.commons.math3.special.Gamma;

/**
 * The most probable number of dimensions of normal data with equal noise in the others, by Laplace's approximation of the evidence.
 *
 * <p>Source: Minka, "Automatic choice of dimensionality for PCA", NIPS 2000, equation 30.
 */
final class MinkaMle {
    /** What rounding leaves of variances of 0, as a part of the largest. */
    private static final double NONE = 1e-14;

    private MinkaMle() {}

    /** The number in 1 ... p - 1 (1 for one column) of the largest evidence; variances are all p of n rows, descending. */
    static int dimensions(double[] variances, long n) {
        int best = 1;
        double most = Double.NEGATIVE_INFINITY;
        double[] evidence = logEvidence(variances, n);
        for (int k = 1; k < variances.length; k++) {
            if (variances[k - 1] <= NONE * variances[0]) {
                break; // rounding is no dimension
            }
            if (evidence[k] > most) {
                most = evidence[k];
                best = k;
            }
        }
        return best;
    }

    /** ln p(data | k dimensions) up to a constant, for k = 0 ... p - 1; that of k = 0 is not a number. */
    static double[] logEvidence(double[] variances, long n) {
        int p = variances.length;
        double smallest = variances[0] * 1e-15; // variances of 0 or equal ones have no logarithm
        double[] pairs = new double[p]; // of i: sum over j > i of ln(v_i - v_j)
        for (int i = 0; i < p; i++) {
            for (int j = i + 1; j < p; j++) {
                pairs[i] += Math.log(Math.max(smallest, variances[i] - variances[j]));
            }
        }
        double[] evidence = new double[p];
        evidence[0] = Double.NaN;
        double rest = 0;
        for (double variance : variances) {
            rest += variance;
        }
        double uniform = 0; // ln of the volume of the frames of k directions
        double logs = 0;
        double curvature = 0;
        double inverses = 0;
        for (int k = 1; k < p; k++) {
            double last = Math.max(smallest, variances[k - 1]);
            rest -= variances[k - 1];
            double half = (p - k + 1) / 2.0;
            uniform += Gamma.logGamma(half) - half * Math.log(Math.PI) - Math.log(2);
            logs += Math.log(last);
            curvature += pairs[k - 1];
            for (int i = 0; i < k - 1; i++) {
                inverses += Math.log(Math.max(1e-15 / last, 1 / last - 1 / Math.max(smallest, variances[i])));
            }
            double noise = Math.max(smallest, rest / (p - k));
            double toNoise = 0;
            for (int i = 0; i < k; i++) {
                toNoise += Math.log(Math.max(1e-15 / noise, 1 / noise - 1 / Math.max(smallest, variances[i])));
            }
            double free = (double) p * k - k * (k + 1.0) / 2;
            double hessian = curvature + inverses + (p - k) * toNoise + free * Math.log(n);
            evidence[k] = uniform
                    - n / 2.0 * logs
                    - n * (p - k) / 2.0 * Math.log(noise)
                    + (free + k) / 2 * Math.log(2 * Math.PI)
                    - hessian / 2
                    - k / 2.0 * Math.log(n);
        }
        return evidence;
    }
}

package org.latent4j.reduction.divergence;

import java.util.Arrays;
import org.apache.commons.math3.special.Gamma;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.reduction.FinitePoints;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Entropy, cross-entropy, KL and Jensen-Shannon divergence of samples (n, d) by the distances to k-th nearest neighbours, in nats; no bins, no model.
 *
 * <p>All converge as the samples grow, but are biased for finite ones: the densities count as constant within the distance of the k-th
 * neighbour, which is wrong by more the higher d is (beyond about ten features, or where the distributions hardly overlap, KL comes out far too
 * small) and it may come out negative near 0. A larger k lowers the scatter and raises the bias. The standard error leaves the bias out.
 *
 * <p>Throws {@link DataException} for fewer points than neighbours, samples of different d, numbers that are not finite, and points that coincide k times or more.
 *
 * <p>Sources: Kozachenko, Leonenko, 1987; Wang, Kulkarni, Verdu, IEEE Trans. Inf. Theory 55 (2009) 2392, equation 5; Kraskov, Stoegbauer,
 * Grassberger, 2004; Ross, PLoS ONE 9 (2014) e87357.
 */
public final class NearestNeighbours {
    private NearestNeighbours() {}

    /** An estimate with the standard error of a mean over the points. */
    public record Estimate(double value, double standardError) {}

    /** KL(p||q) from samples of p (n, d) and of q (m, d): d mean ln(nu_k / rho_k) + ln(m / (n - 1)). */
    public static Estimate kl(INDArray p, INDArray q, int k, Primitives primitives) {
        requireComparable(p, q);
        long n = p.size(0);
        long m = q.size(0);
        if (k < 1 || k > n - 1 || k > m) {
            throw new DataException("k = " + k + " neighbours need at least " + (Math.max(1, k) + 1)
                    + " points of p and " + Math.max(1, k) + " of q, but there are " + n + " and " + m);
        }
        try (Matrix ours = primitives.matrix(p);
                Matrix theirs = primitives.matrix(q)) {
            double[] within = kth(primitives.neighbours(ours, ours, k + 1));
            double[] across = kth(primitives.neighbours(theirs, ours, k));
            requireDistinct(within, "p", k);
            requireDistinct(across, "q at points of p", k);
            double[] terms = new double[within.length];
            Arrays.setAll(terms, i -> p.size(1) * Math.log(across[i] / within[i]));
            return estimate(terms, Math.log((double) m / (n - 1)));
        }
    }

    /** The differential entropy: d mean ln rho_k + ln V_d + psi(n) - psi(k), V_d the volume of the unit ball. */
    public static Estimate entropy(INDArray x, int k, Primitives primitives) {
        FinitePoints.require(x, "the sample");
        long n = x.size(0);
        int d = Math.toIntExact(x.size(1));
        if (k < 1 || k > n - 1) {
            throw new DataException(
                    "k = " + k + " neighbours need at least " + (Math.max(1, k) + 1) + " points, but there are " + n);
        }
        try (Matrix points = primitives.matrix(x)) {
            double[] within = kth(primitives.neighbours(points, points, k + 1));
            requireDistinct(within, "the sample", k);
            double[] terms = new double[within.length];
            Arrays.setAll(terms, i -> d * Math.log(within[i]));
            return estimate(terms, logBall(d) + Gamma.digamma(n) - Gamma.digamma(k));
        }
    }

    /**
     * The cross-entropy H(p, q), the mean of -ln q over p, from samples of p (n, d) and of q (m, d): d mean ln nu_k + ln V_d + psi(m + 1) - psi(k), nu_k
     * the distance of a point of p from its k-th neighbour in q.
     *
     * <p>It is {@link #entropy} of p plus {@link #kl} but for ln(m / (n - 1)) + psi(n) - psi(m + 1), which is about (1/n - 1/m) / 2: kl has no bias
     * corrections of such size.
     */
    public static Estimate crossEntropy(INDArray p, INDArray q, int k, Primitives primitives) {
        requireComparable(p, q);
        long m = q.size(0);
        int d = Math.toIntExact(p.size(1));
        if (k < 1 || k > m) {
            throw new DataException(
                    "k = " + k + " neighbours need at least " + Math.max(1, k) + " points of q, but there are " + m);
        }
        if (p.size(0) < 2) {
            throw new DataException("a cross-entropy with its error needs at least 2 points of p, but there is 1");
        }
        try (Matrix ours = primitives.matrix(p);
                Matrix theirs = primitives.matrix(q)) {
            double[] across = kth(primitives.neighbours(theirs, ours, k));
            requireDistinct(across, "q at points of p", k);
            double[] terms = new double[across.length];
            Arrays.setAll(terms, i -> d * Math.log(across[i]));
            return estimate(terms, logBall(d) + Gamma.digamma(m + 1) - Gamma.digamma(k));
        }
    }

    /**
     * The Jensen-Shannon divergence from samples of p (n, d) and of q (m, d), as Ross estimates the mutual information of a point and of which sample
     * it is from. Both count as much, whatever their sizes: of the larger one, random parts of the smaller one's size, always the same ones, are
     * compared with that, and the mean is taken.
     *
     * <p>It is at most ln 2, but may be negative near 0, as it scatters to both sides of 0 where p = q; take max(0, js) before its root.
     * Biased towards 0 where widths differ and there are many features. The standard error leaves out the bias, and that neighbouring points share
     * their neighbours: the scatter may be 1.4 times as large.
     */
    public static Estimate js(INDArray p, INDArray q, int k, Primitives primitives) {
        requireComparable(p, q);
        long n = p.size(0);
        long m = q.size(0);
        if (k < 1 || k > Math.min(n, m) - 1) {
            throw new DataException("k = " + k + " neighbours need at least " + (Math.max(1, k) + 1)
                    + " points of p and of q, but there are " + n + " and " + m);
        }
        return new MixtureNeighbours(p, q, k, primitives).js();
    }

    /** ln V_d of the unit ball. */
    private static double logBall(int d) {
        return d / 2.0 * Math.log(Math.PI) - Gamma.logGamma(d / 2.0 + 1);
    }

    private static void requireComparable(INDArray p, INDArray q) {
        FinitePoints.require(p, "p");
        FinitePoints.require(q, "q");
        if (p.size(1) != q.size(1)) {
            throw new DataException("samples of " + p.size(1) + " and of " + q.size(1) + " features can't be compared");
        }
    }

    /** The last of each point's distances. */
    private static double[] kth(Primitives.Neighbours neighbours) {
        int k = neighbours.k();
        double[] last = new double[neighbours.distances().length / k];
        Arrays.setAll(last, i -> neighbours.distances()[i * k + k - 1]);
        return last;
    }

    static void requireDistinct(double[] distances, String whose, int k) {
        long zero = Arrays.stream(distances).filter(x -> x == 0).count();
        if (zero > 0) {
            throw new DataException(zero + " points have their neighbour number " + k + " of " + whose
                    + " at distance 0: the points repeat, so they are no sample of a density; take a larger k, remove"
                    + " repeated rows, or compare histograms");
        }
    }

    private static Estimate estimate(double[] terms, double constant) {
        double mean = Arrays.stream(terms).average().orElseThrow();
        double squares = Arrays.stream(terms).map(t -> (t - mean) * (t - mean)).sum();
        return new Estimate(mean + constant, Math.sqrt(squares / (terms.length - 1) / terms.length));
    }
}

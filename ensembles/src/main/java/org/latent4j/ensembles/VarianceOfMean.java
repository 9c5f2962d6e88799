package org.latent4j.ensembles;

import org.latent4j.data.DataException;

/** Variance of the mean of n numbers of variance s2 each and correlation rho of each pair: s2 / n + (n - 1) / n rho s2. */
public final class VarianceOfMean {
    private VarianceOfMean() {}

    /** @throws DataException for n below 1, a negative variance, and a rho that n numbers can't have: outside [-1 / (n - 1), 1] */
    public static double of(int n, double rho, double s2) {
        if (n < 1 || !(s2 >= 0)) {
            throw new DataException(
                    "a mean needs n >= 1 numbers of variance >= 0, but n is " + n + " and the variance " + s2);
        }
        double least = n == 1 ? -1 : -1.0 / (n - 1);
        if (!(rho >= least && rho <= 1)) {
            throw new DataException("rho is " + rho + ", but all pairs of " + n
                    + " numbers can only have a correlation between -1/(n - 1) = " + least + " and 1");
        }
        return s2 / n + (n - 1.0) / n * rho * s2;
    }
}

package org.latent4j.reduction.pca;

import java.util.Locale;

/** How principal components are found. */
public enum Solver {
    /** Whichever of the others suits the sizes and what is asked for; the result says which and why. */
    AUTO,
    /** Singular value decomposition of the centred data: the most accurate for small singular values, the slowest. */
    FULL,
    /** Eigenvectors of the covariance matrix (p, p). Variances below about 1e-15 of the largest are lost, 1e-7 in large float data. */
    COVARIANCE,
    /** Eigenvectors of the matrix (n, n) of the rows' scalar products: for p much larger than n. */
    GRAM,
    /** A random block Krylov space: a few leading components of large data, to small errors. */
    RANDOMIZED,
    /** One pass over data of any length; needs (p, p) doubles of memory. */
    INCREMENTAL;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package org.latent4j.compute;

/** Distances between points x and y of p numbers. */
public enum Metric {
    /** (sum (x_i - y_i)^2)^(1/2). */
    EUCLIDEAN,
    /** sum (x_i - y_i)^2. */
    SQUARED_EUCLIDEAN,
    /** sum |x_i - y_i|. */
    MANHATTAN,
    /** max |x_i - y_i|. */
    CHEBYSHEV,
    /** 1 - x.y / (|x| |y|), of points other than 0. */
    COSINE
}

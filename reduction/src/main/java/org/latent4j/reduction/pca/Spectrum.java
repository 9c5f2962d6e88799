package org.latent4j.reduction.pca;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Principal directions with their variances.
 *
 * @param variances descending, none below 0
 * @param directions (as many or fewer, p) orthonormal rows
 */
record Spectrum(double[] variances, INDArray directions) {}

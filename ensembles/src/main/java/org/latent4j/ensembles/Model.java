package org.latent4j.ensembles;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a {@link Learner} has learned.
 *
 * <p>Throws {@link org.latent4j.data.DataException} when the points have another number of features than those it learned from.
 */
public interface Model {

    /** Numbers of a point. */
    int features();

    /** Classes, or 1 for a model of numbers. */
    int outputs();

    /** Of points (n, p): probabilities (n, classes), rows of sum 1; or values (n, 1) of a model of numbers. DOUBLE. */
    INDArray predict(INDArray points);
}

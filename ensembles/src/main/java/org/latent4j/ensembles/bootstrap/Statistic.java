package org.latent4j.ensembles.bootstrap;

/** A number computed from drawn points, which are given as indices; pairs stay pairs when one index stands for both. */
@FunctionalInterface
public interface Statistic {

    /** @param indices of each sample, the indices drawn from it; used again for the next resample, so don't keep them */
    double of(int[][] indices);
}

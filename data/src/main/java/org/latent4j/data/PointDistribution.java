package org.latent4j.data;

import org.latent4j.compute.Philox;

/** A distribution of points from which fresh samples are drawn; the same stream gives the same points. */
public non-sealed interface PointDistribution extends Dataset {

    @Override
    SampleShape.Point shape();

    /** Draws {@code out.length / features} points into {@code out} (n, p), row after row. */
    void sample(Philox random, float[] out);
}

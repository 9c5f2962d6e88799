package org.latent4j.gan.evaluate;

import org.latent4j.compute.Philox;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.PointSet;

/** Real samples as rows to compare with: all stored ones, or fresh draws of a distribution. */
public final class RealRows {
    private static final long DRAW = -4; // directions of projections count from 0

    private RealRows() {}

    /**
     * Images are (c, h, w) in -1 .. 1, as a generator gives them; points are in the data's units.
     *
     * @param draws points to draw from a distribution
     */
    public static Rows of(Dataset data, int draws, long seed) {
        if (data instanceof ImageSet images) {
            return new Rows(images.size(), images.shape().elements(), images::readScaled);
        }
        if (data instanceof PointSet points) {
            return new Rows(points.size(), points.shape().features(), points::read);
        }
        PointDistribution distribution = (PointDistribution) data;
        int features = distribution.shape().features();
        float[] values = new float[draws * features];
        distribution.sample(new Philox(seed, Philox.Purpose.EVALUATION, DRAW), values);
        return Rows.of(values, features);
    }
}

package org.latent4j.data.synthetic;

import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.SampleShape;

/**
 * Two interleaved half circles of radius 1 in the plane, uniform in the angle, with round Gaussian noise.
 *
 * <p>The upper one is (cos t, sin t), the lower (1 - cos t, 1/2 - sin t), t in [0, pi): scikit-learn's {@code make_moons}. Noise is the
 * standard deviation along each axis; one below 0 throws {@link DataException}.
 */
public record MoonsDistribution(String name, double noise) implements PointDistribution {

    public MoonsDistribution {
        if (!(noise >= 0 && Double.isFinite(noise))) {
            throw new DataException(name + ": noise must be a number of at least 0, but is " + noise);
        }
    }

    @Override
    public SampleShape.Point shape() {
        return new SampleShape.Point(2);
    }

    @Override
    public void sample(Philox random, float[] out) {
        for (int row = 0; row + 2 <= out.length; row += 2) {
            boolean upper = random.nextBoolean();
            double angle = Math.PI * random.nextDouble();
            double x = StrictMath.cos(angle);
            double y = StrictMath.sin(angle);
            random.fillNormal(out, row, 2);
            out[row] = (float) ((upper ? x : 1 - x) + noise * out[row]);
            out[row + 1] = (float) ((upper ? y : 0.5 - y) + noise * out[row + 1]);
        }
    }
}

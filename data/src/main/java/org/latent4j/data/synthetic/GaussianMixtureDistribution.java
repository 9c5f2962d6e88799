package org.latent4j.data.synthetic;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.SampleShape;

/**
 * A mixture of k equally likely round Gaussians of one width: the mode is drawn first, then the point around its mean.
 *
 * <p>{@code means} is (k, p); {@code sigma} is the standard deviation along each axis, in the same units. Throws {@link DataException}
 * for no means, ragged or infinite means, and a sigma that is not above 0.
 */
public record GaussianMixtureDistribution(String name, double[][] means, double sigma) implements PointDistribution {

    public GaussianMixtureDistribution {
        if (means.length == 0 || means[0].length == 0) {
            throw new DataException(name + ": a mixture needs at least one mean of at least one feature");
        }
        if (!(sigma > 0 && Double.isFinite(sigma))) {
            throw new DataException(name + ": sigma must be a number above 0, but is " + sigma);
        }
        for (double[] mean : means) {
            if (mean.length != means[0].length) {
                throw new DataException(
                        name + ": the means have " + means[0].length + " and " + mean.length + " features");
            }
            for (double value : mean) {
                if (!Double.isFinite(value)) {
                    throw new DataException(name + ": a mean is " + value);
                }
            }
        }
    }

    /** side x side modes in the plane, spacing apart, centred on the origin. */
    static GaussianMixtureDistribution grid(String name, int side, double spacing, double sigma) {
        List<double[]> means = new ArrayList<>();
        for (int x = 0; x < side; x++) {
            for (int y = 0; y < side; y++) {
                means.add(new double[] {spacing * (x - (side - 1) / 2.0), spacing * (y - (side - 1) / 2.0)});
            }
        }
        return new GaussianMixtureDistribution(name, means.toArray(double[][]::new), sigma);
    }

    /** Modes at equal angles on a circle around the origin, the first on the x axis. */
    static GaussianMixtureDistribution ring(String name, int modes, double radius, double sigma) {
        double[][] means = new double[modes][];
        for (int i = 0; i < modes; i++) {
            double angle = 2 * Math.PI * i / modes;
            means[i] = new double[] {radius * StrictMath.cos(angle), radius * StrictMath.sin(angle)};
        }
        return new GaussianMixtureDistribution(name, means, sigma);
    }

    /** Means drawn uniformly from the cube -10 .. 10. */
    static GaussianMixtureDistribution blobs(String name, int modes, int features, double sigma, Philox random) {
        double[][] means = new double[modes][features];
        for (double[] mean : means) {
            for (int j = 0; j < features; j++) {
                mean[j] = 20 * random.nextDouble() - 10;
            }
        }
        return new GaussianMixtureDistribution(name, means, sigma);
    }

    @Override
    public SampleShape.Point shape() {
        return new SampleShape.Point(means[0].length);
    }

    @Override
    public void sample(Philox random, float[] out) {
        int features = means[0].length;
        for (int row = 0; row + features <= out.length; row += features) {
            double[] mean = means[random.nextInt(means.length)];
            random.fillNormal(out, row, features);
            for (int j = 0; j < features; j++) {
                out[row + j] = (float) (mean[j] + sigma * out[row + j]);
            }
        }
    }
}

package org.latent4j.gan;

import org.latent4j.compute.Philox;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.SampleShape;

/** Distributions whose every property is known. */
final class ToyDistributions {
    private ToyDistributions() {}

    /** N(mean, sigma^2) on the line. */
    record Gaussian(double mean, double sigma) implements PointDistribution {
        @Override
        public String name() {
            return "gaussian";
        }

        @Override
        public SampleShape.Point shape() {
            return new SampleShape.Point(1);
        }

        @Override
        public void sample(Philox random, float[] out) {
            for (int i = 0; i < out.length; i++) {
                out[i] = (float) (mean + sigma * random.nextGaussian());
            }
        }
    }

    /** Eight Gaussians evenly on a circle. */
    record Ring(double radius, double sigma) implements PointDistribution {
        static final int MODES = 8;

        @Override
        public String name() {
            return "ring";
        }

        @Override
        public SampleShape.Point shape() {
            return new SampleShape.Point(2);
        }

        double[] mean(int mode) {
            double angle = 2 * Math.PI * mode / MODES;
            return new double[] {radius * Math.cos(angle), radius * Math.sin(angle)};
        }

        @Override
        public void sample(Philox random, float[] out) {
            for (int i = 0; i < out.length; i += 2) {
                double[] mean = mean(random.nextInt(MODES));
                out[i] = (float) (mean[0] + sigma * random.nextGaussian());
                out[i + 1] = (float) (mean[1] + sigma * random.nextGaussian());
            }
        }
    }
}

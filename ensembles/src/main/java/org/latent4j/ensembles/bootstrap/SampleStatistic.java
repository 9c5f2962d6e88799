package org.latent4j.ensembles.bootstrap;

import java.util.Arrays;

/** A number that says something of numbers x; NaN where they are too few for it or do not vary. */
public enum SampleStatistic {
    MEAN {
        @Override
        public double of(double[] x) {
            return Arrays.stream(x).sum() / x.length;
        }
    },
    /** Halfway between the two in the middle of an even number. */
    MEDIAN {
        @Override
        public double of(double[] x) {
            return Quantiles.of(x, 0.5)[0];
        }
    },
    /** With n - 1 below. */
    VARIANCE {
        @Override
        public double of(double[] x) {
            return central(x, 2) / (x.length - 1);
        }
    },
    /** Root of the variance. */
    DEVIATION {
        @Override
        public double of(double[] x) {
            return Math.sqrt(VARIANCE.of(x));
        }
    },
    /** Third central moment by the 1.5th power of the second, both with n below. */
    SKEWNESS {
        @Override
        public double of(double[] x) {
            return central(x, 3) / x.length / Math.pow(central(x, 2) / x.length, 1.5);
        }
    };

    public abstract double of(double[] x);

    private static double central(double[] x, int power) {
        double mean = MEAN.of(x);
        return Arrays.stream(x).map(v -> Math.pow(v - mean, power)).sum();
    }
}

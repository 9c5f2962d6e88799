package org.latent4j.ensembles.bootstrap;

/** A number that says something of pairs (x, y); NaN where they are too few for it, or do not vary. */
public enum PairStatistic {
    /** With n - 1 below. */
    COVARIANCE {
        @Override
        public double of(double[] x, double[] y) {
            return products(x, y) / (x.length - 1);
        }
    },
    /** Pearson's. */
    CORRELATION {
        @Override
        public double of(double[] x, double[] y) {
            return products(x, y) / Math.sqrt(products(x, x) * products(y, y));
        }
    };

    public abstract double of(double[] x, double[] y);

    private static double products(double[] x, double[] y) {
        double meanX = SampleStatistic.MEAN.of(x);
        double meanY = SampleStatistic.MEAN.of(y);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - meanX) * (y[i] - meanY);
        }
        return sum;
    }
}

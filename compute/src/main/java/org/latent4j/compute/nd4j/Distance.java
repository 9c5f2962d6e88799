package org.latent4j.compute.nd4j;

import org.latent4j.compute.Metric;
import org.latent4j.compute.SquaredDistance;

/** Distances by their definitions. */
final class Distance {
    private Distance() {}

    static double of(Metric metric, double[] x, double[] y) {
        return switch (metric) {
            case SQUARED_EUCLIDEAN -> SquaredDistance.of(x, y);
            case EUCLIDEAN -> Math.sqrt(SquaredDistance.of(x, y));
            case MANHATTAN -> {
                double sum = 0;
                for (int i = 0; i < x.length; i++) {
                    sum += Math.abs(x[i] - y[i]);
                }
                yield sum;
            }
            case CHEBYSHEV -> {
                double most = 0;
                for (int i = 0; i < x.length; i++) {
                    most = Math.max(most, Math.abs(x[i] - y[i]));
                }
                yield most;
            }
            case COSINE -> {
                double cosine = dot(x, y) / (Math.sqrt(dot(x, x)) * Math.sqrt(dot(y, y)));
                yield Math.max(0, 1 - cosine);
            }
        };
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}

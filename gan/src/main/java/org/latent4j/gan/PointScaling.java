package org.latent4j.gan;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.latent4j.compute.Philox;
import org.latent4j.data.Dataset;
import org.latent4j.data.PointDistribution;
import org.latent4j.data.PointSet;

/**
 * Brings points to zero mean and unit variance for the networks, and samples back to the data's own units: network = (x - shift) / scale,
 * feature by feature. A constant feature keeps scale 1.
 */
public record PointScaling(List<Double> shift, List<Double> scale) {
    private static final int DRAWS = 100_000;

    /** From the points themselves, or from 100,000 draws of a distribution; null for images, whose bytes have a fixed scale. */
    public static PointScaling of(Dataset data) {
        if (data instanceof PointSet set) {
            return of(set.values(), set.shape().features());
        }
        if (data instanceof PointDistribution distribution) {
            int features = distribution.shape().features();
            float[] points = new float[DRAWS * features];
            distribution.sample(new Philox(0, Philox.Purpose.EVALUATION, 0), points);
            return of(points, features);
        }
        return null;
    }

    private static PointScaling of(float[] points, int features) {
        int n = points.length / features;
        double[] mean = new double[features];
        double[] square = new double[features];
        for (int i = 0; i < points.length; i++) {
            mean[i % features] += (double) points[i] / n;
        }
        for (int i = 0; i < points.length; i++) {
            double deviation = points[i] - mean[i % features];
            square[i % features] += deviation * deviation / n;
        }
        return new PointScaling(
                DoubleStream.of(mean).boxed().toList(),
                IntStream.range(0, features)
                        .mapToObj(f -> square[f] > 0 ? Math.sqrt(square[f]) : 1.0)
                        .toList());
    }

    /** The numbers unboxed, for use in each update. */
    Factors factors() {
        return new Factors(
                shift.stream().mapToDouble(Double::doubleValue).toArray(),
                scale.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Shift and scale of each feature. */
    record Factors(double[] shift, double[] scale) {
        void toNetwork(float[] points) {
            int features = shift.length;
            for (int i = 0; i < points.length; i += features) {
                for (int f = 0; f < features; f++) {
                    points[i + f] = (float) ((points[i + f] - shift[f]) / scale[f]);
                }
            }
        }
    }

    /** Samples of the network in the data's own units, in place. */
    public void toData(float[] samples) {
        int features = shift.size();
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (samples[i] * scale.get(i % features) + shift.get(i % features));
        }
    }
}

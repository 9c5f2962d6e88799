package org.latent4j.compute.cpu;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;

/** Where points are looked at from: shifted by about their mean and scaled by a power of two to about 1, so that floats keep most of their digits. */
final class Frame {
    /** Of neighbouring rows. */
    private static final int SAMPLE = 16;

    private static final int SAMPLES = 64;

    private final double[] shift;
    private final double scale;

    private Frame(double[] shift, double scale) {
        this.shift = shift;
        this.scale = scale;
    }

    /** Of points of FLOAT, shift and scale are floats. */
    static Frame of(Points points) {
        int columns = points.columns();
        long rows = points.rows();
        int samples = (int) Math.min(SAMPLES, (rows + SAMPLE - 1) / SAMPLE);
        Points.Buffer buffer = new Points.Buffer();
        double[] mean = new double[columns];
        double[] least = new double[columns];
        double[] most = new double[columns];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        Arrays.fill(most, Double.NEGATIVE_INFINITY);
        for (int sample = 0; sample < samples; sample++) {
            long from = sample * rows / samples;
            int count = (int) Math.min(SAMPLE, (sample + 1) * rows / samples - from);
            points.read(from, count, buffer);
            for (int i = 0; i < count * columns; i++) {
                int f = i % columns;
                double x = buffer.doubles[i];
                // A few wild numbers must not spoil the rest.
                mean[f] += Math.abs(x) < 1e300 ? x / count / samples : 0;
                least[f] = Math.min(least[f], x);
                most[f] = Math.max(most[f], x);
            }
        }
        double widest = 0;
        for (int f = 0; f < columns; f++) {
            double width = Math.max(Math.abs(least[f] - mean[f]), Math.abs(most[f] - mean[f]));
            widest = width < 1e300 ? Math.max(widest, width) : widest;
        }
        int scales = 1000;
        if (points.type() == DataType.FLOAT) {
            scales = Float.MAX_EXPONENT - 1;
            for (int f = 0; f < columns; f++) {
                mean[f] = (float) mean[f]; // differences from it, too, are computed in float
            }
        }
        int exponent = widest == 0 ? 0 : Math.max(-scales, Math.min(scales, Math.getExponent(widest)));
        return new Frame(mean, Math.scalb(1.0, -exponent));
    }

    /** What is taken from a column. */
    double shift(int column) {
        return shift[column];
    }

    /** What differences of points are multiplied by. */
    double scale() {
        return scale;
    }

    /** A number of a column, shifted, scaled and rounded. */
    float place(double x, int column) {
        return (float) ((x - shift[column]) * scale);
    }
}

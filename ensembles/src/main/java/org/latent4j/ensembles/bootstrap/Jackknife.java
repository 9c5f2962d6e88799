package org.latent4j.ensembles.bootstrap;

import java.util.Arrays;
import org.latent4j.data.DataException;

/**
 * A statistic computed n times, each time without one point.
 *
 * <p>Throws {@link DataException} for fewer than 2 points.
 *
 * <p>Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 11.
 *
 * @param estimate of all points
 * @param values of each sample, without each of its points
 */
public record Jackknife(double estimate, double[][] values) {

    /** Of several samples, of which one point is left out at a time. */
    public static Jackknife of(int[] sizes, Statistic statistic) {
        int[][] all = new int[sizes.length][];
        for (int s = 0; s < sizes.length; s++) {
            if (sizes[s] < 2) {
                throw new DataException("the jackknife leaves out a point: sample " + (s + 1) + " has " + sizes[s]
                        + ", at least 2 are needed");
            }
            all[s] = new int[sizes[s]];
            Arrays.setAll(all[s], i -> i);
        }
        double estimate = statistic.of(all);
        double[][] values = new double[sizes.length][];
        for (int s = 0; s < sizes.length; s++) {
            values[s] = new double[sizes[s]];
            int[] whole = all[s];
            int[] rest = new int[sizes[s] - 1];
            all[s] = rest;
            for (int out = 0; out < sizes[s]; out++) {
                System.arraycopy(whole, 0, rest, 0, out);
                System.arraycopy(whole, out + 1, rest, out, rest.length - out);
                values[s][out] = statistic.of(all);
            }
            all[s] = whole;
        }
        return new Jackknife(estimate, values);
    }

    /** (n - 1) (mean of the values - estimate), summed over the samples. */
    public double bias() {
        double bias = 0;
        for (double[] sample : values) {
            bias += (sample.length - 1) * (mean(sample) - estimate);
        }
        return bias;
    }

    /** Root of (n - 1) / n sum (value - mean)^2, summed over the samples. */
    public double standardError() {
        double variance = 0;
        for (double[] sample : values) {
            double mean = mean(sample);
            double squares = 0;
            for (double value : sample) {
                squares += (value - mean) * (value - mean);
            }
            variance += (sample.length - 1.0) / sample.length * squares;
        }
        return Math.sqrt(variance);
    }

    /** The acceleration of BCa intervals; NaN where no point matters. */
    public double acceleration() {
        double cubes = 0;
        double squares = 0;
        for (double[] sample : values) {
            double n = sample.length;
            double mean = mean(sample);
            for (double value : sample) {
                double influence = (n - 1) * (mean - value);
                cubes += influence * influence * influence / (n * n * n);
                squares += influence * influence / (n * n);
            }
        }
        return cubes / (6 * Math.pow(squares, 1.5));
    }

    private static double mean(double[] sample) {
        return Arrays.stream(sample).average().orElseThrow();
    }
}

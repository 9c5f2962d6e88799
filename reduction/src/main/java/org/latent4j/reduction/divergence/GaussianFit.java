package org.latent4j.reduction.divergence;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.latent4j.data.DataException;

/**
 * The one normal distribution that is nearest to a density on a line, by either direction of the divergence.
 *
 * <p>KL(p||q) is least where q has the mean and variance of p: it covers all of p. KL(q||p) is least where q avoids places without p: it sits on
 * one peak; found by descent from a start. Integrals are sums over a grid from low to high, which must hold all of p.
 *
 * <p>Throws {@link DataException} for a grid that misses more than 1e-6 of p.
 *
 * @param mean of q
 * @param deviation of q
 * @param klPq KL(p||q) of the result
 * @param klQp KL(q||p) of the result
 */
public record GaussianFit(double mean, double deviation, double klPq, double klQp) {
    private static final int PLACES = 4001;
    private static final int MOST_STEPS = 400;

    /** The grid, and ln p on it. */
    private record Grid(double[] x, double[] logP, double width) {
        static Grid of(DoubleUnaryOperator density, double low, double high) {
            double[] x = new double[PLACES];
            double[] logP = new double[PLACES];
            double width = (high - low) / (PLACES - 1);
            double sum = 0;
            for (int i = 0; i < PLACES; i++) {
                x[i] = low + i * width;
                double p = density.applyAsDouble(x[i]);
                sum += p * width;
                logP[i] = Math.log(Math.max(p, Double.MIN_NORMAL));
            }
            if (!(Math.abs(sum - 1) < 1e-6)) {
                throw new DataException("the density has an integral of " + sum + " from " + low + " to " + high
                        + "; it must be 1: widen the range or divide by the integral");
            }
            return new Grid(x, logP, width);
        }

        double klPq(double mean, double deviation) {
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += Math.exp(logP[i]) * (logP[i] - logNormal(x[i], mean, deviation)) * width;
            }
            return sum;
        }

        double klQp(double mean, double deviation) {
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                double logQ = logNormal(x[i], mean, deviation);
                sum += Math.exp(logQ) * (logQ - logP[i]) * width;
            }
            return sum;
        }
    }

    /** The least KL(p||q): the moments of p. */
    public static GaussianFit covering(DoubleUnaryOperator density, double low, double high) {
        Grid grid = Grid.of(density, low, high);
        double mean = 0;
        double square = 0;
        for (int i = 0; i < PLACES; i++) {
            double p = Math.exp(grid.logP[i]) * grid.width;
            mean += p * grid.x[i];
            square += p * grid.x[i] * grid.x[i];
        }
        double deviation = Math.sqrt(square - mean * mean);
        return new GaussianFit(mean, deviation, grid.klPq(mean, deviation), grid.klQp(mean, deviation));
    }

    /** A local minimum of KL(q||p) from a start, by Newton's steps on (mean, ln deviation), made shorter until they descend. */
    public static GaussianFit seeking(
            DoubleUnaryOperator density, double low, double high, double startMean, double startDeviation) {
        Grid grid = Grid.of(density, low, high);
        double[] at = {startMean, Math.log(startDeviation)};
        double value = grid.klQp(at[0], Math.exp(at[1]));
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] direction = descent(grid, at);
            double length = 1;
            double[] next = at;
            double lower = value;
            for (; length > 1e-12; length /= 2) {
                next = new double[] {at[0] + length * direction[0], at[1] + length * direction[1]};
                lower = grid.klQp(next[0], Math.exp(next[1]));
                if (lower < value) {
                    break;
                }
            }
            if (!(lower < value - 1e-14)) {
                break;
            }
            at = next;
            value = lower;
        }
        double deviation = Math.exp(at[1]);
        return new GaussianFit(at[0], deviation, grid.klPq(at[0], deviation), value);
    }

    /** Newton's step by differences, or against the gradient where the curvature is not positive; at most half a deviation long. */
    private static double[] descent(Grid grid, double[] at) {
        double h = 1e-3;
        double[][] f = new double[3][3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                f[i][j] = grid.klQp(at[0] + (i - 1) * h, Math.exp(at[1] + (j - 1) * h));
            }
        }
        double gx = (f[2][1] - f[0][1]) / (2 * h);
        double gy = (f[1][2] - f[1][0]) / (2 * h);
        double xx = (f[2][1] - 2 * f[1][1] + f[0][1]) / (h * h);
        double yy = (f[1][2] - 2 * f[1][1] + f[1][0]) / (h * h);
        double xy = (f[2][2] - f[2][0] - f[0][2] + f[0][0]) / (4 * h * h);
        double determinant = xx * yy - xy * xy;
        double[] step = xx > 0 && determinant > 0
                ? new double[] {(xy * gy - yy * gx) / determinant, (xy * gx - xx * gy) / determinant}
                : new double[] {-gx, -gy};
        double limit = 0.5 * Math.max(Math.exp(at[1]), 1e-3);
        double longest = Arrays.stream(step).map(Math::abs).max().orElse(0);
        return longest > limit ? new double[] {step[0] * limit / longest, step[1] * limit / longest} : step;
    }

    static double logNormal(double x, double mean, double deviation) {
        double z = (x - mean) / deviation;
        return -0.5 * z * z - Math.log(deviation) - 0.5 * Math.log(2 * Math.PI);
    }
}

package org.latent4j.ensembles.bagging;

import java.util.Arrays;
import org.latent4j.ensembles.Learner;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Multinomial logistic regression: probabilities by softmax of planes, with weights (not biases) held small.
 *
 * <p>Minimises -sum log p(class of a point) + |weights|^2 / (2 c) by accelerated gradient steps with restarts, on standardised features; weights
 * count for the features as they are.
 *
 * <p>Source: Nesterov 1983; O'Donoghue and Candes, "Adaptive restart for accelerated gradient schemes", 2015.
 *
 * @param weights of each class, p weights and a bias
 */
public record LogisticRegression(double[][] weights) implements Model {
    private static final int MOST_STEPS = 20_000;
    private static final double TOLERANCE = 1e-9;

    /** Makes models; {@code c} is the inverse of the penalty's strength, on standardised features. */
    public static Learner<LogisticRegression> learner(double c) {
        return Learner.concurrent((samples, seed) -> fit(samples.requireClasses("logistic regression"), c));
    }

    private static LogisticRegression fit(Samples samples, double c) {
        int n = samples.size();
        int p = samples.features();
        double[] points = Points.doubles(samples.points());
        double[] mean = new double[p];
        double[] scale = new double[p];
        standardise(points, n, p, mean, scale);
        double[][] weights = new double[samples.outputs()][p + 1];
        double[][] ahead = new double[weights.length][p + 1];
        double[][] gradient = new double[weights.length][p + 1];
        // The largest eigenvalue of the second derivative is at most half of the trace of X^T X, biases included.
        double step = 1 / (0.5 * n * (p + 1) + 1 / c);
        double momentum = 1;
        for (int i = 0; i < MOST_STEPS; i++) {
            double largest = gradient(samples, points, ahead, 1 / c, gradient);
            if (largest < TOLERANCE * n) {
                break;
            }
            double next = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
            double along = 0;
            for (int k = 0; k < weights.length; k++) {
                for (int j = 0; j <= p; j++) {
                    double moved = ahead[k][j] - step * gradient[k][j];
                    along += gradient[k][j] * (moved - weights[k][j]);
                    ahead[k][j] = moved + (momentum - 1) / next * (moved - weights[k][j]);
                    weights[k][j] = moved;
                }
            }
            momentum = along > 0 ? 1 : next; // it went uphill: start over from here
        }
        for (double[] own : weights) {
            for (int j = 0; j < p; j++) {
                own[j] /= scale[j];
                own[p] -= own[j] * mean[j];
            }
        }
        return new LogisticRegression(weights);
    }

    private static void standardise(double[] points, int n, int p, double[] mean, double[] scale) {
        for (int i = 0; i < points.length; i++) {
            mean[i % p] += points[i] / n;
        }
        for (int i = 0; i < points.length; i++) {
            scale[i % p] += (points[i] - mean[i % p]) * (points[i] - mean[i % p]) / n;
        }
        Arrays.setAll(scale, j -> scale[j] > 0 ? Math.sqrt(scale[j]) : 1);
        for (int i = 0; i < points.length; i++) {
            points[i] = (points[i] - mean[i % p]) / scale[i % p];
        }
    }

    /** Fills the gradient and gives its largest magnitude. */
    private static double gradient(
            Samples samples, double[] points, double[][] weights, double penalty, double[][] gradient) {
        int p = samples.features();
        for (int k = 0; k < weights.length; k++) {
            for (int j = 0; j <= p; j++) {
                gradient[k][j] = j < p ? penalty * weights[k][j] : 0;
            }
        }
        double[] shares = new double[weights.length];
        for (int i = 0; i < samples.size(); i++) {
            softmax(weights, points, i * p, shares, 0);
            shares[samples.labels()[i]] -= 1;
            for (int k = 0; k < weights.length; k++) {
                for (int j = 0; j < p; j++) {
                    gradient[k][j] += shares[k] * points[i * p + j];
                }
                gradient[k][p] += shares[k];
            }
        }
        return Arrays.stream(gradient)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElseThrow();
    }

    private static void softmax(double[][] weights, double[] points, int at, double[] out, int outAt) {
        int p = weights[0].length - 1;
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < weights.length; k++) {
            double height = weights[k][p];
            for (int j = 0; j < p; j++) {
                height += weights[k][j] * points[at + j];
            }
            out[outAt + k] = height;
            largest = Math.max(largest, height);
        }
        double sum = 0;
        for (int k = 0; k < weights.length; k++) {
            out[outAt + k] = Math.exp(out[outAt + k] - largest);
            sum += out[outAt + k];
        }
        for (int k = 0; k < weights.length; k++) {
            out[outAt + k] /= sum;
        }
    }

    @Override
    public int features() {
        return weights[0].length - 1;
    }

    @Override
    public int outputs() {
        return weights.length;
    }

    @Override
    public INDArray predict(INDArray points) {
        Points.require(points, features(), "this logistic regression");
        double[] values = Points.doubles(points);
        int n = (int) points.size(0);
        double[] out = new double[n * outputs()];
        for (int i = 0; i < n; i++) {
            softmax(weights, values, i * features(), out, i * outputs());
        }
        return Nd4j.create(out, new long[] {n, outputs()}, DataType.DOUBLE);
    }
}

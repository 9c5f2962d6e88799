package org.latent4j.ensembles;

import org.nd4j.linalg.api.ndarray.INDArray;

/** How well predictions meet the targets, one number: accuracy of classes, or R^2 = 1 - sum (y - f)^2 / sum (y - mean)^2 of numbers. */
public final class Score {
    private Score() {}

    public static double of(Model model, Samples samples) {
        return of(samples, model.predict(samples.points()));
    }

    public static double of(Samples samples, INDArray predictions) {
        return of(samples, Points.doubles(predictions));
    }

    /**
     * Of predictions n * k, row by row; the class is that of the largest number, the lowest of several. Points predicted NaN are left out, and
     * weights count.
     */
    public static double of(Samples samples, double[] predictions) {
        return samples.classified() ? accuracy(samples, predictions) : explained(samples, predictions);
    }

    private static double accuracy(Samples samples, double[] predictions) {
        int k = samples.outputs();
        double right = 0;
        double all = 0;
        for (int i = 0; i < samples.size(); i++) {
            if (!Double.isNaN(predictions[i * k])) {
                double weight = weight(samples, i);
                all += weight;
                right += largest(predictions, i * k, k) == samples.labels()[i] ? weight : 0;
            }
        }
        return right / all;
    }

    /** Index of the largest of k numbers, the lowest of several. */
    public static int largest(double[] numbers, int at, int k) {
        int best = 0;
        for (int c = 1; c < k; c++) {
            best = numbers[at + c] > numbers[at + best] ? c : best;
        }
        return best;
    }

    private static double explained(Samples samples, double[] predictions) {
        double all = 0;
        double mean = 0;
        for (int i = 0; i < samples.size(); i++) {
            if (!Double.isNaN(predictions[i])) {
                all += weight(samples, i);
                mean += weight(samples, i) * samples.values()[i];
            }
        }
        mean /= all;
        double squares = 0;
        double deviations = 0;
        for (int i = 0; i < samples.size(); i++) {
            if (!Double.isNaN(predictions[i])) {
                double error = samples.values()[i] - predictions[i];
                double deviation = samples.values()[i] - mean;
                squares += weight(samples, i) * error * error;
                deviations += weight(samples, i) * deviation * deviation;
            }
        }
        return 1 - squares / deviations;
    }

    private static double weight(Samples samples, int i) {
        return samples.weights() == null ? 1 : samples.weights()[i];
    }
}

package org.latent4j.ensembles;

import java.util.Arrays;
import org.latent4j.data.DataException;

/**
 * How much the members of an ensemble vary, how much they vary together, and what their mean gains from that.
 *
 * <p>Of a matrix of predictions, models by points. Where the truth is known, all figures are of errors (prediction - truth), else of the
 * predictions themselves; variances and correlations are over the points. Then the mean squared error of the ensemble is bias^2 + its variance,
 * and also the members' mean squared error less the ambiguity, the mean squared deviation of members from their mean.
 *
 * <p>Throws {@link DataException} for no models, fewer than 2 points, rows of different lengths, and NaN.
 *
 * <p>Source: Krogh and Vedelsby, "Neural network ensembles, cross validation, and active learning", NIPS 1994; Breiman, "Random forests",
 * Machine Learning 45 (2001) 5, section 11.
 *
 * @param memberVariance mean over the members
 * @param correlation mean over the pairs of members; members that do not vary are left out; NaN where there is no pair
 * @param predictedVariance of the ensemble's mean, from the two above by {@link VarianceOfMean}
 * @param ensembleVariance measured
 * @param biasSquared of the ensemble: its mean error squared; NaN without truth
 * @param memberError mean squared error of the members, mean over them; NaN without truth
 * @param ambiguity mean squared deviation of the members from the ensemble
 * @param ensembleError mean squared error of the ensemble; NaN without truth
 */
public record EnsembleDiagnostics(
        int models,
        int points,
        double memberVariance,
        double correlation,
        double predictedVariance,
        double ensembleVariance,
        double biasSquared,
        double memberError,
        double ambiguity,
        double ensembleError) {

    /** Of predictions whose truth is not known. */
    public static EnsembleDiagnostics of(double[][] predictions) {
        return of(predictions, (double[]) null);
    }

    /** @param truth of each point, or null */
    public static EnsembleDiagnostics of(double[][] predictions, double[] truth) {
        int models = predictions.length;
        if (models == 0 || predictions[0].length < 2) {
            throw new DataException(
                    "diagnostics need predictions of at least 1 model for at least 2 points, but these are " + models
                            + " by " + (models == 0 ? 0 : predictions[0].length));
        }
        int points = predictions[0].length;
        double[][] errors = new double[models][];
        for (int m = 0; m < models; m++) {
            double[] own = predictions[m];
            if (own.length != points || truth != null && truth.length != points) {
                throw new DataException("model " + (m + 1) + " predicts " + own.length + " points, the first one "
                        + points + (truth == null ? "" : ", and the truth has " + truth.length));
            }
            errors[m] = own.clone();
            if (truth != null) {
                Arrays.setAll(errors[m], i -> own[i] - truth[i]);
            }
            if (Arrays.stream(errors[m]).anyMatch(v -> !Double.isFinite(v))) {
                throw new DataException("a prediction of model " + (m + 1) + ", or the truth, is not finite");
            }
        }
        return of(errors, truth != null);
    }

    /** Of predictions n * k for n samples: of classes, each probability counts as a number whose truth is 0 or 1. */
    public static EnsembleDiagnostics of(double[][] predictions, Samples samples) {
        return of(predictions, samples.truth());
    }

    private static EnsembleDiagnostics of(double[][] errors, boolean known) {
        int models = errors.length;
        int points = errors[0].length;
        double[] ensemble = new double[points];
        for (double[] own : errors) {
            Arrays.setAll(ensemble, i -> ensemble[i] + own[i] / models);
        }
        double memberVariance = 0;
        double memberError = 0;
        double ambiguity = 0;
        for (double[] own : errors) {
            memberVariance += variance(own) / models;
            memberError += meanSquare(own) / models;
            for (int i = 0; i < points; i++) {
                ambiguity += (own[i] - ensemble[i]) * (own[i] - ensemble[i]) / points / models;
            }
        }
        double correlation = correlation(errors);
        double mean = Arrays.stream(ensemble).average().orElseThrow();
        double predicted = Double.isNaN(correlation)
                ? memberVariance / models
                : VarianceOfMean.of(models, Math.min(1, correlation), memberVariance);
        return new EnsembleDiagnostics(
                models,
                points,
                memberVariance,
                correlation,
                predicted,
                variance(ensemble),
                known ? mean * mean : Double.NaN,
                known ? memberError : Double.NaN,
                ambiguity,
                known ? meanSquare(ensemble) : Double.NaN);
    }

    /** The mean of all pairs in one sweep: the sum of standardised rows, squared, holds every pair twice and each row with itself once. */
    private static double correlation(double[][] rows) {
        int points = rows[0].length;
        double[] sum = new double[points];
        int varying = 0;
        for (double[] row : rows) {
            double deviation = Math.sqrt(variance(row));
            if (deviation > 0) {
                varying++;
                double mean = Arrays.stream(row).average().orElseThrow();
                Arrays.setAll(sum, i -> sum[i] + (row[i] - mean) / deviation);
            }
        }
        double squares = Arrays.stream(sum).map(v -> v * v).sum() / points;
        return varying < 2 ? Double.NaN : (squares - varying) / (varying * (varying - 1.0));
    }

    private static double meanSquare(double[] values) {
        return Arrays.stream(values).map(v -> v * v).sum() / values.length;
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / values.length;
    }
}

package org.latent4j.clustering;

import java.util.stream.IntStream;
import org.latent4j.clustering.GaussianMixtureOptions.Covariance;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A mixture of Gaussians that was fitted. The arrays are as they are held, not copies.
 *
 * @param weights k, of sum 1
 * @param means (k, p)
 * @param variances by component: a covariance (p, p), the same one for all if it is tied; or (1, p) variances of the features
 * @param logLikelihood of all points, in nats
 * @param history the log-likelihood before each iteration's update, and at last of this model
 * @param converged whether it changed by no more than the tolerance at last
 * @param n points of the fit
 * @param options of the fit
 */
public record GaussianMixtureModel(
        double[] weights,
        double[][] means,
        double[][][] variances,
        double logLikelihood,
        double[] history,
        boolean converged,
        int n,
        GaussianMixtureOptions options) {

    public int k() {
        return weights.length;
    }

    /** The covariance (p, p) of a component. */
    public double[][] covariance(int component) {
        double[][] own = variances[component];
        int p = means[0].length;
        double[][] covariance = new double[p][p];
        for (int i = 0; i < p; i++) {
            if (isWhole()) {
                covariance[i] = own[i].clone();
            } else {
                covariance[i][i] = own[0][i];
            }
        }
        return covariance;
    }

    private boolean isWhole() {
        return options.covariance() == Covariance.FULL || options.covariance() == Covariance.TIED;
    }

    /** Numbers that were fitted: weights, means and covariances. */
    public long parameters() {
        long p = means[0].length;
        long ofCovariances =
                switch (options.covariance()) {
                    case FULL -> k() * p * (p + 1) / 2;
                    case TIED -> p * (p + 1) / 2;
                    case DIAGONAL -> k() * p;
                    case SPHERICAL -> k();
                };
        return k() - 1 + k() * p + ofCovariances;
    }

    /** Bayesian information criterion; the lowest of several models is to be preferred. */
    public double bic() {
        return parameters() * Math.log(n) - 2 * logLikelihood;
    }

    /** Akaike's information criterion; the lowest of several models is to be preferred. */
    public double aic() {
        return 2 * parameters() - 2 * logLikelihood;
    }

    /** The likeliest component of each of these points (n, p), the lowest among equals. */
    public int[] predict(INDArray points) {
        double[][] ofComponents = evaluate(points).probabilities;
        return IntStream.range(0, ofComponents[0].length)
                .map(i -> {
                    int best = 0;
                    for (int c = 1; c < ofComponents.length; c++) {
                        best = ofComponents[c][i] > ofComponents[best][i] ? c : best;
                    }
                    return best;
                })
                .toArray();
    }

    /** Probabilities (n, k) of the components for each of these points (n, p), DOUBLE; rows of sum 1. */
    public INDArray probabilities(INDArray points) {
        double[][] ofComponents = evaluate(points).probabilities;
        int rows = ofComponents[0].length;
        double[] values = new double[rows * k()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ofComponents[i % k()][i / k()];
        }
        return Points.array(values, rows, k(), DataType.DOUBLE);
    }

    /** The log-likelihood of these points (n, p) together, in nats. */
    public double logLikelihood(INDArray points) {
        return evaluate(points).logLikelihood;
    }

    private record Evaluation(double[][] probabilities, double logLikelihood) {}

    private Evaluation evaluate(INDArray points) {
        Points checked = Points.of(points);
        if (checked.features() != means[0].length) {
            throw new DataException("points have " + checked.features() + " features, but the mixture has "
                    + means[0].length + "; give the same columns as in the fit");
        }
        Columns columns = checked.columns();
        Gaussians gaussians = new Gaussians(options.covariance(), weights, means, variances);
        double[][] all = new double[k()][checked.n()];
        double[] logLikelihoods = new double[columns.blocks()];
        IntStream.range(0, columns.blocks()).parallel().forEach(block -> {
            double[][] own = new double[k()][Columns.BLOCK];
            logLikelihoods[block] = Expectation.responsibilities(
                    columns, gaussians, block, new Gaussians.Work(columns.features()), own);
            for (int c = 0; c < own.length; c++) {
                System.arraycopy(own[c], 0, all[c], Columns.first(block), columns.size(block));
            }
        });
        double sum = 0;
        for (double ofBlock : logLikelihoods) {
            sum += ofBlock;
        }
        return new Evaluation(all, sum);
    }
}

package org.latent4j.clustering;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.DataException;

/**
 * How a Gaussian mixture is fitted. Throws {@link DataException}, with all problems at once, for numbers out of their range.
 *
 * @param k components
 * @param covariance what the components' covariances may be
 * @param restarts runs from different starts of k-means, of which the likeliest is kept
 * @param maxIterations of EM in one run, at most
 * @param tolerance of the change of the mean log-likelihood of a point, in nats, at which a run stops
 * @param regularization added to each variance, as a part of the feature's variance over all points
 * @param seed decides the starts
 */
public record GaussianMixtureOptions(
        int k,
        Covariance covariance,
        int restarts,
        int maxIterations,
        double tolerance,
        double regularization,
        long seed) {

    /** Kinds of covariance. */
    public enum Covariance {
        /** Each component has its own. */
        FULL,
        /** One for all components. */
        TIED,
        /** Each component has a variance for each feature. */
        DIAGONAL,
        /** Each component has one variance. */
        SPHERICAL
    }

    public GaussianMixtureOptions {
        List<String> problems = new ArrayList<>();
        atLeastOne("k, the number of components,", k, problems);
        atLeastOne("the number of restarts", restarts, problems);
        atLeastOne("the number of iterations", maxIterations, problems);
        notNegative("the tolerance", tolerance, problems);
        notNegative("the regularization", regularization, problems);
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
    }

    private static void atLeastOne(String name, int value, List<String> problems) {
        if (value < 1) {
            problems.add(name + " must be at least 1, but is " + value);
        }
    }

    private static void notNegative(String name, double value, List<String> problems) {
        if (!(value >= 0 && Double.isFinite(value))) {
            problems.add(name + " must be a number of at least 0, but is " + value);
        }
    }

    /** Full covariances, one run of at most 500 iterations, until the mean log-likelihood changes by less than 1e-5; seed 1. */
    public static GaussianMixtureOptions of(int k) {
        return new GaussianMixtureOptions(k, Covariance.FULL, 1, 500, 1e-5, 1e-6, 1);
    }

    public GaussianMixtureOptions withK(int value) {
        return new GaussianMixtureOptions(value, covariance, restarts, maxIterations, tolerance, regularization, seed);
    }

    public GaussianMixtureOptions withCovariance(Covariance value) {
        return new GaussianMixtureOptions(k, value, restarts, maxIterations, tolerance, regularization, seed);
    }

    public GaussianMixtureOptions withRestarts(int value) {
        return new GaussianMixtureOptions(k, covariance, value, maxIterations, tolerance, regularization, seed);
    }

    public GaussianMixtureOptions withMaxIterations(int value) {
        return new GaussianMixtureOptions(k, covariance, restarts, value, tolerance, regularization, seed);
    }

    public GaussianMixtureOptions withTolerance(double value) {
        return new GaussianMixtureOptions(k, covariance, restarts, maxIterations, value, regularization, seed);
    }

    public GaussianMixtureOptions withRegularization(double value) {
        return new GaussianMixtureOptions(k, covariance, restarts, maxIterations, tolerance, value, seed);
    }

    public GaussianMixtureOptions withSeed(long value) {
        return new GaussianMixtureOptions(k, covariance, restarts, maxIterations, tolerance, regularization, value);
    }
}

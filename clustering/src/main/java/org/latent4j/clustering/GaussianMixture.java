package org.latent4j.clustering;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.latent4j.clustering.Expectation.Sums;
import org.latent4j.clustering.GaussianMixtureOptions.Covariance;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mixtures of Gaussians by expectation maximization: clusters of unequal size, spread and direction, which k-means takes for equal.
 *
 * <p>Points are (n, p); computed in double, the same bits at any number of threads. The log-likelihood never falls but for rounding and
 * regularization. Throws {@link DataException} for NaN or infinite values, k above n, and covariances that become singular.
 *
 * <p>Source: Dempster, Laird, Rubin, "Maximum likelihood from incomplete data via the EM algorithm", J. R. Statist. Soc. B 39 (1977) 1.
 */
public final class GaussianMixture {
    private static final double LEAST_MASS = 1e-14;

    private final Columns columns;
    private final GaussianMixtureOptions options;
    private final boolean whole;
    private final int k;
    private final int n;
    private final int p;
    private final double[] floor; // added to the variance of each feature

    private double[] weights;
    private double[][] means;
    private double[][][] covariances;
    private Gaussians gaussians;

    private GaussianMixture(Columns columns, GaussianMixtureOptions options) {
        this.columns = columns;
        this.options = options;
        this.whole = options.covariance() == Covariance.FULL || options.covariance() == Covariance.TIED;
        this.k = options.k();
        this.n = columns.n();
        this.p = columns.features();
        this.floor = floor();
    }

    public static GaussianMixtureModel fit(INDArray points, GaussianMixtureOptions options, Primitives primitives) {
        return fit(points, options, primitives, IterationListener.NONE);
    }

    /** The listener is told the negative log-likelihood. */
    public static GaussianMixtureModel fit(
            INDArray points, GaussianMixtureOptions options, Primitives primitives, IterationListener listener) {
        Points checked = Points.of(points).requireSquares();
        if (options.k() > checked.n()) {
            throw new DataException("k is " + options.k() + ", but there are only " + checked.n()
                    + " points; ask for at most as many components as points");
        }
        Columns columns = checked.columns();
        GaussianMixtureModel best = null;
        for (int restart = 0; restart < options.restarts(); restart++) {
            KMeansModel start = KMeans.fit(
                    points,
                    KMeansOptions.of(options.k()).withRestarts(1).withSeed(options.seed() + restart),
                    primitives);
            GaussianMixtureModel model = new GaussianMixture(columns, options).run(start, listener);
            best = best == null || model.logLikelihood() > best.logLikelihood() ? model : best;
        }
        return best;
    }

    private double[] floor() {
        double[] floor = new double[p];
        for (int f = 0; f < p; f++) {
            double[] column = columns.column(f);
            double mean = Arrays.stream(column).sum() / n;
            double squares = 0;
            for (double value : column) {
                squares += (value - mean) * (value - mean);
            }
            floor[f] = options.regularization() * (squares > 0 ? squares / n : 1);
        }
        return floor;
    }

    private GaussianMixtureModel run(KMeansModel start, IterationListener listener) {
        weights = new double[k];
        Arrays.fill(weights, 1.0 / k);
        means = start.centres().toDoubleMatrix();
        double[][] unit = new double[whole ? p : 1][p];
        for (int f = 0; f < p; f++) {
            unit[whole ? f : 0][f] = 1;
        }
        covariances = new double[k][][];
        Arrays.fill(covariances, unit);
        gaussians = new Gaussians(options.covariance(), weights, means, covariances);
        maximize(Expectation.ofLabels(columns, start.labels(), gaussians, whole));
        List<Double> history = new ArrayList<>();
        boolean converged = false;
        double likelihood = Double.NEGATIVE_INFINITY;
        for (int iteration = 1; iteration <= options.maxIterations() && !converged; iteration++) {
            Sums sums = Expectation.of(columns, gaussians, whole);
            double before = likelihood;
            likelihood = sums.logLikelihood()[0];
            history.add(likelihood);
            listener.iteration(iteration, -likelihood);
            converged = Math.abs(likelihood - before) <= options.tolerance() * n;
            if (!converged && iteration < options.maxIterations()) {
                maximize(sums);
            }
        }
        return new GaussianMixtureModel(
                weights,
                means,
                covariances,
                likelihood,
                history.stream().mapToDouble(Double::doubleValue).toArray(),
                converged,
                n,
                options);
    }

    private void maximize(Sums sums) {
        double[][] moves = new double[k][p];
        double[][] moved = new double[k][p];
        double[] newWeights = new double[k];
        for (int c = 0; c < k; c++) {
            double mass = Math.max(sums.mass()[c], LEAST_MASS);
            newWeights[c] = mass / n;
            for (int f = 0; f < p; f++) {
                moves[c][f] = sums.first()[c][f] / mass;
                moved[c][f] = means[c][f] + moves[c][f];
            }
        }
        covariances = switch (options.covariance()) {
            case FULL, DIAGONAL -> separate(sums, moves);
            case TIED -> tied(sums, moves);
            case SPHERICAL -> spherical(separate(sums, moves));
        };
        weights = newWeights;
        means = moved;
        gaussians = new Gaussians(options.covariance(), weights, means, covariances);
    }

    /** Second moments about the means so far become those about the new means. */
    private double[][][] separate(Sums sums, double[][] moves) {
        double[][][] result = new double[k][][];
        for (int c = 0; c < k; c++) {
            double mass = Math.max(sums.mass()[c], LEAST_MASS);
            result[c] = new double[whole ? p : 1][p];
            for (int i = 0; i < p; i++) {
                for (int j = whole ? 0 : i; j <= i; j++) {
                    double about = sums.second()[c][whole ? i : 0][j] / mass - moves[c][i] * moves[c][j];
                    double value = i == j ? Math.max(about, 0) + floor[i] : about;
                    result[c][whole ? i : 0][j] = value;
                    result[c][whole ? j : 0][whole ? i : j] = value;
                }
            }
        }
        return result;
    }

    private double[][][] tied(Sums sums, double[][] moves) {
        double[][] shared = new double[p][p];
        for (int i = 0; i < p; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int c = 0; c < k; c++) {
                    sum += sums.second()[c][i][j] - sums.mass()[c] * moves[c][i] * moves[c][j];
                }
                shared[i][j] = i == j ? Math.max(sum / n, 0) + floor[i] : sum / n;
                shared[j][i] = shared[i][j];
            }
        }
        double[][][] result = new double[k][][];
        Arrays.fill(result, shared);
        return result;
    }

    private double[][][] spherical(double[][][] diagonals) {
        for (double[][] diagonal : diagonals) {
            Arrays.fill(diagonal[0], Arrays.stream(diagonal[0]).sum() / p);
        }
        return diagonals;
    }
}

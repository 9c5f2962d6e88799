package org.latent4j.reduction.divergence;

import java.util.Arrays;
import org.latent4j.data.DataException;

/**
 * A normal distribution of d features: closed forms in nats, and the Jensen-Shannon divergence by quadrature.
 *
 * <p>Throws {@link DataException} for a covariance that is not (d, d), symmetric and positive definite, and for distributions of different d.
 *
 * @param mean d
 * @param covariance (d, d)
 */
public record Gaussian(double[] mean, double[][] covariance) {

    public Gaussian {
        int d = mean.length;
        boolean square = covariance.length == d && Arrays.stream(covariance).allMatch(row -> row.length == d);
        if (d == 0 || !square) {
            throw new DataException(
                    "a normal distribution of " + d + " means needs a covariance (" + d + ", " + d + ")");
        }
        double largest = Arrays.stream(covariance)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElseThrow();
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < i; j++) {
                if (!(Math.abs(covariance[i][j] - covariance[j][i]) <= 1e-9 * largest)) {
                    throw new DataException("a covariance must be symmetric, but entries (" + (i + 1) + ", " + (j + 1)
                            + ") and (" + (j + 1) + ", " + (i + 1) + ") are " + covariance[i][j] + " and "
                            + covariance[j][i]);
                }
            }
        }
        cholesky(covariance);
    }

    /** Of one feature. */
    public static Gaussian of(double mean, double deviation) {
        if (!(deviation > 0 && Double.isFinite(deviation) && Double.isFinite(mean))) {
            throw new DataException(
                    "a normal distribution needs a finite mean and a standard deviation above 0, but got " + mean
                            + " and " + deviation);
        }
        return new Gaussian(new double[] {mean}, new double[][] {{deviation * deviation}});
    }

    /** Mean and covariance (by n - 1) of rows (n, d): the one of least KL(data||normal) up to n / (n - 1). */
    public static Gaussian fit(double[][] rows) {
        int n = rows.length;
        if (n < 2) {
            throw new DataException("a normal distribution needs at least 2 rows, but there are " + n);
        }
        int d = rows[0].length;
        double[] mean = new double[d];
        for (double[] row : rows) {
            for (int j = 0; j < d; j++) {
                mean[j] += (row[j] - rows[0][j]) / n; // from a row: offsets keep their digits
            }
        }
        for (int j = 0; j < d; j++) {
            mean[j] += rows[0][j];
        }
        double[][] covariance = new double[d][d];
        for (double[] row : rows) {
            for (int i = 0; i < d; i++) {
                for (int j = 0; j < d; j++) {
                    covariance[i][j] += (row[i] - mean[i]) * (row[j] - mean[j]) / (n - 1);
                }
            }
        }
        return new Gaussian(mean, covariance);
    }

    public int dimensions() {
        return mean.length;
    }

    /** (d + d ln 2 pi + ln |C|) / 2. */
    public double entropy() {
        return (dimensions() * (1 + Math.log(2 * Math.PI)) + logDeterminant()) / 2;
    }

    /** KL(this||other) = (tr(C'^-1 C) + (m' - m)^T C'^-1 (m' - m) - d + ln |C'| / |C|) / 2. */
    public double kl(Gaussian other) {
        requireComparable(other);
        int d = dimensions();
        double[][] theirs = cholesky(other.covariance);
        double[][] ours = cholesky(covariance);
        double sum = -d + other.logDeterminant() - logDeterminant();
        for (double[] row : relativeFactor(theirs, ours)) {
            sum += squaredLength(row);
        }
        return Math.max(0, (sum + squaredLength(solve(theirs, shift(other)))) / 2);
    }

    /** H(this, other) = H(this) + KL(this||other): the mean of -ln of the other's density. */
    public double crossEntropy(Gaussian other) {
        return entropy() + kl(other);
    }

    /** The Jensen-Shannon divergence, 0 ... ln 2, by quadrature: right to about 1e-13, or to 1e-16 times the condition number of the covariances. */
    public double js(Gaussian other) {
        requireComparable(other);
        double[][] ours = cholesky(covariance);
        return GaussianMixing.js(relativeFactor(ours, cholesky(other.covariance)), solve(ours, shift(other)));
    }

    /** ln of the density at x. */
    public double logDensity(double[] x) {
        double[] shift = new double[dimensions()];
        Arrays.setAll(shift, i -> x[i] - mean[i]);
        return -(dimensions() * Math.log(2 * Math.PI)
                        + logDeterminant()
                        + squaredLength(solve(cholesky(covariance), shift)))
                / 2;
    }

    private double logDeterminant() {
        double[][] factor = cholesky(covariance);
        double sum = 0;
        for (int i = 0; i < factor.length; i++) {
            sum += 2 * Math.log(factor[i][i]);
        }
        return sum;
    }

    private static double[][] cholesky(double[][] c) {
        int d = c.length;
        double[][] l = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = c[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= l[i][k] * l[j][k];
                }
                if (i == j) {
                    if (!(sum > 1e-14 * Math.abs(c[i][i]))) {
                        throw new DataException("a covariance must be positive definite, but feature " + (i + 1)
                                + " has no variance of its own (" + sum + " after those before); remove columns that"
                                + " others determine, or give more rows than columns");
                    }
                    l[i][i] = Math.sqrt(sum);
                } else {
                    l[i][j] = sum / l[j][j];
                }
            }
        }
        return l;
    }

    /** L^-1 x. */
    private static double[] solve(double[][] l, double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double sum = x[i];
            for (int k = 0; k < i; k++) {
                sum -= l[i][k] * y[k];
            }
            y[i] = sum / l[i][i];
        }
        return y;
    }

    /** L^-1 L'. */
    private static double[][] relativeFactor(double[][] l, double[][] other) {
        int d = l.length;
        double[][] product = new double[d][d];
        for (int column = 0; column < d; column++) {
            double[] x = new double[d];
            for (int i = 0; i < d; i++) {
                x[i] = other[i][column];
            }
            x = solve(l, x);
            for (int i = 0; i < d; i++) {
                product[i][column] = x[i];
            }
        }
        return product;
    }

    private double[] shift(Gaussian other) {
        double[] shift = new double[dimensions()];
        Arrays.setAll(shift, i -> other.mean[i] - mean[i]);
        return shift;
    }

    private void requireComparable(Gaussian other) {
        if (other.dimensions() != dimensions()) {
            throw new DataException("normal distributions of " + dimensions() + " and of " + other.dimensions()
                    + " features can't be compared");
        }
    }

    private static double squaredLength(double[] x) {
        return Arrays.stream(x).map(v -> v * v).sum();
    }
}

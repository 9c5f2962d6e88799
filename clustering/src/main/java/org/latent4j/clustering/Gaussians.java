package org.latent4j.clustering;

import java.util.Arrays;
import org.latent4j.clustering.GaussianMixtureOptions.Covariance;
import org.latent4j.data.DataException;

/**
 * Weighted normal densities ready for evaluation: with the inverse W of a covariance's Cholesky factor, |W (x - mean)|^2 is the squared distance
 * in its standard deviations.
 *
 * <p>Loops run over a block's points, which are vector instructions.
 */
final class Gaussians {
    private static final double LOG_2_PI = Math.log(2 * Math.PI);

    private final boolean whole; // covariances have entries off their diagonals
    private final double[][] means; // (k, p)
    private final double[][][] whitening; // by component: lower triangle by rows, or one row of inverse deviations
    private final double[] offset; // k: log of weight over the norm of the density

    /**
     * @param covariances by component (p, p), or (1, p) where only diagonals are there; the same array for components that share it
     */
    Gaussians(Covariance kind, double[] weights, double[][] means, double[][][] covariances) {
        this.whole = kind == Covariance.FULL || kind == Covariance.TIED;
        this.means = means;
        int k = weights.length;
        int p = means[0].length;
        this.whitening = new double[k][][];
        this.offset = new double[k];
        for (int c = 0; c < k; c++) {
            boolean shared = c > 0 && covariances[c] == covariances[c - 1];
            whitening[c] = shared
                    ? whitening[c - 1]
                    : whole ? inverseFactor(covariances[c], c) : inverse(covariances[c][0], c);
            double logDeterminant = 0; // of the whitening
            for (int f = 0; f < p; f++) {
                logDeterminant += Math.log(whole ? whitening[c][f][f] : whitening[c][0][f]);
            }
            offset[c] = Math.log(weights[c]) + logDeterminant - p * LOG_2_PI / 2;
        }
    }

    private static double[][] inverse(double[] variances, int component) {
        double[] inverse = new double[variances.length];
        for (int f = 0; f < inverse.length; f++) {
            if (!(variances[f] > 0)) {
                throw singular(component);
            }
            inverse[f] = 1 / Math.sqrt(variances[f]);
        }
        return new double[][] {inverse};
    }

    private static DataException singular(int component) {
        return new DataException(
                "the covariance of component " + component
                        + " has become singular: its points lie in a subspace; ask for fewer components or more regularization");
    }

    /** The inverse of the lower factor L of a = L L^T. */
    private static double[][] inverseFactor(double[][] a, int component) {
        int p = a.length;
        double[][] factor = new double[p][];
        for (int i = 0; i < p; i++) {
            factor[i] = Arrays.copyOf(a[i], i + 1);
            for (int j = 0; j <= i; j++) {
                double sum = a[i][j];
                for (int f = 0; f < j; f++) {
                    sum -= factor[i][f] * factor[j][f];
                }
                if (i == j && !(sum > 0)) {
                    throw singular(component);
                }
                factor[i][j] = i == j ? Math.sqrt(sum) : sum / factor[j][j];
            }
        }
        double[][] inverse = new double[p][];
        for (int i = 0; i < p; i++) {
            inverse[i] = new double[i + 1];
            inverse[i][i] = 1 / factor[i][i];
            for (int j = 0; j < i; j++) {
                double sum = 0;
                for (int f = j; f < i; f++) {
                    sum -= factor[i][f] * inverse[f][j];
                }
                inverse[i][j] = sum / factor[i][i];
            }
        }
        return inverse;
    }

    int k() {
        return means.length;
    }

    double[] mean(int component) {
        return means[component];
    }

    /** Room for the calls below. */
    static final class Work {
        final double[][] differences; // (p, block)
        private final double[] whitened = new double[Columns.BLOCK];

        Work(int features) {
            this.differences = new double[features][Columns.BLOCK];
        }
    }

    /** Differences of a block's points from a component's mean, into the work's. */
    void differences(int component, Columns x, int block, Work work) {
        for (int f = 0; f < x.features(); f++) {
            subtract(x.values()[block][f], means[component][f], work.differences[f], x.size(block));
        }
    }

    /** The logarithm of weight times density of a component at each of a block's points, to the start of {@code out}. */
    void logDensities(int component, Columns x, int block, Work work, double[] out) {
        int count = x.size(block);
        differences(component, x, block, work);
        Arrays.fill(out, 0, count, 0);
        double[][] rows = whitening[component];
        for (int f = 0; f < x.features(); f++) {
            if (whole) {
                whiten(rows[f], work.differences, work.whitened, count);
                addSquares(work.whitened, 1, out, count);
            } else {
                addSquares(work.differences[f], rows[0][f], out, count);
            }
        }
        for (int i = 0; i < count; i++) {
            out[i] = offset[component] - out[i] / 2;
        }
    }

    private static void whiten(double[] row, double[][] differences, double[] out, int count) {
        int f = 0;
        Arrays.fill(out, 0, count, 0);
        for (; f + 4 <= row.length; f += 4) {
            addFour(
                    differences[f],
                    differences[f + 1],
                    differences[f + 2],
                    differences[f + 3],
                    row[f],
                    row[f + 1],
                    row[f + 2],
                    row[f + 3],
                    out,
                    count);
        }
        for (; f < row.length; f++) {
            addOne(differences[f], row[f], out, count);
        }
    }

    private static void subtract(double[] x, double mean, double[] out, int count) {
        for (int i = 0; i < count; i++) {
            out[i] = x[i] - mean;
        }
    }

    private static void addFour(
            double[] a,
            double[] b,
            double[] c,
            double[] d,
            double wa,
            double wb,
            double wc,
            double wd,
            double[] out,
            int count) {
        for (int i = 0; i < count; i++) {
            out[i] += a[i] * wa + b[i] * wb + c[i] * wc + d[i] * wd;
        }
    }

    private static void addOne(double[] a, double w, double[] out, int count) {
        for (int i = 0; i < count; i++) {
            out[i] += a[i] * w;
        }
    }

    private static void addSquares(double[] a, double w, double[] out, int count) {
        for (int i = 0; i < count; i++) {
            double scaled = a[i] * w;
            out[i] += scaled * scaled;
        }
    }
}

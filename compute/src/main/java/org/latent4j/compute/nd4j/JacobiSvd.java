package org.latent4j.compute.nd4j;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.latent4j.compute.ComputeException;

/**
 * The singular value decomposition by rotations that make columns orthogonal pair by pair.
 *
 * <p>Source: Hestenes, "Inversion of matrices by biorthogonalization and related results", 1958; Demmel, Veselic, "Jacobi's method is more
 * accurate than QR", 1992.
 */
final class JacobiSvd {
    private static final double EPSILON = Math.ulp(1.0);
    private static final int MOST_SWEEPS = 60;

    /** A = U S V^T of a matrix with no more columns than rows: columns of U and of V, each an array, by descending singular value. */
    record Result(double[][] u, double[] s, double[][] v) {}

    private JacobiSvd() {}

    static Result of(double[][] columns) {
        int n = columns.length;
        Householder.Qr qr = Householder.qr(columns);
        double[][] work = transposed(qr.r()); // the columns of R^T = V S W^T, where U = Q W
        double[][] w = new double[n][n];
        for (int i = 0; i < n; i++) {
            w[i][i] = 1;
        }
        double square = 0;
        for (double[] column : work) {
            square += dot(column, column);
        }
        // Columns shorter than rounding of the whole have no direction: in data of low rank they would be turned for
        // ever.
        double none = n * EPSILON * Math.sqrt(square);
        int sweep = 0;
        while (sweep(work, w, none)) {
            if (++sweep == MOST_SWEEPS) {
                throw new ComputeException("singular values of a matrix of " + columns[0].length + " rows and " + n
                        + " columns did not converge");
            }
        }
        double[] s = new double[n];
        for (int i = 0; i < n; i++) {
            s[i] = Math.sqrt(dot(work[i], work[i]));
        }
        Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> -s[i]));
        double[][] u = new double[n][];
        double[][] v = new double[n][];
        double[] sorted = new double[n];
        for (int i = 0; i < n; i++) {
            int from = order[i];
            sorted[i] = s[from];
            v[i] = direction(v, i, work[from], s[from], none);
            u[i] = combination(qr.q(), w[from]);
        }
        return new Result(u, sorted, v);
    }

    /** Rotates every pair of columns longer than {@code none} once; whether any was not yet orthogonal. */
    private static boolean sweep(double[][] a, double[][] w, double none) {
        boolean rotated = false;
        for (int p = 0; p < a.length; p++) {
            for (int q = p + 1; q < a.length; q++) {
                double pp = dot(a[p], a[p]);
                double qq = dot(a[q], a[q]);
                double pq = dot(a[p], a[q]);
                boolean both = Math.sqrt(Math.min(pp, qq)) > none;
                if (both && Math.abs(pq) > a.length * EPSILON * Math.sqrt(pp) * Math.sqrt(qq)) {
                    double zeta = (pp - qq) / (2 * pq);
                    double tangent = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
                    double cosine = 1 / Math.sqrt(1 + tangent * tangent);
                    Householder.rotate(a[p], a[q], cosine, -cosine * tangent);
                    Householder.rotate(w[p], w[q], cosine, -cosine * tangent);
                    rotated = true;
                }
            }
        }
        return rotated;
    }

    /** The column divided by its length; of a column that was too short to be turned, some unit vector orthogonal to those before. */
    private static double[] direction(double[][] before, int count, double[] column, double length, double none) {
        int n = column.length;
        double[] x = new double[n];
        if (length > none) {
            for (int i = 0; i < n; i++) {
                x[i] = column[i] / length;
            }
            return x;
        }
        for (int unit = 0; unit < n; unit++) {
            Arrays.fill(x, 0);
            x[unit] = 1;
            for (int pass = 0; pass < 2; pass++) {
                for (int j = 0; j < count; j++) {
                    double along = dot(x, before[j]);
                    for (int i = 0; i < n; i++) {
                        x[i] -= along * before[j][i];
                    }
                }
            }
            double rest = Math.sqrt(dot(x, x));
            if (rest > 0.5 / Math.sqrt(n)) {
                for (int i = 0; i < n; i++) {
                    x[i] /= rest;
                }
                return x;
            }
        }
        return x; // only of numbers that are not finite
    }

    private static double[] combination(double[][] columns, double[] weights) {
        double[] sum = new double[columns[0].length];
        for (int j = 0; j < columns.length; j++) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weights[j] * columns[j][i];
            }
        }
        return sum;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    static double[][] transposed(double[][] a) {
        double[][] t = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < t.length; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }
}

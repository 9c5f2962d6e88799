package org.latent4j.compute.nd4j;

import org.latent4j.compute.ComputeException;

/**
 * Reflections I - beta v v^T that clear the numbers behind the first of a vector: QR, and the tridiagonal form of a symmetric matrix with its
 * eigenvalues by implicit QL.
 *
 * <p>Source: Golub, Van Loan, "Matrix Computations", chapters 5 and 8; Bowdler, Martin, Reinsch, Wilkinson, "The QR and QL algorithms for
 * symmetric matrices", 1968.
 */
final class Householder {
    private static final double EPSILON = Math.ulp(1.0);
    private static final int MOST_STEPS = 100;

    private Householder() {}

    /** v of the reflection that maps x[from ...] to a multiple of its first unit vector, scaled so that beta = 1; zeros where x is 0 behind it. */
    private static double[] reflection(double[] x, int from) {
        double[] v = new double[x.length];
        double scale = 0;
        for (int i = from; i < x.length; i++) {
            scale = Math.max(scale, Math.abs(x[i]));
        }
        if (scale == 0) {
            return v;
        }
        double square = 0;
        for (int i = from; i < x.length; i++) {
            v[i] = x[i] / scale;
            square += v[i] * v[i];
        }
        v[from] += Math.copySign(Math.sqrt(square), v[from]);
        double norm = 0;
        for (int i = from; i < x.length; i++) {
            norm += v[i] * v[i];
        }
        double factor = Math.sqrt(2 / norm);
        for (int i = from; i < x.length; i++) {
            v[i] *= factor;
        }
        return v;
    }

    /** y -= (v . y) v. */
    private static void reflect(double[] y, double[] v, int from) {
        add(y, -dot(y, v, from), v, from);
    }

    private static double dot(double[] x, double[] y, int from) {
        double sum = 0;
        for (int i = from; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static void add(double[] y, double factor, double[] x, int from) {
        for (int i = from; i < y.length; i++) {
            y[i] += factor * x[i];
        }
    }

    /** The thin factors A = Q R of a matrix, all given by columns; R's diagonal is not negative. */
    record Qr(double[][] q, double[][] r) {}

    static Qr qr(double[][] columns) {
        int m = columns[0].length;
        int n = columns.length;
        double[][] a = new double[n][];
        double[][] v = new double[n][];
        for (int j = 0; j < n; j++) {
            a[j] = columns[j].clone();
            for (int k = 0; k < j; k++) {
                reflect(a[j], v[k], k);
            }
            v[j] = reflection(a[j], j);
            reflect(a[j], v[j], j);
        }
        double[][] q = new double[n][m];
        double[][] r = new double[n][n];
        for (int j = 0; j < n; j++) {
            q[j][j] = a[j][j] < 0 ? -1 : 1;
            for (int k = n - 1; k >= 0; k--) {
                reflect(q[j], v[k], k);
            }
            for (int i = 0; i <= j; i++) {
                r[j][i] = a[i][i] < 0 ? -a[j][i] : a[j][i];
            }
        }
        return new Qr(q, r);
    }

    /** Eigenvalues, in any order, and the eigenvector of each as a row. */
    record Eigen(double[] values, double[][] vectors) {}

    /** Of a symmetric matrix, whose lower triangle is read. */
    static Eigen eigen(double[][] matrix) {
        int n = matrix.length;
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                a[i][j] = matrix[i][j];
                a[j][i] = matrix[i][j];
            }
        }
        double[][] v = tridiagonal(a);
        double[][] z = new double[n][n];
        for (int i = 0; i < n; i++) {
            z[i][i] = 1;
        }
        for (int k = n - 3; k >= 0; k--) {
            for (int i = k + 1; i < n; i++) {
                reflect(z[i], v[k], k + 1);
            }
        }
        double[] diagonal = new double[n];
        double[] beside = new double[n];
        for (int i = 0; i < n; i++) {
            diagonal[i] = a[i][i];
            beside[i] = i + 1 < n ? a[i + 1][i] : 0;
        }
        double largest = 0;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, Math.abs(diagonal[i]) + Math.abs(beside[i]));
        }
        for (int i = 0; i < n; i++) {
            implicitQl(diagonal, beside, z, i, EPSILON * largest);
        }
        return new Eigen(diagonal, z);
    }

    /** Makes a tridiagonal by similarity; returns the reflections. */
    private static double[][] tridiagonal(double[][] a) {
        int n = a.length;
        double[][] reflections = new double[Math.max(0, n - 2)][];
        for (int k = 0; k < n - 2; k++) {
            int from = k + 1;
            double[] v = reflection(a[k], from);
            reflections[k] = v;
            reflect(a[k], v, from);
            a[from][k] = a[k][from];
            double[] w = new double[n];
            for (int i = from; i < n; i++) {
                add(w, v[i], a[i], from);
            }
            add(w, -dot(w, v, from) / 2, v, from);
            for (int i = from; i < n; i++) {
                add(a[i], -v[i], w, from);
                add(a[i], -w[i], v, from);
            }
        }
        return reflections;
    }

    /** Shifted QL steps until the number beside diagonal number {@code at} vanishes; {@code none} is what rounding leaves of 0. */
    private static void implicitQl(double[] d, double[] e, double[][] z, int at, double none) {
        for (int step = 0; ; step++) {
            int end = at;
            while (end < d.length - 1
                    && Math.abs(e[end]) > Math.max(none, EPSILON * (Math.abs(d[end]) + Math.abs(d[end + 1])))) {
                end++;
            }
            if (end == at) {
                return;
            }
            if (step == MOST_STEPS) {
                throw new ComputeException("eigenvalues of a matrix of " + d.length + " columns did not converge");
            }
            double slope = (d[at + 1] - d[at]) / (2 * e[at]);
            double g = d[end] - d[at] + e[at] / (slope + Math.copySign(length(slope, 1), slope));
            double sine = 1;
            double cosine = 1;
            double shift = 0;
            int i = end - 1;
            for (; i >= at; i--) {
                double f = sine * e[i];
                double b = cosine * e[i];
                double r = length(f, g);
                e[i + 1] = r;
                if (r == 0) {
                    break;
                }
                sine = f / r;
                cosine = g / r;
                g = d[i + 1] - shift;
                r = (d[i] - g) * sine + 2 * cosine * b;
                shift = sine * r;
                d[i + 1] = g + shift;
                g = cosine * r - b;
                rotate(z[i], z[i + 1], cosine, sine);
            }
            if (i >= at) {
                d[i + 1] -= shift;
            } else {
                d[at] -= shift;
                e[at] = g;
            }
            e[end] = 0;
        }
    }

    private static double length(double x, double y) {
        return Math.sqrt(x * x + y * y);
    }

    /** (x, y) := (c x - s y, s x + c y). */
    static void rotate(double[] x, double[] y, double cosine, double sine) {
        for (int i = 0; i < x.length; i++) {
            double old = x[i];
            x[i] = cosine * old - sine * y[i];
            y[i] = sine * old + cosine * y[i];
        }
    }
}

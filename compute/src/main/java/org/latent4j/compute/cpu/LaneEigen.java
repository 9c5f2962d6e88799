package org.latent4j.compute.cpu;

import java.util.Arrays;
import org.latent4j.compute.ComputeException;

/**
 * Eigenvalues, in double, and eigenvectors, in float, of many small symmetric matrices at once.
 *
 * <p>Number (i, j) of all matrices lies side by side, a lane for each matrix, and every step is taken in all lanes together: loops over lanes become
 * vector instructions, and square roots and divisions of different matrices don't wait for each other. Reflections make the matrices tridiagonal;
 * then each lane makes QL steps with its own shifts on its own block, and stands still where the others turn numbers that it doesn't. What a matrix
 * gives does not depend on its neighbours.
 *
 * <p>Sources as {@code compute.nd4j.Householder}.
 */
final class LaneEigen {
    /** Enough for vector loops to be long; few enough for the numbers to stay in a core's cache. */
    static final int LANES = 128;

    private static final double EPSILON = Math.ulp(1.0);
    private static final int MOST_STEPS = 100;

    private final int n;
    private final double[][][] a; // (n, i + 1, lanes): lower triangles; later the reflections below the diagonal
    private final float[][][] z; // (n, n, lanes): number j of column i of the product of rotations is z[j][i]
    private final double[][] d; // (n, lanes): diagonals, later eigenvalues
    private final double[][] e; // (n, lanes): what stands below them
    private final double[][] p; // (n, lanes)
    private final double[] t = new double[LANES];
    private final float[] sums = new float[LANES];
    private final float[][] v; // (n, lanes): a reflection
    private final float[][] cosine; // (n, lanes): of the rotation of columns i and i + 1 in a step
    private final float[][] sine;
    private final Stand[] stands = new Stand[LANES];

    /** Where a lane's QL step stands. */
    private static final class Stand {
        int at; // eigenvalues before this one are found
        int end; // last row of the block, or -1 if the lane stands still
        int steps;
        double none; // what rounding leaves of 0
        double g;
        double sine;
        double cosine;
        double shift;
    }

    LaneEigen(int n) {
        this.n = n;
        a = new double[n][][];
        for (int i = 0; i < n; i++) {
            a[i] = new double[i + 1][LANES];
        }
        z = new float[n][n][LANES];
        v = new float[n][LANES];
        cosine = new float[n][LANES];
        sine = new float[n][LANES];
        d = new double[n][LANES];
        e = new double[n][LANES];
        p = new double[n][LANES];
        Arrays.setAll(stands, l -> new Stand());
    }

    /** The lower triangles, to be filled with numbers of about 1 at most: (row, column up to row, lane). */
    double[][][] lower() {
        return a;
    }

    /** After {@link #solve}: (n, lanes), in any order. */
    double[][] values() {
        return d;
    }

    /** After {@link #solve}: number j, vector i, lane. */
    float[][][] vectors() {
        return z;
    }

    void solve() {
        for (int k = 0; k < n - 2; k++) {
            reflect(k);
        }
        for (int i = 0; i < n; i++) {
            System.arraycopy(a[i][i], 0, d[i], 0, LANES);
        }
        if (n > 1) {
            System.arraycopy(a[n - 1][n - 2], 0, e[n - 2], 0, LANES);
        }
        Arrays.fill(e[n - 1], 0);
        multiplyReflections();
        begin();
        while (chooseBlocks()) {
            step();
        }
    }

    /** Clears column k below the place under the diagonal; leaves the reflection I - v v^T in its stead. */
    private void reflect(int k) {
        Arrays.fill(t, 0);
        for (int i = k + 1; i < n; i++) {
            addProduct(t, a[i][k], a[i][k]);
        }
        double[] first = a[k + 1][k];
        for (int l = 0; l < LANES; l++) {
            double norm = Math.sqrt(t[l]);
            double x = first[l];
            e[k][l] = x > 0 ? -norm : norm;
            first[l] = x - e[k][l];
            t[l] = norm == 0 ? 0 : 1 / Math.sqrt(t[l] + Math.abs(x) * norm);
        }
        for (int i = k + 1; i < n; i++) {
            multiply(a[i][k], t);
        }
        for (int i = k + 1; i < n; i++) { // p = A v
            product(p[i], a[i][i], a[i][k]);
        }
        for (int i = k + 2; i < n; i++) {
            for (int j = k + 1; j < i; j++) {
                addBoth(p[i], p[j], a[i][j], a[i][k], a[j][k]);
            }
        }
        Arrays.fill(t, 0);
        for (int i = k + 1; i < n; i++) {
            addProduct(t, a[i][k], p[i]);
        }
        for (int l = 0; l < LANES; l++) {
            t[l] /= 2;
        }
        for (int i = k + 1; i < n; i++) { // w = p - v (v . p) / 2
            subtractProduct(p[i], t, a[i][k]);
        }
        for (int i = k + 1; i < n; i++) {
            for (int j = k + 1; j <= i; j++) {
                subtractBoth(a[i][j], a[i][k], p[j], p[i], a[j][k]);
            }
        }
    }

    /** The vectors are made in float, half the memory: reflections and rotations don't enlarge what rounding does. */
    private void multiplyReflections() {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                Arrays.fill(z[j][i], i == j ? 1 : 0);
            }
        }
        for (int k = n - 3; k >= 0; k--) {
            for (int j = k + 1; j < n; j++) {
                round(v[j], a[j][k]);
            }
            for (int i = k + 1; i < n; i++) {
                Arrays.fill(sums, 0);
                int j = k + 1;
                for (; j + 3 < n; j += 4) {
                    addProducts(sums, i, j);
                }
                for (; j < n; j++) {
                    addProduct(sums, z[j][i], v[j]);
                }
                for (j = k + 1; j < n; j++) {
                    subtractProduct(z[j][i], sums, v[j]);
                }
            }
        }
    }

    private void addProducts(float[] sum, int i, int j) {
        addProducts(sum, z[j][i], z[j + 1][i], z[j + 2][i], z[j + 3][i], v[j], v[j + 1], v[j + 2], v[j + 3]);
    }

    private void begin() {
        for (int l = 0; l < LANES; l++) {
            double largest = 0;
            for (int i = 0; i < n; i++) {
                largest = Math.max(largest, Math.abs(d[i][l]) + Math.abs(e[i][l]));
            }
            stands[l].at = 0;
            stands[l].steps = 0;
            stands[l].none = EPSILON * largest;
        }
    }

    /** Each lane's block that is not yet diagonal, and its shift; false when no lane has one. */
    private boolean chooseBlocks() {
        boolean any = false;
        for (int l = 0; l < LANES; l++) {
            Stand stand = stands[l];
            int at = stand.at;
            int end = at;
            while (at < n - 1) {
                end = at;
                while (end < n - 1 && !isNone(stand, end, l)) {
                    end++;
                }
                if (end > at) {
                    break;
                }
                at++;
            }
            stand.steps = at == stand.at ? stand.steps + 1 : 0;
            stand.at = at;
            stand.end = at < n - 1 ? end : -1;
            if (stand.end >= 0) {
                if (stand.steps == MOST_STEPS) {
                    throw new ComputeException("eigenvalues of a matrix of " + n + " columns did not converge");
                }
                any = true;
                shift(stand, l);
            }
        }
        return any;
    }

    private boolean isNone(Stand stand, int i, int l) {
        double least = Math.max(stand.none, EPSILON * (Math.abs(d[i][l]) + Math.abs(d[i + 1][l])));
        return !(Math.abs(e[i][l]) > least);
    }

    private void shift(Stand stand, int l) {
        int at = stand.at;
        double slope = (d[at + 1][l] - d[at][l]) / (2 * e[at][l]);
        double length = Math.sqrt(slope * slope + 1);
        stand.g = d[stand.end][l] - d[at][l] + e[at][l] / (slope + Math.copySign(length, slope));
        stand.sine = 1;
        stand.cosine = 1;
        stand.shift = 0;
    }

    /** One QL step of each lane's stand. */
    private void step() {
        int from = n;
        int to = 0;
        for (Stand stand : stands) {
            if (stand.end >= 0) {
                from = Math.min(from, stand.at);
                to = Math.max(to, stand.end);
            }
        }
        for (int i = to - 1; i >= from; i--) {
            for (int l = 0; l < LANES; l++) {
                chooseRotation(stands[l], i, l);
            }
        }
        for (float[][] row : z) { // and the rotations, all of which fit into a core's first cache
            int i = to - 1;
            for (; i > from; i -= 2) {
                rotate(row[i - 1], row[i], row[i + 1], cosine[i - 1], sine[i - 1], cosine[i], sine[i]);
            }
            if (i == from) {
                rotate(row[i], row[i + 1], cosine[i], sine[i]);
            }
        }
        for (int l = 0; l < LANES; l++) {
            Stand stand = stands[l];
            if (stand.end >= 0) {
                d[stand.at][l] -= stand.shift;
                e[stand.at][l] = stand.g;
                e[stand.end][l] = 0;
            }
        }
    }

    private void chooseRotation(Stand stand, int i, int l) {
        cosine[i][l] = 1;
        sine[i][l] = 0;
        if (i >= stand.end || i < stand.at) {
            return;
        }
        double f = stand.sine * e[i][l];
        double b = stand.cosine * e[i][l];
        double r = Math.sqrt(f * f + stand.g * stand.g);
        e[i + 1][l] = r;
        if (r == 0) { // the block falls apart here
            d[i + 1][l] -= stand.shift;
            e[stand.end][l] = 0;
            stand.end = -1;
            return;
        }
        double inverse = 1 / r;
        stand.sine = f * inverse;
        stand.cosine = stand.g * inverse;
        double g = d[i + 1][l] - stand.shift;
        r = (d[i][l] - g) * stand.sine + 2 * stand.cosine * b;
        stand.shift = stand.sine * r;
        d[i + 1][l] = g + stand.shift;
        stand.g = stand.cosine * r - b;
        cosine[i][l] = (float) stand.cosine;
        sine[i][l] = (float) stand.sine;
    }

    // The loops below are what becomes vector instructions: all arrays have one length and are read at one index.

    private static void rotate(float[] x, float[] y, float[] c, float[] s) {
        for (int l = 0; l < LANES; l++) {
            float old = x[l];
            float other = y[l];
            x[l] = c[l] * old - s[l] * other;
            y[l] = s[l] * old + c[l] * other;
        }
    }

    /** Of y and z, then of x and y. */
    private static void rotate(float[] x, float[] y, float[] z, float[] firstC, float[] firstS, float[] c, float[] s) {
        for (int l = 0; l < LANES; l++) {
            float a = x[l];
            float b = y[l];
            float other = z[l];
            float between = c[l] * b - s[l] * other;
            float last = s[l] * b + c[l] * other;
            x[l] = firstC[l] * a - firstS[l] * between;
            y[l] = firstS[l] * a + firstC[l] * between;
            z[l] = last;
        }
    }

    private static void round(float[] out, double[] x) {
        for (int l = 0; l < LANES; l++) {
            out[l] = (float) x[l];
        }
    }

    private static void addProduct(float[] sum, float[] x, float[] y) {
        for (int l = 0; l < LANES; l++) {
            sum[l] += x[l] * y[l];
        }
    }

    private static void addProducts(
            float[] sum,
            float[] x0,
            float[] x1,
            float[] x2,
            float[] x3,
            float[] y0,
            float[] y1,
            float[] y2,
            float[] y3) {
        for (int l = 0; l < LANES; l++) {
            sum[l] += x0[l] * y0[l] + x1[l] * y1[l] + (x2[l] * y2[l] + x3[l] * y3[l]);
        }
    }

    private static void subtractProduct(float[] from, float[] x, float[] y) {
        for (int l = 0; l < LANES; l++) {
            from[l] -= x[l] * y[l];
        }
    }

    private static void addProduct(double[] sum, double[] x, double[] y) {
        for (int l = 0; l < LANES; l++) {
            sum[l] += x[l] * y[l];
        }
    }

    /** Adds four products: those of x[i] y[j], x[i + step] y[j + step], ... */
    static void addProducts(double[] sum, double[][] x, int i, double[][] y, int j, int step) {
        double[] x0 = x[i];
        double[] x1 = x[i + step];
        double[] x2 = x[i + 2 * step];
        double[] x3 = x[i + 3 * step];
        double[] y0 = y[j];
        double[] y1 = y[j + step];
        double[] y2 = y[j + 2 * step];
        double[] y3 = y[j + 3 * step];
        for (int l = 0; l < LANES; l++) {
            sum[l] += x0[l] * y0[l] + x1[l] * y1[l] + (x2[l] * y2[l] + x3[l] * y3[l]);
        }
    }

    private static void product(double[] out, double[] x, double[] y) {
        for (int l = 0; l < LANES; l++) {
            out[l] = x[l] * y[l];
        }
    }

    static void multiply(double[] x, double[] by) {
        for (int l = 0; l < LANES; l++) {
            x[l] *= by[l];
        }
    }

    private static void subtractProduct(double[] from, double[] x, double[] y) {
        for (int l = 0; l < LANES; l++) {
            from[l] -= x[l] * y[l];
        }
    }

    /** pi += a vj, pj += a vi. */
    private static void addBoth(double[] pi, double[] pj, double[] a, double[] vi, double[] vj) {
        for (int l = 0; l < LANES; l++) {
            pi[l] += a[l] * vj[l];
            pj[l] += a[l] * vi[l];
        }
    }

    private static void subtractBoth(double[] a, double[] vi, double[] wj, double[] wi, double[] vj) {
        for (int l = 0; l < LANES; l++) {
            a[l] -= vi[l] * wj[l] + wi[l] * vj[l];
        }
    }
}

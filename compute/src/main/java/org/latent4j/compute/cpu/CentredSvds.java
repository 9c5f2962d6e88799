package org.latent4j.compute.cpu;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.latent4j.compute.Primitives.CentredSvd;
import org.latent4j.compute.SignRule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Singular values and right singular vectors of many small float matrices, m >= n, less their columns' means, from the eigenvectors of A^T A in
 * double: of float numbers the squares lose nothing that a decomposition in float would keep.
 *
 * <p>Sums and products are of differences from each matrix's first row. Its own square is among those of the deviations, so that to subtract the
 * squares of the means can't cost more than a factor of m + 1 in rounding.
 */
final class CentredSvds {
    /** Larger ones leave a core's cache, and LAPACK is good at them. */
    private static final int MOST_COLUMNS = 64;

    private static final int ROWS = 4; // that are multiplied at once
    /** Lanes that are filled and emptied together, a cache line of doubles. */
    private static final int SOME = 8;

    private final int m;
    private final int n;
    private final LaneEigen eigen;
    private final float[][] matrix; // (some lanes, rows * n)
    private final float[][] origin; // (lanes, n): first rows
    private final double[][] x; // (rows * n, lanes): differences from them
    private final double[][] sums; // (n, lanes)
    private final float[] means;
    private final double[] scale = new double[LaneEigen.LANES];
    private final double[] inverse = new double[LaneEigen.LANES];
    private final int[] order;
    private final float[] s;
    private final int[][] rank; // (n, lanes): of each vector among those of its lane
    private final float[][] largest; // (n, lanes): magnitude in each vector
    private final float[][] directions; // (some lanes, n * n)

    private CentredSvds(int m, int n) {
        this.m = m;
        this.n = n;
        this.eigen = new LaneEigen(n);
        this.matrix = new float[SOME][ROWS * n];
        this.origin = new float[LaneEigen.LANES][n];
        this.x = new double[ROWS * n][LaneEigen.LANES];
        this.sums = new double[n][LaneEigen.LANES];
        this.means = new float[n];
        this.order = new int[n];
        this.s = new float[n];
        this.rank = new int[n][LaneEigen.LANES];
        this.largest = new float[n][LaneEigen.LANES];
        this.directions = new float[SOME][n * n];
    }

    static boolean suit(INDArray matrices) {
        long n = matrices.size(2);
        return matrices.dataType() == DataType.FLOAT
                && matrices.size(1) >= n
                && matrices.size(1) * n < Integer.MAX_VALUE
                && n <= MOST_COLUMNS;
    }

    static CentredSvd of(INDArray matrices, Team team) {
        int b = Math.toIntExact(matrices.size(0));
        int m = (int) matrices.size(1);
        int n = (int) matrices.size(2);
        INDArray in = RowMajor.of(matrices);
        INDArray means = RowMajor.empty(DataType.FLOAT, b, n);
        INDArray s = RowMajor.empty(DataType.FLOAT, b, n);
        INDArray vt = RowMajor.empty(DataType.FLOAT, b, n, n);
        CentredSvds[] workers = new CentredSvds[team.workers()];
        int groups = (b + LaneEigen.LANES - 1) / LaneEigen.LANES;
        team.run(groups, (group, worker) -> {
            if (workers[worker] == null) {
                workers[worker] = new CentredSvds(m, n);
            }
            int from = group * LaneEigen.LANES;
            int lanes = Math.min(LaneEigen.LANES, b - from);
            workers[worker].products(from, lanes, RowMajor.floats(in));
            workers[worker].centre(from, lanes, RowMajor.floats(means));
            workers[worker].decompose(from, lanes, RowMajor.floats(s), RowMajor.floats(vt));
        });
        if (in != matrices) {
            in.close();
        }
        return new CentredSvd(means, s, vt);
    }

    private void decompose(int from, int lanes, FloatPointer singular, FloatPointer vt) {
        scale();
        eigen.solve();
        for (int l = 0; l < lanes; l++) {
            sort(l);
            for (int i = 0; i < n; i++) {
                s[i] = (float) Math.sqrt(Math.max(0, eigen.values()[order[i]][l]) * scale[l]);
                rank[order[i]][l] = i;
            }
            singular.position((long) (from + l) * n).put(s, 0, n);
        }
        for (int i = 0; i < n; i++) {
            Arrays.fill(largest[i], 0);
            for (int j = 0; j < n; j++) {
                enlarge(largest[i], eigen.vectors()[j][i]);
            }
        }
        for (int first = 0; first < lanes; first += SOME) {
            int count = Math.min(SOME, lanes - first);
            for (int i = 0; i < n; i++) {
                for (int l = 0; l < SOME; l += 4) {
                    place(i, first, l);
                }
            }
            for (int l = 0; l < count; l++) {
                for (int i = 0; i < n; i++) {
                    turn(directions[l], rank[i][first + l] * n, largest[i][first + l]);
                }
                vt.position((long) (from + first + l) * n * n).put(directions[l], 0, n * n);
            }
        }
    }

    /** Vector i of four lanes, each to where its rank puts it; where there is no matrix, nobody looks. */
    private void place(int i, int first, int lane) {
        float[][][] vectors = eigen.vectors();
        int from = first + lane;
        float[] to0 = directions[lane];
        float[] to1 = directions[lane + 1];
        float[] to2 = directions[lane + 2];
        float[] to3 = directions[lane + 3];
        int at0 = rank[i][from] * n;
        int at1 = rank[i][from + 1] * n;
        int at2 = rank[i][from + 2] * n;
        int at3 = rank[i][from + 3] * n;
        for (int j = 0; j < n; j++) {
            float[] numbers = vectors[j][i];
            to0[at0 + j] = numbers[from];
            to1[at1 + j] = numbers[from + 1];
            to2[at2 + j] = numbers[from + 2];
            to3[at3 + j] = numbers[from + 3];
        }
    }

    private void turn(float[] rows, int at, float most) {
        if (SignRule.isNegative(rows, at, n, most)) {
            for (int j = at; j < at + n; j++) {
                rows[j] = -rows[j];
            }
        }
    }

    /** In all lanes at once, which is a vector instruction; along a direction, each number would wait for the one before. */
    private static void enlarge(float[] largest, float[] numbers) {
        for (int l = 0; l < LaneEigen.LANES; l++) {
            largest[l] = Math.max(largest[l], Math.abs(numbers[l]));
        }
    }

    /** Products and sums of each lane's matrix. */
    private void products(int from, int lanes, FloatPointer in) {
        double[][][] lower = eigen.lower();
        for (double[][] row : lower) {
            clear(row);
        }
        clear(sums);
        for (int l = 0; l < lanes; l++) {
            in.position((long) (from + l) * m * n).get(origin[l], 0, n);
        }
        for (int row = 0; row < m; row += ROWS) {
            int rows = Math.min(ROWS, m - row);
            for (int first = 0; first < LaneEigen.LANES; first += SOME) {
                int some = Math.max(0, Math.min(SOME, lanes - first));
                for (int l = 0; l < some; l++) {
                    in.position(((long) (from + first + l) * m + row) * n).get(matrix[l], 0, rows * n);
                }
                fill(first, some, rows);
            }
            for (int i = 0; i < n; i++) {
                add(sums[i], x[i], x[i + n], x[i + 2 * n], x[i + 3 * n]);
                for (int j = 0; j <= i; j++) {
                    LaneEigen.addProducts(lower[i][j], x, i, x, j, n);
                }
            }
        }
    }

    private static void clear(double[][] rows) {
        for (double[] numbers : rows) {
            Arrays.fill(numbers, 0);
        }
    }

    private static void add(double[] sum, double[] x0, double[] x1, double[] x2, double[] x3) {
        for (int l = 0; l < LaneEigen.LANES; l++) {
            sum[l] += x0[l] + x1[l] + (x2[l] + x3[l]);
        }
    }

    /** Gives the means, and makes the products those of deviations from them. */
    private void centre(int from, int lanes, FloatPointer out) {
        for (int l = 0; l < lanes; l++) {
            for (int j = 0; j < n; j++) {
                means[j] = (float) (origin[l][j] + sums[j][l] / m);
            }
            out.position((long) (from + l) * n).put(means, 0, n);
        }
        double[][][] lower = eigen.lower();
        double share = 1.0 / m;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                subtractShare(lower[i][j], sums[i], sums[j], share);
            }
            clip(lower[i][i]);
        }
    }

    private static void subtractShare(double[] products, double[] x, double[] y, double share) {
        for (int l = 0; l < LaneEigen.LANES; l++) {
            products[l] -= x[l] * y[l] * share;
        }
    }

    /** Squares that rounding left below 0. */
    private static void clip(double[] squares) {
        for (int l = 0; l < LaneEigen.LANES; l++) {
            squares[l] = Math.max(0, squares[l]);
        }
    }

    /** Row by row through the lanes: one lane after the other would read each number from another cache line. */
    private void scale() {
        double[][][] lower = eigen.lower();
        Arrays.fill(scale, 0);
        for (int i = 0; i < n; i++) {
            for (int l = 0; l < LaneEigen.LANES; l++) {
                scale[l] = Math.max(scale[l], lower[i][i][l]);
            }
        }
        for (int l = 0; l < LaneEigen.LANES; l++) {
            scale[l] = scale[l] == 0 ? 1 : scale[l];
            inverse[l] = 1 / scale[l];
        }
        for (double[][] row : lower) {
            for (double[] numbers : row) {
                LaneEigen.multiply(numbers, inverse);
            }
        }
    }

    /** Some lanes of x, with zeros where there is no matrix or row. */
    private void fill(int first, int some, int rows) {
        if (some < SOME || rows < ROWS) {
            for (int i = 0; i < x.length; i++) {
                for (int l = 0; l < SOME; l++) {
                    boolean isThere = l < some && i < rows * n;
                    x[i][first + l] = isThere ? (double) matrix[l][i] - origin[first + l][i % n] : 0;
                }
            }
            return;
        }
        for (int l = 0; l < SOME; l += 2) {
            for (int row = 0; row < ROWS; row++) {
                fill(first + l, row, matrix[l], origin[first + l], matrix[l + 1], origin[first + l + 1]);
            }
        }
    }

    /** A row of two lanes. */
    private void fill(int lane, int row, float[] one, float[] from, float[] next, float[] nextFrom) {
        int at = row * n;
        for (int j = 0; j < n; j++) {
            double[] lanes = x[at + j];
            lanes[lane] = (double) one[at + j] - from[j];
            lanes[lane + 1] = (double) next[at + j] - nextFrom[j];
        }
    }

    /** The order of a lane's eigenvalues, descending; of equal ones the first. */
    private void sort(int l) {
        for (int i = 0; i < n; i++) {
            double value = eigen.values()[i][l];
            int at = i;
            for (; at > 0 && eigen.values()[order[at - 1]][l] < value; at--) {
                order[at] = order[at - 1];
            }
            order[at] = i;
        }
    }
}

package org.latent4j.compute.cpu;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.latent4j.compute.Primitives.RightSvd;
import org.latent4j.compute.SignRule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Singular values and right singular vectors of many small float matrices, m >= n, from the eigenvectors of A^T A in double: of float numbers the
 * squares lose nothing that a decomposition in float would keep.
 */
final class RightSvds {
    /** Larger ones leave a core's cache, and LAPACK is good at them. */
    private static final int MOST_COLUMNS = 64;

    private static final int ROWS = 4; // that are multiplied at once
    /** Lanes that are filled and emptied together, a cache line of doubles. */
    private static final int SOME = 8;

    private final int m;
    private final int n;
    private final LaneEigen eigen;
    private final float[][] matrix; // (some lanes, rows * n)
    private final double[][] x; // (rows * n, lanes)
    private final double[] scale = new double[LaneEigen.LANES];
    private final double[] inverse = new double[LaneEigen.LANES];
    private final int[] order;
    private final float[] s;
    private final int[][] rank; // (n, lanes): of each vector among those of its lane
    private final float[][] largest; // (n, lanes): magnitude in each vector
    private final float[][] directions; // (some lanes, n * n)

    private RightSvds(int m, int n) {
        this.m = m;
        this.n = n;
        this.eigen = new LaneEigen(n);
        this.matrix = new float[SOME][ROWS * n];
        this.x = new double[ROWS * n][LaneEigen.LANES];
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

    static RightSvd of(INDArray matrices, Team team) {
        int b = Math.toIntExact(matrices.size(0));
        int m = (int) matrices.size(1);
        int n = (int) matrices.size(2);
        INDArray in = RowMajor.of(matrices);
        INDArray s = RowMajor.empty(DataType.FLOAT, b, n);
        INDArray vt = RowMajor.empty(DataType.FLOAT, b, n, n);
        RightSvds[] workers = new RightSvds[team.workers()];
        int groups = (b + LaneEigen.LANES - 1) / LaneEigen.LANES;
        team.run(groups, (group, worker) -> {
            if (workers[worker] == null) {
                workers[worker] = new RightSvds(m, n);
            }
            int from = group * LaneEigen.LANES;
            int lanes = Math.min(LaneEigen.LANES, b - from);
            workers[worker].group(from, lanes, RowMajor.floats(in), RowMajor.floats(s), RowMajor.floats(vt));
        });
        if (in != matrices) {
            in.close();
        }
        return new RightSvd(s, vt);
    }

    private void group(int from, int lanes, FloatPointer in, FloatPointer singular, FloatPointer vt) {
        products(from, lanes, in);
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
            for (int j = 0; j < n; j++) {
                for (int i = 0; i < n; i++) {
                    scatter(eigen.vectors()[j][i], rank[i], j, first, count);
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

    /** Number j of a vector of some lanes, to where the vector's rank puts it. */
    private void scatter(float[] numbers, int[] ranks, int j, int first, int count) {
        for (int l = 0; l < count; l++) {
            directions[l][ranks[first + l] * n + j] = numbers[first + l];
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

    /** A^T A of each lane's matrix, divided by its largest number. */
    private void products(int from, int lanes, FloatPointer in) {
        double[][][] lower = eigen.lower();
        for (double[][] row : lower) {
            for (double[] number : row) {
                Arrays.fill(number, 0);
            }
        }
        for (int row = 0; row < m; row += ROWS) {
            int rows = Math.min(ROWS, m - row);
            for (int first = 0; first < LaneEigen.LANES; first += SOME) {
                int some = Math.max(0, Math.min(SOME, lanes - first));
                for (int l = 0; l < some; l++) {
                    in.position(((long) (from + first + l) * m + row) * n).get(matrix[l], 0, rows * n);
                }
                fill(first, some, rows * n);
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    LaneEigen.addProducts(lower[i][j], x, i, x, j, n);
                }
            }
        }
        scale();
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
    private void fill(int first, int some, int numbers) {
        if (some < SOME || numbers < x.length) {
            for (int i = 0; i < x.length; i++) {
                for (int l = 0; l < SOME; l++) {
                    x[i][first + l] = l < some && i < numbers ? matrix[l][i] : 0;
                }
            }
            return;
        }
        for (int l = 0; l < SOME; l += 2) {
            float[] one = matrix[l];
            float[] next = matrix[l + 1];
            for (int i = 0; i < x.length; i++) {
                double[] lanes = x[i];
                lanes[first + l] = one[i];
                lanes[first + l + 1] = next[i];
            }
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

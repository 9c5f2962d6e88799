package org.latent4j.reduction.pca;

import java.util.Arrays;
import org.latent4j.compute.Philox;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Data whose principal components are known: X = U diag(s) V^T + means with orthonormal U, orthogonal to ones, and V. */
record Planted(INDArray x, double[] singularValues, double[][] directions) {

    static Planted of(int n, int p, double[] singularValues, double offset, long seed) {
        int r = singularValues.length;
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 0);
        double[][] u = orthonormal(r, n, true, random);
        double[][] v = orthonormal(r, p, false, random);
        double[][] x = new double[n][p];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < p; j++) {
                x[i][j] = offset;
                for (int k = 0; k < r; k++) {
                    x[i][j] += u[k][i] * singularValues[k] * v[k][j];
                }
            }
        }
        return new Planted(Nd4j.createFromArray(x), singularValues, v);
    }

    /** Rows by Gram and Schmidt, twice. */
    private static double[][] orthonormal(int count, int length, boolean orthogonalToOnes, Philox random) {
        double[][] rows = new double[count][length];
        for (int k = 0; k < count; k++) {
            Arrays.setAll(rows[k], i -> random.nextGaussian());
            for (int round = 0; round < 2; round++) {
                if (orthogonalToOnes) {
                    double mean = Arrays.stream(rows[k]).average().orElseThrow();
                    for (int i = 0; i < length; i++) {
                        rows[k][i] -= mean;
                    }
                }
                for (int before = 0; before < k; before++) {
                    double along = dot(rows[k], rows[before]);
                    for (int i = 0; i < length; i++) {
                        rows[k][i] -= along * rows[before][i];
                    }
                }
                double norm = Math.sqrt(dot(rows[k], rows[k]));
                for (int i = 0; i < length; i++) {
                    rows[k][i] /= norm;
                }
            }
        }
        return rows;
    }

    /** Sine of the largest angle between the space of the model's directions and that of the first as many planted ones. */
    double sineToPlanted(INDArray components) {
        double[][] rows = components.castTo(DataType.DOUBLE).toDoubleMatrix();
        double worst = 0;
        for (double[] row : rows) {
            double[] rest = row.clone();
            for (int k = 0; k < rows.length; k++) {
                double along = dot(rest, directions[k]);
                for (int j = 0; j < rest.length; j++) {
                    rest[j] -= along * directions[k][j];
                }
            }
            worst = Math.max(worst, Math.sqrt(dot(rest, rest)));
        }
        return worst;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}

package org.latent4j.compute.cuda;

import org.latent4j.compute.Primitives;
import org.latent4j.compute.nd4j.Nd4jPrimitives;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Stands in for cuSOLVER, so that what is around it can be tested. */
final class ReferenceDecompositions implements Decompositions {
    private final Nd4jPrimitives reference = new Nd4jPrimitives();

    private static INDArray array(double[] columns, int m, int n) {
        return Signs.columns(columns, m, n, DataType.DOUBLE);
    }

    /** Ascending, and half of the vectors with the other sign, as a library may give them. */
    @Override
    public Eigen symmetricEigen(double[] matrix, int n) {
        Primitives.Eigen found = reference.symmetricEigen(array(matrix, n, n));
        double[] values = new double[n];
        double[] vectors = new double[n * n];
        for (int i = 0; i < n; i++) {
            values[i] = found.values()[n - 1 - i];
            for (int j = 0; j < n; j++) {
                vectors[i * n + j] = found.vectors().getDouble(j, n - 1 - i) * (i % 2 == 0 ? -1 : 1);
            }
        }
        return new Eigen(values, vectors);
    }

    @Override
    public Svd svd(double[] matrix, int m, int n) {
        Primitives.Svd found = reference.svd(array(matrix, m, n));
        double[] u = Decompositions.columns(found.u());
        double[] v = Decompositions.columns(found.vt().transpose());
        for (int i = 0; i < m; i++) {
            u[i] = -u[i];
        }
        for (int i = 0; i < n; i++) {
            v[i] = -v[i];
        }
        return new Svd(u, found.s(), v);
    }

    @Override
    public Svd[] svd(double[] matrices, int b, int m, int n) {
        Svd[] all = new Svd[b];
        for (int i = 0; i < b; i++) {
            all[i] = svd(java.util.Arrays.copyOfRange(matrices, i * m * n, (i + 1) * m * n), m, n);
        }
        return all;
    }

    @Override
    public double[] orthonormal(double[] matrix, int m, int n) {
        return Decompositions.columns(reference.orthonormal(array(matrix, m, n)));
    }
}

package org.latent4j.compute.cuda;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Eigenproblems, singular values and orthogonal factors, as {@link org.latent4j.compute.Primitives} defines them but for signs. */
interface Decompositions {

    /** Values ascending, vectors in columns, column by column; the matrix is n by n, symmetric. */
    record Eigen(double[] values, double[] vectors) {}

    /** u (m, r) and v (n, r), column by column. */
    record Svd(double[] u, double[] s, double[] v) {}

    Eigen symmetricEigen(double[] matrix, int n);

    /** Of an (m, n) matrix, column by column. */
    Svd svd(double[] matrix, int m, int n);

    /** Of b matrices of one size, one behind the other. */
    Svd[] svd(double[] matrices, int b, int m, int n);

    /** The factor Q (m, n) of a matrix (m, n), both column by column. */
    double[] orthonormal(double[] matrix, int m, int n);

    /** An array column by column. */
    static double[] columns(INDArray matrix) {
        return matrix.castTo(org.nd4j.linalg.api.buffer.DataType.DOUBLE)
                .dup('f')
                .data()
                .asDouble();
    }
}

package org.latent4j.reduction.pca;

import java.util.Arrays;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The solvers that find all min(n, p) components: by SVD, by the covariance matrix, by the rows' scalar products. */
final class ExactSolvers {
    private ExactSolvers() {}

    static Spectrum full(Centred data, Primitives primitives) {
        Primitives.Svd svd = primitives.svd(data.whole());
        try (INDArray u = svd.u();
                INDArray vt = svd.vt()) {
            double[] variances = svd.s().clone();
            for (int i = 0; i < variances.length; i++) {
                variances[i] *= variances[i] / (data.rows() - 1);
            }
            return new Spectrum(variances, Directions.ofRows(vt, variances.length, data.work()));
        }
    }

    static Spectrum covariance(Centred data, Primitives primitives) {
        try (INDArray scatter = scatter(data, primitives)) {
            return ofScatter(scatter, data.rows(), data.work(), primitives);
        }
    }

    /** From the sums of products of centred data, (p, p) in double. */
    static Spectrum ofScatter(INDArray scatter, long rows, DataType type, Primitives primitives) {
        int r = (int) Math.min(rows, scatter.size(0));
        Primitives.Eigen eigen = primitives.symmetricEigen(scatter);
        try (INDArray vectors = eigen.vectors()) {
            double[] variances = variances(Arrays.copyOf(eigen.values(), r), rows);
            return new Spectrum(variances, Directions.ofColumns(vectors, r, type));
        }
    }

    /** X^T X in double; blocks are multiplied in the type of the work. */
    static INDArray scatter(Centred data, Primitives primitives) {
        int p = data.columns();
        INDArray sum = Nd4j.zeros(DataType.DOUBLE, p, p);
        data.forEachBlock((from, block) -> add(sum, primitives.product(block, true, block, false)));
        return sum;
    }

    /**
     * With X X^T = U S^2 U^T the directions are the columns of X^T U / S. They are made orthonormal by QR, in descending order: the ones that
     * belong to variances near 0, as one always does in centred data, come out as any directions orthogonal to the others.
     */
    static Spectrum gram(Centred data, Primitives primitives) {
        INDArray x = data.whole();
        int n = Math.toIntExact(data.rows());
        int r = Math.min(n, data.columns());
        Primitives.Eigen eigen;
        try (INDArray products = primitives.product(x, false, x, true);
                INDArray exact = products.castTo(DataType.DOUBLE)) {
            eigen = primitives.symmetricEigen(exact);
        }
        try (INDArray vectors = eigen.vectors();
                INDArray u = leading(vectors, r, data.work());
                INDArray images = primitives.product(x, true, u, false);
                INDArray directions = primitives.orthonormal(images)) {
            return new Spectrum(
                    variances(Arrays.copyOf(eigen.values(), r), n), Directions.ofColumns(directions, r, data.work()));
        }
    }

    /** The first r columns. */
    private static INDArray leading(INDArray columns, int r, DataType type) {
        if (r == columns.size(1)) {
            return columns.castTo(type).dup('c');
        }
        try (INDArray some =
                columns.get(NDArrayIndex.all(), NDArrayIndex.interval(0, r)).dup('c')) {
            return some.castTo(type).dup('c');
        }
    }

    static double[] variances(double[] eigenvalues, long rows) {
        double[] variances = eigenvalues.clone();
        for (int i = 0; i < variances.length; i++) {
            variances[i] = Math.max(0, variances[i]) / (rows - 1);
        }
        return variances;
    }

    /** Adds a product to a sum in double, and frees it. */
    static void add(INDArray sum, INDArray product) {
        try (product;
                INDArray exact = product.castTo(DataType.DOUBLE)) {
            sum.addi(exact);
        }
    }
}

package org.latent4j.reduction.pca;

import java.util.Arrays;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The solvers that find all min(n, p) components: by SVD, by the covariance matrix, by the rows' scalar products. */
final class ExactSolvers {
    /** Smaller eigenproblems take no time in double. */
    private static final int LARGE = 512;
    /**
     * Eigenvalues found in float are wrong by about 4e-7 of the largest. Variances that are wanted must be larger than this part of the largest,
     * or the eigenproblem is solved in double.
     */
    private static final double LEAST_IN_FLOAT = 0x1p-12;

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

    static Spectrum covariance(Centred data, PcaOptions options, Primitives primitives) {
        try (INDArray scatter = scatter(data, primitives)) {
            return ofScatter(scatter, data.rows(), options, data.work(), primitives);
        }
    }

    /** From the sums of products of centred data, (p, p) in double, of which the lower triangle is read. */
    static Spectrum ofScatter(INDArray scatter, long rows, PcaOptions options, DataType type, Primitives primitives) {
        int p = Math.toIntExact(scatter.size(0));
        int r = (int) Math.min(rows, p);
        int wanted = options.components() instanceof ComponentRule.Number number ? number.count() : r;
        Primitives.Eigen eigen = null;
        if (type == DataType.FLOAT && p >= LARGE) {
            eigen = eigenInFloat(scatter, wanted, primitives);
        }
        if (eigen == null) {
            eigen = primitives.symmetricEigen(scatter);
        }
        try (INDArray vectors = eigen.vectors()) {
            double[] variances = variances(Arrays.copyOf(eigen.values(), r), rows);
            return new Spectrum(variances, Directions.ofColumns(vectors, r, type));
        }
    }

    /** Null where variances that are wanted are too small beside the largest. */
    private static Primitives.Eigen eigenInFloat(INDArray scatter, int wanted, Primitives primitives) {
        long p = scatter.size(0);
        try (INDArray diagonal = Nd4j.diag(scatter)) {
            double most = diagonal.maxNumber().doubleValue();
            double least = wanted == p ? diagonal.minNumber().doubleValue() : most;
            if (least < LEAST_IN_FLOAT * most || most > Float.MAX_VALUE / p || most < Float.MIN_NORMAL * p) {
                return null;
            }
        }
        try (INDArray rounded = scatter.castTo(DataType.FLOAT)) {
            Primitives.Eigen eigen = primitives.symmetricEigen(rounded);
            if (eigen.values()[wanted - 1] >= LEAST_IN_FLOAT * eigen.values()[0]) {
                return eigen;
            }
            eigen.vectors().close();
            return null;
        }
    }

    /** The lower triangle of X^T X in double; parts are multiplied in the type of the work. */
    static INDArray scatter(Centred data, Primitives primitives) {
        int p = data.columns();
        INDArray sum = Nd4j.zeros(DataType.DOUBLE, p, p);
        data.forEachPassingBlock((from, block) -> primitives.addScatter(sum, block));
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
    static INDArray leading(INDArray columns, int r, DataType type) {
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
}

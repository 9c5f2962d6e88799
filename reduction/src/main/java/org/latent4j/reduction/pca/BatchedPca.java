package org.latent4j.reduction.pca;

import java.util.Arrays;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Principal components of many small matrices of one size in one call, by the batched singular value decomposition.
 *
 * <p>Throws {@link DataException} for another shape than (b, n, p), n below 2, more components than min(n, p), and numbers that are not finite.
 *
 * @param mean (b, p)
 * @param components (b, k, p), orthonormal rows of each
 * @param explainedVariance (b, k), descending, by n - 1
 */
public record BatchedPca(INDArray mean, INDArray components, INDArray explainedVariance) {
    /** Of matrices (b, n, p), each with n rows of p numbers. */
    public static BatchedPca fit(INDArray matrices, int k, Primitives primitives) {
        check(matrices, k);
        Primitives.CentredSvd svd = primitives.batchedCentredSvd(Numbers.plain(matrices));
        requireFinite(svd.means());
        INDArray s = leading(svd.s(), k);
        return new BatchedPca(svd.means(), leading(svd.vt(), k), s.muli(s).divi(matrices.size(1) - 1));
    }

    private static void requireFinite(INDArray means) {
        double[] numbers = Numbers.of(means);
        int p = Math.toIntExact(means.size(1));
        for (int i = 0; i < numbers.length; i++) {
            if (!Double.isFinite(numbers[i])) {
                throw new DataException("matrix " + (i / p + 1) + ", column " + (i % p + 1)
                        + " holds a number that is not finite; remove or replace it");
            }
        }
    }

    /** The first k along the second axis; frees the argument where they are not all of it. */
    private static INDArray leading(INDArray x, int k) {
        if (k == x.size(1)) {
            return x;
        }
        INDArray some = x.get(NDArrayIndex.all(), NDArrayIndex.interval(0, k)).dup('c');
        x.close();
        return some;
    }

    private static void check(INDArray matrices, int k) {
        if (matrices.rank() != 3 || matrices.isEmpty()) {
            throw new DataException("batched components need an array (b, n, p), but the shape is "
                    + Arrays.toString(matrices.shape()));
        }
        long most = Math.min(matrices.size(1), matrices.size(2));
        if (matrices.size(1) < 2 || k < 1 || k > most) {
            throw new DataException("batched components need at least 2 rows and 1 to min(n, p) components, but got "
                    + matrices.size(1) + " rows, " + matrices.size(2) + " columns and " + k + " components");
        }
    }
}

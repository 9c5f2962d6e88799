package org.latent4j.reduction.pca;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
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
    /** Matrices that a thread centres with the same memory. */
    private static final int TOGETHER = 64;

    /** Of matrices (b, n, p), each with n rows of p numbers. */
    public static BatchedPca fit(INDArray matrices, int k, Primitives primitives) {
        check(matrices, k);
        DataType type = matrices.dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
        int b = Math.toIntExact(matrices.size(0));
        int n = Math.toIntExact(matrices.size(1));
        int p = Math.toIntExact(matrices.size(2));
        INDArray plain = Numbers.plain(matrices); // reshaped, it would be a view, and copied
        INDArray mean = Nd4j.createUninitialized(type, new long[] {b, p}, 'c');
        try (HostArray centred = new HostArray(type, (long) b * n, p)) {
            centre(new Numbers(plain), new Numbers(mean), new Numbers(centred.array()), new int[] {b, n, p});
            Primitives.RightSvd svd = primitives.batchedRightSvd(centred.array().reshape('c', new long[] {b, n, p}));
            INDArray s = leading(svd.s(), k);
            return new BatchedPca(mean, leading(svd.vt(), k), s.muli(s).divi(n - 1));
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

    private static void centre(Numbers in, Numbers mean, Numbers out, int[] sizes) {
        int b = sizes[0];
        int n = sizes[1];
        int p = sizes[2];
        boolean isFloat = in.array().dataType() == DataType.FLOAT;
        IntStream.range(0, (b + TOGETHER - 1) / TOGETHER).parallel().forEach(chunk -> {
            float[] floats = new float[isFloat ? n * p : 0];
            double[] x = new double[n * p];
            double[] means = new double[p];
            for (int i = chunk * TOGETHER; i < Math.min(b, (chunk + 1) * TOGETHER); i++) {
                long at = (long) i * n * p;
                if (isFloat) {
                    in.read(at, floats, n * p);
                    for (int j = 0; j < n * p; j++) {
                        x[j] = floats[j];
                    }
                } else {
                    in.read(at, x, n * p);
                }
                subtractMeans(x, means, i);
                mean.write((long) i * p, means, p);
                if (isFloat) {
                    for (int j = 0; j < n * p; j++) {
                        floats[j] = (float) x[j];
                    }
                    out.write(at, floats, n * p);
                } else {
                    out.write(at, x, n * p);
                }
            }
        });
    }

    private static void subtractMeans(double[] x, double[] means, int matrix) {
        int p = means.length;
        int n = x.length / p;
        Arrays.fill(means, 0);
        for (int at = p; at < x.length; at += p) {
            for (int j = 0; j < p; j++) {
                means[j] += x[at + j] - x[j]; // from the first row: offsets keep their digits
            }
        }
        for (int j = 0; j < p; j++) {
            means[j] = x[j] + means[j] / n;
            if (!Double.isFinite(means[j])) {
                throw new DataException("matrix " + (matrix + 1) + ", column " + (j + 1)
                        + " holds a number that is not finite; remove or replace it");
            }
        }
        for (int at = 0; at < x.length; at += p) {
            for (int j = 0; j < p; j++) {
                x[at + j] -= means[j];
            }
        }
    }
}

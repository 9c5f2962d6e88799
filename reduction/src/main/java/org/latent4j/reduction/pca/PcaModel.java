package org.latent4j.reduction.pca;

import java.util.Arrays;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Principal components of n rows of p numbers. Arrays are as they are held: not copies.
 *
 * <p>Throws {@link DataException} for data with another number of columns.
 *
 * @param rows n
 * @param mean p means that are subtracted
 * @param scale p standard deviations that columns are divided by, or null
 * @param components (k, p) orthonormal rows, of the data's type; the largest-magnitude number of each is positive
 * @param explainedVariance k variances along them, descending, by n - 1
 * @param totalVariance of all columns, after the division
 * @param spectrum all variances the solver found: min(n, p), or the k of the randomised one
 * @param whiten whether scores are divided by their standard deviations
 * @param constantColumns columns without variance that a standardised fit left at 0
 * @param solver that ran
 * @param reason why that one
 * @param seed of random numbers
 */
public record PcaModel(
        long rows,
        double[] mean,
        double[] scale,
        INDArray components,
        double[] explainedVariance,
        double totalVariance,
        double[] spectrum,
        boolean whiten,
        int[] constantColumns,
        Solver solver,
        String reason,
        long seed) {
    public int kept() {
        return explainedVariance.length;
    }

    public int columns() {
        return mean.length;
    }

    /** k shares of the total variance. */
    public double[] explainedVarianceRatio() {
        return Arrays.stream(explainedVariance).map(v -> v / totalVariance).toArray();
    }

    /** k singular values of the centred data. */
    public double[] singularValues() {
        return Arrays.stream(explainedVariance)
                .map(v -> Math.sqrt(v * (rows - 1)))
                .toArray();
    }

    /**
     * Mean variance along each of the p - k directions that are left out; 0 when none is. Source: Tipping and Bishop, "Probabilistic principal
     * component analysis", 1999, equation 8.
     */
    public double noiseVariance() {
        int left = columns() - kept();
        return left == 0
                ? 0
                : Math.max(0, totalVariance - Arrays.stream(explainedVariance).sum()) / left;
    }

    /** Scores (n, k) of rows (n, p). */
    public INDArray transform(INDArray x, Primitives primitives) {
        return transform(RowSource.of(x), primitives);
    }

    /** Scores (n, k) of rows that are read in blocks. */
    public INDArray transform(RowSource source, Primitives primitives) {
        requireColumns(source.columns(), columns(), "columns");
        int k = kept();
        INDArray scores = Nd4j.createUninitialized(components.dataType(), new long[] {source.rows(), k}, 'c');
        Numbers out = new Numbers(scores);
        double[] deviations = deviations();
        try (Centred centred = new Centred(source, mean, scale);
                INDArray directions = components.castTo(centred.work()).dup('c')) {
            centred.forEachPassingBlock((from, block) -> {
                try (INDArray part = primitives.product(block, false, directions, true)) {
                    double[] values = Numbers.of(part);
                    for (int i = 0; whiten && i < values.length; i++) {
                        values[i] = deviations[i % k] == 0 ? 0 : values[i] / deviations[i % k];
                    }
                    out.write(from * k, values, values.length);
                }
            });
        }
        return scores;
    }

    /** Rows (n, p) in the data's units from scores (n, k). */
    public INDArray inverse(INDArray scores, Primitives primitives) {
        int k = kept();
        requireColumns(Math.toIntExact(scores.size(1)), k, "scores");
        double[] y = Numbers.of(scores);
        double[] deviations = deviations();
        for (int i = 0; whiten && i < y.length; i++) {
            y[i] *= deviations[i % k];
        }
        int n = Math.toIntExact(scores.size(0));
        int p = columns();
        double[] x;
        try (INDArray left = Nd4j.createUninitialized(components.dataType(), new long[] {n, k}, 'c')) {
            new Numbers(left).write(0, y, y.length);
            try (INDArray product = primitives.product(left, false, components, false)) {
                x = Numbers.of(product);
            }
        }
        for (int i = 0; i < x.length; i++) {
            x[i] = (scale == null ? x[i] : x[i] * scale[i % p]) + mean[i % p];
        }
        INDArray out = Nd4j.createUninitialized(components.dataType(), new long[] {n, p}, 'c');
        new Numbers(out).write(0, x, x.length);
        return out;
    }

    /** Mean over the rows of the squared distance between a row, less the means and scaled, and what its scores keep of it. */
    public double reconstructionError(INDArray x, Primitives primitives) {
        return reconstructionError(RowSource.of(x), primitives);
    }

    /** The same of rows that are read in blocks. */
    public double reconstructionError(RowSource source, Primitives primitives) {
        requireColumns(source.columns(), columns(), "columns");
        double[] sum = {0};
        try (Centred centred = new Centred(source, mean, scale);
                INDArray directions = components.castTo(centred.work()).dup('c')) {
            centred.forEachPassingBlock((from, block) -> {
                try (INDArray scores = primitives.product(block, false, directions, true);
                        INDArray kept = primitives.product(scores, false, directions, false)) {
                    double[] all = Numbers.of(block);
                    double[] some = Numbers.of(kept);
                    for (int i = 0; i < all.length; i++) {
                        sum[0] += (all[i] - some[i]) * (all[i] - some[i]);
                    }
                }
            });
        }
        return sum[0] / source.rows();
    }

    /** The covariance (p, p) of the model of normal data: V (L - s) V^T + s 1 with s the noise variance. In DOUBLE. */
    public INDArray covariance() {
        double noise = noiseVariance();
        return plusDiagonal(Arrays.stream(explainedVariance).map(v -> v - noise).toArray(), noise);
    }

    /** The inverse of {@link #covariance}; without noise it needs all p components, each of a variance above 0. */
    public INDArray precision() {
        double noise = noiseVariance();
        double smallest = explainedVariance[kept() - 1];
        if (noise == 0 && (kept() < columns() || smallest == 0)) {
            throw new DataException(
                    "the covariance has no inverse: " + kept() + " components carry all variance of " + columns()
                            + " columns" + (smallest == 0 ? ", some of them none" : "") + "; keep fewer components");
        }
        if (noise == 0) {
            return plusDiagonal(Arrays.stream(explainedVariance).map(v -> 1 / v).toArray(), 0);
        }
        return plusDiagonal(
                Arrays.stream(explainedVariance).map(v -> 1 / v - 1 / noise).toArray(), 1 / noise);
    }

    private INDArray plusDiagonal(double[] weights, double diagonal) {
        try (INDArray v = components.castTo(DataType.DOUBLE).dup('c');
                INDArray weighted = v.dup('c')) {
            for (int i = 0; i < weights.length; i++) {
                weighted.getRow(i).muli(weights[i]);
            }
            INDArray sum = v.transpose().mmul(weighted).dup('c');
            for (int j = 0; j < columns(); j++) {
                sum.putScalar(j, j, sum.getDouble(j, j) + diagonal);
            }
            return sum;
        }
    }

    private double[] deviations() {
        return Arrays.stream(explainedVariance).map(Math::sqrt).toArray();
    }

    private static void requireColumns(int given, int expected, String what) {
        if (given != expected) {
            throw new DataException(
                    "the components were fitted to " + expected + " " + what + ", but " + given + " came");
        }
    }
}

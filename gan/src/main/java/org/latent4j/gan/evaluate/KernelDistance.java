package org.latent4j.gan.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Kernel distance (KID): the squared maximum mean discrepancy of generated and real samples under the kernel (x.y / d + 1)^3, which
 * compares means, covariances and third moments.
 *
 * <p>{@code distance} is the unbiased estimate from all pairs of different samples: exactly the mean, over all subsets of any one size, of
 * the estimates from subsets by which KID is usually approximated. It does not depend on the number of samples and may be below 0.
 * {@code standardError} is the jackknife's over {@code groups} groups of samples; {@code low} and {@code high} are 2 of them away: about 95
 * %. Where both distributions are equal the jackknife is known to be about 1.4 times too wide.
 *
 * <p>Throws {@link DataException} for sets of different numbers of features, with values that are not finite, or of fewer than 4 samples.
 *
 * <p>Source: Bińkowski, Sutherland, Arbel, Gretton, "Demystifying MMD GANs", ICLR 2018, section 4; the unbiased estimate is equation 3 of
 * Gretton et al., "A kernel two-sample test", JMLR 2012; Efron and Stein, "The jackknife estimate of variance", Ann. Stat. 9 (1981) 586.
 */
public record KernelDistance(double distance, double standardError, double low, double high, int groups) {
    private static final int MOST_GROUPS = 32;
    private static final int LEAST = 4;

    /** Compares generated (M, d) with real (N, d) samples. */
    public static KernelDistance of(INDArray real, INDArray generated, Primitives primitives) {
        Sets.check(real, generated, LEAST);
        int groups = (int) Math.min(MOST_GROUPS, Math.min(real.rows(), generated.rows()) / 2);
        Sums within = sums(real, real, groups, primitives);
        Sums own = sums(generated, generated, groups, primitives);
        Sums across = sums(real, generated, groups, primitives);
        double all = estimate(within, own, across, -1);
        double[] without = IntStream.range(0, groups)
                .mapToDouble(g -> estimate(within, own, across, g))
                .toArray();
        double mean = Arrays.stream(without).average().orElseThrow();
        double squares =
                Arrays.stream(without).map(v -> (v - mean) * (v - mean)).sum();
        double error = Math.sqrt(squares * (groups - 1) / groups);
        return new KernelDistance(all, error, all - 2 * error, all + 2 * error, groups);
    }

    /** The estimate without one group of each set, or from all (-1). */
    private static double estimate(Sums within, Sums own, Sums across, int left) {
        double n = within.rows(left);
        double m = own.rows(left);
        return (within.total(left) - within.diagonal(left)) / (n * (n - 1))
                + (own.total(left) - own.diagonal(left)) / (m * (m - 1))
                - 2 * across.total(left) / (n * m);
    }

    /**
     * Sums of the kernel between groups of two sets.
     *
     * @param sums (groups, groups)
     * @param diagonals (groups): over pairs of a sample with itself, where both sets are one
     * @param counts (groups): samples of the first set
     */
    private record Sums(double[][] sums, double[] diagonals, int[] counts) {
        double total(int left) {
            double total = 0;
            for (int a = 0; a < sums.length; a++) {
                for (int b = 0; b < sums.length; b++) {
                    total += a == left || b == left ? 0 : sums[a][b];
                }
            }
            return total;
        }

        double diagonal(int left) {
            return Arrays.stream(diagonals).sum() - (left < 0 ? 0 : diagonals[left]);
        }

        double rows(int left) {
            return Arrays.stream(counts).sum() - (left < 0 ? 0 : counts[left]);
        }
    }

    private static Sums sums(INDArray a, INDArray b, int groups, Primitives primitives) {
        double[][] sums = new double[groups][groups];
        double[] diagonals = new double[groups];
        int[] counts = new int[groups];
        int columns = (int) b.rows();
        double features = a.columns();
        for (int group = 0; group < groups; group++) {
            int from = start(group, groups, a);
            int rows = start(group + 1, groups, a) - from;
            counts[group] = rows;
            INDArray part = a.get(NDArrayIndex.interval(from, from + rows), NDArrayIndex.all());
            float[] products = Sets.floats(primitives.product(part, false, b, true)); // (rows, columns)
            double[] of = sums[group];
            IntStream.range(0, groups).parallel().forEach(other -> {
                double sum = 0;
                for (int row = 0; row < rows; row++) {
                    for (int j = start(other, groups, b); j < start(other + 1, groups, b); j++) {
                        sum += kernel(products[row * columns + j], features);
                    }
                }
                of[other] = sum;
            });
            for (int row = 0; a == b && row < rows; row++) {
                diagonals[group] += kernel(products[row * columns + from + row], features);
            }
        }
        return new Sums(sums, diagonals, counts);
    }

    private static double kernel(double product, double features) {
        double base = product / features + 1;
        return base * base * base;
    }

    private static int start(int group, int groups, INDArray rows) {
        return (int) (group * rows.rows() / groups);
    }
}

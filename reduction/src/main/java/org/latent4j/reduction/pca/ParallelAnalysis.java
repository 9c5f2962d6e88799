package org.latent4j.reduction.pca;

import java.util.Arrays;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Variances of data whose columns are permuted independently. */
final class ParallelAnalysis {
    /** Streams of permutations, apart from that of the randomised solver. */
    private static final long FIRST_STREAM = 1L << 32;

    private ParallelAnalysis() {}

    /** How many leading variances exceed the quantile of the permuted ones of their rank. */
    static int dimensions(
            Centred data, double[] variances, ComponentRule.ParallelAnalysis rule, long seed, Primitives primitives) {
        double[][] permuted = new double[rule.permutations()][];
        for (int i = 0; i < permuted.length; i++) {
            permuted[i] = permuted(data, new Philox(seed, Philox.Purpose.PROJECTION, FIRST_STREAM + i), primitives);
        }
        int rank = (int) Math.ceil(rule.quantile() * permuted.length) - 1;
        int kept = 0;
        while (kept < variances.length) {
            int component = kept;
            double[] chance = Arrays.stream(permuted)
                    .mapToDouble(v -> v[component])
                    .sorted()
                    .toArray();
            if (!(variances[kept] > chance[rank])) {
                break;
            }
            kept++;
        }
        return kept;
    }

    private static double[] permuted(Centred data, Philox random, Primitives primitives) {
        int n = Math.toIntExact(data.rows());
        int p = data.columns();
        double[] x = Numbers.of(data.whole());
        double[] shuffled = new double[x.length];
        int[] order = new int[n];
        for (int j = 0; j < p; j++) {
            Arrays.setAll(order, i -> i);
            random.shuffle(order);
            for (int i = 0; i < n; i++) {
                shuffled[i * p + j] = x[order[i] * p + j];
            }
        }
        try (INDArray copy = Nd4j.createUninitialized(data.work(), new long[] {n, p}, 'c')) {
            new Numbers(copy).write(0, shuffled, shuffled.length);
            try (INDArray products = primitives.product(copy, p <= n, copy, p > n)) {
                return ExactSolvers.variances(
                        primitives.symmetricEigen(products).values(), n);
            }
        }
    }
}

package org.latent4j.gan.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Precision, recall, density and coverage of generated samples, from balls around each sample that reach to its k-th nearest neighbour.
 *
 * <p>Of N real and M generated samples: {@code precision} is the share of generated ones in at least one real ball, {@code density} the
 * mean number of real balls around a generated one, divided by k; {@code recall} is the share of real samples in at least one generated
 * ball, {@code coverage} the share of real balls that hold a generated sample. All but density are in [0, 1]. For equal distributions
 * density is about 1 and coverage about 1 - 2^-k; precision and recall depend on dimension and number, so compare them with the floor only.
 *
 * <p>Throws {@link DataException} for sets of different numbers of features, with values that are not finite, or of no more than k samples.
 *
 * <p>Source: Kynkäänniemi, Karras, Laine, Lehtinen, Aila, "Improved precision and recall metric for assessing generative models", NeurIPS
 * 2019; Naeem, Oh, Uh, Choi, Yoo, "Reliable fidelity and diversity metrics for generative models", ICML 2020.
 */
public record Manifolds(double precision, double recall, double density, double coverage, int k) {
    /** The neighbourhood of both papers' experiments (the first one's k is 3). */
    public static final int DEFAULT_K = 5;

    private static final int TILE = 512;
    private static final double UNIT_ROUNDOFF = 0x1.0p-24;

    /** Compares generated (M, d) with real (N, d) samples. */
    public static Manifolds of(INDArray real, INDArray generated, int k, Primitives primitives) {
        Sets.check(real, generated, k + 1);
        double[] realRadii = radii(real, k, primitives);
        double[] generatedRadii = radii(generated, k, primitives);
        return new Balls(Sets.floats(real), realRadii, (int) real.columns())
                .hold(real, generated, generatedRadii, k, primitives);
    }

    /** Distance of each sample to its k-th nearest other one. */
    static double[] radii(INDArray samples, int k, Primitives primitives) {
        try (Matrix points = primitives.matrix(samples)) {
            // Each sample finds itself, or an equal one, at distance 0: so one more is asked for.
            Primitives.Neighbours found = primitives.neighbours(points, points, k + 1);
            return IntStream.range(0, (int) samples.rows())
                    .mapToDouble(i -> found.distances()[i * (k + 1) + k])
                    .toArray();
        }
    }

    /** Which samples lie in which balls: a fast product in floats screens, and what its rounding leaves open is computed again in double. */
    private static final class Balls {
        private final float[] real; // (n, d)
        private final double[] radii;
        private final double[] norms;
        private final int features;

        Balls(float[] real, double[] radii, int features) {
            this.real = real;
            this.radii = radii;
            this.norms = Sets.squaredNorms(real, features);
            this.features = features;
        }

        Manifolds hold(INDArray realRows, INDArray generatedRows, double[] ownRadii, int k, Primitives primitives) {
            float[] generated = Sets.floats(generatedRows);
            int m = ownRadii.length;
            int n = radii.length;
            int[] around = new int[m]; // real balls around each generated sample
            boolean[] recalled = new boolean[n]; // set by several threads, but only ever to true
            boolean[] covered = new boolean[n];
            for (int from = 0; from < m; from += TILE) {
                int first = from;
                int rows = Math.min(TILE, m - from);
                INDArray tile = generatedRows.get(NDArrayIndex.interval(from, from + rows), NDArrayIndex.all());
                float[] dots = Sets.floats(primitives.product(tile, false, realRows, true)); // (rows, n)
                IntStream.range(0, rows).parallel().forEach(row -> {
                    int j = first + row;
                    double norm = squaredNorm(generated, j);
                    for (int i = 0; i < n; i++) {
                        double radius = Math.max(radii[i], ownRadii[j]);
                        double bound = (features + 8) * UNIT_ROUNDOFF * (norm + norms[i]);
                        double about = norm + norms[i] - 2.0 * dots[row * n + i];
                        // Negated, so that a product that overflowed to NaN goes on to the exact distance.
                        boolean outside = about - bound > radius * radius;
                        if (!outside) {
                            double distance = Math.sqrt(squaredDistance(generated, j, i));
                            if (distance <= radii[i]) {
                                around[j]++;
                                covered[i] = true;
                            }
                            if (distance <= ownRadii[j]) {
                                recalled[i] = true;
                            }
                        }
                    }
                });
            }
            return new Manifolds(
                    share(m, j -> around[j] > 0),
                    share(n, i -> recalled[i]),
                    Arrays.stream(around).asLongStream().sum() / ((double) k * m),
                    share(n, i -> covered[i]),
                    k);
        }

        private static double share(int count, java.util.function.IntPredicate predicate) {
            return (double) IntStream.range(0, count).filter(predicate).count() / count;
        }

        private double squaredNorm(float[] rows, int row) {
            double sum = 0;
            for (int j = row * features; j < (row + 1) * features; j++) {
                sum += (double) rows[j] * rows[j];
            }
            return sum;
        }

        private double squaredDistance(float[] generated, int j, int i) {
            double sum = 0;
            for (int f = 0; f < features; f++) {
                double difference = (double) generated[j * features + f] - real[i * features + f];
                sum += difference * difference;
            }
            return sum;
        }
    }
}

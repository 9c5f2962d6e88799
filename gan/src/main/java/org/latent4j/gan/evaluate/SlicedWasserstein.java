package org.latent4j.gan.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Sliced Wasserstein-1 distance of generated and real samples: the mean, over random directions, of the distance of the projections.
 *
 * <p>In the features' own units. The distance of finite samples is never 0: compare it with the floor. Memory is (samples, directions)
 * floats.
 *
 * <p>Throws {@link DataException} for sets of different numbers of features, with values that are not finite, or no directions.
 *
 * <p>Source: Rabin, Peyre, Delon, Bernot, "Wasserstein barycenter and its application to texture mixing", SSVM 2011.
 */
public record SlicedWasserstein(double distance, int directions, long seed) {
    /** Directions that fix the mean to a few parts in a hundred. */
    public static final int DEFAULT_DIRECTIONS = 128;

    /** Compares generated (M, d) with real (N, d) samples. */
    public static SlicedWasserstein of(
            INDArray real, INDArray generated, int directions, long seed, Primitives primitives) {
        Sets.check(real, generated, 1);
        if (directions < 1) {
            throw new DataException("the number of directions must be at least 1, but is " + directions);
        }
        INDArray axes = axes((int) real.columns(), directions, seed);
        float[][] a = project(real, axes, primitives);
        float[][] b = project(generated, axes, primitives);
        double mean = IntStream.range(0, directions)
                .mapToDouble(k -> wasserstein(a[k], b[k]))
                .average()
                .orElseThrow();
        return new SlicedWasserstein(mean, directions, seed);
    }

    /** Area between the two quantile functions; both samples sorted. */
    static double wasserstein(float[] a, float[] b) {
        double sum = 0;
        int i = 0;
        int j = 0;
        long done = 0; // in units of 1 / (a.length * b.length): the steps of both functions are whole
        while (i < a.length && j < b.length) {
            long endA = (i + 1L) * b.length;
            long endB = (j + 1L) * a.length;
            long end = Math.min(endA, endB);
            sum += Math.abs((double) a[i] - b[j]) * (end - done);
            done = end;
            i += end == endA ? 1 : 0;
            j += end == endB ? 1 : 0;
        }
        return sum / ((double) a.length * b.length);
    }

    /** Sorted projections, (directions, rows). */
    private static float[][] project(INDArray rows, INDArray axes, Primitives primitives) {
        float[] products = Sets.floats(primitives.product(axes, false, rows, true));
        int n = (int) rows.rows();
        return IntStream.range(0, (int) axes.rows())
                .parallel()
                .mapToObj(k -> {
                    float[] sorted = Arrays.copyOfRange(products, k * n, (k + 1) * n);
                    Arrays.sort(sorted);
                    return sorted;
                })
                .toArray(float[][]::new);
    }

    /** Unit vectors, uniform on the sphere, (directions, features). */
    private static INDArray axes(int features, int directions, long seed) {
        float[] axes = new float[Math.multiplyExact(directions, features)];
        IntStream.range(0, directions).parallel().forEach(k -> {
            int at = k * features;
            new Philox(seed, Philox.Purpose.EVALUATION, k).fillNormal(axes, at, features);
            double square = 0;
            for (int j = at; j < at + features; j++) {
                square += (double) axes[j] * axes[j];
            }
            for (int j = at; j < at + features; j++) {
                axes[j] /= (float) Math.sqrt(square);
            }
        });
        return Nd4j.createFromArray(axes).reshape(new long[] {directions, features});
    }
}

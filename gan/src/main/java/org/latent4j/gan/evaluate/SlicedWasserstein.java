package org.latent4j.gan.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;

/**
 * Sliced Wasserstein-1 distance of generated and real samples: the mean, over random directions, of the distance of the projections.
 *
 * <p>In the data's own units. Both {@code distance} and {@code floor} compare {@code samples} rows with the same half of the real data,
 * the floor those of its other half: what a perfect generator would score, as the distance of finite samples is never 0. Memory is
 * (samples, directions) floats.
 *
 * <p>Throws {@link DataException} for sizes that differ, fewer than 2 real samples, no directions, and values that are not finite.
 *
 * <p>Source: Rabin, Peyre, Delon, Bernot, "Wasserstein barycenter and its application to texture mixing", SSVM 2011.
 */
public record SlicedWasserstein(double distance, double floor, int samples, int directions, long seed) {
    private static final int TILE = 1024;
    private static final long SPLIT_STREAM = -1; // directions count from 0

    public static SlicedWasserstein of(Rows generated, Rows real, int directions, long seed) {
        generated.checkFeatures(real);
        int samples = Math.min(generated.count(), real.count() / 2);
        if (samples < 1) {
            throw new DataException("the sliced Wasserstein distance takes at least 2 real samples, but there is 1");
        }
        int[] order = IntStream.range(0, real.count()).toArray();
        new Philox(seed, Philox.Purpose.EVALUATION, SPLIT_STREAM).shuffle(order);
        float[][] half = project(real, Arrays.copyOf(order, samples), directions, seed);
        float[][] other = project(real, Arrays.copyOfRange(order, samples, 2 * samples), directions, seed);
        float[][] own = project(generated, IntStream.range(0, samples).toArray(), directions, seed);
        return new SlicedWasserstein(mean(own, half), mean(other, half), samples, directions, seed);
    }

    /** The distance alone, of any two numbers of samples. */
    public static double distance(Rows a, Rows b, int directions, long seed) {
        a.checkFeatures(b);
        return mean(
                project(a, IntStream.range(0, a.count()).toArray(), directions, seed),
                project(b, IntStream.range(0, b.count()).toArray(), directions, seed));
    }

    private static double mean(float[][] a, float[][] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(k -> wasserstein(a[k], b[k]))
                .average()
                .orElseThrow();
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

    /** Sorted projections of some rows, (directions, rows). */
    private static float[][] project(Rows rows, int[] indices, int directions, long seed) {
        if (directions < 1) {
            throw new DataException("the number of directions must be at least 1, but is " + directions);
        }
        float[][] projections = new float[directions][indices.length];
        try (RowProducts axes = new RowProducts(axes(rows.features(), directions, seed), rows.features())) {
            for (int from = 0; from < indices.length; from += TILE) {
                int to = Math.min(from + TILE, indices.length);
                float[] products = axes.with(rows.gather(Arrays.copyOfRange(indices, from, to)));
                for (int k = 0; k < directions; k++) {
                    System.arraycopy(products, k * (to - from), projections[k], from, to - from);
                }
            }
        }
        Arrays.stream(projections).parallel().forEach(Arrays::sort);
        return projections;
    }

    /** Unit vectors, uniform on the sphere, (directions, features). */
    private static float[] axes(int features, int directions, long seed) {
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
        return axes;
    }
}

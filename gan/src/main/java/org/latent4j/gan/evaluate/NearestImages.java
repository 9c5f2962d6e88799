package org.latent4j.gan.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The training image nearest to each generated one: whether a generator copies what it was shown.
 *
 * <p>Distances are root mean squares per value, in the units of the rows. {@code nearest} and {@code distance} are (generated): exact index
 * (the lowest of equals) and exact distance. {@code reference} is (held out): as many real samples as generated ones, at most a tenth of
 * the real ones, against the rest of the real ones. {@code copies} is the share of generated samples nearer to a training image than 99 of
 * 100 held-out ones are: about 0.01 without copying.
 *
 * <p>Throws {@link DataException} for sizes that differ, fewer than 2 real samples, and values that are not finite.
 *
 * <p>Source: the comparison with held-out samples follows Meehan, Chaudhuri, Dasgupta, "A non-parametric test to detect data-copying in
 * generative models", AISTATS 2020.
 */
public record NearestImages(
        int[] nearest,
        double[] distance,
        double[] reference,
        double copies,
        double medianDistance,
        double medianReference,
        double minDistance,
        double minReference,
        long seed) {

    private static final int TILE = 4096;
    private static final double RARE = 0.01;
    private static final long HELD_OUT_STREAM = -2; // directions of projections count from 0
    private static final String TASK = "finding the nearest training images";

    public static NearestImages of(Rows generated, Rows real, long seed, Primitives primitives, Progress progress) {
        generated.checkFeatures(real);
        if (real.count() < 2) {
            throw new DataException("the nearest other real sample takes at least 2 of them, but there is 1");
        }
        int[] order = IntStream.range(0, real.count()).toArray();
        new Philox(seed, Philox.Purpose.EVALUATION, HELD_OUT_STREAM).shuffle(order);
        int[] heldOut = Arrays.copyOf(order, Math.min(generated.count(), Math.max(1, real.count() / 10)));
        boolean[] isHeldOut = new boolean[real.count()];
        Arrays.stream(heldOut).forEach(index -> isHeldOut[index] = true);
        Search own = new Search(generated.toArray(), primitives);
        Search other = new Search(real.subset(heldOut).toArray(), primitives);
        for (int from = 0; from < real.count(); from += TILE) {
            int to = Math.min(from + TILE, real.count());
            own.among(real, IntStream.range(from, to).toArray());
            other.among(
                    real, IntStream.range(from, to).filter(i -> !isHeldOut[i]).toArray());
            progress.report(TASK, to, real.count());
        }
        return of(own.nearest, own.rootMeanSquares(), other.rootMeanSquares(), seed);
    }

    private static NearestImages of(int[] nearest, double[] distance, double[] reference, long seed) {
        double[] own = sorted(distance);
        double[] other = sorted(reference);
        double rare = other[(int) (RARE * other.length)];
        double copies = Arrays.stream(own).filter(d -> d < rare).count() / (double) own.length;
        return new NearestImages(
                nearest, distance, reference, copies, median(own), median(other), own[0], other[0], seed);
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The nearest of all tiles so far, for every query. */
    private static final class Search {
        private final INDArray queries; // (queries, features)
        private final Primitives primitives;
        private final int[] nearest;
        private final double[] least;

        Search(INDArray queries, Primitives primitives) {
            this.queries = queries;
            this.primitives = primitives;
            this.nearest = new int[(int) queries.rows()];
            this.least = new double[nearest.length];
            Arrays.fill(least, Double.POSITIVE_INFINITY);
        }

        void among(Rows real, int[] indices) {
            if (indices.length == 0) {
                return;
            }
            try (Matrix points = primitives.matrix(real.subset(indices).toArray());
                    Matrix asked = primitives.matrix(queries)) {
                Primitives.Neighbours found = primitives.neighbours(points, asked, 1);
                for (int i = 0; i < nearest.length; i++) {
                    if (found.distances()[i] < least[i]) { // tiles come in order: the lowest of equals stays
                        least[i] = found.distances()[i];
                        nearest[i] = indices[found.indices()[i]];
                    }
                }
            }
        }

        double[] rootMeanSquares() {
            return Arrays.stream(least)
                    .map(distance -> distance / Math.sqrt(queries.columns()))
                    .toArray();
        }
    }
}

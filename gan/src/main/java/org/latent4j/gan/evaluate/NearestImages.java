package org.latent4j.gan.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;

/**
 * The training image nearest to each generated one: whether a generator copies what it was shown.
 *
 * <p>Distances are root mean squares per value, in the units of the rows. {@code nearest} and {@code distance} are (generated): exact index
 * (the lowest of equals) and exact distance. {@code reference} is (held out): as many real samples as generated ones, at most a tenth of
 * the real ones, against the rest of the real ones. Distances well below the reference's mean copies.
 *
 * <p>Throws {@link DataException} for sizes that differ, fewer than 2 real samples, and values that are not finite.
 *
 * <p>Method: matrix products over tiles give squared distances with a bounded rounding error; what the bound can't exclude is computed
 * again in double precision (bound: Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 3.1).
 */
public record NearestImages(
        int[] nearest,
        double[] distance,
        double[] reference,
        double medianDistance,
        double medianReference,
        double minDistance,
        double minReference,
        long seed) {

    private static final int TILE = 1024;
    private static final double UNIT_ROUNDOFF = 0x1.0p-24;
    private static final long HELD_OUT_STREAM = -2; // directions of projections count from 0
    private static final String TASK = "finding the nearest training images";

    public static NearestImages of(Rows generated, Rows real, long seed, Progress progress) {
        generated.checkFeatures(real);
        if (real.count() < 2) {
            throw new DataException("the nearest other real sample takes at least 2 of them, but there is 1");
        }
        int[] order = IntStream.range(0, real.count()).toArray();
        new Philox(seed, Philox.Purpose.EVALUATION, HELD_OUT_STREAM).shuffle(order);
        int[] heldOut = Arrays.copyOf(order, Math.min(generated.count(), Math.max(1, real.count() / 10)));
        boolean[] isHeldOut = new boolean[real.count()];
        Arrays.stream(heldOut).forEach(index -> isHeldOut[index] = true);

        int own = generated.count();
        int features = generated.features();
        float[] queries = Arrays.copyOf(generated.slice(0, own), Math.multiplyExact(own + heldOut.length, features));
        System.arraycopy(real.gather(heldOut), 0, queries, own * features, heldOut.length * features);
        try (Search search = new Search(queries, features)) {
            for (int from = 0; from < real.count(); from += TILE) {
                int to = Math.min(from + TILE, real.count());
                search.against(real.slice(from, to), from, own, isHeldOut);
                progress.report(TASK, to, real.count());
            }
            double[] distance = search.distances(0, own);
            double[] reference = search.distances(own, own + heldOut.length);
            return new NearestImages(
                    Arrays.copyOf(search.nearest, own),
                    distance,
                    reference,
                    median(distance),
                    median(reference),
                    Arrays.stream(distance).min().orElseThrow(),
                    Arrays.stream(reference).min().orElseThrow(),
                    seed);
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The nearest of all tiles so far, for every query. */
    private static final class Search implements AutoCloseable {
        private final float[] queries; // (queries, features)
        private final int features;
        private final double[] norms;
        private final RowProducts products;
        private final int[] nearest;
        private final double[] least; // exact squared distance to the nearest

        Search(float[] queries, int features) {
            this.queries = queries;
            this.features = features;
            this.norms = squaredNorms(queries, features);
            this.nearest = new int[norms.length];
            this.least = new double[norms.length];
            this.products = new RowProducts(queries, features);
            Arrays.fill(least, Double.POSITIVE_INFINITY);
        }

        /** Queries from {@code hiding} on don't see the hidden rows. */
        void against(float[] tile, int firstIndex, int hiding, boolean[] hidden) {
            double[] tileNorms = squaredNorms(tile, features);
            int rows = tileNorms.length;
            float[] dots = products.with(tile); // (queries, rows)
            double bound = (features + 8) * UNIT_ROUNDOFF;
            IntStream.range(0, norms.length).parallel().forEach(query -> {
                for (int row = 0; row < rows; row++) {
                    double norm = norms[query] + tileNorms[row];
                    double atLeast = norm - 2.0 * dots[query * rows + row] - bound * norm;
                    // Negated, so that a product that overflowed to NaN goes on to the exact distance.
                    boolean farther = atLeast >= least[query];
                    if (!farther && !(query >= hiding && hidden[firstIndex + row])) {
                        double exact = squaredDistance(query, tile, row);
                        if (exact < least[query]) {
                            least[query] = exact;
                            nearest[query] = firstIndex + row;
                        }
                    }
                }
            });
        }

        @Override
        public void close() {
            products.close();
        }

        private double squaredDistance(int query, float[] tile, int row) {
            double sum = 0;
            for (int j = 0; j < features; j++) {
                double difference = (double) queries[query * features + j] - tile[row * features + j];
                sum += difference * difference;
            }
            return sum;
        }

        double[] distances(int from, int to) {
            return Arrays.stream(least, from, to)
                    .map(square -> Math.sqrt(square / features))
                    .toArray();
        }

        private static double[] squaredNorms(float[] rows, int features) {
            double[] norms = new double[rows.length / features];
            IntStream.range(0, norms.length).parallel().forEach(i -> {
                for (int j = i * features; j < (i + 1) * features; j++) {
                    norms[i] += (double) rows[j] * rows[j];
                }
            });
            return norms;
        }
    }
}

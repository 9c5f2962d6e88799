package org.latent4j.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Hierarchies of many points: k-means to m small clusters, then agglomeration of their means, weighted by their sizes.
 *
 * <p>Points are (n, p), of Euclidean distance; time grows with n m p, memory with n p. With m = n the hierarchy is that of the points. Throws
 * {@link DataException} for what {@link KMeans} and {@link Agglomerative} do.
 *
 * <p>Source: Wong, "A hybrid clustering method for identifying high-density clusters", J. Am. Stat. Assoc. 77 (1982) 841.
 */
public final class Hybrid {
    /** First centres are sought among so many points for each small cluster. */
    private static final int SAMPLE_PER_CLUSTER = 20;

    private static final int SAMPLE_ITERATIONS = 5;

    private Hybrid() {}

    public static HybridModel fit(
            INDArray points, HybridOptions options, Primitives primitives, IterationListener listener) {
        Points checked = Points.of(points);
        int n = checked.n();
        if (options.m() >= n) {
            double[] ones = new double[n];
            Arrays.fill(ones, 1);
            return new HybridModel(
                    checked.array(),
                    ones,
                    IntStream.range(0, n).toArray(),
                    0,
                    Agglomerative.fit(points, options.linkage()),
                    options);
        }
        KMeansModel small = small(checked, options, primitives, listener);
        int[] kept = IntStream.range(0, options.m())
                .filter(c -> small.counts()[c] > 0)
                .toArray();
        int[] newIndex = new int[options.m()];
        for (int i = 0; i < kept.length; i++) {
            newIndex[kept[i]] = i;
        }
        int[] nearest = Arrays.stream(small.labels()).map(c -> newIndex[c]).toArray();
        double[] weights =
                Arrays.stream(kept).mapToDouble(c -> small.counts()[c]).toArray();
        INDArray means = Points.of(small.centres()).at(kept);
        return new HybridModel(
                means,
                weights,
                nearest,
                small.inertia(),
                Agglomerative.fit(means, weights, options.linkage(), Metric.EUCLIDEAN),
                options);
    }

    private static KMeansModel small(
            Points points, HybridOptions options, Primitives primitives, IterationListener listener) {
        KMeansOptions all = KMeansOptions.of(options.m())
                .withRestarts(1)
                .withSeed(options.seed())
                .withMaxIterations(options.maxIterations())
                .withTolerance(KMeansOptions.Stop.COST, 1e-4);
        long sample = (long) SAMPLE_PER_CLUSTER * options.m();
        if (points.n() > sample) {
            int[] drawn = drawn(points.n(), (int) sample, options.seed());
            KMeansModel first = KMeans.fit(points.at(drawn), all.withMaxIterations(SAMPLE_ITERATIONS), primitives);
            all = all.withStart(first.centres());
        }
        return KMeans.fit(points.array(), null, all, primitives, listener);
    }

    /** Different row indices, ascending. */
    private static int[] drawn(int n, int count, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.CLUSTER_START, Integer.MAX_VALUE);
        int[] drawn = new int[count];
        int left = count;
        for (int i = 0; i < n && left > 0; i++) {
            if (random.nextInt(n - i) < left) {
                drawn[count - left--] = i;
            }
        }
        return drawn;
    }
}

package org.latent4j.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Bisecting k-means: the cluster of the largest cost is split in two by k-means until there are k; clusters of similar cost, and faster than
 * k-means for large k.
 *
 * <p>Points are (n, p). Throws {@link DataException} for what {@link KMeans} does.
 *
 * <p>Source: Steinbach, Karypis, Kumar, "A comparison of document clustering techniques", KDD workshop on text mining 2000.
 */
public final class BisectingKMeans {
    private BisectingKMeans() {}

    /**
     * What was found.
     *
     * @param labels n; the cluster that was split keeps its number for the part of its lower points, the other part takes the next free one
     * @param costs of each cluster; fewer than k where there are fewer distinct points
     */
    public record Split(int[] labels, double[] costs) {
        public int k() {
            return costs.length;
        }

        public double inertia() {
            return Arrays.stream(costs).sum();
        }
    }

    /** With the options' restarts and rules for each split; given centres are not used. */
    public static Split fit(INDArray points, KMeansOptions options, Primitives primitives) {
        Points checked = Points.of(points);
        KMeans.check(checked, null, options.withStart(KMeansOptions.Start.PLUS_PLUS));
        KMeansOptions two = options.withStart(KMeansOptions.Start.PLUS_PLUS).withK(2);
        int n = checked.n();
        int[] labels = new int[n];
        double[] costs = new double[options.k()];
        costs[0] = KMeans.fit(points, two.withK(1).withRestarts(1), primitives).inertia();
        int found = 1;
        while (found < options.k()) {
            int widest = 0;
            for (int c = 1; c < found; c++) {
                widest = costs[c] > costs[widest] ? c : widest;
            }
            if (costs[widest] <= 0) {
                break; // all clusters are single points, some of them several times
            }
            int splitting = widest;
            int[] members =
                    IntStream.range(0, n).filter(i -> labels[i] == splitting).toArray();
            INDArray own = checked.at(members);
            KMeansModel halves = KMeans.fit(own, two, primitives);
            int kept = halves.labels()[0];
            double[] squared = new double[members.length];
            squaredDistances(halves, own, squared, primitives);
            costs[splitting] = 0;
            for (int i = 0; i < members.length; i++) {
                int cluster = halves.labels()[i] == kept ? splitting : found;
                labels[members[i]] = cluster;
                costs[cluster] += squared[i];
            }
            found++;
        }
        return new Split(labels, Arrays.copyOf(costs, found));
    }

    private static void squaredDistances(KMeansModel model, INDArray points, double[] squared, Primitives primitives) {
        try (Matrix matrix = primitives.matrix(points)) {
            primitives.nearest(matrix, model.centres(), new int[squared.length], squared);
        }
    }
}

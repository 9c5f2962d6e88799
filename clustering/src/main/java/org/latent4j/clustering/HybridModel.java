package org.latent4j.clustering;

import java.util.Arrays;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.Primitives.SegmentSums;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What {@link Hybrid} found: small clusters and the hierarchy of their means. The arrays are as they are held, not copies.
 *
 * @param means (m, p): the small clusters; fewer than asked for where there are fewer points or distinct points
 * @param weights m: points of each
 * @param nearest n: the small cluster of each point
 * @param inertia the sum of squared distances from the points to their small clusters' means
 * @param table of the means; its sizes count means
 * @param options that it was made with
 */
public record HybridModel(
        INDArray means, double[] weights, int[] nearest, double inertia, LinkageTable table, HybridOptions options) {

    public int m() {
        return weights.length;
    }

    /** Labels n of k clusters of points, numbered by their first points. Throws {@link DataException} for k above m. */
    public int[] cutInto(int k) {
        if (k > m()) {
            throw new DataException("k is " + k + ", but the hierarchy is one of " + m()
                    + " small clusters; ask for fewer clusters or a larger m");
        }
        return ofPoints(table.cutInto(k));
    }

    /** Labels n of the clusters that are merged at or below a height, numbered by their first points. */
    public int[] cutAt(double height) {
        return ofPoints(table.cutAt(height));
    }

    private int[] ofPoints(int[] ofMeans) {
        int[] number = new int[m()];
        Arrays.fill(number, -1);
        int next = 0;
        int[] labels = new int[nearest.length];
        for (int i = 0; i < labels.length; i++) {
            int cluster = ofMeans[nearest[i]];
            if (number[cluster] < 0) {
                number[cluster] = next++;
            }
            labels[i] = number[cluster];
        }
        return labels;
    }

    /**
     * Consolidation: k-means of all points from the means of the hierarchy's k clusters, which mends what small clusters cut off wrongly.
     *
     * @param points those of the fit
     */
    public KMeansModel consolidate(INDArray points, int k, Primitives primitives, IterationListener listener) {
        int[] labels = cutInto(k);
        Points checked = Points.of(points);
        if (checked.n() != labels.length) {
            throw new DataException("there are " + checked.n() + " points, but the hierarchy was made of "
                    + labels.length + "; give the same points");
        }
        double[] centres = means(checked, labels, k, primitives);
        return KMeans.fit(
                points,
                null,
                KMeansOptions.of(k)
                        .withStart(Points.array(centres, k, checked.features(), checked.type()))
                        .withSeed(options.seed()),
                primitives,
                listener);
    }

    private static double[] means(Points points, int[] labels, int k, Primitives primitives) {
        int p = points.features();
        try (Matrix matrix = primitives.matrix(points.array())) {
            SegmentSums sums = primitives.segmentSums(matrix, labels, null, k);
            double[] means = sums.sums();
            Arrays.setAll(means, i -> means[i] / sums.weights()[i / p]);
            return means;
        }
    }
}

package org.latent4j.clustering;

import org.latent4j.compute.Matrix;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.Primitives.SegmentSums;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How a partition of points (n, p) spreads within and between its clusters; distances are Euclidean, to the clusters' means.
 *
 * <p>Throws {@link DataException} for less than two clusters, as many as points, and labels that don't fit.
 *
 * <p>Sources: Calinski, Harabasz, "A dendrite method for cluster analysis", Commun. Statist. 3 (1974) 1; Davies, Bouldin, "A cluster
 * separation measure", IEEE PAMI 1 (1979) 224.
 *
 * @param inertia the sum of squared distances to the means
 * @param calinskiHarabasz spread between over spread within, each by its degrees of freedom; higher is better
 * @param daviesBouldin the mean over clusters of the largest (s_i + s_j) / d_ij, with s the mean distance to the mean; lower is better
 */
public record Dispersion(double inertia, double calinskiHarabasz, double daviesBouldin) {
    private static final int ROWS_AT_ONCE = 1024;

    public static Dispersion of(INDArray points, int[] labels, Primitives primitives) {
        Points checked = Points.of(points);
        int most = Labels.check(labels, checked.n());
        SegmentSums sums;
        try (Matrix matrix = primitives.matrix(checked.array())) {
            sums = primitives.segmentSums(matrix, labels, null, most);
        }
        int clusters = 0;
        for (long count : sums.counts()) {
            clusters += count > 0 ? 1 : 0;
        }
        if (clusters < 2 || clusters >= checked.n()) {
            throw new DataException("scores of a partition need 2 to " + (checked.n() - 1) + " clusters of "
                    + checked.n() + " points, but there are " + clusters);
        }
        double[][] means = means(sums, checked.features());
        double[] distance = new double[most];
        double inertia = within(checked, labels, means, distance);
        return new Dispersion(
                inertia,
                inertia == 0
                        ? Double.POSITIVE_INFINITY
                        : between(means, sums) / (clusters - 1) * (checked.n() - clusters) / inertia,
                daviesBouldin(means, distance, sums.counts(), clusters));
    }

    private static double[][] means(SegmentSums sums, int p) {
        double[][] means = new double[sums.counts().length][p];
        for (int c = 0; c < means.length; c++) {
            for (int f = 0; f < p && sums.counts()[c] > 0; f++) {
                means[c][f] = sums.sums()[c * p + f] / sums.counts()[c];
            }
        }
        return means;
    }

    /** The sum of squared distances; the sums of distances by cluster go to {@code distance}. */
    private static double within(Points points, int[] labels, double[][] means, double[] distance) {
        int p = points.features();
        double[] rows = new double[ROWS_AT_ONCE * p];
        double inertia = 0;
        for (int from = 0; from < points.n(); from += ROWS_AT_ONCE) {
            int count = Math.min(ROWS_AT_ONCE, points.n() - from);
            points.read(from, count, rows);
            for (int i = 0; i < count; i++) {
                double[] mean = means[labels[from + i]];
                double squared = 0;
                for (int f = 0; f < p; f++) {
                    double by = rows[i * p + f] - mean[f];
                    squared += by * by;
                }
                inertia += squared;
                distance[labels[from + i]] += Math.sqrt(squared);
            }
        }
        return inertia;
    }

    private static double between(double[][] means, SegmentSums sums) {
        int p = means[0].length;
        double[] middle = new double[p];
        double n = 0;
        for (int c = 0; c < means.length; c++) {
            n += sums.counts()[c];
            for (int f = 0; f < p; f++) {
                middle[f] += sums.sums()[c * p + f];
            }
        }
        double between = 0;
        for (int c = 0; c < means.length; c++) {
            for (int f = 0; f < p; f++) {
                double by = means[c][f] - middle[f] / n;
                between += sums.counts()[c] * by * by;
            }
        }
        return between;
    }

    private static double daviesBouldin(double[][] means, double[] distance, long[] counts, int clusters) {
        double sum = 0;
        for (int i = 0; i < means.length; i++) {
            double worst = 0;
            for (int j = 0; j < means.length; j++) {
                if (i != j && counts[i] > 0 && counts[j] > 0) {
                    double apart = 0;
                    for (int f = 0; f < means[i].length; f++) {
                        double by = means[i][f] - means[j][f];
                        apart += by * by;
                    }
                    double spread = distance[i] / counts[i] + distance[j] / counts[j];
                    worst = Math.max(worst, spread == 0 ? 0 : spread / Math.sqrt(apart));
                }
            }
            sum += worst;
        }
        return sum / clusters;
    }
}

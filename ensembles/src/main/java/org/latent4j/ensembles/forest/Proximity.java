package org.latent4j.ensembles.forest;

import org.latent4j.data.DataException;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.tree.Workers;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How near points are to each other in a forest's eyes: the share of trees in which two of them end in the same leaf.
 *
 * <p>1 - proximity is a dissimilarity for clustering. Throws {@link DataException} for more than 20,000 points, whose matrix would not fit.
 *
 * <p>Source: Breiman and Cutler, "Random forests" (manual), 2003.
 */
public final class Proximity {
    private static final int MOST_POINTS = 20_000;

    private Proximity() {}

    /** Of points (n, p): a symmetric matrix (n, n) of FLOAT with 1 on its diagonal. */
    public static INDArray of(RandomForest forest, INDArray points) {
        Points.require(points, forest.features(), "this forest");
        if (points.size(0) > MOST_POINTS) {
            throw new DataException("proximities of " + points.size(0)
                    + " points are a matrix of that many rows and columns; give at most " + MOST_POINTS);
        }
        int n = (int) points.size(0);
        int trees = forest.trees().size();
        int[][] leaves = new int[n][trees];
        forest.walk().run(Points.floats(points), Workers.all(), (t, first, found, count) -> {
            for (int i = 0; i < count; i++) {
                leaves[first + i][t] = found[i];
            }
        });
        float[] shares = new float[n * n];
        Workers.run(Workers.all(), n, () -> null, (none, i) -> {
            int[] own = leaves[i];
            for (int j = 0; j <= i; j++) {
                int[] other = leaves[j];
                int same = 0;
                for (int t = 0; t < trees; t++) {
                    same += own[t] == other[t] ? 1 : 0;
                }
                shares[i * n + j] = (float) same / trees;
                shares[j * n + i] = shares[i * n + j];
            }
        });
        return Nd4j.create(shares, new long[] {n, n}, 'c');
    }
}

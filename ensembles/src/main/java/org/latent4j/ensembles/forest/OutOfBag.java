package org.latent4j.ensembles.forest;

import java.util.Arrays;
import org.latent4j.data.DataException;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Score;
import org.latent4j.ensembles.tree.Tree;

/**
 * What the trees say of the points that they have not seen: an estimate of the forest's error without other data.
 *
 * <p>Throws {@link DataException} for a forest whose trees saw all points.
 *
 * @param predictions n * k, row by row: mean over the trees that have not seen the point; NaN where all have
 * @param score accuracy or R^2 over the points that some tree has not seen
 * @param unseenShare of all pairs of a tree and a point, the share where the tree has not seen the point; about 1/e for draws as large as the
 *     data
 * @param inEveryBag points that all trees have seen
 */
public record OutOfBag(double[] predictions, double score, double unseenShare, int inEveryBag) {

    /** Draws each tree's bag again, by the same seed. */
    public static OutOfBag of(RandomForest forest, Samples samples, ForestOptions options) {
        if (!options.bootstrap()) {
            throw new DataException("every tree has seen all points: there are none out of bag; grow with bootstrap");
        }
        int n = samples.size();
        int k = forest.outputs();
        long[][] seen = new long[forest.trees().size()][];
        for (int t = 0; t < seen.length; t++) {
            seen[t] = seen(ForestFit.draws(n, options, t));
        }
        double[] sums = new double[n * k];
        int[] votes = new int[n];
        forest.walk().run(Points.floats(samples.points()), options.threads(), (t, first, leaves, count) -> {
            Tree tree = forest.trees().get(t);
            for (int i = 0; i < count; i++) {
                int row = first + i;
                if ((seen[t][row >>> 6] >>> row & 1) == 0) {
                    votes[row]++;
                    for (int c = 0; c < k; c++) {
                        sums[row * k + c] += tree.value(leaves[i], c);
                    }
                }
            }
        });
        for (int i = 0; i < sums.length; i++) {
            sums[i] = votes[i / k] == 0 ? Double.NaN : sums[i] / votes[i / k];
        }
        int never = (int) Arrays.stream(votes).filter(v -> v == 0).count();
        double share = Arrays.stream(votes).asLongStream().sum() / ((double) n * seen.length);
        return new OutOfBag(sums, Score.of(samples, sums), share, never);
    }

    private static long[] seen(int[] draws) {
        long[] bits = new long[(draws.length + 63) / 64];
        for (int row = 0; row < draws.length; row++) {
            if (draws[row] > 0) {
                bits[row >>> 6] |= 1L << row;
            }
        }
        return bits;
    }
}

package org.latent4j.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Metric;

/**
 * The nearest points of each point among those of other trees, a few of them, nearest first.
 *
 * <p>What is not in a list is as far as its last entry or farther, but for points of the same tree; trees only grow, so lists stay true.
 */
final class NearestLists {
    private static final int LENGTH = 8;
    private static final int TOGETHER = 8;

    private final SpatialBlocks points;
    private final Metric metric;
    private final int length;
    private final double[] distances; // (n, length)
    private final int[] indices;
    private final int[] at; // by point: the first entry that is not known to be in its own tree

    NearestLists(SpatialBlocks points, Metric metric) {
        this.points = points;
        this.metric = metric;
        this.length = Math.min(LENGTH, points.n() - 1);
        this.distances = new double[points.n() * length];
        this.indices = new int[points.n() * length];
        this.at = new int[points.n()];
    }

    /** Goes on to the first entry in another tree; false where the list has none left. */
    boolean find(int point, int[] tree) {
        while (at[point] < length) {
            int index = indices[point * length + at[point]];
            if (index < 0) {
                return false; // fewer other points are left than a list holds
            }
            if (tree[index] != tree[point]) {
                return true;
            }
            at[point]++;
        }
        return false;
    }

    /** Of the entry that was found. */
    double distance(int point) {
        return distances[point * length + at[point]];
    }

    int nearest(int point) {
        return indices[point * length + at[point]];
    }

    /** No point outside of tree and list is nearer. */
    double bound(int point) {
        return distances[point * length + length - 1];
    }

    /** Makes new lists for some points, in ascending order; on all cores. */
    void search(int[] which, int[] tree) {
        int[] treeOfBlock = new int[points.columns().blocks()];
        for (int block = 0; block < treeOfBlock.length; block++) {
            int first = Columns.first(block);
            treeOfBlock[block] = tree[first];
            for (int i = first; i < first + points.columns().size(block); i++) {
                if (tree[i] != tree[first]) {
                    treeOfBlock[block] = -1; // of several
                }
            }
        }
        int groups = (which.length + TOGETHER - 1) / TOGETHER;
        IntStream.range(0, groups).parallel().forEach(group -> {
            int from = group * TOGETHER;
            search(Arrays.copyOfRange(which, from, Math.min(which.length, from + TOGETHER)), tree, treeOfBlock);
        });
    }

    private void search(int[] together, int[] tree, int[] treeOfBlock) {
        double[] found = new double[Columns.BLOCK];
        double[][] rows = new double[together.length][];
        for (int i = 0; i < together.length; i++) {
            rows[i] = points.columns().row(together[i]);
            int first = together[i] * length;
            Arrays.fill(distances, first, first + length, Double.POSITIVE_INFINITY);
            Arrays.fill(indices, first, first + length, -1);
            at[together[i]] = 0;
        }
        for (int block : points.outwards(together[0] / Columns.BLOCK)) {
            for (int i = 0; i < together.length; i++) {
                int own = together[i];
                double last = distances[own * length + length - 1];
                if (treeOfBlock[block] == tree[own] || points.atLeast(metric, rows[i], block) >= last) {
                    continue;
                }
                int count = points.columns().size(block);
                points.columns().distances(metric, rows[i], block, found);
                if (Columns.anyBelow(found, count, last)) {
                    take(own, found, Columns.first(block), count, tree);
                }
            }
        }
    }

    private void take(int own, double[] found, int first, int count, int[] tree) {
        int end = own * length + length - 1;
        for (int j = 0; j < count; j++) {
            if (found[j] < distances[end] && tree[first + j] != tree[own]) {
                int place = end;
                while (place > own * length && distances[place - 1] > found[j]) {
                    distances[place] = distances[place - 1];
                    indices[place] = indices[place - 1];
                    place--;
                }
                distances[place] = found[j];
                indices[place] = first + j;
            }
        }
    }
}

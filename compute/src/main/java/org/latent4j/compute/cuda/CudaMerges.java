package org.latent4j.compute.cuda;

import java.util.Arrays;
import org.latent4j.compute.Primitives;

/**
 * Agglomeration by rounds on a matrix of distances: all pairs of clusters that are each other's nearest are merged at once. The card searches
 * and computes distances, the host pairs.
 *
 * <p>Right for reducible linkages, where a merged cluster is never nearer to a third one than the nearer of its parts was: the nearest
 * neighbour of a cluster stays so until it is merged itself.
 *
 * <p>Source: Murtagh, "A survey of recent advances in hierarchical clustering algorithms", Comput. J. 26 (1983) 354.
 */
final class CudaMerges {
    /** In the kernels' order. */
    private static final int GONE_BEFORE = 0;

    private static final int STAYS = 1;
    private static final int KEPT = 2;
    private static final int GONE = 3;

    private final DistanceMatrix matrix;
    private final Primitives.Merging rule;
    private final int n;
    private final int[] group; // by cluster: itself, or -1 when it is gone
    private final int[] states;
    private final double[] sizes;
    private final int[] nearest; // by cluster
    private final double[] distance;
    private final int[] kept;
    private final int[] gone;
    private final double[] heights;
    private int merged;

    CudaMerges(DistanceMatrix matrix, Primitives.Merging rule) {
        this.matrix = matrix;
        this.rule = rule;
        this.n = matrix.n();
        this.group = new int[n];
        Arrays.setAll(group, i -> i);
        this.states = new int[n];
        this.sizes = new double[n];
        Arrays.fill(sizes, 1);
        this.nearest = new int[n];
        this.distance = new double[n];
        this.kept = new int[n - 1];
        this.gone = new int[n - 1];
        this.heights = new double[n - 1];
    }

    Primitives.Merges merges() {
        int[] stale = group.clone();
        int[] found = new int[n];
        double[] far = new double[n];
        while (merged < n - 1) {
            matrix.nearest(stale, stale.length, group, found, far);
            for (int i = 0; i < stale.length; i++) {
                nearest[stale[i]] = found[i];
                distance[stale[i]] = far[i];
            }
            int first = merged;
            pair();
            int pairs = merged - first;
            Arrays.setAll(states, c -> group[c] < 0 ? GONE_BEFORE : STAYS);
            for (int m = first; m < merged; m++) {
                states[kept[m]] = KEPT;
                states[gone[m]] = GONE;
            }
            matrix.merge(
                    rule.ordinal(),
                    pairs,
                    Arrays.copyOfRange(kept, first, merged),
                    Arrays.copyOfRange(gone, first, merged),
                    Arrays.copyOfRange(heights, first, merged),
                    sizes,
                    states);
            for (int m = first; m < merged; m++) {
                sizes[kept[m]] += sizes[gone[m]];
                group[gone[m]] = -1;
            }
            stale = Arrays.stream(group)
                    .filter(c -> c >= 0 && (states[c] == KEPT || states[nearest[c]] != STAYS))
                    .toArray();
        }
        return new Primitives.Merges(kept, gone, heights);
    }

    /** Records all pairs of clusters that are each other's nearest. */
    private void pair() {
        int first = merged;
        int closest = -1;
        for (int a = 0; a < n; a++) {
            if (group[a] < 0) {
                continue;
            }
            int b = nearest[a];
            if (b < 0) {
                throw new CudaException("distances are not numbers, so that nothing is near");
            }
            if (a < b && nearest[b] == a) {
                record(a, b);
            }
            closest = closest < 0 || distance[a] < distance[closest] ? a : closest;
        }
        if (merged == first) {
            // Equal distances can leave nearest ones in a ring; merging the closest pair of all is right by definition.
            record(Math.min(closest, nearest[closest]), Math.max(closest, nearest[closest]), distance[closest]);
        }
    }

    private void record(int a, int b) {
        record(a, b, distance[a]);
    }

    private void record(int a, int b, double height) {
        kept[merged] = a;
        gone[merged] = b;
        heights[merged++] = height;
    }
}

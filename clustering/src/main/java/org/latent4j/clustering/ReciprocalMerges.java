package org.latent4j.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.data.Progress;

/**
 * Agglomeration by rounds: every pair of clusters that are each other's nearest is merged, all such pairs of a round at once and in parallel.
 *
 * <p>Right for reducible linkages, where a merged cluster is never nearer to a third one than the nearer of its parts was. So a nearest
 * neighbour stays one until it is merged itself; and a short list of the nearest ones, with a bound that all others are beyond, stays true: an
 * entry that was merged is as far as it was or farther, and is measured again when it comes first. A merged cluster gets its list at once. One
 * whose list is used up has its bound; those of the lowest bounds are searched again, as many as were merged, so that clusters whose turn is far
 * off wait.
 *
 * <p>Equally near clusters: the first in an order that all share is the nearest, so that a pair can always be found.
 *
 * <p>Sources: Murtagh, "A survey of recent advances in hierarchical clustering algorithms", Comput. J. 26 (1983) 354; Müllner, "Modern
 * hierarchical, agglomerative clustering algorithms", arXiv:1109.2378.
 */
final class ReciprocalMerges {
    private static final int LENGTH = 8;
    private static final int LEAST_SEARCHES = 16;
    private static final int PART_SEARCHED = 32;
    private static final int SEARCHES_TOGETHER = FloatScreen.TOGETHER;
    /** Clusters that one task looks through. */
    private static final int CHUNK = 2048;

    private final Clusters clusters;
    private final int n;
    private final ShortLists lists; // of each cluster, by the others' names
    private final double[] bound; // by cluster: all that are not in its list are as far or farther
    private final boolean[] known; // by cluster: the first of its list is its nearest
    private int[] active;

    // A cluster's name is its point or, when it is merged, n + the number of merges before: so a list can tell what has
    // changed.
    private final int[] name; // by cluster
    private final int[] cluster; // by name
    private final int[] into; // by name: itself, or one that it was merged into

    private int merged;
    private final int[] kept;
    private final int[] gone;
    private final double[] heights;

    private ReciprocalMerges(Clusters clusters) {
        this.clusters = clusters;
        this.n = clusters.n();
        this.lists = new ShortLists(n, LENGTH);
        this.bound = new double[n];
        this.known = new boolean[n];
        this.active = all(n);
        this.name = all(n);
        this.cluster = all(2 * n - 1);
        this.into = all(2 * n - 1);
        this.kept = new int[n - 1];
        this.gone = new int[n - 1];
        this.heights = new double[n - 1];
    }

    static LinkageTable of(Clusters clusters, Progress progress) {
        ReciprocalMerges merges = new ReciprocalMerges(clusters);
        merges.run(progress);
        for (int i = 0; i < merges.heights.length; i++) {
            merges.heights[i] = clusters.height(merges.heights[i]);
        }
        return LinkageTable.sorted(merges.n, merges.kept, merges.gone, merges.heights);
    }

    private void run(Progress progress) {
        search(active);
        while (merged < n - 1) {
            int pairs = mergeReciprocal();
            progress.report("merges", merged, n - 1);
            lookThrough();
            search(lowest(Math.max(LEAST_SEARCHES, Math.max(pairs, active.length / PART_SEARCHED))));
        }
    }

    /** Merges all reciprocal pairs; how many there were. */
    private int mergeReciprocal() {
        int first = merged;
        for (int a : active) {
            if (known[a]) {
                int b = nearest(a);
                if (a < b && known[b] && nearest(b) == a) {
                    record(a, b);
                }
            }
        }
        if (merged == first) {
            mergeClosestIfAllAreKnown();
        }
        int pairs = merged - first;
        if (pairs > 0) {
            int[] merging = Arrays.copyOfRange(kept, first, merged);
            for (int c : merging) {
                lists.clear(c);
            }
            clusters.mergeAndScan(
                    merging,
                    Arrays.copyOfRange(gone, first, merged),
                    Arrays.copyOfRange(heights, first, merged),
                    lists);
            for (int m = first; m < merged; m++) {
                join(m);
            }
            for (int c : merging) {
                searched(c);
            }
            active = Arrays.stream(active).filter(c -> name[c] >= 0).toArray();
        }
        return pairs;
    }

    private int nearest(int c) {
        return cluster[lists.other(c, 0)];
    }

    private void record(int a, int b) {
        kept[merged] = Math.min(a, b);
        gone[merged] = Math.max(a, b);
        heights[merged++] = lists.distance(a, 0);
    }

    /**
     * Equal distances can leave nearest ones in a ring: a cluster keeps its choice when an equally near one arises before it. Then the
     * closest pair of all is merged, which is right by definition.
     */
    private void mergeClosestIfAllAreKnown() {
        int closest = active[0];
        for (int c : active) {
            if (!known[c]) {
                return;
            }
            closest = lists.distance(c, 0) < lists.distance(closest, 0) ? c : closest;
        }
        record(closest, nearest(closest));
    }

    private void join(int merge) {
        int a = kept[merge];
        int b = gone[merge];
        into[name[a]] = n + merge;
        into[name[b]] = n + merge;
        name[a] = n + merge;
        name[b] = -1;
        cluster[n + merge] = a;
    }

    /** Finds the nearest in each list that still has it. */
    private void lookThrough() {
        inChunks(active.length, CHUNK, (from, to) -> {
            for (int i = from; i < to; i++) {
                int c = active[i];
                known[c] = known[c] && firstIsNearest(c);
            }
        });
    }

    private boolean firstIsNearest(int c) {
        while (lists.count(c) > 0) {
            int first = lists.other(c, 0);
            int now = into[first];
            if (now == first) {
                return true;
            }
            while (into[now] != now) {
                now = into[now];
            }
            lists.removeFirst(c);
            if (!lists.contains(c, now)) {
                double distance = clusters.distance(c, cluster[now]);
                if (distance < bound[c]) {
                    lists.offer(c, distance, now);
                }
            }
        }
        return false;
    }

    /** Clusters of unknown nearest, those of the lowest bounds, at least so many; all where no more are unknown. */
    private int[] lowest(int atLeast) {
        int[] unknown = Arrays.stream(active).filter(c -> !known[c]).toArray();
        if (unknown.length <= atLeast) {
            return unknown;
        }
        int[] order = unknown.clone();
        SpatialBlocks.select(order, bound, 0, order.length - 1, atLeast - 1);
        double limit = bound[order[atLeast - 1]];
        return Arrays.stream(unknown).filter(c -> bound[c] <= limit).toArray();
    }

    /** Searches the nearest few of each of these, some together, on all cores. */
    private void search(int[] which) {
        inChunks(which.length, SEARCHES_TOGETHER, (from, to) -> {
            for (int i = from; i < to; i++) {
                lists.clear(which[i]);
            }
            clusters.scan(which, from, to, lists);
            for (int i = from; i < to; i++) {
                searched(which[i]);
            }
        });
    }

    private void searched(int c) {
        bound[c] = lists.last(c);
        known[c] = true;
        for (int entry = 0; entry < lists.count(c); entry++) {
            lists.rename(c, entry, name[lists.other(c, entry)]);
        }
    }

    interface Part {
        void run(int from, int to);
    }

    static void inChunks(int count, int chunk, Part part) {
        if (count <= chunk) {
            part.run(0, count);
            return;
        }
        IntStream.range(0, (count + chunk - 1) / chunk)
                .parallel()
                .forEach(i -> part.run(i * chunk, Math.min(count, (i + 1) * chunk)));
    }

    static int[] all(int n) {
        return IntStream.range(0, n).toArray();
    }
}

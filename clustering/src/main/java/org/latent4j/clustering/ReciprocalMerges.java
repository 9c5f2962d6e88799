package org.latent4j.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.clustering.Clusters.Neighbour;

/**
 * Agglomeration by rounds: every pair of clusters that are each other's nearest is merged, all such pairs of a round at once and in parallel.
 *
 * <p>Right for reducible linkages, where a merged cluster is never nearer to a third one than the nearer of its parts was: so a nearest
 * neighbour stays one until it is merged itself. What is known of each cluster is its nearest, or a lower bound of that distance; those of
 * the lowest bounds are searched again, twice as many as the round before merged, so that clusters whose turn is far off wait.
 * Equally near clusters: the lowest is the nearest, so that a pair can always be found.
 *
 * <p>Sources: Murtagh, "A survey of recent advances in hierarchical clustering algorithms", Comput. J. 26 (1983) 354; Müllner, "Modern
 * hierarchical, agglomerative clustering algorithms", arXiv:1109.2378.
 */
final class ReciprocalMerges {
    private static final int LEAST_SEARCHES = 16;
    private static final int SEARCHES_TOGETHER = 8;

    private final Clusters clusters;
    private final int n;
    private final Neighbour found;
    private final boolean[] known; // the nearest is exact; else distance is a lower bound
    private final boolean[] inMerge;
    private final int[] into; // of clusters merged in this round: the one they are in now
    private int[] active;
    private int merged;

    private final int[] kept;
    private final int[] gone;
    private final double[] heights;

    private ReciprocalMerges(Clusters clusters) {
        this.clusters = clusters;
        this.n = clusters.n();
        this.found = new Neighbour(n);
        this.known = new boolean[n];
        this.inMerge = new boolean[n];
        this.into = new int[n];
        this.active = all(n);
        this.kept = new int[n - 1];
        this.gone = new int[n - 1];
        this.heights = new double[n - 1];
    }

    static LinkageTable of(Clusters clusters) {
        ReciprocalMerges merges = new ReciprocalMerges(clusters);
        merges.run();
        for (int i = 0; i < merges.heights.length; i++) {
            merges.heights[i] = clusters.height(merges.heights[i]);
        }
        return LinkageTable.sorted(merges.n, merges.kept, merges.gone, merges.heights);
    }

    private void run() {
        search(active);
        while (merged < n - 1) {
            int pairs = mergeReciprocal();
            search(lowest(Math.max(LEAST_SEARCHES, 2 * pairs)));
        }
    }

    /** Merges all reciprocal pairs; how many there were. */
    private int mergeReciprocal() {
        int first = merged;
        for (int a : active) {
            int b = found.nearest()[a];
            if (known[a] && known[b] && found.nearest()[b] == a && a < b) {
                record(a, b);
            }
        }
        if (merged == first) {
            mergeClosestIfAllAreKnown();
        }
        int pairs = merged - first;
        if (pairs == 0) {
            return 0;
        }
        int[] pairKept = Arrays.copyOfRange(kept, first, merged);
        int[] pairGone = Arrays.copyOfRange(gone, first, merged);
        clusters.merge(pairKept, pairGone, Arrays.copyOfRange(heights, first, merged));
        for (int i = 0; i < pairs; i++) {
            inMerge[pairKept[i]] = true;
            inMerge[pairGone[i]] = true;
            into[pairKept[i]] = pairKept[i];
            into[pairGone[i]] = pairKept[i];
        }
        forget(pairKept, pairGone);
        return pairs;
    }

    private void record(int a, int b) {
        kept[merged] = Math.min(a, b);
        gone[merged] = Math.max(a, b);
        heights[merged++] = found.distance()[a];
    }

    /**
     * Equal distances can leave nearest ones in a ring: a cluster keeps its choice when an equally near and lower one arises. Then the
     * closest pair of all is merged, which is right by definition.
     */
    private void mergeClosestIfAllAreKnown() {
        int closest = active[0];
        for (int c : active) {
            if (!known[c]) {
                return;
            }
            closest = found.distance()[c] < found.distance()[closest] ? c : closest;
        }
        record(closest, found.nearest()[closest]);
    }

    /** Drops the merged clusters and what is no longer known of the others. */
    private void forget(int[] pairKept, int[] pairGone) {
        for (int i = 0; i < pairKept.length; i++) {
            int a = pairKept[i];
            known[a] = false;
            // Reducible: not nearer to any other than its parts were, which were each other's nearest.
            found.distance()[a] = Math.min(found.second()[a], found.second()[pairGone[i]]);
        }
        int left = 0;
        for (int c : active) {
            if (inMerge[c] && into[c] != c) {
                continue;
            }
            active[left++] = c;
            int nearest = found.nearest()[c];
            if (known[c] && inMerge[nearest]) {
                double toMerged = clusters.distance(into[nearest], c);
                if (toMerged < found.second()[c]) {
                    found.nearest()[c] = into[nearest];
                    found.distance()[c] = toMerged;
                } else {
                    known[c] = false;
                    found.distance()[c] = found.second()[c];
                }
            }
        }
        active = Arrays.copyOf(active, left);
        for (int i = 0; i < pairKept.length; i++) {
            inMerge[pairKept[i]] = false;
            inMerge[pairGone[i]] = false;
        }
    }

    /** Clusters of unknown nearest, those of the lowest bounds, at least so many; all where no more are unknown. */
    private int[] lowest(int atLeast) {
        int[] unknown = Arrays.stream(active).filter(c -> !known[c]).toArray();
        if (unknown.length <= atLeast) {
            return unknown;
        }
        double[] bounds =
                Arrays.stream(unknown).mapToDouble(c -> found.distance()[c]).toArray();
        Arrays.sort(bounds);
        double limit = bounds[atLeast - 1];
        return Arrays.stream(unknown).filter(c -> found.distance()[c] <= limit).toArray();
    }

    private void search(int[] which) {
        search(clusters, which, found);
        for (int c : which) {
            known[c] = true;
        }
    }

    static int[] all(int n) {
        return IntStream.range(0, n).toArray();
    }

    /** Searches the nearest of each of these, some together, on all cores. */
    static void search(Clusters clusters, int[] which, Neighbour found) {
        int groups = (which.length + SEARCHES_TOGETHER - 1) / SEARCHES_TOGETHER;
        IntStream.range(0, groups)
                .parallel()
                .forEach(g -> clusters.scan(
                        which, g * SEARCHES_TOGETHER, Math.min(which.length, (g + 1) * SEARCHES_TOGETHER), found));
    }
}

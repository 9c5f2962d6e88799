package org.latent4j.clustering;

import java.util.Arrays;
import org.latent4j.clustering.Clusters.Neighbour;

/**
 * Agglomeration by always merging the closest pair: right for every linkage, also where a merged cluster can be nearer to a third one than
 * its parts were (centroid, median). Merges are in the order in which they happen; heights may fall.
 *
 * <p>Source: the generic algorithm of Müllner, arXiv:1109.2378, with the nearest of all others instead of those behind.
 */
final class NearestMerges {
    private final Clusters clusters;
    private final int n;
    private final Neighbour found;
    private final boolean[] known; // the nearest is exact; else distance is a lower bound
    private final boolean[] gone;

    private NearestMerges(Clusters clusters) {
        this.clusters = clusters;
        this.n = clusters.n();
        this.found = new Neighbour(n);
        this.known = new boolean[n];
        this.gone = new boolean[n];
    }

    static LinkageTable of(Clusters clusters) {
        return new NearestMerges(clusters).run();
    }

    private LinkageTable run() {
        int[] kept = new int[n - 1];
        int[] taken = new int[n - 1];
        double[] heights = new double[n - 1];
        int[] order = new int[n - 1];
        ReciprocalMerges.search(clusters, ReciprocalMerges.all(n), found);
        Arrays.fill(known, true);
        for (int i = 0; i < n - 1; i++) {
            int c = closest();
            int a = Math.min(c, found.nearest()[c]);
            int b = Math.max(c, found.nearest()[c]);
            double distance = found.distance()[c];
            kept[i] = a;
            taken[i] = b;
            heights[i] = clusters.height(distance);
            order[i] = i;
            clusters.merge(new int[] {a}, new int[] {b}, new double[] {distance});
            gone[b] = true;
            if (i < n - 2) {
                forget(a, b);
            }
        }
        return LinkageTable.inOrder(n, order, kept, taken, heights);
    }

    /** The cluster with the closest nearest one; searches those whose bound is as low until the lowest is exact. */
    private int closest() {
        while (true) {
            int lowest = -1;
            for (int c = 0; c < n; c++) {
                if (!gone[c] && (lowest < 0 || found.distance()[c] < found.distance()[lowest])) {
                    lowest = c;
                }
            }
            if (known[lowest]) {
                return lowest;
            }
            clusters.scan(new int[] {lowest}, 0, 1, found);
            known[lowest] = true;
        }
    }

    private void forget(int a, int b) {
        for (int c = 0; c < n; c++) {
            if (gone[c] || c == a) {
                continue;
            }
            double toMerged = clusters.distance(a, c);
            boolean lost = known[c] && (found.nearest()[c] == a || found.nearest()[c] == b);
            if (lost) {
                known[c] = false;
                found.distance()[c] = found.second()[c];
            }
            if (toMerged < found.distance()[c]) {
                // Nearer than all others, whether they are known or bounded.
                found.second()[c] =
                        known[c] || lost ? Math.min(found.second()[c], found.distance()[c]) : found.distance()[c];
                found.nearest()[c] = a;
                found.distance()[c] = toMerged;
                known[c] = true;
            } else {
                found.second()[c] = Math.min(found.second()[c], toMerged);
            }
        }
        known[a] = false;
        found.distance()[a] = Double.NEGATIVE_INFINITY;
    }
}

package org.latent4j.clustering;

/**
 * Agglomeration by always merging the closest pair: right for every linkage, also where a merged cluster can be nearer to a third one than
 * its parts were (centroid, median). Merges are in the order in which they happen; heights may fall.
 *
 * <p>Source: the generic algorithm of Müllner, arXiv:1109.2378, with the nearest of all others instead of those behind.
 */
final class NearestMerges {
    private final Clusters clusters;
    private final int n;
    private final ShortLists lists;
    private final int[] nearest;
    private final double[] distance;
    private final double[] second; // no other is nearer
    private final boolean[] known; // the nearest is exact; else distance is a lower bound
    private final boolean[] gone;

    private NearestMerges(Clusters clusters) {
        this.clusters = clusters;
        this.n = clusters.n();
        this.lists = new ShortLists(n, 2);
        this.nearest = new int[n];
        this.distance = new double[n];
        this.second = new double[n];
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
        int[] all = ReciprocalMerges.all(n);
        ReciprocalMerges.inChunks(n, FloatScreen.TOGETHER, (from, to) -> search(all, from, to));
        for (int i = 0; i < n - 1; i++) {
            int c = closest();
            int a = Math.min(c, nearest[c]);
            int b = Math.max(c, nearest[c]);
            double between = distance[c];
            kept[i] = a;
            taken[i] = b;
            heights[i] = clusters.height(between);
            order[i] = i;
            clusters.merge(new int[] {a}, new int[] {b}, new double[] {between});
            gone[b] = true;
            if (i < n - 2) {
                forget(a, b);
            }
        }
        return LinkageTable.inOrder(n, order, kept, taken, heights);
    }

    private void search(int[] which, int from, int to) {
        for (int i = from; i < to; i++) {
            lists.clear(which[i]);
        }
        clusters.scan(which, from, to, lists);
        for (int i = from; i < to; i++) {
            int c = which[i];
            nearest[c] = lists.other(c, 0);
            distance[c] = lists.distance(c, 0);
            second[c] = lists.last(c);
            known[c] = true;
        }
    }

    /** The cluster with the closest nearest one; searches those whose bound is as low until the lowest is exact. */
    private int closest() {
        while (true) {
            int lowest = -1;
            for (int c = 0; c < n; c++) {
                if (!gone[c] && (lowest < 0 || distance[c] < distance[lowest])) {
                    lowest = c;
                }
            }
            if (known[lowest]) {
                return lowest;
            }
            search(new int[] {lowest}, 0, 1);
        }
    }

    private void forget(int a, int b) {
        for (int c = 0; c < n; c++) {
            if (gone[c] || c == a) {
                continue;
            }
            double toMerged = clusters.distance(a, c);
            boolean lost = known[c] && (nearest[c] == a || nearest[c] == b);
            if (lost) {
                known[c] = false;
                distance[c] = second[c];
            }
            if (toMerged < distance[c]) {
                // Nearer than all others, whether they are known or bounded.
                second[c] = known[c] || lost ? Math.min(second[c], distance[c]) : distance[c];
                nearest[c] = a;
                distance[c] = toMerged;
                known[c] = true;
            } else {
                second[c] = Math.min(second[c], toMerged);
            }
        }
        known[a] = false;
        distance[a] = Double.NEGATIVE_INFINITY;
    }
}

package org.latent4j.clustering;

import java.util.Arrays;
import org.latent4j.data.Progress;

/**
 * Agglomeration by always merging the closest pair: right for every linkage, also where a merged cluster can be nearer to a third one than
 * its parts were (centroid, median). Merges are in the order in which they happen; heights may fall.
 *
 * <p>Source: the generic algorithm of Müllner, arXiv:1109.2378, with the nearest of all others instead of those behind.
 */
final class NearestMerges {
    private final ClusterRows rows;
    private final int n;

    // By place.
    private int[] clusterAt; // -1: merged into another
    private int[] nearest; // a place; -1: not known, and the distance is a lower bound
    private double[] distance;

    private NearestMerges(int n, ClusterRows rows) {
        this.rows = rows;
        this.n = n;
        this.clusterAt = ReciprocalMerges.all(n);
        this.nearest = new int[n];
        this.distance = new double[n];
    }

    /** Merges of n clusters; heights are roots of the distances where {@code squares}. */
    static LinkageTable of(int n, ClusterRows rows, boolean squares, Progress progress) {
        return new NearestMerges(n, rows).run(squares, progress);
    }

    private LinkageTable run(boolean squares, Progress progress) {
        int[] kept = new int[n - 1];
        int[] taken = new int[n - 1];
        double[] heights = new double[n - 1];
        for (int place = 0; place < n; place++) {
            search(place, rows.row(place));
        }
        for (int i = 0; i < n - 1; i++) {
            int c = closest();
            int a = Math.min(c, nearest[c]);
            int b = Math.max(c, nearest[c]);
            kept[i] = clusterAt[a];
            taken[i] = clusterAt[b];
            heights[i] = squares ? Math.sqrt(distance[c]) : distance[c];
            merge(a, b, distance[c]);
            progress.report("merges", i + 1, n - 1);
            int[] places = ClusterRows.worthMoving(clusterAt, n - 1 - i);
            if (places != null) {
                moveTogether(places);
            }
        }
        return LinkageTable.inOrder(n, ReciprocalMerges.all(n - 1), kept, taken, heights);
    }

    private void search(int place, double[] row) {
        nearest[place] = -1;
        distance[place] = Double.POSITIVE_INFINITY;
        for (int other = 0; other < row.length; other++) {
            if (row[other] < distance[place]) {
                nearest[place] = other;
                distance[place] = row[other];
            }
        }
    }

    /** The cluster with the closest nearest one; searches those whose bound is as low until the lowest is exact. */
    private int closest() {
        while (true) {
            int lowest = -1;
            for (int place = 0; place < distance.length; place++) {
                if (lowest < 0 ? clusterAt[place] >= 0 : distance[place] < distance[lowest]) {
                    lowest = place;
                }
            }
            if (nearest[lowest] >= 0) {
                return lowest;
            }
            search(lowest, rows.row(lowest));
        }
    }

    private void merge(int a, int b, double between) {
        clusterAt[b] = -1;
        distance[b] = Double.POSITIVE_INFINITY;
        rows.merge(a, b, between);
        double[] row = rows.row(a);
        for (int place = 0; place < row.length; place++) {
            if (nearest[place] == a || nearest[place] == b) {
                nearest[place] = -1; // all others are as far or farther
            }
            if (row[place] < distance[place] && clusterAt[place] >= 0) {
                nearest[place] = a;
                distance[place] = row[place];
            }
        }
        search(a, row);
    }

    private void moveTogether(int[] places) {
        int[] moved = new int[clusterAt.length];
        Arrays.fill(moved, -1);
        for (int place = 0; place < places.length; place++) {
            moved[places[place]] = place;
        }
        nearest = ClusterRows.at(nearest, places);
        for (int place = 0; place < nearest.length; place++) {
            nearest[place] = nearest[place] < 0 ? -1 : moved[nearest[place]];
        }
        clusterAt = ClusterRows.at(clusterAt, places);
        distance = ClusterRows.at(distance, places);
        rows.moveTogether(places);
    }
}

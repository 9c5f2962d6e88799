package org.latent4j.clustering;

import java.util.Arrays;

/**
 * Agglomeration of few clusters along a chain, each of whose clusters is the nearest of the one before: its last two are merged once they are each
 * other's nearest. On one thread, without anything to prepare: for few clusters that takes less time than {@link ReciprocalMerges}.
 *
 * <p>Right for reducible linkages, whose merged clusters are never nearer to a third one than the nearer of their parts was: so the rest of the chain
 * stays one. Of equally near clusters the one before in the chain is the nearest, else the first.
 *
 * <p>Sources: Benzecri, "Construction d'une classification ascendante hierarchique par la recherche en chaine des voisins reciproques", 1982; Murtagh, "A
 * survey of recent advances in hierarchical clustering algorithms", Comput. J. 26 (1983) 354.
 */
final class ChainMerges {
    private final ClusterRows rows;
    private int[] clusterAt; // by place; -1: merged into another
    private final int[] chain; // places
    private int length;
    private int merged;
    private final int[] kept;
    private final int[] gone;
    private final double[] distance;

    private ChainMerges(int n, ClusterRows rows) {
        this.rows = rows;
        this.clusterAt = ReciprocalMerges.all(n);
        this.chain = new int[n];
        this.kept = new int[n - 1];
        this.gone = new int[n - 1];
        this.distance = new double[n - 1];
    }

    /** Merges of n clusters; heights are roots of the distances where {@code squares}. */
    static LinkageTable of(int n, ClusterRows rows, boolean squares) {
        ChainMerges merges = new ChainMerges(n, rows);
        while (merges.merged < n - 1) {
            merges.goOn();
        }
        if (squares) {
            Arrays.setAll(merges.distance, i -> Math.sqrt(merges.distance[i]));
        }
        return LinkageTable.sorted(n, merges.kept, merges.gone, merges.distance);
    }

    private void goOn() {
        if (length == 0) {
            chain[length++] = firstInUse();
        }
        int last = chain[length - 1];
        double[] row = rows.row(last);
        int before = length > 1 ? chain[length - 2] : -1;
        int nearest = before;
        double least = before < 0 ? Double.POSITIVE_INFINITY : row[before];
        for (int place = 0; place < row.length; place++) {
            if (row[place] < least) {
                least = row[place];
                nearest = place;
            }
        }
        if (nearest == before) {
            length -= 2;
            merge(Math.min(last, before), Math.max(last, before), least);
        } else {
            chain[length++] = nearest;
        }
    }

    private int firstInUse() {
        int place = 0;
        while (clusterAt[place] < 0) {
            place++;
        }
        return place;
    }

    private void merge(int a, int b, double between) {
        kept[merged] = clusterAt[a];
        gone[merged] = clusterAt[b];
        distance[merged++] = between;
        clusterAt[b] = -1;
        rows.merge(a, b, between);
        int[] places = ClusterRows.worthMoving(clusterAt, chain.length - merged);
        if (places != null) {
            moveTogether(places);
        }
    }

    private void moveTogether(int[] places) {
        int[] moved = new int[clusterAt.length];
        for (int place = 0; place < places.length; place++) {
            moved[places[place]] = place;
        }
        for (int i = 0; i < length; i++) {
            chain[i] = moved[chain[i]];
        }
        clusterAt = ClusterRows.at(clusterAt, places);
        rows.moveTogether(places);
    }
}

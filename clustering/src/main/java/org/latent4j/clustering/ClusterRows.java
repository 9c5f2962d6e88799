package org.latent4j.clustering;

import java.util.stream.IntStream;

/** Distances of clusters, each at a place, or any growing function of them, for instance squares. */
interface ClusterRows {
    /** Places move together when no more than this share of them is in use. */
    double IN_USE = 0.5;

    /**
     * Of the cluster at a place to those at all places, until the next call; at its own and where there is none any more at least {@link MergeLog#FAR}, which is
     * more than any distance.
     */
    double[] row(int place);

    /** The cluster at one place takes in that at another. */
    void merge(int kept, int gone, double between);

    /** The clusters at these places, in ascending order, move to the first ones; there are no others. */
    void moveTogether(int[] places);

    /** The places in use where it pays to move together; else null. A place that is not in use has the cluster -1. */
    static int[] worthMoving(int[] clusterAt, int alive) {
        return alive < 2 || alive > clusterAt.length * IN_USE
                ? null
                : IntStream.range(0, clusterAt.length)
                        .filter(place -> clusterAt[place] >= 0)
                        .toArray();
    }

    /** What of each place was, after these have moved together. */
    static int[] at(int[] numbers, int[] places) {
        return IntStream.of(places).map(place -> numbers[place]).toArray();
    }

    static double[] at(double[] numbers, int[] places) {
        return IntStream.of(places).mapToDouble(place -> numbers[place]).toArray();
    }
}

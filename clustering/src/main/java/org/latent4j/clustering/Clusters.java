package org.latent4j.clustering;

/**
 * Clusters while they are merged, and their distances. A cluster is known by its lowest point; the cluster of points a &lt; b is a's after a
 * merge.
 *
 * <p>Distances are any growing function of the heights, for instance their squares.
 */
interface Clusters {
    int n();

    /** Offers all others to the empty lists of clusters {@code which[from ... to - 1]}. Called from many threads at once. */
    void scan(int[] which, int from, int to, ShortLists nearest);

    /** Carries out merges of disjoint pairs kept[i] &lt; gone[i]; heights are their distances. */
    void merge(int[] kept, int[] gone, double[] heights);

    /** Called from many threads at once, each with a first cluster of its own. */
    double distance(int cluster, int other);

    /** A height from a distance. */
    double height(double distance);

    /** Merges, then offers all others to the empty lists of the clusters that were kept; on all cores. */
    default void mergeAndScan(int[] kept, int[] gone, double[] heights, ShortLists nearest) {
        merge(kept, gone, heights);
        ReciprocalMerges.inChunks(kept.length, FloatScreen.TOGETHER, (from, to) -> scan(kept, from, to, nearest));
    }
}

package org.latent4j.clustering;

/** Distances of a point to all points; for Ward, centroid and median linkage, their squares. */
interface RowSource {
    int n();

    /** Distances of some points, {@code count} of them, to all. */
    void rows(int[] points, int count, double[][] out);

    /** The same points in another order for rows to go through; they keep their names. */
    RowSource inOrder(int[] points);

    /** Distances of a point to all. */
    default void row(int point, double[] out) {
        rows(new int[] {point}, 1, new double[][] {out});
    }

    /** Offers all points to the empty lists of points {@code which[from ... to - 1]}, if that takes less than their rows; else false. */
    boolean scan(int[] which, int from, int to, ShortLists nearest);
}

package org.latent4j.clustering;

import java.util.Arrays;

/**
 * Single linkage of given distances: the edges of a minimum spanning tree, sorted by length, are the merges.
 *
 * <p>Prim's algorithm: points join one tree, always the one nearest to it; O(n) memory beside the points or distances.
 *
 * <p>Sources: Prim, "Shortest connection networks and some generalizations", 1957; Gower, Ross, "Minimum spanning trees and single linkage
 * cluster analysis", Appl. Statist. 18 (1969) 54.
 */
final class SingleLinkage {
    private SingleLinkage() {}

    static LinkageTable of(RowSource source) {
        int n = source.n();
        double[] nearest = new double[n]; // to the tree; NaN: in it
        int[] from = new int[n];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        double[] row = new double[n];
        int[] a = new int[n - 1];
        int[] b = new int[n - 1];
        double[] heights = new double[n - 1];
        int current = 0;
        nearest[0] = Double.NaN;
        for (int i = 0; i < n - 1; i++) {
            source.row(current, row);
            int next = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < n; j++) {
                if (row[j] < nearest[j]) {
                    nearest[j] = row[j];
                    from[j] = current;
                }
                if (nearest[j] < least) {
                    least = nearest[j];
                    next = j;
                }
            }
            a[i] = from[next];
            b[i] = next;
            heights[i] = least;
            nearest[next] = Double.NaN;
            current = next;
        }
        return LinkageTable.sorted(n, a, b, heights);
    }
}

package org.latent4j.clustering;

import java.util.Arrays;

/**
 * Distances of single points to clusters, folded from those to the clusters' points: for linkages whose merges may come in any order.
 *
 * <p>The points that rows go through are kept in such an order that clusters' first points come first, then second ones of those that have
 * two, and so on, clusters of most points first: so the second numbers of many clusters lie side by side beneath their first ones, and are
 * folded into them by loops of vector instructions.
 */
final class FoldedRows {
    /** Numbers of a level that are folded together; a level of fewer is not worth it. */
    private static final int LEAST = 64;

    private static final int PIECE = 256;

    private final RowSource points;
    private final Linkage linkage;
    private final int n;
    private final int[] next; // by point: another one of the same cluster; -1: none
    private final int[] last; // by cluster, which is its first point
    private final int[] count; // by cluster
    private final double[] weight; // by point, of a mean of its cluster

    private RowSource ordered;
    private int[] levels; // where each from the second one on starts, and the end of the last one
    private double[] share; // of a point in the mean of it and those of its cluster before it
    private int[] placeOf; // of what is behind the levels

    /** @param weights of points, by which means are taken; {@link Linkage#WEIGHTED} has its own */
    FoldedRows(RowSource points, Linkage linkage, double[] weights) {
        this.points = points;
        this.linkage = linkage;
        this.n = points.n();
        this.next = new int[n];
        Arrays.fill(next, -1);
        this.last = ReciprocalMerges.all(n);
        this.count = new int[n];
        Arrays.fill(count, 1);
        this.weight = weights.clone();
        if (linkage == Linkage.WEIGHTED) {
            Arrays.fill(weight, 1);
        }
        this.ordered = points;
        this.levels = new int[] {n};
        this.placeOf = new int[0];
    }

    /** A cluster takes in the points of another. */
    void merge(int kept, int gone) {
        next[last[kept]] = gone;
        last[kept] = last[gone];
        count[kept] += count[gone];
        if (linkage == Linkage.WEIGHTED) {
            for (int point = kept; point >= 0; point = next[point]) {
                weight[point] /= 2;
            }
        }
    }

    /** From now on rows are of these clusters; puts them into the order that rows have. */
    void arrange(int[] clusters) {
        byMostPoints(clusters);
        int places = clusters.length;
        int[] order = Arrays.copyOf(clusters, n);
        share = new double[n];
        int[] behind = clusters.clone(); // the last point of each that has a place in the order
        double[] sum = Arrays.stream(clusters).mapToDouble(c -> weight[c]).toArray();
        levels = new int[] {places};
        int to = places;
        int clustersOfLevel = withMore(behind, places);
        while (clustersOfLevel >= LEAST) {
            for (int place = 0; place < clustersOfLevel; place++) {
                behind[place] = next[behind[place]];
                order[to] = behind[place];
                share[to++] = shareOf(behind[place], place, sum);
            }
            levels = Arrays.copyOf(levels, levels.length + 1);
            levels[levels.length - 1] = to;
            clustersOfLevel = withMore(behind, clustersOfLevel);
        }
        placeOf = new int[n - to];
        int end = to;
        for (int place = 0; place < clustersOfLevel; place++) {
            for (int point = next[behind[place]]; point >= 0; point = next[point]) {
                order[to] = point;
                share[to] = shareOf(point, place, sum);
                placeOf[to++ - end] = place;
            }
        }
        ordered = points.inOrder(order);
    }

    private void byMostPoints(int[] clusters) {
        long[] keys = Arrays.stream(clusters)
                .mapToLong(c -> (long) (n - count[c]) << Integer.SIZE | c)
                .sorted()
                .toArray();
        Arrays.setAll(clusters, i -> (int) keys[i]);
    }

    private int withMore(int[] behind, int upTo) {
        int some = 0;
        while (some < upTo && next[behind[some]] >= 0) {
            some++;
        }
        return some;
    }

    private double shareOf(int point, int place, double[] sum) {
        sum[place] += weight[point];
        // After a thousand merges the weights of the first points are 0: any share will do.
        return sum[place] == 0 ? 1 : weight[point] / sum[place];
    }

    /** Distances of so many points to all clusters: of arrays of n numbers, the first ones. */
    void rows(int[] which, int many, double[][] out) {
        ordered.rows(which, many, out);
        double[] a = new double[PIECE];
        double[] b = new double[PIECE];
        double[] s = new double[PIECE];
        for (int i = 0; i < many; i++) {
            for (int level = 0; level + 1 < levels.length; level++) {
                for (int from = levels[level]; from < levels[level + 1]; from += PIECE) {
                    int length = Math.min(PIECE, levels[level + 1] - from);
                    int place = from - levels[level];
                    System.arraycopy(out[i], place, a, 0, length);
                    System.arraycopy(out[i], from, b, 0, length);
                    System.arraycopy(share, from, s, 0, length);
                    fold(a, b, s, length);
                    System.arraycopy(a, 0, out[i], place, length);
                }
            }
            int end = levels[levels.length - 1];
            for (int at = end; at < n; at++) {
                int place = placeOf[at - end];
                out[i][place] = folded(out[i][place], out[i][at], share[at]);
            }
        }
    }

    private void fold(double[] a, double[] b, double[] shareOfB, int length) {
        switch (linkage) {
            case SINGLE -> least(a, b, length);
            case COMPLETE -> MergeLog.largest(a, b, length);
            default -> mean(a, b, shareOfB, length);
        }
    }

    private double folded(double a, double b, double shareOfB) {
        return switch (linkage) {
            case SINGLE -> Math.min(a, b);
            case COMPLETE -> Math.max(a, b);
            default -> a + (b - a) * shareOfB;
        };
    }

    // Loops of their own, that Java compiles to vector instructions.

    private static void least(double[] a, double[] b, int length) {
        for (int j = 0; j < length; j++) {
            a[j] = Math.min(a[j], b[j]);
        }
    }

    private static void mean(double[] a, double[] b, double[] shareOfB, int length) {
        for (int j = 0; j < length; j++) {
            a[j] += (b[j] - a[j]) * shareOfB[j];
        }
    }
}

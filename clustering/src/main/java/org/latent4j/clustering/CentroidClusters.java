package org.latent4j.clustering;

import java.util.Arrays;

/**
 * Clusters known by their centres: Ward, centroid and median linkage of points in O(n p) memory. Distances are squares.
 *
 * <p>Centres are held column by column, each cluster at a place; places of merged clusters are infinitely far away until half of all are,
 * when the rest moves together.
 */
final class CentroidClusters implements Clusters {
    private final Linkage linkage;
    private final int n;
    private Columns centres;
    private double[] sizes; // by place
    private int[] clusterAt; // by place, ascending
    private final int[] place; // by cluster
    private int alive;

    /** Takes the columns for its own. */
    CentroidClusters(Columns points, Linkage linkage) {
        this.linkage = linkage;
        this.n = points.n();
        this.centres = points;
        this.sizes = new double[n];
        Arrays.fill(sizes, 1);
        this.clusterAt = ReciprocalMerges.all(n);
        this.place = clusterAt.clone();
        this.alive = n;
    }

    /** Ward of means of clusters with these sizes, as if their points had been merged already. */
    CentroidClusters(Columns means, double[] sizes) {
        this(means, Linkage.WARD);
        System.arraycopy(sizes, 0, this.sizes, 0, n);
    }

    @Override
    public int n() {
        return n;
    }

    @Override
    public double height(double distance) {
        return Math.sqrt(distance);
    }

    @Override
    public void scan(int[] which, int from, int to, Neighbour found) {
        int width = sizes.length;
        int step = centres.cachedPoints();
        double[] distances = new double[step];
        double[][] rows = new double[to - from][];
        for (int i = from; i < to; i++) {
            rows[i - from] = centres.row(place[which[i]]);
            found.distance()[which[i]] = Double.POSITIVE_INFINITY;
            found.second()[which[i]] = Double.POSITIVE_INFINITY;
        }
        for (int at = 0; at < width; at += step) {
            int end = Math.min(width, at + step);
            for (int i = from; i < to; i++) {
                int own = place[which[i]];
                centres.squared(rows[i - from], at, end, distances);
                weigh(sizes[own], at, end, distances);
                if (own >= at && own < end) {
                    distances[own - at] = Double.POSITIVE_INFINITY;
                }
                found.lower(which[i], distances, end - at, clusterAt, at);
            }
        }
    }

    private void weigh(double size, int at, int end, double[] distances) {
        if (linkage == Linkage.WARD) {
            for (int j = 0; j < end - at; j++) {
                double other = sizes[at + j];
                distances[j] *= 2 * size * other / (size + other);
            }
        }
    }

    @Override
    public double distance(int merged, int other) {
        double sum = 0;
        for (double[] column : centres.values()) {
            double by = column[place[merged]] - column[place[other]];
            sum += by * by;
        }
        double a = sizes[place[merged]];
        double b = sizes[place[other]];
        return linkage == Linkage.WARD ? sum * (2 * a * b / (a + b)) : sum;
    }

    @Override
    public void merge(int[] kept, int[] gone, double[] heights) {
        for (int i = 0; i < kept.length; i++) {
            int a = place[kept[i]];
            int b = place[gone[i]];
            double sizeA = linkage == Linkage.MEDIAN ? 1 : sizes[a];
            double sizeB = linkage == Linkage.MEDIAN ? 1 : sizes[b];
            for (double[] column : centres.values()) {
                column[a] = (sizeA * column[a] + sizeB * column[b]) / (sizeA + sizeB);
                column[b] = Double.POSITIVE_INFINITY;
            }
            sizes[a] += sizes[b];
            clusterAt[b] = -1;
        }
        alive -= kept.length;
        if (alive <= sizes.length * 3 / 4) {
            moveTogether();
        }
    }

    private void moveTogether() {
        int[] from = new int[alive];
        int next = 0;
        for (int at = 0; at < clusterAt.length; at++) {
            if (clusterAt[at] >= 0) {
                from[next++] = at;
            }
        }
        double[][] columns = new double[centres.features()][];
        for (int f = 0; f < columns.length; f++) {
            double[] column = centres.values()[f];
            columns[f] = Arrays.stream(from).mapToDouble(at -> column[at]).toArray();
        }
        centres = new Columns(columns);
        double[] allSizes = sizes;
        sizes = Arrays.stream(from).mapToDouble(at -> allSizes[at]).toArray();
        int[] all = clusterAt;
        clusterAt = Arrays.stream(from).map(at -> all[at]).toArray();
        for (int at = 0; at < alive; at++) {
            place[clusterAt[at]] = at;
        }
    }
}

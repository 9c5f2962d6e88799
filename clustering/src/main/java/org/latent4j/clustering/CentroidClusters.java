package org.latent4j.clustering;

import java.util.Arrays;

/**
 * Clusters known by their centres: Ward, centroid and median linkage of points in O(n p) memory. Distances are squares.
 *
 * <p>Each cluster has a place; places of clusters that were merged into others are infinitely far away until a quarter of all are, when the
 * rest moves together.
 */
final class CentroidClusters implements Clusters {
    /** Against the rounding of a limit that is divided instead of distances multiplied. */
    private static final double SLACK = 1e-12;

    private final Linkage linkage;
    private final int n;
    private Columns centres;
    private double[][] sizes; // by block, then place in it
    private double[] leastSize; // by block: no size is below this
    private int[] clusterAt; // by place, ascending; -1: merged into another
    private final int[] place; // by cluster
    private int alive;

    /** Takes the columns for its own; clusters have these sizes already, null: 1 each. */
    CentroidClusters(Columns means, Linkage linkage, double[] sizes) {
        this.linkage = linkage;
        this.n = means.n();
        this.centres = means;
        this.clusterAt = ReciprocalMerges.all(n);
        this.place = clusterAt.clone();
        this.alive = n;
        if (sizes == null) {
            sizes = new double[n];
            Arrays.fill(sizes, 1);
        }
        this.sizes = inBlocks(sizes);
        this.leastSize = least(this.sizes);
    }

    private static double[] least(double[][] sizes) {
        return Arrays.stream(sizes)
                .mapToDouble(block -> Arrays.stream(block).min().orElse(1))
                .toArray();
    }

    private static double[][] inBlocks(double[] values) {
        double[][] blocks = new double[(values.length + Columns.BLOCK - 1) / Columns.BLOCK][];
        for (int b = 0; b < blocks.length; b++) {
            int from = Columns.first(b);
            blocks[b] = Arrays.copyOfRange(values, from, Math.min(values.length, from + Columns.BLOCK));
        }
        return blocks;
    }

    private double size(int at) {
        return sizes[at / Columns.BLOCK][at % Columns.BLOCK];
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
        double[] distances = new double[Columns.BLOCK];
        double[][] rows = new double[to - from][];
        for (int i = from; i < to; i++) {
            rows[i - from] = centres.row(place[which[i]]);
            found.distance()[which[i]] = Double.POSITIVE_INFINITY;
            found.second()[which[i]] = Double.POSITIVE_INFINITY;
        }
        for (int block = 0; block < centres.blocks(); block++) {
            int at = Columns.first(block);
            int count = centres.size(block);
            for (int i = from; i < to; i++) {
                int own = place[which[i]];
                centres.squared(rows[i - from], block, distances);
                if (own >= at && own < at + count) {
                    distances[own - at] = Double.POSITIVE_INFINITY;
                }
                double limit = found.second()[which[i]];
                if (linkage == Linkage.WARD) {
                    limit = limit / factor(size(own), leastSize[block]) * (1 + SLACK);
                }
                if (!Columns.anyBelow(distances, count, limit)) {
                    continue;
                }
                if (linkage == Linkage.WARD) {
                    weigh(size(own), sizes[block], distances, count);
                }
                found.lower(which[i], distances, count, clusterAt, at);
            }
        }
    }

    private static void weigh(double size, double[] others, double[] distances, int count) {
        for (int j = 0; j < count; j++) {
            distances[j] *= factor(size, others[j]);
        }
    }

    /** Of Ward's distance; grows with either size. */
    private static double factor(double a, double b) {
        return 2 * a * b / (a + b);
    }

    @Override
    public double distance(int merged, int other) {
        int a = place[merged];
        int b = place[other];
        double sum = 0;
        for (int f = 0; f < centres.features(); f++) {
            double by = centres.get(a, f) - centres.get(b, f);
            sum += by * by;
        }
        return linkage == Linkage.WARD ? sum * factor(size(a), size(b)) : sum;
    }

    @Override
    public void merge(int[] kept, int[] gone, double[] heights) {
        for (int i = 0; i < kept.length; i++) {
            int a = place[kept[i]];
            int b = place[gone[i]];
            double sizeA = linkage == Linkage.MEDIAN ? 1 : size(a);
            double sizeB = linkage == Linkage.MEDIAN ? 1 : size(b);
            for (int f = 0; f < centres.features(); f++) {
                centres.set(a, f, (sizeA * centres.get(a, f) + sizeB * centres.get(b, f)) / (sizeA + sizeB));
                centres.set(b, f, Double.POSITIVE_INFINITY);
            }
            sizes[a / Columns.BLOCK][a % Columns.BLOCK] += size(b);
            clusterAt[b] = -1;
        }
        alive -= kept.length;
        if (alive <= clusterAt.length * 3 / 4) {
            moveTogether();
        }
    }

    private void moveTogether() {
        Columns together = new Columns(alive, centres.features());
        double[] ownSizes = new double[alive];
        int[] clusters = new int[alive];
        int next = 0;
        for (int at = 0; at < clusterAt.length; at++) {
            if (clusterAt[at] >= 0) {
                for (int f = 0; f < centres.features(); f++) {
                    together.set(next, f, centres.get(at, f));
                }
                ownSizes[next] = size(at);
                clusters[next] = clusterAt[at];
                place[clusterAt[at]] = next++;
            }
        }
        centres = together;
        sizes = inBlocks(ownSizes);
        leastSize = least(sizes);
        clusterAt = clusters;
    }
}

package org.latent4j.clustering;

import java.util.Arrays;
import org.latent4j.compute.Metric;

/**
 * Many clusters known by their centres: Ward's linkage of points in O(n p) memory. Distances are squares.
 *
 * <p>Each cluster has a place; places of clusters that were merged into others are infinitely far away until a quarter of all are, when the
 * rest moves together.
 */
final class WardClusters implements Clusters {
    private final int n;
    private Columns centres;
    private double[][] sizes; // by block, then place in it
    private FloatScreen screen;
    private int[] clusterAt; // by place, ascending; -1: merged into another
    private final int[] place; // by cluster
    private int alive;

    /** Takes the columns for its own; clusters have these sizes already, null: 1 each. */
    WardClusters(Columns means, double[] sizes) {
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
        this.screen = screen();
    }

    private FloatScreen screen() {
        return new FloatScreen(centres, Metric.SQUARED_EUCLIDEAN, sizes);
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
    public void scan(int[] which, int from, int to, ShortLists nearest) {
        int[] clusters = Arrays.copyOfRange(which, from, to);
        double[][] rows = new double[clusters.length][];
        double[] ownSizes = new double[clusters.length];
        for (int q = 0; q < clusters.length; q++) {
            rows[q] = centres.row(place[clusters[q]]);
            ownSizes[q] = size(place[clusters[q]]);
        }
        FloatScreen.Queries queries = screen.new Queries(rows, ownSizes, new Search(clusters, nearest));
        for (int block = 0; block < centres.blocks(); block++) {
            queries.pass(block);
        }
    }

    private final class Search implements FloatScreen.Search {
        private final int[] clusters;
        private final ShortLists nearest;

        Search(int[] clusters, ShortLists nearest) {
            this.clusters = clusters;
            this.nearest = nearest;
        }

        @Override
        public double limit(int query, int block) {
            return nearest.last(clusters[query]);
        }

        @Override
        public void found(int query, int at, double distance) {
            int own = clusters[query];
            if (at != place[own]) {
                nearest.offer(own, distance * CentroidRows.factor(size(place[own]), size(at)), clusterAt[at]);
            }
        }
    }

    @Override
    public double distance(int cluster, int other) {
        int a = place[cluster];
        int b = place[other];
        double sum = 0;
        for (int f = 0; f < centres.features(); f++) {
            double by = centres.get(a, f) - centres.get(b, f);
            sum += by * by;
        }
        return sum * CentroidRows.factor(size(a), size(b));
    }

    @Override
    public void merge(int[] kept, int[] gone, double[] heights) {
        for (int i = 0; i < kept.length; i++) {
            int a = place[kept[i]];
            int b = place[gone[i]];
            CentroidRows.unite(centres, a, b, size(a), size(b));
            sizes[a / Columns.BLOCK][a % Columns.BLOCK] += size(b);
            screen.move(a, size(a));
            screen.remove(b);
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
        screen = screen();
        clusterAt = clusters;
    }
}

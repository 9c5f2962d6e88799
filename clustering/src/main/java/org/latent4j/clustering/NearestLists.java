package org.latent4j.clustering;

import java.util.Arrays;
import org.latent4j.compute.Metric;

/**
 * The nearest points of each point among those of other trees, a few of them, nearest first.
 *
 * <p>What is not in a list is as far as its bound or farther, but for points of the same tree; trees only grow, so lists stay true.
 */
final class NearestLists {
    private static final int LENGTH = 4;

    private final SpatialBlocks points;
    private final Metric metric;
    private final FloatScreen screen; // null: the metric has none
    private final ShortLists lists;
    private final double[] bound; // by point

    NearestLists(SpatialBlocks points, Metric metric) {
        this.points = points;
        this.metric = metric;
        this.screen = FloatScreen.serves(metric) ? new FloatScreen(points.columns(), metric, null) : null;
        this.lists = new ShortLists(points.n(), LENGTH);
        this.bound = new double[points.n()];
    }

    /** Goes on to the first entry in another tree; false where the list has none left. */
    boolean find(int point, int[] tree) {
        while (lists.count(point) > 0) {
            if (tree[lists.other(point, 0)] != tree[point]) {
                return true;
            }
            lists.removeFirst(point);
        }
        return false;
    }

    /** Of the entry that was found. */
    double distance(int point) {
        return lists.distance(point, 0);
    }

    int nearest(int point) {
        return lists.other(point, 0);
    }

    /** No point outside of tree and list is nearer. */
    double bound(int point) {
        return bound[point];
    }

    /** Makes new lists for some points, in ascending order, of what is nearer than a limit for each tree; on all cores. */
    void search(int[] which, int[] tree, double[] limits) {
        int[] treeOfBlock = new int[points.columns().blocks()];
        for (int block = 0; block < treeOfBlock.length; block++) {
            int first = Columns.first(block);
            treeOfBlock[block] = tree[first];
            for (int i = first; i < first + points.columns().size(block); i++) {
                if (tree[i] != tree[first]) {
                    treeOfBlock[block] = -1; // of several
                }
            }
        }
        ReciprocalMerges.inChunks(which.length, FloatScreen.TOGETHER, (from, to) -> {
            int[] together = Arrays.copyOfRange(which, from, to);
            Search search = new Search(together, tree, treeOfBlock, limits);
            FloatScreen.Queries screened = screen == null ? null : screen.new Queries(search.rows, null, search);
            for (int block : SpatialBlocks.nearestFirst(search.away[0])) {
                if (screened != null) {
                    screened.pass(block);
                } else {
                    search.pass(block);
                }
            }
            for (int own : together) {
                bound[own] = Math.min(limits[tree[own]], lists.last(own));
            }
        });
    }

    /** Of points that are searched together. */
    private final class Search implements FloatScreen.Search {
        private final int[] together;
        private final double[][] rows;
        private final int[] tree;
        private final int[] treeOfBlock;
        private final double[] limits;
        private final double[] measured = new double[Columns.BLOCK];
        private final double[][] away; // by query and block: none of its points is nearer

        Search(int[] together, int[] tree, int[] treeOfBlock, double[] limits) {
            this.together = together;
            this.rows = new double[together.length][];
            this.tree = tree;
            this.treeOfBlock = treeOfBlock;
            this.limits = limits;
            for (int q = 0; q < together.length; q++) {
                rows[q] = points.columns().row(together[q]);
                lists.clear(together[q]);
            }
            this.away = new double[rows.length][];
            double[] boxes = boxes();
            for (int q = 0; q < rows.length; q++) {
                away[q] = screen == null ? boxes : larger(boxes, points.atLeast(metric, rows[q]));
            }
        }

        private double[] boxes() {
            double[] least = rows[0].clone();
            double[] most = rows[0].clone();
            for (double[] row : rows) {
                for (int f = 0; f < row.length; f++) {
                    least[f] = Math.min(least[f], row[f]);
                    most[f] = Math.max(most[f], row[f]);
                }
            }
            double[] boxes = new double[points.columns().blocks()];
            Arrays.setAll(boxes, block -> points.atLeast(metric, least, most, block));
            return boxes;
        }

        private double[] larger(double[] a, double[] b) {
            Arrays.setAll(b, i -> Math.max(a[i], b[i]));
            return b;
        }

        @Override
        public double limit(int query, int block) {
            int own = together[query];
            double limit = Math.min(limits[tree[own]], lists.last(own));
            return away[query][block] >= limit || treeOfBlock[block] == tree[own] ? 0 : limit;
        }

        @Override
        public void found(int query, int point, double distance) {
            int own = together[query];
            if (distance < limits[tree[own]] && tree[point] != tree[own]) {
                lists.offer(own, distance, point);
            }
        }

        /** Without a screen. */
        void pass(int block) {
            int count = points.columns().size(block);
            for (int q = 0; q < together.length; q++) {
                double limit = limit(q, block);
                if (limit > 0) {
                    points.columns().distances(metric, rows[q], block, measured);
                    if (Columns.anyBelow(measured, count, limit)) {
                        for (int j = 0; j < count; j++) {
                            found(q, Columns.first(block) + j, measured[j]);
                        }
                    }
                }
            }
        }
    }
}

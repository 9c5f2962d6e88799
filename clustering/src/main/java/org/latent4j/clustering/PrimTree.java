package org.latent4j.clustering;

import java.util.Arrays;
import org.latent4j.compute.Metric;

/**
 * The minimum spanning tree of few points: they join one tree, always the one nearest to it. For these, {@link SpanningTree} would prepare more
 * than it spares.
 *
 * <p>Source: Prim, "Shortest connection networks and some generalizations", 1957; the points outside of the tree kept together, as in Müllner's
 * fastcluster, J. Stat. Softw. 53 (2013) 9.
 */
final class PrimTree {
    private final Columns outside; // the first ones; the last one takes the place of one that joins
    private final Metric metric;
    private final int[] point; // by place
    private final double[] nearest; // by place: distance to the tree
    private final int[] from; // by place: the point of the tree at that distance
    private final double[] measured = new double[Columns.BLOCK];
    private int count;

    private PrimTree(Columns points, Metric metric) {
        this.count = points.n();
        this.point = ReciprocalMerges.all(count);
        this.outside = points;
        this.metric = metric;
        this.nearest = new double[count];
        this.from = new int[count];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    }

    /** Merges by distances in the metric; of its squares where {@code squares}. Takes the columns for its own. */
    static LinkageTable of(Columns columns, Metric metric, boolean squares) {
        int n = columns.n();
        PrimTree tree = new PrimTree(columns, metric);
        int[] a = new int[n - 1];
        int[] b = new int[n - 1];
        double[] length = new double[n - 1];
        int next = 0;
        for (int edge = 0; edge < n - 1; edge++) {
            next = tree.join(next);
            a[edge] = Math.min(tree.from[next], tree.point[next]);
            b[edge] = Math.max(tree.from[next], tree.point[next]);
            length[edge] = squares ? Math.sqrt(tree.nearest[next]) : tree.nearest[next];
        }
        return LinkageTable.sorted(n, a, b, length);
    }

    /** Takes the point at a place into the tree; returns the place of the one that is the nearest then. */
    private int join(int place) {
        int joined = point[place];
        double[] row = outside.row(place);
        count--;
        point[place] = point[count];
        nearest[place] = nearest[count];
        from[place] = from[count];
        for (int f = 0; f < row.length; f++) {
            outside.set(place, f, outside.get(count, f));
        }
        int next = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int first = 0; first < count; first += Columns.BLOCK) {
            outside.distances(metric, row, first / Columns.BLOCK, measured);
            int end = Math.min(Columns.BLOCK, count - first);
            for (int i = 0; i < end; i++) {
                int at = first + i;
                if (measured[i] < nearest[at]) {
                    nearest[at] = measured[i];
                    from[at] = joined;
                }
                if (nearest[at] < least) {
                    least = nearest[at];
                    next = at;
                }
            }
        }
        return next;
    }
}

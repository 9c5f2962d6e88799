package org.latent4j.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Metric;
import org.latent4j.data.Progress;

/**
 * The minimum spanning tree of points, whose edges are the merges of single linkage; O(n p) memory, on all cores.
 *
 * <p>Every tree of a forest is joined to its nearest other tree, again and again. Nearest points come from short lists; new ones are made only
 * for points whose list is used up and which may still decide: never for those of the largest tree, which the others join.
 *
 * <p>Sources: Boruvka (1926); Bentley, Friedman, "Fast algorithms for constructing minimal spanning trees in coordinate spaces", IEEE Trans.
 * Comput. C-27 (1978) 97.
 */
final class SpanningTree {
    /** Of so many points some are searched first, whose nearest ones are limits for the rest of their trees. */
    private static final int MANY = 1000;

    private static final int STEP = 32;

    private final SpatialBlocks points;
    private final int n;
    private final NearestLists lists;
    private final int[] tree; // by point: its tree's lowest point
    private final int[] size; // by tree

    private final int[] left;
    private final int[] right;
    private final double[] length;
    private int edges;

    // Of each tree in this round.
    private final double[] best;
    private final int[] bestPoint;
    private final double[] leastBound;

    private SpanningTree(Columns columns, Metric metric) {
        this.points = SpatialBlocks.of(columns);
        this.n = points.n();
        this.lists = new NearestLists(points, metric);
        this.tree = ReciprocalMerges.all(n);
        this.size = new int[n];
        Arrays.fill(size, 1);
        this.left = new int[n - 1];
        this.right = new int[n - 1];
        this.length = new double[n - 1];
        this.best = new double[n];
        this.bestPoint = new int[n];
        this.leastBound = new double[n];
    }

    /** Merges by distances in the metric; of its squares where {@code squares}. */
    static LinkageTable of(Columns columns, Metric metric, boolean squares, Progress progress) {
        SpanningTree tree = new SpanningTree(columns, metric);
        tree.grow(progress);
        if (squares) {
            Arrays.setAll(tree.length, i -> Math.sqrt(tree.length[i]));
        }
        return LinkageTable.sorted(tree.n, tree.left, tree.right, tree.length);
    }

    private void grow(Progress progress) {
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        lists.search(ReciprocalMerges.all(n), tree, best);
        boolean all = false;
        while (edges < n - 1) {
            progress.report("merges", edges, n - 1);
            findNearest();
            if (join()) {
                all = false;
            } else {
                int[] unsure = unsure();
                int step = all || unsure.length < MANY ? 1 : STEP;
                lists.search(every(step, unsure), tree, best);
                all = true;
            }
        }
        byPoints();
    }

    private static int[] every(int step, int[] of) {
        return IntStream.range(0, (of.length + step - 1) / step)
                .map(i -> of[i * step])
                .toArray();
    }

    private void findNearest() {
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        Arrays.fill(leastBound, Double.POSITIVE_INFINITY);
        for (int i = 0; i < n; i++) {
            int own = tree[i];
            if (!lists.find(i, tree)) {
                leastBound[own] = Math.min(leastBound[own], lists.bound(i));
            } else if (lists.distance(i) < best[own]) {
                best[own] = lists.distance(i);
                bestPoint[own] = i;
            }
        }
    }

    /** Joins every tree whose nearest is certain, shortest edges first; false where there is none. */
    private boolean join() {
        int[] sure = IntStream.range(0, n)
                .filter(t -> tree[t] == t && best[t] <= leastBound[t] && best[t] < Double.POSITIVE_INFINITY)
                .boxed()
                .sorted((a, b) -> Double.compare(best[a], best[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] joined = tree.clone(); // a union-find over trees
        for (int t : sure) {
            int a = root(joined, t);
            int b = root(joined, lists.nearest(bestPoint[t]));
            if (a != b) {
                joined[Math.max(a, b)] = Math.min(a, b);
                size[Math.min(a, b)] += size[Math.max(a, b)];
                left[edges] = bestPoint[t];
                right[edges] = lists.nearest(bestPoint[t]);
                length[edges++] = best[t];
            }
        }
        for (int i = 0; i < n; i++) {
            tree[i] = root(joined, i);
        }
        return sure.length > 0;
    }

    private static int root(int[] joined, int i) {
        while (joined[i] != i) {
            joined[i] = joined[joined[i]];
            i = joined[i];
        }
        return i;
    }

    /** Points without an entry that may be nearer to another tree than all that is known, but not of the largest tree. */
    private int[] unsure() {
        int largest = 0;
        for (int i = 0; i < n; i++) {
            largest = size[tree[i]] > size[largest] ? tree[i] : largest;
        }
        int spared = largest;
        return IntStream.range(0, n)
                .filter(i -> tree[i] != spared && !lists.find(i, tree) && lists.bound(i) < best[tree[i]])
                .toArray();
    }

    /** Edges in the points' own indices, the lowest first among equally long ones. */
    private void byPoints() {
        int[] order = points.order();
        for (int e = 0; e < edges; e++) {
            int a = order[left[e]];
            int b = order[right[e]];
            left[e] = Math.min(a, b);
            right[e] = Math.max(a, b);
        }
        int[] sorted = IntStream.range(0, edges)
                .boxed()
                .sorted((i, j) -> left[i] != left[j] ? Integer.compare(left[i], left[j]) : right[i] - right[j])
                .mapToInt(Integer::intValue)
                .toArray();
        int[] lefts = left.clone();
        int[] rights = right.clone();
        double[] lengths = length.clone();
        for (int e = 0; e < edges; e++) {
            left[e] = lefts[sorted[e]];
            right[e] = rights[sorted[e]];
            length[e] = lengths[sorted[e]];
        }
    }
}

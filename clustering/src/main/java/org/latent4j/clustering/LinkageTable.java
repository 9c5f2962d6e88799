package org.latent4j.clustering;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A hierarchy of n points: n - 1 merges in SciPy's convention.
 *
 * <p>Merge i joins clusters left[i] &lt; right[i] into cluster n + i, at a height, with size[i] points; clusters 0 ... n - 1 are the points.
 * The arrays are as they are held, not copies. Nothing here recurses: any number of leaves is fine.
 *
 * <p>Throws {@link DataException} for cuts that are not there.
 *
 * <p>Source of the convention: scipy.cluster.hierarchy.linkage.
 */
public record LinkageTable(int[] left, int[] right, double[] height, int[] size) {

    /** Merges of points' clusters: each joins the cluster that holds point a[i] with the one that holds b[i]; sorted by height here. */
    static LinkageTable sorted(int n, int[] a, int[] b, double[] heights) {
        Integer[] order = IntStream.range(0, n - 1).boxed().toArray(Integer[]::new);
        Arrays.sort(order, (i, j) -> Double.compare(heights[i], heights[j])); // stable
        return inOrder(n, IntStream.range(0, n - 1).map(i -> order[i]).toArray(), a, b, heights);
    }

    static LinkageTable inOrder(int n, int[] order, int[] a, int[] b, double[] heights) {
        int[] left = new int[n - 1];
        int[] right = new int[n - 1];
        double[] height = new double[n - 1];
        int[] size = new int[n - 1];
        int[] parent = IntStream.range(0, n).toArray(); // a union-find over points
        int[] cluster = parent.clone();
        int[] count = new int[n];
        Arrays.fill(count, 1);
        for (int i = 0; i < n - 1; i++) {
            int rootA = root(parent, a[order[i]]);
            int rootB = root(parent, b[order[i]]);
            left[i] = Math.min(cluster[rootA], cluster[rootB]);
            right[i] = Math.max(cluster[rootA], cluster[rootB]);
            height[i] = heights[order[i]];
            int into = count[rootA] >= count[rootB] ? rootA : rootB;
            int from = into == rootA ? rootB : rootA;
            parent[from] = into;
            count[into] += count[from];
            cluster[into] = n + i;
            size[i] = count[into];
        }
        return new LinkageTable(left, right, height, size);
    }

    private static int root(int[] parent, int i) {
        while (parent[i] != i) {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        return i;
    }

    /** Number of points. */
    public int n() {
        return left.length + 1;
    }

    /** SciPy's Z: (n - 1, 4) DOUBLE of left, right, height, size. */
    public INDArray toArray() {
        double[] values = new double[Math.max(1, left.length) * 4];
        for (int i = 0; i < left.length; i++) {
            values[4 * i] = left[i];
            values[4 * i + 1] = right[i];
            values[4 * i + 2] = height[i];
            values[4 * i + 3] = size[i];
        }
        if (left.length == 0) {
            throw new DataException("one point has no merges, so its table has no rows");
        }
        return Points.array(values, left.length, 4, DataType.DOUBLE);
    }

    /** Labels 0 ... k - 1 of k clusters, numbered by their first points: the last k - 1 merges are undone. */
    public int[] cutInto(int k) {
        if (k < 1 || k > n()) {
            throw new DataException("a hierarchy of " + n() + " points can be cut into 1 to " + n() + " clusters, but "
                    + k + " were asked for");
        }
        return labels(i -> i < n() - k);
    }

    /**
     * Labels of the clusters whose merges all lie at or below a height, numbered by their first points.
     *
     * <p>Where heights fall (centroid, median), a cluster counts as high as its highest merge.
     */
    public int[] cutAt(double at) {
        if (Double.isNaN(at)) {
            throw new DataException("the height to cut at must be a number, but is NaN");
        }
        double[] highest = highest();
        return labels(i -> highest[i] <= at);
    }

    /** Of each merge, the highest within its cluster: its height, but for inversions. */
    double[] highest() {
        double[] highest = height.clone();
        for (int i = 0; i < highest.length; i++) {
            for (int child : new int[] {left[i], right[i]}) {
                if (child >= n()) {
                    highest[i] = Math.max(highest[i], highest[child - n()]);
                }
            }
        }
        return highest;
    }

    private int[] labels(IntPredicate joined) {
        int n = n();
        int[] top = new int[2 * n - 1]; // the cluster that holds this one after the cut
        for (int id = 2 * n - 2; id >= 0; id--) {
            top[id] = top[id] == 0 ? id : top[id];
            if (id >= n && joined.test(id - n)) {
                top[left[id - n]] = top[id];
                top[right[id - n]] = top[id];
            }
        }
        int[] label = new int[2 * n - 1];
        Arrays.fill(label, -1);
        int next = 0;
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            if (label[top[i]] < 0) {
                label[top[i]] = next++;
            }
            labels[i] = label[top[i]];
        }
        return labels;
    }

    /** Points from left to right such that no branches of the drawn tree cross: of each merge, left before right. */
    public int[] leafOrder() {
        int n = n();
        int[] order = new int[n];
        int[] start = new int[2 * n - 1]; // where the cluster's points begin
        for (int id = 2 * n - 2; id >= n; id--) {
            start[left[id - n]] = start[id];
            start[right[id - n]] = start[id] + count(left[id - n]);
        }
        for (int i = 0; i < n; i++) {
            order[start[i]] = i;
        }
        return order;
    }

    int count(int cluster) {
        return cluster < n() ? 1 : size[cluster - n()];
    }

    /**
     * The height of the lowest cluster that holds both points, for all pairs (0,1), (0,2), ..., (1,2), ...: SciPy's condensed form.
     *
     * <p>Throws for more points than an array of pairs can hold (65,536).
     */
    public double[] copheneticDistances() {
        int n = n();
        double[] distances = new double[Condensed.length(n)];
        int[] order = leafOrder();
        int[] start = new int[2 * n - 1];
        for (int id = 2 * n - 2; id >= n; id--) {
            start[left[id - n]] = start[id];
            start[right[id - n]] = start[id] + count(left[id - n]);
            int middle = start[right[id - n]];
            int end = start[id] + size[id - n];
            for (int a = start[id]; a < middle; a++) {
                for (int b = middle; b < end; b++) {
                    distances[Condensed.index(n, order[a], order[b])] = height[id - n];
                }
            }
        }
        return distances;
    }

    /** Pearson's correlation of the cophenetic distances with those given, in condensed form: how faithful the hierarchy is. */
    public double copheneticCorrelation(double[] distances) {
        if (Condensed.points(distances.length) != n()) {
            throw new DataException("there are " + distances.length + " distances, but " + n() + " points have "
                    + Condensed.length(n()));
        }
        double[] own = copheneticDistances();
        double meanX = Arrays.stream(own).average().orElse(0);
        double meanY = Arrays.stream(distances).average().orElse(0);
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < own.length; i++) {
            xx += (own[i] - meanX) * (own[i] - meanX);
            yy += (distances[i] - meanY) * (distances[i] - meanY);
            xy += (own[i] - meanX) * (distances[i] - meanY);
        }
        return xy / Math.sqrt(xx * yy);
    }
}

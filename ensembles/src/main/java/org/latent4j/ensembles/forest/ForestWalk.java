package org.latent4j.ensembles.forest;

import java.util.List;
import org.latent4j.ensembles.tree.FloatOrder;
import org.latent4j.ensembles.tree.Tree;
import org.latent4j.ensembles.tree.Workers;

/**
 * Sends many points down many trees.
 *
 * <p>A node is one long: threshold as an ordered key, whether it is a leaf, left child, feature. Several points step down a tree at once: one
 * alone would wait for memory at every step. A leaf is its own child, so that points that are down early stay there. Points go in blocks that
 * fit the second cache together with a tree. Points with missing values, trees with categories, and trees of so many nodes and features that
 * they don't fit a long, go point by point.
 */
final class ForestWalk {
    /** Points that step together. */
    private static final int LANES = 8;
    /** Steps between looks whether all are down. */
    private static final int STEPS = 2;
    /** Numbers of a block of points. */
    private static final int BLOCK = 1 << 17;
    /** Bits of a node's lower half for its left child and its feature. */
    private static final int BITS = 31;

    private final List<Tree> trees;
    private final int features;
    private final int featureBits;
    private final long[][] packed; // null for a tree that goes point by point

    ForestWalk(List<Tree> trees, int features) {
        this.trees = trees;
        this.features = features;
        this.featureBits = Integer.SIZE - Integer.numberOfLeadingZeros(features - 1);
        this.packed = new long[trees.size()][];
        for (int t = 0; t < packed.length; t++) {
            Tree tree = trees.get(t);
            boolean fits = featureBits < BITS && tree.size() <= 1 << BITS - featureBits;
            packed[t] = fits && !tree.hasCategories() ? pack(tree) : null;
        }
    }

    private long[] pack(Tree tree) {
        long[] nodes = new long[tree.size()];
        for (int node = 0; node < tree.size(); node++) {
            nodes[node] = tree.isLeaf(node)
                    ? pack(Integer.MAX_VALUE, 1, node, 0)
                    : pack(FloatOrder.key(tree.threshold()[node]), 0, tree.left()[node], tree.feature()[node]);
        }
        return nodes;
    }

    private long pack(int threshold, int leaf, int left, int feature) {
        return (long) threshold << Integer.SIZE | (long) leaf << BITS | (long) left << featureBits | feature;
    }

    /** What is done with the leaves of a block of points in one tree. */
    interface Visitor {
        /**
         * @param first row of the block's first point
         * @param leaves node of each point
         */
        void visit(int tree, int first, int[] leaves, int count);
    }

    /** Visits every tree with every block; blocks are worked on by several threads, the trees of a block in their order. */
    void run(float[] points, int threads, Visitor visitor) {
        int rows = points.length / features;
        int perBlock = Math.max(LANES, BLOCK / features);
        int blocks = (rows + perBlock - 1) / perBlock;
        if (blocks < 2 * threads) { // few points: smaller blocks, so that all threads have work
            perBlock = Math.max(LANES, (rows + 2 * threads - 1) / (2 * threads));
            blocks = (rows + perBlock - 1) / perBlock;
        }
        int size = perBlock;
        Workers.run(threads, blocks, () -> new Scratch(size, features), (scratch, block) -> {
            int first = block * size;
            scratch.load(points, first, Math.min(size, rows - first));
            for (int t = 0; t < packed.length; t++) {
                if (packed[t] == null) {
                    for (int i = 0; i < scratch.count; i++) {
                        scratch.leaves[i] = trees.get(t).leaf(points, (first + i) * features);
                    }
                } else {
                    walk(packed[t], features, featureBits, scratch.keys, scratch.leaves, scratch.count);
                    for (int i = 0; i < scratch.missing; i++) {
                        int row = scratch.missingRows[i];
                        scratch.leaves[row] = trees.get(t).leaf(points, (first + row) * features);
                    }
                }
                visitor.visit(t, first, scratch.leaves, scratch.count);
            }
        });
    }

    private static final class Scratch {
        final int[] keys;
        final int[] leaves;
        final int[] missingRows;
        final int features;
        int count;
        int missing;

        Scratch(int rows, int features) {
            // Room for whole groups of lanes: what is behind the last point is walked, too, and not looked at.
            int room = (rows + LANES - 1) / LANES * LANES;
            keys = new int[room * features];
            leaves = new int[room];
            missingRows = new int[rows];
            this.features = features;
        }

        void load(float[] points, int first, int newCount) {
            count = newCount;
            boolean any = false;
            for (int i = 0; i < count * features; i++) {
                float value = points[first * features + i];
                any |= Float.isNaN(value);
                keys[i] = FloatOrder.key(value);
            }
            missing = 0;
            for (int row = 0; any && row < count; row++) {
                for (int i = (first + row) * features; i < (first + row + 1) * features; i++) {
                    if (Float.isNaN(points[i])) {
                        missingRows[missing++] = row;
                        break;
                    }
                }
            }
        }
    }

    private static void walk(long[] nodes, int features, int bits, int[] keys, int[] leaves, int count) {
        long root = nodes[0];
        for (int row = 0; row < count; row += LANES) {
            int p0 = row * features;
            int p1 = p0 + features;
            int p2 = p1 + features;
            int p3 = p2 + features;
            int p4 = p3 + features;
            int p5 = p4 + features;
            int p6 = p5 + features;
            int p7 = p6 + features;
            long n0 = root;
            long n1 = root;
            long n2 = root;
            long n3 = root;
            long n4 = root;
            long n5 = root;
            long n6 = root;
            long n7 = root;
            do {
                for (int step = 0; step < STEPS; step++) {
                    n0 = child(nodes, n0, bits, keys, p0);
                    n1 = child(nodes, n1, bits, keys, p1);
                    n2 = child(nodes, n2, bits, keys, p2);
                    n3 = child(nodes, n3, bits, keys, p3);
                    n4 = child(nodes, n4, bits, keys, p4);
                    n5 = child(nodes, n5, bits, keys, p5);
                    n6 = child(nodes, n6, bits, keys, p6);
                    n7 = child(nodes, n7, bits, keys, p7);
                }
                // The sign of its lower half says that a node is a leaf.
            } while ((int) (n0 & n1 & n2 & n3 & n4 & n5 & n6 & n7) >= 0);
            leaves[row] = left(n0, bits);
            leaves[row + 1] = left(n1, bits);
            leaves[row + 2] = left(n2, bits);
            leaves[row + 3] = left(n3, bits);
            leaves[row + 4] = left(n4, bits);
            leaves[row + 5] = left(n5, bits);
            leaves[row + 6] = left(n6, bits);
            leaves[row + 7] = left(n7, bits);
        }
    }

    /** One step without a branch: the sign of threshold - key says right. */
    private static long child(long[] nodes, long node, int bits, int[] keys, int point) {
        int feature = (int) node & (1 << bits) - 1;
        long difference = (node >> Integer.SIZE) - keys[point + feature];
        return nodes[left(node, bits) + (int) (difference >>> 63)];
    }

    private static int left(long node, int bits) {
        return ((int) node & Integer.MAX_VALUE) >>> bits;
    }
}

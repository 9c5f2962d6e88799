package org.latent4j.ensembles.forest;

import java.util.List;
import org.latent4j.ensembles.tree.FloatOrder;
import org.latent4j.ensembles.tree.Tree;
import org.latent4j.ensembles.tree.Workers;

/**
 * Sends many points down many trees.
 *
 * <p>Three ints for each node (feature, threshold as an ordered key, left child), and several points step down a tree at once: one alone
 * would wait for memory at every step. A leaf is its own child, so that points that are down early stay there. Points go in blocks that fit the
 * second cache together with a tree. Trees with categories, and blocks with missing values, go point by point.
 */
final class ForestWalk {
    private static final int STRIDE = 3;
    /** Points that step together. */
    private static final int LANES = 8;
    /** Steps between looks whether all are down. */
    private static final int STEPS = 4;
    /** Numbers of a block of points. */
    private static final int BLOCK = 1 << 18;

    private final List<Tree> trees;
    private final int features;
    private final int[][] packed; // null for a tree with categories

    ForestWalk(List<Tree> trees, int features) {
        this.trees = trees;
        this.features = features;
        this.packed = new int[trees.size()][];
        for (int t = 0; t < packed.length; t++) {
            packed[t] = trees.get(t).hasCategories() ? null : pack(trees.get(t));
        }
    }

    private static int[] pack(Tree tree) {
        int[] nodes = new int[tree.size() * STRIDE];
        for (int node = 0; node < tree.size(); node++) {
            boolean leaf = tree.isLeaf(node);
            nodes[node * STRIDE] = leaf ? 0 : tree.feature()[node];
            nodes[node * STRIDE + 1] = leaf ? Integer.MAX_VALUE : FloatOrder.key(tree.threshold()[node]);
            nodes[node * STRIDE + 2] = leaf ? node : tree.left()[node];
        }
        return nodes;
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
                if (packed[t] == null || scratch.missing) {
                    walkEach(trees.get(t), points, first, scratch);
                } else {
                    walk(packed[t], features, scratch.keys, scratch.leaves, scratch.count);
                }
                visitor.visit(t, first, scratch.leaves, scratch.count);
            }
        });
    }

    private static final class Scratch {
        final int[] keys;
        final int[] leaves;
        final int features;
        int count;
        boolean missing;

        Scratch(int rows, int features) {
            // Room for whole groups of lanes: what is behind the last point is walked, too, and not looked at.
            int room = (rows + LANES - 1) / LANES * LANES;
            keys = new int[room * features];
            leaves = new int[room];
            this.features = features;
        }

        void load(float[] points, int first, int newCount) {
            count = newCount;
            missing = false;
            for (int i = 0; i < count * features; i++) {
                float value = points[first * features + i];
                missing |= Float.isNaN(value);
                keys[i] = FloatOrder.key(value);
            }
        }
    }

    private void walkEach(Tree tree, float[] points, int first, Scratch scratch) {
        for (int i = 0; i < scratch.count; i++) {
            scratch.leaves[i] = tree.leaf(points, (first + i) * features);
        }
    }

    private static void walk(int[] nodes, int features, int[] keys, int[] leaves, int count) {
        for (int row = 0; row < count; row += LANES) {
            int p0 = row * features;
            int p1 = p0 + features;
            int p2 = p1 + features;
            int p3 = p2 + features;
            int p4 = p3 + features;
            int p5 = p4 + features;
            int p6 = p5 + features;
            int p7 = p6 + features;
            int n0 = 0;
            int n1 = 0;
            int n2 = 0;
            int n3 = 0;
            int n4 = 0;
            int n5 = 0;
            int n6 = 0;
            int n7 = 0;
            int before;
            do {
                before = n0 + n1 + n2 + n3 + n4 + n5 + n6 + n7;
                for (int step = 0; step < STEPS; step++) {
                    n0 = child(nodes, n0, keys, p0);
                    n1 = child(nodes, n1, keys, p1);
                    n2 = child(nodes, n2, keys, p2);
                    n3 = child(nodes, n3, keys, p3);
                    n4 = child(nodes, n4, keys, p4);
                    n5 = child(nodes, n5, keys, p5);
                    n6 = child(nodes, n6, keys, p6);
                    n7 = child(nodes, n7, keys, p7);
                }
                // Children have larger numbers than their parents: the sum stands still when all are down.
            } while (n0 + n1 + n2 + n3 + n4 + n5 + n6 + n7 != before);
            leaves[row] = n0;
            leaves[row + 1] = n1;
            leaves[row + 2] = n2;
            leaves[row + 3] = n3;
            leaves[row + 4] = n4;
            leaves[row + 5] = n5;
            leaves[row + 6] = n6;
            leaves[row + 7] = n7;
        }
    }

    /** One step without a branch: the sign of threshold - key says right. */
    private static int child(int[] nodes, int node, int[] keys, int point) {
        int at = node * STRIDE;
        long difference = (long) nodes[at + 1] - keys[point + nodes[at]];
        return nodes[at + 2] + (int) (difference >>> 63);
    }
}

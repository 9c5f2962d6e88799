package org.latent4j.ensembles.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.latent4j.data.DataException;

/**
 * The smaller trees that cost-complexity pruning makes of one: for each price alpha of a leaf the sub-tree of least impurity + alpha * leaves.
 *
 * <p>Impurities of leaves count with their share of all weight. The link that gains least for a leaf is cut first, again and again.
 *
 * <p>Throws {@link DataException} for a tree without statistics, as read from a file, and for an alpha below 0 or NaN.
 *
 * <p>Source: Breiman, Friedman, Olshen, Stone, "Classification and regression trees", 1984, section 3.3.
 *
 * @param alphas ascending, the first 0: from each on the sub-tree has so few leaves
 * @param leaves of the sub-trees
 * @param impurities of the sub-trees: sum over the leaves
 */
public record PruningPath(double[] alphas, int[] leaves, double[] impurities) {

    public static PruningPath of(DecisionTree tree) {
        Pruner pruner = new Pruner(tree.tree());
        List<double[]> steps = new ArrayList<>();
        double alpha = 0;
        steps.add(new double[] {0, pruner.leaves[0], pruner.risk[0]});
        while (pruner.leaves[0] > 1) {
            int weakest = pruner.weakest();
            alpha = Math.max(alpha, pruner.gain(weakest));
            pruner.cut(weakest);
            if (steps.get(steps.size() - 1)[0] == alpha) {
                steps.remove(steps.size() - 1);
            }
            steps.add(new double[] {alpha, pruner.leaves[0], pruner.risk[0]});
        }
        return new PruningPath(
                steps.stream().mapToDouble(s -> s[0]).toArray(),
                steps.stream().mapToInt(s -> (int) s[1]).toArray(),
                steps.stream().mapToDouble(s -> s[2]).toArray());
    }

    /** The sub-tree for a price alpha. */
    static DecisionTree prune(DecisionTree tree, double alpha) {
        if (!(alpha >= 0)) {
            throw new DataException("alpha, the price of a leaf, must be 0 or more, but is " + alpha);
        }
        Pruner pruner = new Pruner(tree.tree());
        while (pruner.leaves[0] > 1) {
            int weakest = pruner.weakest();
            if (pruner.gain(weakest) > alpha) {
                break;
            }
            pruner.cut(weakest);
        }
        return new DecisionTree(
                pruner.rest(), tree.criterion(), pruner.importances(), tree.featureNames(), tree.classNames());
    }

    /** A tree whose nodes become leaves one after the other. */
    private static final class Pruner {
        private final Tree tree;
        private final int[] parent;
        final boolean[] leaf;
        /** Leaves below each node, or 1. */
        final int[] leaves;
        /** Share of weight times impurity of each node as a leaf, and of the leaves below it. */
        private final double[] own;

        final double[] risk;

        Pruner(Tree tree) {
            if (tree.statistics() == null) {
                throw new DataException(
                        "this tree has no statistics of its nodes, which pruning needs; prune it when it is grown");
            }
            this.tree = tree;
            int size = tree.size();
            parent = new int[size];
            leaf = new boolean[size];
            leaves = new int[size];
            own = new double[size];
            risk = new double[size];
            double[] weight = tree.statistics().weight();
            for (int node = size - 1; node >= 0; node--) {
                own[node] = weight[node] / weight[0] * tree.statistics().impurity()[node];
                leaf[node] = tree.isLeaf(node);
                if (leaf[node]) {
                    leaves[node] = 1;
                    risk[node] = own[node];
                } else {
                    int left = tree.left()[node];
                    parent[left] = node;
                    parent[left + 1] = node;
                    leaves[node] = leaves[left] + leaves[left + 1];
                    risk[node] = risk[left] + risk[left + 1];
                }
            }
        }

        double gain(int node) {
            return (own[node] - risk[node]) / (leaves[node] - 1);
        }

        /** Of the nodes that are reached, the one that gains least for each leaf below it; the lowest number of several. */
        int weakest() {
            boolean[] reached = new boolean[tree.size()];
            reached[0] = true;
            int weakest = -1;
            for (int node = 0; node < tree.size(); node++) {
                if (reached[node] && !leaf[node]) {
                    reached[tree.left()[node]] = true;
                    reached[tree.left()[node] + 1] = true;
                    if (weakest < 0 || gain(node) < gain(weakest)) {
                        weakest = node;
                    }
                }
            }
            return weakest;
        }

        void cut(int node) {
            leaf[node] = true;
            int fewer = leaves[node] - 1;
            double more = own[node] - risk[node];
            for (int at = node; ; at = parent[at]) {
                leaves[at] -= fewer;
                risk[at] += more;
                if (at == 0) {
                    return;
                }
            }
        }

        double[] importances() {
            double[] decreases = new double[tree.features()];
            boolean[] reached = new boolean[tree.size()];
            reached[0] = true;
            for (int node = 0; node < tree.size(); node++) {
                if (reached[node] && !leaf[node]) {
                    int left = tree.left()[node];
                    reached[left] = true;
                    reached[left + 1] = true;
                    decreases[tree.feature()[node]] += Math.max(0, own[node] - own[left] - own[left + 1]);
                }
            }
            return DecisionTree.shares(decreases);
        }

        /** What is left, in the old order; categories and values of nodes that are gone stay in their lists unused. */
        Tree rest() {
            int[] number = new int[tree.size()];
            Arrays.fill(number, -1);
            number[0] = 0;
            int size = 1;
            for (int node = 0; node < tree.size(); node++) {
                if (number[node] >= 0 && !leaf[node]) {
                    number[tree.left()[node]] = size++;
                    number[tree.left()[node] + 1] = size++;
                }
            }
            int[] old = new int[size];
            for (int node = 0; node < tree.size(); node++) {
                if (number[node] >= 0) {
                    old[number[node]] = node;
                }
            }
            int[] feature = new int[size];
            float[] threshold = new float[size];
            int[] left = new int[size];
            byte[] kinds = new byte[size];
            int[] value = new int[size];
            int[] rows = new int[size];
            double[] weight = new double[size];
            double[] impurity = new double[size];
            for (int node = 0; node < size; node++) {
                int from = old[node];
                feature[node] = leaf[from] ? -1 : tree.feature()[from];
                threshold[node] = leaf[from] ? 0 : tree.threshold()[from];
                left[node] = leaf[from] ? 0 : number[tree.left()[from]];
                kinds[node] = leaf[from] ? 0 : tree.kinds()[from];
                value[node] = tree.value()[from];
                rows[node] = tree.statistics().rows()[from];
                weight[node] = tree.statistics().weight()[from];
                impurity[node] = tree.statistics().impurity()[from];
            }
            return new Tree(
                    tree.features(),
                    tree.outputs(),
                    feature,
                    threshold,
                    left,
                    kinds,
                    tree.sets(),
                    value,
                    tree.values(),
                    new Tree.Statistics(rows, weight, impurity));
        }
    }
}

package org.latent4j.ensembles.tree;

import java.util.Arrays;

/** Score minus the least sum of w |y - m|, which the weighted median m gives; found for growing sets by a Fenwick tree over the sorted y. */
final class AbsoluteImpurity extends Impurity {
    private double[] sorted = new double[0]; // the node's values, ascending
    private int[] rank = new int[0]; // of each position
    private double[] weightTree = new double[0];
    private double[] sumTree = new double[0];
    private double[] leftErrors = new double[0];
    private double[] rightErrors = new double[0];
    private double weight;
    private double sum;
    private int distinct;

    AbsoluteImpurity() {
        super(2);
    }

    @Override
    boolean needsOrder() {
        return true;
    }

    @Override
    double open(NodeRows node, double[] total) {
        int n = node.size;
        if (rank.length < n) {
            sorted = new double[n];
            rank = new int[n];
            weightTree = new double[n + 1];
            sumTree = new double[n + 1];
            leftErrors = new double[n + 1];
            rightErrors = new double[n + 1];
        }
        System.arraycopy(node.value, 0, sorted, 0, n);
        Arrays.sort(sorted, 0, n);
        distinct = 0;
        for (int i = 0; i < n; i++) {
            if (distinct == 0 || sorted[distinct - 1] != sorted[i]) {
                sorted[distinct++] = sorted[i];
            }
        }
        clear();
        for (int i = 0; i < n; i++) {
            rank[i] = Arrays.binarySearch(sorted, 0, distinct, node.value[i]);
            add(i, node.weight[i], node.value[i]);
        }
        return -error();
    }

    @Override
    double impurity(NodeRows node, double[] total, double score) {
        return -score / total[0];
    }

    @Override
    double score(double[] left, double[] right) {
        throw new UnsupportedOperationException("absolute errors are not of sums");
    }

    /** The weighted median of the open node; halfway between two where each has half of the weight on its side. */
    double median(NodeRows node) {
        clear();
        for (int i = 0; i < node.size; i++) {
            add(i, node.weight[i], node.value[i]);
        }
        int at = medianRank();
        double below = prefix(weightTree, at + 1);
        return below == weight / 2 && at + 1 < distinct ? (sorted[at] + sorted[at + 1]) / 2 : sorted[at];
    }

    @Override
    boolean scan(Groups groups, NodeRows node, double[] total, int minLeaf, Cut best) {
        int present = groups.size == 0 ? 0 : groups.end[groups.size - 1];
        boolean better = false;
        for (int side = 0; side < (groups.missingCount > 0 ? 2 : 1); side++) {
            boolean missingLeft = side == 1;
            errorsOfPrefixes(groups, node, present, missingLeft);
            errorsOfSuffixes(groups, node, present, !missingLeft);
            int cuts = groups.missingCount > 0 && !missingLeft ? groups.size : groups.size - 1;
            for (int g = 0; g < cuts; g++) {
                int left = groups.end[g] + (missingLeft ? groups.missingCount : 0);
                double score = -(leftErrors[g] + rightErrors[g + 1]);
                if (left >= minLeaf && node.size - left >= minLeaf && score > best.score) {
                    best.take(score, g, missingLeft);
                    better = true;
                }
            }
        }
        return better;
    }

    /** leftErrors[g]: of groups 0 ... g, and perhaps the missing ones. */
    private void errorsOfPrefixes(Groups groups, NodeRows node, int present, boolean withMissing) {
        clear();
        addMissing(groups, node, present, withMissing);
        for (int g = 0; g < groups.size; g++) {
            addGroup(groups, node, g);
            leftErrors[g] = error();
        }
    }

    /** rightErrors[g]: of groups g ... last, and perhaps the missing ones. */
    private void errorsOfSuffixes(Groups groups, NodeRows node, int present, boolean withMissing) {
        clear();
        addMissing(groups, node, present, withMissing);
        rightErrors[groups.size] = error();
        for (int g = groups.size - 1; g > 0; g--) {
            addGroup(groups, node, g);
            rightErrors[g] = error();
        }
    }

    private void addMissing(Groups groups, NodeRows node, int present, boolean withMissing) {
        for (int i = present; withMissing && i < present + groups.missingCount; i++) {
            add(groups.order[i], node.weight[groups.order[i]], node.value[groups.order[i]]);
        }
    }

    private void addGroup(Groups groups, NodeRows node, int g) {
        for (int i = g == 0 ? 0 : groups.end[g - 1]; i < groups.end[g]; i++) {
            add(groups.order[i], node.weight[groups.order[i]], node.value[groups.order[i]]);
        }
    }

    private void clear() {
        weight = 0;
        sum = 0;
        Arrays.fill(weightTree, 0, distinct + 1, 0);
        Arrays.fill(sumTree, 0, distinct + 1, 0);
    }

    private void add(int position, double w, double y) {
        weight += w;
        sum += w * y;
        for (int i = rank[position] + 1; i <= distinct; i += i & -i) {
            weightTree[i] += w;
            sumTree[i] += w * y;
        }
    }

    /** The least rank up to which at least half of the weight lies. */
    private int medianRank() {
        int at = 0;
        double rest = weight / 2;
        for (int step = Integer.highestOneBit(Math.max(1, distinct)); step > 0; step >>= 1) {
            if (at + step <= distinct && weightTree[at + step] < rest) {
                at += step;
                rest -= weightTree[at];
            }
        }
        return Math.min(at, distinct - 1);
    }

    private static double prefix(double[] tree, int end) {
        double total = 0;
        for (int i = end; i > 0; i -= i & -i) {
            total += tree[i];
        }
        return total;
    }

    private double error() {
        if (weight == 0) {
            return 0;
        }
        int at = medianRank();
        double weightBelow = prefix(weightTree, at + 1);
        double sumBelow = prefix(sumTree, at + 1);
        return Math.max(0, sorted[at] * (2 * weightBelow - weight) + sum - 2 * sumBelow);
    }
}

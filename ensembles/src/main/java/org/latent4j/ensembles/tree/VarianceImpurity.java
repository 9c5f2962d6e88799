package org.latent4j.ensembles.tree;

/** Score (sum w y)^2 / sum w. */
final class VarianceImpurity extends Impurity {

    VarianceImpurity() {
        super(2);
    }

    @Override
    double open(NodeRows node, double[] total) {
        return total[1] * total[1] / total[0];
    }

    @Override
    boolean empty(double[] bins, int at) {
        return bins[at] == 0;
    }

    @Override
    double impurity(NodeRows node, double[] total, double score) {
        double mean = total[1] / total[0];
        double squares = 0;
        for (int i = 0; i < node.size; i++) {
            double difference = node.value[i] - mean;
            squares += node.weight[i] * difference * difference;
        }
        return squares / total[0];
    }

    @Override
    boolean scansRows() {
        return true;
    }

    @Override
    boolean scansBins() {
        return true;
    }

    @Override
    boolean scanBins(double[] bins, int at, int first, int last, double[] total, Cut best) {
        double bestAbove = best.score;
        double bestBelow = 1;
        int group = -1;
        double leftWeight = 0;
        double leftSum = 0;
        for (int b = first; b < last; b++) {
            leftWeight += bins[at + 2 * b];
            leftSum += bins[at + 2 * b + 1];
            double rightWeight = total[0] - leftWeight;
            double rightSum = total[1] - leftSum;
            double above = leftSum * leftSum * rightWeight + rightSum * rightSum * leftWeight;
            double below = leftWeight * rightWeight;
            if (above * bestBelow > bestAbove * below) { // compared without a division
                bestAbove = above;
                bestBelow = below;
                group = b;
            }
        }
        if (group < 0) {
            return false;
        }
        best.take(bestAbove / bestBelow, group, false);
        return true;
    }

    @Override
    boolean scanRows(RowOrder order, NodeRows node, double[] total, boolean missingLeft, int minLeaf, Cut best) {
        double leftWeight = 0;
        double leftSum = 0;
        int missing = missingLeft ? node.size - order.valued : 0;
        // Cuts that leave each side as many rows as a leaf needs.
        int first = Math.max(0, minLeaf - missing - 1);
        int end = Math.min(cuts(order.valued, node.size, missingLeft), node.size - missing - minLeaf);
        int[] keys = order.keys;
        double bestAbove = best.score;
        double bestBelow = 1;
        int group = -1;
        for (int i = -missing; i < end; i++) {
            int key = keys[i < 0 ? order.valued - 1 - i : i];
            int at = RowOrder.position(key);
            double w = node.weight[at];
            leftWeight += w;
            leftSum += w * node.value[at];
            if (i < first || RowOrder.code(keys[i + 1]) == RowOrder.code(key)) {
                continue;
            }
            double rightWeight = total[0] - leftWeight;
            double rightSum = total[1] - leftSum;
            double above = leftSum * leftSum * rightWeight + rightSum * rightSum * leftWeight;
            double below = leftWeight * rightWeight;
            if (above * bestBelow > bestAbove * below) { // compared without a division
                bestAbove = above;
                bestBelow = below;
                group = i;
            }
        }
        if (group < 0) {
            return false;
        }
        best.take(bestAbove / bestBelow, group, missingLeft);
        return true;
    }

    @Override
    double score(double[] left, double[] right) {
        return (left[1] * left[1] * right[0] + right[1] * right[1] * left[0]) / (left[0] * right[0]);
    }
}

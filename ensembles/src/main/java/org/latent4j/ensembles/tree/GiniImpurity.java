package org.latent4j.ensembles.tree;

/** Score sum c_k^2 / w. */
final class GiniImpurity extends Impurity {
    private final double[] left;

    GiniImpurity(int classes) {
        super(classes);
        left = new double[classes];
    }

    @Override
    double open(NodeRows node, double[] total) {
        return side(total);
    }

    @Override
    double impurity(NodeRows node, double[] total, double score) {
        double weight = 0;
        for (double w : total) {
            weight += w;
        }
        return Math.max(0, 1 - score / weight);
    }

    @Override
    double score(double[] left, double[] right) {
        if (channels == 2) {
            double l = left[0] + left[1];
            double r = right[0] + right[1];
            // One division instead of two: they are what a scan spends its time on.
            return ((left[0] * left[0] + left[1] * left[1]) * r + (right[0] * right[0] + right[1] * right[1]) * l)
                    / (l * r);
        }
        return side(left) + side(right);
    }

    /** Both sides pure. */
    @Override
    double most(double weight) {
        return weight;
    }

    @Override
    boolean scansRows() {
        return true;
    }

    @Override
    boolean scansBins() {
        return channels == 2;
    }

    @Override
    boolean scanBins(double[] bins, int at, int first, int last, double[] total, Cut best) {
        double bestAbove = best.score;
        double bestBelow = 1;
        int group = -1;
        double l0 = 0;
        double l1 = 0;
        for (int b = first; b < last; b++) {
            l0 += bins[at + 2 * b];
            l1 += bins[at + 2 * b + 1];
            double r0 = total[0] - l0;
            double r1 = total[1] - l1;
            double l = l0 + l1;
            double r = r0 + r1;
            double above = (l0 * l0 + l1 * l1) * r + (r0 * r0 + r1 * r1) * l;
            double below = l * r;
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

    /** A row that changes sides changes both sums of squares by a term each: no loop over the classes. */
    @Override
    boolean scanRows(RowOrder order, NodeRows node, double[] total, boolean missingLeft, int minLeaf, Cut best) {
        double[] toLeft = left;
        double leftWeight = 0;
        double rightWeight = 0;
        double leftSquares = 0;
        double rightSquares = 0;
        for (int c = 0; c < channels; c++) {
            double w = total[c];
            toLeft[c] = 0;
            rightWeight += w;
            rightSquares += w * w;
        }
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
            int c = node.label[at];
            double w = node.weight[at];
            double l = toLeft[c];
            double r = total[c] - l;
            leftSquares += w * (2 * l + w);
            rightSquares -= w * (2 * r - w);
            toLeft[c] = l + w;
            leftWeight += w;
            rightWeight -= w;
            if (i < first || RowOrder.code(keys[i + 1]) == RowOrder.code(key)) {
                continue;
            }
            double above = leftSquares * rightWeight + rightSquares * leftWeight;
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

    private static double side(double[] sums) {
        double weight = 0;
        double squares = 0;
        for (double w : sums) {
            weight += w;
            squares += w * w;
        }
        return squares / weight;
    }
}

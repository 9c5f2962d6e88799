package org.latent4j.ensembles.tree;

/**
 * A criterion at work on sums. The score of a set of rows is minus its weight times its impurity, up to a term that adds up over sets: the gain
 * of a split is the score of its sides less that of the whole.
 */
abstract class Impurity {
    final int channels;

    Impurity(int channels) {
        this.channels = channels;
    }

    static Impurity of(Criterion criterion, int outputs) {
        return switch (criterion) {
            case GINI -> new GiniImpurity(outputs);
            case ENTROPY -> new EntropyImpurity(outputs);
            case VARIANCE -> new VarianceImpurity();
            case ABSOLUTE_ERROR -> new AbsoluteImpurity();
        };
    }

    /** Whether scans need the order of the rows, not only sums. */
    boolean needsOrder() {
        return false;
    }

    /** Whether {@link #scanRows} can be asked. */
    boolean scansRows() {
        return false;
    }

    /** Whether {@link #scanBins} can be asked. */
    boolean scansBins() {
        return false;
    }

    /**
     * Whether large nodes, too, have their rows sorted, by finer codes: of many classes, bins are slower to scan than rows, and worse. Of 7 classes,
     * after training on 50,000 points, .4456 of others were right by bins, .4492 with finer codes, .4495 by scikit-learn's exact cuts.
     */
    final boolean sortsLargeNodes() {
        return scansRows() && !scansBins();
    }

    /** Whether no weight is in a bin. */
    boolean empty(double[] bins, int at) {
        double weight = bins[at];
        for (int c = 1; c < channels && weight == 0; c++) {
            weight = bins[at + c];
        }
        return weight == 0;
    }

    /**
     * The same between bins, without rows of missing value, for criteria that see to it: empty bins score as those before them, and so change
     * nothing. Then {@code group} is the last bin that goes left.
     *
     * @param bins of which the one at {@code at} is number 0
     * @param first of those that have weight
     * @param last of those that have weight
     */
    boolean scanBins(double[] bins, int at, int first, int last, double[] total, Cut best) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " does not scan bins");
    }

    /** The score that no split of a node of this weight exceeds, infinite where it is not known. */
    double most(double weight) {
        return Double.POSITIVE_INFINITY;
    }

    /** Prepares for the splits of a node whose sums are given; gives its score. */
    abstract double open(NodeRows node, double[] total);

    /** Impurity itself, for people. */
    abstract double impurity(NodeRows node, double[] total, double score);

    /** Score of the side whose sums are given together with that of the rest. */
    abstract double score(double[] left, double[] right);

    /**
     * Looks for a better cut between groups than {@code best}, with rows of missing value on either side.
     *
     * @return whether there was one; then score, group and missingLeft are set
     */
    boolean scan(Groups groups, NodeRows node, double[] total, int minLeaf, Cut best) {
        boolean better = false;
        if (groups.missingCount == 0) {
            return scan(groups, total, false, minLeaf, node.size, best);
        }
        better |= scan(groups, total, true, minLeaf, node.size, best);
        better |= scan(groups, total, false, minLeaf, node.size, best);
        return better;
    }

    /** The same between rows in their order, for criteria that see to it: then {@code group} is the last row in the order that goes left. */
    final boolean scanRows(RowOrder order, NodeRows node, double[] total, int minLeaf, Cut best) {
        boolean better = order.valued < node.size && scanRows(order, node, total, true, minLeaf, best);
        return better | scanRows(order, node, total, false, minLeaf, best);
    }

    boolean scanRows(RowOrder order, NodeRows node, double[] total, boolean missingLeft, int minLeaf, Cut best) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " does not scan rows");
    }

    /** How many cuts there are between so many rows: with missing values on the right, all others may go left. */
    static int cuts(int valued, int rows, boolean missingLeft) {
        return valued < rows && !missingLeft ? valued : valued - 1;
    }

    private double[] left = new double[0];
    private double[] right = new double[0];

    private boolean scan(Groups groups, double[] total, boolean missingLeft, int minLeaf, int rows, Cut best) {
        if (left.length == 0) {
            left = new double[channels];
            right = new double[channels];
        }
        int leftRows = 0;
        for (int c = 0; c < channels; c++) {
            left[c] = missingLeft ? groups.missing[c] : 0;
            right[c] = total[c] - left[c];
        }
        if (missingLeft) {
            leftRows = groups.missingCount;
        }
        // With missing values on the right, all others may go left.
        int cuts = groups.missingCount > 0 && !missingLeft ? groups.size : groups.size - 1;
        boolean better = false;
        for (int g = 0; g < cuts; g++) {
            for (int c = 0; c < channels; c++) {
                double moved = groups.sums[g * channels + c];
                left[c] += moved;
                right[c] -= moved;
            }
            if (groups.count != null) {
                leftRows += groups.count[g];
                if (leftRows < minLeaf || rows - leftRows < minLeaf) {
                    continue;
                }
            }
            double score = score(left, right);
            if (score > best.score) {
                best.take(score, g, missingLeft);
                better = true;
            }
        }
        return better;
    }
}

package org.latent4j.ensembles.tree;

import java.util.random.RandomGenerator;

/** Finds the best cut of one node by one feature after the other. */
final class SplitSearch {
    /** Nodes of fewer rows have these sorted by their codes, others have them counted in bins, or sorted by finer codes. Measured. */
    private static final int BY_ROWS = 64;

    private final Quantised data;
    private final Impurity impurity;
    private final int minLeaf;
    private final RandomCuts randomCuts; // null: the best cuts
    private final int byRows;
    private final Groups groups;
    private final RowOrder order = new RowOrder();
    private final Categories categories;

    SplitSearch(Quantised data, Impurity impurity, TreeOptions options) {
        this.data = data;
        this.impurity = impurity;
        this.minLeaf = options.minLeaf();
        boolean counted = minLeaf > 1;
        byRows = !impurity.scansRows() ? 0 : impurity.sortsLargeNodes() ? RowOrder.MOST : BY_ROWS;
        this.groups = new Groups(impurity.channels, counted);
        this.categories = new Categories(groups, counted);
        this.randomCuts = options.randomCuts() ? new RandomCuts(data, impurity, minLeaf) : null;
    }

    /** So many rows at least has a node whose bins are better counted by a backend than its rows sorted here. */
    int binned() {
        return byRows;
    }

    /** Looks at a feature; gives whether the node's points differ in it. */
    boolean search(int feature, NodeRows node, double[] total, Cut best, RandomGenerator random) {
        if (randomCuts != null && !data.categorical[feature] && randomCuts.open(feature, node)) {
            randomCuts.search(feature, node, total, best, random);
            return true;
        }
        byte[] column = data.codes[feature];
        if (column != null && node.size < byRows && !data.categorical[feature]) {
            return scanRows(feature, node, total, best);
        }
        if (column != null && wholeBins(feature)) {
            groups.fill(column, node);
            boolean differ = scanBins(feature, node, total, best, groups.bins, 0);
            groups.clear();
            return differ;
        }
        if (column == null || impurity.needsOrder()) {
            int missing = column == null ? data.low[feature].length : Quantised.MISSING;
            groups.sort(column, data.ranks[feature], missing, node);
        } else {
            groups.count(column, node);
        }
        return scan(feature, node, total, best);
    }

    /** The same with a histogram that is known already. */
    boolean search(
            int feature,
            NodeRows node,
            double[] total,
            Cut best,
            double[] histogram,
            int at,
            int[] counts,
            int countsAt) {
        if (wholeBins(feature)) {
            return scanBins(feature, node, total, best, histogram, at);
        }
        groups.take(histogram, at, counts, countsAt);
        return scan(feature, node, total, best);
    }

    private boolean wholeBins(int feature) {
        return impurity.scansBins() && !data.categorical[feature] && minLeaf == 1;
    }

    /** Scans bins where they are, unless values are missing. */
    private boolean scanBins(int feature, NodeRows node, double[] total, Cut best, double[] bins, int at) {
        if (!impurity.empty(bins, at + Quantised.MISSING * impurity.channels)) {
            groups.take(bins, at, null, 0);
            return scan(feature, node, total, best);
        }
        int first = 0;
        int last = Quantised.MISSING - 1;
        while (first < last && impurity.empty(bins, at + first * impurity.channels)) {
            first++;
        }
        while (first < last && impurity.empty(bins, at + last * impurity.channels)) {
            last--;
        }
        if (first == last) {
            return false;
        }
        if (impurity.scanBins(bins, at, first, last, total, best)) {
            int next = best.group + 1;
            while (impurity.empty(bins, at + next * impurity.channels)) {
                next++;
            }
            take(feature, best, best.group, next, false, false);
        }
        return true;
    }

    private boolean scan(int feature, NodeRows node, double[] total, Cut best) {
        if (groups.size + (groups.missingCount > 0 ? 1 : 0) < 2) {
            return false;
        }
        if (data.categorical[feature]) {
            if (categories.scan(node, total, impurity, minLeaf, best)) {
                best.feature = feature;
                best.fine = false;
                best.sawMissing = groups.missingCount > 0;
            }
        } else if (impurity.scan(groups, node, total, minLeaf, best)) {
            int next = best.group + 1 == groups.size ? -1 : groups.code[best.group + 1];
            take(feature, best, groups.code[best.group], next, false, groups.missingCount > 0);
        }
        return true;
    }

    private boolean scanRows(int feature, NodeRows node, double[] total, Cut best) {
        boolean fine = node.size >= BY_ROWS && data.fine[feature] != null;
        if (fine) {
            order.sort(data.fine[feature], node);
        } else {
            order.sort(data.codes[feature], node);
        }
        int[] keys = order.keys;
        if (RowOrder.code(keys[0]) == RowOrder.code(keys[node.size - 1])) {
            return false;
        }
        if (impurity.scanRows(order, node, total, minLeaf, best)) {
            int next = best.group + 1 == order.valued ? -1 : RowOrder.code(keys[best.group + 1]);
            take(feature, best, RowOrder.code(keys[best.group]), next, fine, order.valued < node.size);
        }
        return true;
    }

    /** Cuts halfway between the values of a code and the next one in the node; above all where there is none (-1). */
    private void take(int feature, Cut best, int code, int next, boolean fine, boolean sawMissing) {
        best.feature = feature;
        best.sawMissing = sawMissing;
        best.left = null;
        best.code = code;
        best.fine = fine;
        float[] high = fine ? data.fineHigh[feature] : data.high[feature];
        float[] low = fine ? data.fineLow[feature] : data.low[feature];
        best.threshold = next < 0 ? Float.MAX_VALUE : FloatOrder.between(high[code], low[next]);
    }
}

package org.latent4j.ensembles.tree;

import java.util.random.RandomGenerator;

/** Finds the best cut of one node by one feature after the other. */
final class SplitSearch {
    private final Quantised data;
    private final Impurity impurity;
    private final int minLeaf;
    private final RandomCuts randomCuts; // null: the best cuts
    private final Groups groups;
    private final Categories categories;

    SplitSearch(Quantised data, Impurity impurity, TreeOptions options) {
        this.data = data;
        this.impurity = impurity;
        this.minLeaf = options.minLeaf();
        boolean counted = minLeaf > 1;
        this.groups = new Groups(impurity.channels, counted);
        this.categories = new Categories(groups, counted);
        this.randomCuts = options.randomCuts() ? new RandomCuts(data, impurity, minLeaf) : null;
    }

    /** Looks at a feature; gives whether the node's points differ in it. */
    boolean search(int feature, NodeRows node, double[] total, Cut best, RandomGenerator random) {
        if (randomCuts != null && !data.categorical[feature] && randomCuts.open(feature, node)) {
            randomCuts.search(feature, node, total, best, random);
            return true;
        }
        byte[] column = data.codes[feature];
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
        groups.take(histogram, at, counts, countsAt);
        return scan(feature, node, total, best);
    }

    private boolean scan(int feature, NodeRows node, double[] total, Cut best) {
        if (groups.size + (groups.missingCount > 0 ? 1 : 0) < 2) {
            return false;
        }
        if (data.categorical[feature]) {
            if (categories.scan(node, total, impurity, minLeaf, best)) {
                best.feature = feature;
                best.sawMissing = groups.missingCount > 0;
            }
        } else if (impurity.scan(groups, node, total, minLeaf, best)) {
            take(feature, best, between(feature, best.group));
        }
        return true;
    }

    private void take(int feature, Cut best, float threshold) {
        best.feature = feature;
        best.sawMissing = groups.missingCount > 0;
        best.left = null;
        best.code = groups.code[best.group];
        best.threshold = threshold;
    }

    /** Halfway between the values of a group and the next; above all where there is none. */
    private float between(int feature, int group) {
        float last = data.high[feature][groups.code[group]];
        return group + 1 == groups.size
                ? Float.MAX_VALUE
                : FloatOrder.between(last, data.low[feature][groups.code[group + 1]]);
    }
}

package org.latent4j.ensembles.tree;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.latent4j.compute.Histograms;

/**
 * Grows trees on quantised points, one after the other; each thread has its own.
 *
 * <p>Large nodes grow level by level on a backend's histograms ({@link LevelGrowth}), the small ones below them depth first on this thread.
 */
public final class Grower {
    private final Quantised data;
    private final int[] labels;
    private final double[] values;
    private final TreeOptions options;
    private final Impurity impurity;
    private final boolean leavesOnly;
    private final int outputs;
    private final int drawn;
    private final int[] featureOrder;
    private final SplitSearch search;
    private final TreeBuilder builder;
    private final LevelGrowth levels;
    private final double[] output;
    private final double[] importance;
    private final Cut cut = new Cut();
    private int[] moved = new int[0];
    private int[] stack = new int[256];
    private int stacked;

    // The tree that grows, and its node that is open.
    final NodeRows node;
    final double[] total;
    double[] weights;
    RandomGenerator random;
    private double allWeight;
    private double openWeight;
    private double openScore;
    private double mostScore;
    private int single;

    /**
     * @param labels of classes, or null
     * @param values of numbers, or null
     * @param histograms of the same codes; null to do without
     * @param leavesOnly whether inner nodes need neither values nor statistics
     */
    public Grower(
            Quantised data,
            int[] labels,
            double[] values,
            int outputs,
            TreeOptions options,
            Histograms histograms,
            boolean leavesOnly) {
        this.data = data;
        this.labels = labels;
        this.values = values;
        this.outputs = outputs;
        this.options = options;
        this.leavesOnly = leavesOnly;
        this.impurity = Impurity.of(options.criterionFor(labels != null), outputs);
        this.node = new NodeRows(data.rows, labels != null);
        this.total = new double[impurity.channels];
        this.output = new double[outputs];
        this.importance = new double[data.features];
        this.featureOrder = new int[data.features];
        this.drawn =
                options.featuresPerSplit() == 0 ? data.features : Math.min(options.featuresPerSplit(), data.features);
        this.search = new SplitSearch(data, impurity, options);
        this.builder = new TreeBuilder(data.features, outputs, !leavesOnly);
        boolean byHistograms = histograms != null && data.allBytes() && !options.randomCuts() && !impurity.needsOrder();
        this.levels = byHistograms
                ? new LevelGrowth(
                        this, search, histograms, labels, values, impurity.channels, drawn, options.minLeaf() > 1)
                : null;
    }

    /**
     * Grows a tree.
     *
     * @param rowWeights n; rows of weight 0 are left out
     */
    public Tree grow(double[] rowWeights, RandomGenerator treeRandom) {
        weights = rowWeights;
        random = treeRandom;
        builder.begin();
        Arrays.fill(importance, 0);
        Arrays.setAll(featureOrder, f -> f);
        int size = 0;
        for (int row = 0; row < data.rows; row++) {
            if (weights[row] > 0) {
                node.rows[size++] = row;
            }
        }
        stacked = 0;
        int root = builder.add();
        allWeight = 0;
        if (levels != null && levels.takes(size)) {
            levels.grow(root, size);
        } else {
            push(root, 0, size, 0);
        }
        while (stacked > 0) {
            stacked -= 4;
            splitOrEnd(stack[stacked], stack[stacked + 1], stack[stacked + 2], stack[stacked + 3]);
        }
        return builder.build();
    }

    /** Decrease of impurity by each feature in the last tree: what each split took away times the share of weight that it split. */
    public double[] decreases() {
        double all = allWeight;
        return Arrays.stream(importance).map(gain -> gain / all).toArray();
    }

    /** A node to be grown later, the last first. */
    void push(int index, int from, int size, int depth) {
        if (stacked + 4 > stack.length) {
            stack = Arrays.copyOf(stack, stack.length * 2);
        }
        stack[stacked++] = index;
        stack[stacked++] = from;
        stack[stacked++] = size;
        stack[stacked++] = depth;
    }

    private void splitOrEnd(int index, int from, int size, int depth) {
        if (!open(index, from, size, depth)) {
            return;
        }
        cut.clear();
        int tried = 0;
        boolean differ = false;
        boolean settled = false;
        while (!settled && tried < data.features && (tried < drawn || !differ)) {
            differ |= search.search(draw(tried++), node, total, cut, random);
            // No other cut would be better, and of equal ones the first is taken.
            settled = cut.found() && (size == 2 || cut.score >= mostScore);
        }
        if (!accept(index, cut)) {
            return;
        }
        int leftSize = partition(cut);
        int child = splitInto(index, cut, leftSize);
        push(child + 1, from + leftSize, size - leftSize, depth + 1);
        push(child, from, leftSize, depth + 1);
    }

    /** Reads a node's rows; gives whether it may be split, else it has become a leaf. */
    boolean open(int index, int from, int size, int depth) {
        node.open(from, size, weights, labels, values);
        Arrays.fill(total, 0);
        single = -1;
        boolean same = labels != null ? sumClasses(size) : sumValues(size);
        openScore = impurity.open(node, total);
        mostScore = impurity.most(openWeight);
        if (index == 0) {
            allWeight = openWeight;
        }
        boolean leaf = same
                || size < options.minSplit()
                || size < 2 * options.minLeaf()
                || options.maxDepth() > 0 && depth >= options.maxDepth();
        if (leaf || !leavesOnly) {
            setValue(index);
        }
        if (!leavesOnly) {
            builder.describe(index, size, openWeight, impurity.impurity(node, total, openScore));
        }
        return !leaf;
    }

    private boolean sumClasses(int size) {
        for (int i = 0; i < size; i++) {
            total[node.label[i]] += node.weight[i];
        }
        int present = 0;
        openWeight = 0;
        for (int c = 0; c < outputs; c++) {
            openWeight += total[c];
            if (total[c] > 0) {
                present++;
                single = c;
            }
        }
        if (present > 1) {
            single = -1;
        }
        return present == 1;
    }

    private boolean sumValues(int size) {
        double least = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            total[0] += node.weight[i];
            total[1] += node.weight[i] * node.value[i];
            least = Math.min(least, node.value[i]);
            largest = Math.max(largest, node.value[i]);
        }
        openWeight = total[0];
        return least == largest;
    }

    private void setValue(int index) {
        if (labels != null) {
            for (int c = 0; c < outputs; c++) {
                output[c] = total[c] / openWeight;
            }
        } else if (impurity instanceof AbsoluteImpurity absolute) {
            output[0] = absolute.median(node);
        } else {
            output[0] = mean();
        }
        builder.setValue(index, output, single);
    }

    /** Exact where all values are equal. */
    private double mean() {
        double mean = total[1] / total[0];
        double rest = 0;
        for (int i = 0; i < node.size; i++) {
            rest += node.weight[i] * (node.value[i] - mean);
        }
        return mean + rest / total[0];
    }

    /** The next feature drawn for the open node: number {@code tried} of a random order, or simply of all. */
    int draw(int tried) {
        if (drawn == data.features) {
            return tried;
        }
        int other = tried + random.nextInt(data.features - tried);
        int feature = featureOrder[other];
        featureOrder[other] = featureOrder[tried];
        featureOrder[tried] = feature;
        return feature;
    }

    /** Looks at features beyond those that were drawn, until one differs: a split is not given up for constant features. */
    void searchOthers(int[] seen, Cut best) {
        boolean differ = false;
        for (int tried = 0; tried < data.features && !differ; tried++) {
            int feature = draw(tried);
            boolean isNew = true;
            for (int f : seen) {
                isNew &= f != feature;
            }
            differ = isNew && search.search(feature, node, total, best, random);
        }
    }

    int features() {
        return data.features;
    }

    /** Whether the open node is split by its best cut; else it has become a leaf. */
    boolean accept(int index, Cut best) {
        double gain = best.found() ? best.score - openScore : -1;
        // Rounding makes the gain of a cut that separates nothing slightly negative.
        boolean split = best.found() && Math.max(0, gain) / allWeight >= options.minGain();
        if (split) {
            importance[best.feature] += Math.max(0, gain);
        } else if (leavesOnly) {
            setValue(index);
        }
        return split;
    }

    /** Sorts the open node's rows into those that go left and, behind them, those that go right, in their order; gives how many go left. */
    int partition(Cut best) {
        if (moved.length < node.size) {
            moved = new int[node.rows.length];
        }
        byte[] column = data.codes[best.feature];
        short[] fine = best.fine ? data.fine[best.feature] : null;
        int[] ranks = data.ranks[best.feature];
        int[] rows = node.rows;
        int end = node.from + node.size;
        int missing = fine != null
                ? Quantised.FINE_MISSING
                : column == null ? data.low[best.feature].length : Quantised.MISSING;
        int left = node.from;
        int right = 0;
        for (int i = node.from; i < end; i++) {
            int row = rows[i];
            int code = fine != null ? fine[row] : column != null ? column[row] & 0xFF : ranks[row];
            boolean goesLeft = code == missing
                    ? best.missingLeft
                    : best.left == null ? code <= best.code : Categories.isSet(best.left, 0, code);
            // Written to both sides and counted on one: cheaper than a branch that nobody can predict.
            rows[left] = row;
            moved[right] = row;
            left += goesLeft ? 1 : 0;
            right += goesLeft ? 0 : 1;
        }
        System.arraycopy(moved, 0, rows, left, right);
        return left - node.from;
    }

    /** Makes two children; gives the left one. Where no value was missing, missing ones will go to the larger side. */
    int splitInto(int index, Cut best, int leftSize) {
        boolean larger = 2 * leftSize >= node.size;
        boolean missingLeft = best.sawMissing ? best.missingLeft : larger;
        if (best.left != null) {
            sendUnseen(best, missingLeft);
        }
        return builder.split(index, best, missingLeft);
    }

    /** Categories that the node has not seen go where missing values go. */
    private void sendUnseen(Cut best, boolean missingLeft) {
        if (missingLeft) {
            long[] seen = new long[4];
            byte[] column = data.codes[best.feature];
            for (int i = 0; i < node.size; i++) {
                Categories.set(seen, column[node.rows[node.from + i]] & 0xFF);
            }
            for (int word = 0; word < 4; word++) {
                best.left[word] |= ~seen[word];
            }
            Categories.set(best.left, Quantised.MISSING);
        }
    }
}

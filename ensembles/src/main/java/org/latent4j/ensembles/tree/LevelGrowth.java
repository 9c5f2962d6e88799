package org.latent4j.ensembles.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.latent4j.compute.Histograms;

/**
 * The upper part of a tree, level by level: one call of the backend counts all nodes of a level.
 *
 * <p>Where every split looks at all features and weights are whole numbers, only the smaller child is counted; the larger one's histogram is its
 * parent's less that.
 */
final class LevelGrowth {
    /** Rows of a node from which on it is worth a place in a backend's call. */
    private static final int LARGE = 2048;
    /** Most numbers of one call's result. */
    private static final int MOST = 1 << 22;

    private final Grower grower;
    private final SplitSearch search;
    private final Histograms histograms;
    private final int[] labels;
    private final double[] values;
    private final int channels;
    private final int drawn;
    private final boolean counted;
    private final int large;
    private final Cut cut = new Cut();
    private boolean subtract;

    /** A node of the level; its sums lie at {@code slot} of the level's arrays, or nowhere yet (-1). */
    private record Open(int index, int from, int size, int depth, int[] features, int slot) {}

    private double[] sums = new double[0];
    private int[] counts = new int[0];

    LevelGrowth(
            Grower grower,
            SplitSearch search,
            Histograms histograms,
            int[] labels,
            double[] values,
            int channels,
            int drawn,
            boolean counted) {
        this.grower = grower;
        this.search = search;
        this.histograms = histograms;
        this.labels = labels;
        this.values = values;
        this.channels = channels;
        this.drawn = drawn;
        this.counted = counted;
        this.large = Math.max(LARGE, search.binned());
    }

    /** Whether a tree of so many rows begins here. */
    boolean takes(int size) {
        return size >= large;
    }

    void grow(int root, int size) {
        subtract = drawn == grower.features() && wholeNumbers(grower.weights);
        List<Open> level = List.of(new Open(root, 0, size, 0, null, -1));
        while (!level.isEmpty()) {
            level = next(level);
        }
    }

    private static boolean wholeNumbers(double[] weights) {
        return Arrays.stream(weights).allMatch(w -> w == Math.rint(w));
    }

    private List<Open> next(List<Open> level) {
        List<Open> children = new ArrayList<>();
        int perCall = Math.max(1, MOST / (drawn * Histograms.BINS * channels));
        boolean known = level.get(0).slot() >= 0;
        for (int start = 0; start < level.size(); start += perCall) {
            List<Open> some = level.subList(start, Math.min(level.size(), start + perCall));
            if (!known) {
                some = count(some);
            }
            for (Open open : some) {
                split(open, children);
            }
        }
        List<Open> further = children.stream().filter(c -> c.size() >= large).toList();
        for (int i = children.size() - 1; i >= 0; i--) {
            Open child = children.get(i);
            if (child.size() < large) {
                grower.push(child.index(), child.from(), child.size(), child.depth());
            }
        }
        return subtract && level.size() <= perCall ? subtracted(children, further, perCall) : uncounted(further);
    }

    private static List<Open> uncounted(List<Open> nodes) {
        return nodes.stream()
                .map(open -> new Open(open.index(), open.from(), open.size(), open.depth(), null, -1))
                .toList();
    }

    /** Draws features for the nodes and counts them in one call. */
    private List<Open> count(List<Open> nodes) {
        int[] features = new int[nodes.size() * drawn];
        List<Open> counted = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Open node = nodes.get(i);
            int[] own = new int[drawn];
            for (int j = 0; j < drawn; j++) {
                own[j] = grower.draw(j);
                features[i * drawn + j] = own[j];
            }
            counted.add(new Open(node.index(), node.from(), node.size(), node.depth(), own, i));
        }
        sums = room(sums, nodes.size());
        counts = countsRoom(counts, nodes.size());
        call(nodes, features, sums, counts);
        return counted;
    }

    private void call(List<Open> nodes, int[] features, double[] into, int[] countsInto) {
        int[] from = nodes.stream().mapToInt(Open::from).toArray();
        int[] to = nodes.stream().mapToInt(open -> open.from() + open.size()).toArray();
        Histograms.Nodes request = new Histograms.Nodes(grower.node.rows, from, to, features, drawn);
        if (labels != null) {
            histograms.classSums(request, labels, grower.weights, channels, into);
        } else {
            histograms.valueSums(request, values, grower.weights, into);
        }
        if (counted) {
            histograms.counts(request, countsInto);
        }
    }

    private void split(Open open, List<Open> children) {
        if (!grower.open(open.index(), open.from(), open.size(), open.depth())) {
            return;
        }
        cut.clear();
        boolean differ = false;
        for (int tried = 0; tried < drawn; tried++) {
            int histogram = open.slot() * drawn + tried;
            differ |= search.search(
                    open.features()[tried],
                    grower.node,
                    grower.total,
                    cut,
                    sums,
                    histogram * Histograms.BINS * channels,
                    counts,
                    histogram * Histograms.BINS);
        }
        if (!differ) {
            grower.searchOthers(open.features(), cut);
        }
        if (!grower.accept(open.index(), cut)) {
            return;
        }
        int leftSize = grower.partition(cut);
        int child = grower.splitInto(open.index(), cut, leftSize);
        children.add(new Open(child, open.from(), leftSize, open.depth() + 1, open.features(), open.slot()));
        children.add(new Open(
                child + 1,
                open.from() + leftSize,
                open.size() - leftSize,
                open.depth() + 1,
                open.features(),
                open.slot()));
    }

    /** Large children with their sums, for which only the smaller of each pair is counted. */
    private List<Open> subtracted(List<Open> children, List<Open> further, int perCall) {
        List<Open> smaller = new ArrayList<>();
        for (int i = 0; i < children.size(); i += 2) {
            Open left = children.get(i);
            Open right = children.get(i + 1);
            if (Math.max(left.size(), right.size()) >= large) {
                smaller.add(left.size() <= right.size() ? left : right);
            }
        }
        if (smaller.isEmpty() || 2 * smaller.size() > perCall) {
            return uncounted(further);
        }
        int[] features = new int[smaller.size() * drawn];
        Arrays.setAll(features, i -> i % drawn);
        double[] nextSums = room(new double[0], 2 * smaller.size());
        int[] nextCounts = countsRoom(new int[0], 2 * smaller.size());
        call(smaller, features, nextSums, nextCounts);
        int each = drawn * Histograms.BINS * channels;
        int eachCounts = drawn * Histograms.BINS;
        List<Open> next = new ArrayList<>();
        int pair = 0;
        for (int i = 0; i < children.size(); i += 2) {
            Open left = children.get(i);
            Open right = children.get(i + 1);
            if (Math.max(left.size(), right.size()) < large) {
                continue;
            }
            boolean leftSmaller = left.size() <= right.size();
            int smallSlot = pair;
            int largeSlot = smaller.size() + pair++;
            difference(sums, left.slot() * each, nextSums, smallSlot * each, largeSlot * each, each);
            if (counted) {
                for (int b = 0; b < eachCounts; b++) {
                    nextCounts[largeSlot * eachCounts + b] =
                            counts[left.slot() * eachCounts + b] - nextCounts[smallSlot * eachCounts + b];
                }
            }
            keep(left, leftSmaller ? smallSlot : largeSlot, next);
            keep(right, leftSmaller ? largeSlot : smallSlot, next);
        }
        sums = nextSums;
        counts = nextCounts;
        return next;
    }

    private static void difference(double[] parent, int parentAt, double[] own, int smallAt, int largeAt, int length) {
        for (int i = 0; i < length; i++) {
            own[largeAt + i] = parent[parentAt + i] - own[smallAt + i];
        }
    }

    private void keep(Open open, int slot, List<Open> next) {
        if (open.size() >= large) {
            next.add(new Open(open.index(), open.from(), open.size(), open.depth(), open.features(), slot));
        }
    }

    private double[] room(double[] before, int nodes) {
        int needed = nodes * drawn * Histograms.BINS * channels;
        return before.length >= needed ? before : new double[needed];
    }

    private int[] countsRoom(int[] before, int nodes) {
        int needed = counted ? nodes * drawn * Histograms.BINS : 0;
        return before.length >= needed ? before : new int[needed];
    }
}

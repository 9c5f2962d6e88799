package org.latent4j.ensembles.forest;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.DataException;
import org.latent4j.ensembles.tree.TreeOptions;
import org.latent4j.ensembles.tree.Workers;

/**
 * How a forest grows.
 *
 * <p>Throws {@link DataException}, all problems at once, for values outside their ranges.
 *
 * @param trees members
 * @param tree how each grows; its featuresPerSplit 0 means the root of all features for classes and a third of them for numbers
 * @param bootstrap whether each tree has its own draw with replacement; else all see all points
 * @param sampleShare points of a draw as a share of all, above 0 and at most 1
 * @param threads to grow with; the forest does not depend on it
 * @param seed decides every random number
 */
public record ForestOptions(
        int trees, TreeOptions tree, boolean bootstrap, double sampleShare, int threads, long seed) {

    public ForestOptions {
        List<String> problems = new ArrayList<>();
        if (trees < 1) {
            problems.add("a forest needs at least 1 tree, but trees is " + trees);
        }
        if (!(sampleShare > 0 && sampleShare <= 1)) {
            problems.add("sampleShare must be above 0 and at most 1, but is " + sampleShare);
        }
        if (threads < 1) {
            problems.add("threads must be at least 1, but is " + threads);
        }
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
    }

    /** A random forest of 100 unlimited trees on draws with replacement, cuts between 255 quantiles. */
    public static ForestOptions randomForest() {
        return new ForestOptions(
                100, TreeOptions.defaults().withBins(TreeOptions.MOST_BINS), true, 1, Workers.all(), 1);
    }

    /** Extremely randomised trees: random cuts, all points. */
    public static ForestOptions extraTrees() {
        return new ForestOptions(
                100,
                TreeOptions.defaults().withBins(TreeOptions.MOST_BINS).withRandomCuts(true),
                false,
                1,
                Workers.all(),
                1);
    }

    public ForestOptions withTrees(int newTrees) {
        return new ForestOptions(newTrees, tree, bootstrap, sampleShare, threads, seed);
    }

    public ForestOptions withTree(TreeOptions newTree) {
        return new ForestOptions(trees, newTree, bootstrap, sampleShare, threads, seed);
    }

    public ForestOptions withBootstrap(boolean newBootstrap) {
        return new ForestOptions(trees, tree, newBootstrap, sampleShare, threads, seed);
    }

    public ForestOptions withSampleShare(double newShare) {
        return new ForestOptions(trees, tree, bootstrap, newShare, threads, seed);
    }

    public ForestOptions withThreads(int newThreads) {
        return new ForestOptions(trees, tree, bootstrap, sampleShare, newThreads, seed);
    }

    public ForestOptions withSeed(long newSeed) {
        return new ForestOptions(trees, tree, bootstrap, sampleShare, threads, newSeed);
    }
}

package org.latent4j.ensembles.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.latent4j.data.DataException;

/**
 * How a tree grows.
 *
 * <p>Throws {@link DataException}, all problems at once, for values outside their ranges.
 *
 * @param criterion empty: Gini for classes, variance for numbers
 * @param maxDepth most splits between root and leaf; 0 for no limit
 * @param minSplit least points of a node that is split
 * @param minLeaf least points of a leaf
 * @param minGain least decrease of impurity of a split, times the node's share of all weight
 * @param featuresPerSplit features drawn for each split, at most all; 0 for all
 * @param randomCuts one random cut for each drawn feature instead of the best one (extremely randomised trees)
 * @param bins a numeric feature of more distinct values is cut at so many quantiles, 2 ... 255; nodes of 64 rows and more of three classes or more,
 *     by Gini, at finer ones; 0 for exact cuts
 * @param categorical indices from 0 of features that are categories, whole numbers 0 ... 254
 */
public record TreeOptions(
        Optional<Criterion> criterion,
        int maxDepth,
        int minSplit,
        int minLeaf,
        double minGain,
        int featuresPerSplit,
        boolean randomCuts,
        int bins,
        Set<Integer> categorical) {

    public static final int MOST_BINS = 255;

    public TreeOptions {
        categorical = Set.copyOf(categorical);
        List<String> problems = new ArrayList<>();
        check(maxDepth >= 0, "maxDepth must be 0 (no limit) or more, but is " + maxDepth, problems);
        check(minSplit >= 2, "minSplit must be at least 2, but is " + minSplit, problems);
        check(minLeaf >= 1, "minLeaf must be at least 1, but is " + minLeaf, problems);
        check(
                minGain >= 0 && minGain < Double.POSITIVE_INFINITY,
                "minGain must be 0 or more, but is " + minGain,
                problems);
        check(featuresPerSplit >= 0, "featuresPerSplit must be 0 (all) or more, but is " + featuresPerSplit, problems);
        check(
                bins == 0 || bins >= 2 && bins <= MOST_BINS,
                "bins must be 0 (exact) or 2 ... " + MOST_BINS + ", but is " + bins,
                problems);
        check(categorical.stream().allMatch(f -> f >= 0), "categorical features count from 0", problems);
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
    }

    private static void check(boolean holds, String problem, List<String> problems) {
        if (!holds) {
            problems.add(problem);
        }
    }

    /** No limits, exact cuts, all features. */
    public static TreeOptions defaults() {
        return new TreeOptions(Optional.empty(), 0, 2, 1, 0, 0, false, 0, Set.of());
    }

    public TreeOptions withCriterion(Criterion newCriterion) {
        return new TreeOptions(
                Optional.of(newCriterion),
                maxDepth,
                minSplit,
                minLeaf,
                minGain,
                featuresPerSplit,
                randomCuts,
                bins,
                categorical);
    }

    public TreeOptions withMaxDepth(int newMaxDepth) {
        return new TreeOptions(
                criterion, newMaxDepth, minSplit, minLeaf, minGain, featuresPerSplit, randomCuts, bins, categorical);
    }

    public TreeOptions withMinSplit(int newMinSplit) {
        return new TreeOptions(
                criterion, maxDepth, newMinSplit, minLeaf, minGain, featuresPerSplit, randomCuts, bins, categorical);
    }

    public TreeOptions withMinLeaf(int newMinLeaf) {
        return new TreeOptions(
                criterion, maxDepth, minSplit, newMinLeaf, minGain, featuresPerSplit, randomCuts, bins, categorical);
    }

    public TreeOptions withMinGain(double newMinGain) {
        return new TreeOptions(
                criterion, maxDepth, minSplit, minLeaf, newMinGain, featuresPerSplit, randomCuts, bins, categorical);
    }

    public TreeOptions withFeaturesPerSplit(int newFeatures) {
        return new TreeOptions(
                criterion, maxDepth, minSplit, minLeaf, minGain, newFeatures, randomCuts, bins, categorical);
    }

    public TreeOptions withRandomCuts(boolean newRandomCuts) {
        return new TreeOptions(
                criterion, maxDepth, minSplit, minLeaf, minGain, featuresPerSplit, newRandomCuts, bins, categorical);
    }

    public TreeOptions withBins(int newBins) {
        return new TreeOptions(
                criterion, maxDepth, minSplit, minLeaf, minGain, featuresPerSplit, randomCuts, newBins, categorical);
    }

    public TreeOptions withCategorical(Set<Integer> newCategorical) {
        return new TreeOptions(
                criterion, maxDepth, minSplit, minLeaf, minGain, featuresPerSplit, randomCuts, bins, newCategorical);
    }

    /** The criterion for a target; fails where it is of the other kind. */
    Criterion criterionFor(boolean classified) {
        Criterion chosen = criterion.orElse(classified ? Criterion.GINI : Criterion.VARIANCE);
        if (chosen.ofClasses() != classified) {
            throw new DataException("criterion " + chosen + " is for " + (classified ? "numbers" : "classes")
                    + ", but the target is "
                    + (classified ? "classes; use GINI or ENTROPY" : "numbers; use VARIANCE or ABSOLUTE_ERROR"));
        }
        return chosen;
    }
}

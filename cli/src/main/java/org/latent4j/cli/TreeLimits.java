package org.latent4j.cli;

import org.latent4j.ensembles.tree.TreeOptions;
import picocli.CommandLine.Option;

/** What limits trees: a forest's, or those of a bag. {@link TreeOptions} checks the values. */
final class TreeLimits {
    @Option(
            names = "--max-depth",
            paramLabel = "N",
            defaultValue = "0",
            description = "Trees: most cuts from root to leaf; 0: no limit (default).")
    int maxDepth;

    @Option(
            names = "--min-split",
            paramLabel = "N",
            defaultValue = "2",
            description = "Trees: least points of a node that is cut (default ${DEFAULT-VALUE}).")
    int minSplit;

    @Option(
            names = "--min-leaf",
            paramLabel = "N",
            defaultValue = "1",
            description = "Trees: least points of a leaf (default ${DEFAULT-VALUE}).")
    int minLeaf;

    @Option(
            names = "--min-gain",
            paramLabel = "G",
            defaultValue = "0",
            description =
                    "Trees: least decrease of impurity by a cut, times the node's share of all points (default ${DEFAULT-VALUE}).")
    double minGain;

    /** Trees of these limits, of exact cuts and all features; throws all that is out of range at once. */
    TreeOptions options() {
        TreeOptions others = TreeOptions.defaults();
        return new TreeOptions(
                others.criterion(),
                maxDepth,
                minSplit,
                minLeaf,
                minGain,
                others.featuresPerSplit(),
                others.randomCuts(),
                others.bins(),
                others.categorical());
    }
}

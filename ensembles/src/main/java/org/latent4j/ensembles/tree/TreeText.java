package org.latent4j.ensembles.tree;

/** A tree in words. */
final class TreeText {
    private TreeText() {}

    static String lines(DecisionTree tree) {
        return tree.toString();
    }
}

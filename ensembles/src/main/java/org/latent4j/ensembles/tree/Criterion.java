package org.latent4j.ensembles.tree;

/** What a split makes smaller: the impurity of a node with class shares p_k, or with numbers y, by weight. */
public enum Criterion {
    /** 1 - sum p_k^2. */
    GINI(true),
    /** - sum p_k log2 p_k, in bits. */
    ENTROPY(true),
    /** Mean of (y - mean)^2; leaves predict means. */
    VARIANCE(false),
    /** Mean of |y - median|; leaves predict medians. */
    ABSOLUTE_ERROR(false);

    private final boolean ofClasses;

    Criterion(boolean ofClasses) {
        this.ofClasses = ofClasses;
    }

    /** Whether it is of classes, not of numbers. */
    public boolean ofClasses() {
        return ofClasses;
    }
}

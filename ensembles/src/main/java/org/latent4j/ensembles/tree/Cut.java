package org.latent4j.ensembles.tree;

/** The best cut found so far in a node; written by scans, read by the one that grows the tree. */
final class Cut {
    /** Score of both sides together; higher is purer. */
    double score;
    /** Groups 0 ... group go left. */
    int group;

    boolean missingLeft;
    /** Whether a value of the feature was missing in the node. */
    boolean sawMissing;

    int feature;
    /** The largest code that goes left, for numbers. */
    int code;
    /** Whether it is one of the feature's finer codes. */
    boolean fine;

    float threshold;
    /** Codes that go left, for categories, bit by bit; else null. */
    long[] left;

    /** Takes another cut in place of the one that was best. */
    void take(double score, int group, boolean missingLeft) {
        this.score = score;
        this.group = group;
        this.missingLeft = missingLeft;
    }

    boolean found() {
        return feature >= 0;
    }

    void clear() {
        score = Double.NEGATIVE_INFINITY;
        feature = -1;
        left = null;
    }
}

package org.latent4j.clustering;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.DataException;

/** What weights of points must be. */
final class Weights {
    private static final int MOST_PROBLEMS = 5;

    private Weights() {}

    /** What {@link #check} throws for, and weights of 0. */
    static void checkPositive(double[] weights, int n) {
        check(weights, n);
        for (int i = 0; weights != null && i < n; i++) {
            if (weights[i] == 0) {
                throw new DataException("the weight of row " + (i + 1) + " is 0; leave out points without weight");
            }
        }
    }

    /** Throws for another number of weights, negative or not finite ones, and a sum of 0; null is 1 each. */
    static void check(double[] weights, int n) {
        if (weights == null) {
            return;
        }
        if (weights.length != n) {
            throw new DataException("there are " + weights.length + " weights for " + n + " points; give one for each");
        }
        List<String> problems = new ArrayList<>();
        double sum = 0;
        for (int i = 0; i < n && problems.size() < MOST_PROBLEMS; i++) {
            sum += weights[i];
            if (!(weights[i] >= 0 && Double.isFinite(weights[i]))) {
                problems.add("that of row " + (i + 1) + " is " + weights[i]);
            }
        }
        if (!problems.isEmpty()) {
            throw new DataException("weights must be numbers of at least 0, but " + String.join("; ", problems));
        }
        if (sum == 0) {
            throw new DataException("all weights are 0; at least one point needs weight");
        }
    }
}

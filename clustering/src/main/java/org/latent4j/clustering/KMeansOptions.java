package org.latent4j.clustering;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How k-means runs.
 *
 * <p>Throws {@link DataException}, with all problems at once, for numbers out of their range and a start of other than k centres.
 *
 * @param k clusters
 * @param start how the first centres are drawn; of no use where they are given
 * @param centres (k, p), the first centres, or null to draw them
 * @param restarts runs from different starts, of which the cheapest is kept; 1 where centres are given
 * @param maxIterations assignments of all points in one run, at most
 * @param stop what {@code tolerance} is compared with
 * @param tolerance 0: go on until no assignment changes
 * @param seed decides the start
 */
public record KMeansOptions(
        int k, Start start, INDArray centres, int restarts, int maxIterations, Stop stop, double tolerance, long seed) {

    /** How the first centres are drawn from the points. */
    public enum Start {
        /** Greedy k-means++: candidates by squared distance from the centres so far, of which the best is taken. */
        PLUS_PLUS,
        /** k points, each as likely as its weight. */
        RANDOM
    }

    /** What has to become small. */
    public enum Stop {
        /** The relative change of the cost from one iteration to the next. */
        COST,
        /** The sum of the squared moves of the centres, relative to the mean variance of the features. */
        CENTRES
    }

    public KMeansOptions {
        List<String> problems = new ArrayList<>();
        atLeastOne("k, the number of clusters,", k, problems);
        atLeastOne("the number of restarts", restarts, problems);
        atLeastOne("the number of iterations", maxIterations, problems);
        if (!(tolerance >= 0 && Double.isFinite(tolerance))) {
            problems.add("the tolerance must be a number of at least 0, but is " + tolerance);
        }
        if (centres != null && (centres.rank() != 2 || centres.size(0) != k)) {
            problems.add("the given start must be k centres, (" + k + ", p), but has shape "
                    + Arrays.toString(centres.shape()));
        }
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
        restarts = centres == null ? restarts : 1;
    }

    private static void atLeastOne(String name, int value, List<String> problems) {
        if (value < 1) {
            problems.add(name + " must be at least 1, but is " + value);
        }
    }

    /** Greedy k-means++, the best of 4 runs of at most 300 iterations, until the cost changes by less than 1e-6 of itself; seed 1. */
    public static KMeansOptions of(int k) {
        return new KMeansOptions(k, Start.PLUS_PLUS, null, 4, 300, Stop.COST, 1e-6, 1);
    }

    public KMeansOptions withK(int value) {
        return new KMeansOptions(value, start, centres, restarts, maxIterations, stop, tolerance, seed);
    }

    public KMeansOptions withStart(Start value) {
        return new KMeansOptions(k, value, null, restarts, maxIterations, stop, tolerance, seed);
    }

    /** Starts from these k centres, once. */
    public KMeansOptions withStart(INDArray value) {
        return new KMeansOptions(k, start, value, 1, maxIterations, stop, tolerance, seed);
    }

    public KMeansOptions withRestarts(int value) {
        return new KMeansOptions(k, start, centres, value, maxIterations, stop, tolerance, seed);
    }

    public KMeansOptions withMaxIterations(int value) {
        return new KMeansOptions(k, start, centres, restarts, value, stop, tolerance, seed);
    }

    public KMeansOptions withTolerance(Stop what, double value) {
        return new KMeansOptions(k, start, centres, restarts, maxIterations, what, value, seed);
    }

    public KMeansOptions withSeed(long value) {
        return new KMeansOptions(k, start, centres, restarts, maxIterations, stop, tolerance, value);
    }
}

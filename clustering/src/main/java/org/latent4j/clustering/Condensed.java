package org.latent4j.clustering;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.DataException;

/** Distances of all pairs of n points in one row: (0,1), (0,2), ..., (0,n-1), (1,2), ... as SciPy's pdist gives them. */
final class Condensed {
    private static final int MOST_PROBLEMS = 5;

    private Condensed() {}

    /** Number of pairs. */
    static int length(int n) {
        long pairs = (long) n * (n - 1) / 2;
        if (pairs > Integer.MAX_VALUE - 8) {
            throw new DataException(n + " points have " + pairs + " pairs, which are more than one array holds; "
                    + "65,536 points are the most");
        }
        return (int) pairs;
    }

    /** Where the pair of i and j, different, lies. */
    static int index(int n, int i, int j) {
        int low = Math.min(i, j);
        int high = Math.max(i, j);
        return (int) ((long) n * low - (long) low * (low + 1) / 2 + (high - low - 1));
    }

    /** Number of points of so many pairs; throws where it is none. */
    static int points(int pairs) {
        int n = (int) Math.round((1 + Math.sqrt(1 + 8.0 * pairs)) / 2);
        if (pairs < 1 || (long) n * (n - 1) / 2 != pairs) {
            throw new DataException(
                    pairs + " distances are not those of all pairs of n points, n (n - 1) / 2: 1, 3, 6, 10, "
                            + "...; give each pair once, (0,1), (0,2), ..., (1,2), ...");
        }
        return n;
    }

    /** Throws for NaN, infinite and negative distances; the number of points. */
    static int check(double[] distances) {
        int n = points(distances.length);
        List<String> problems = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < n && problems.size() < MOST_PROBLEMS; i++) {
            for (int j = i + 1; j < n && problems.size() < MOST_PROBLEMS; j++, at++) {
                if (!(distances[at] >= 0 && distances[at] < Double.POSITIVE_INFINITY)) {
                    problems.add("that of points " + (i + 1) + " and " + (j + 1) + " is " + distances[at]);
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new DataException("distances must be finite numbers of at least 0, but " + String.join("; ", problems)
                    + "; correct them or leave these points out");
        }
        return n;
    }

    /** The condensed form of a square matrix; throws where it is not square, symmetric and 0 on its diagonal. */
    static double[] ofSquare(double[][] square) {
        int n = square.length;
        List<String> problems = new ArrayList<>();
        double[] condensed = new double[length(n)];
        for (int i = 0; i < n && problems.size() < MOST_PROBLEMS; i++) {
            if (square[i].length != n) {
                throw new DataException("a matrix of distances must be square, but has " + n + " rows of "
                        + square[i].length + " numbers; give all of it, or each pair once in one column");
            }
            if (square[i][i] != 0) {
                problems.add("row " + (i + 1) + " has distance " + square[i][i] + " to itself");
            }
            for (int j = 0; j < i; j++) {
                double difference = Math.abs(square[i][j] - square[j][i]);
                if (!(difference <= 1e-8 + 1e-5 * Math.abs(square[j][i]))) {
                    problems.add("rows " + (j + 1) + " and " + (i + 1) + " are " + square[j][i] + " and " + square[i][j]
                            + " apart");
                }
                condensed[index(n, j, i)] = square[j][i];
            }
        }
        if (!problems.isEmpty()) {
            throw new DataException("a matrix of distances must be symmetric with 0 on its diagonal, but "
                    + String.join("; ", problems.subList(0, Math.min(MOST_PROBLEMS, problems.size()))));
        }
        return condensed;
    }
}

package org.latent4j.reduction.pca;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.latent4j.data.DataException;

/**
 * The solver of a fit, and why.
 *
 * @param reason in words for a person
 */
record SolverChoice(Solver solver, String reason) {
    /** Decompositions of so few operations take milliseconds: then the most accurate one is taken. */
    private static final double SMALL = 2e8;
    /** Operations of an eigenproblem of n rows, in n^3, weighed by how much slower than products they run. */
    private static final double EIGEN_WEIGHT = 30;
    /** The randomised solver gives approximations; it must be worth it. */
    private static final double WORTH = 3;
    /** Edge of the largest square matrix whose numbers an array holds. */
    private static final int LARGEST_SQUARE = 46_340;

    static SolverChoice of(long n, int p, boolean fitsInMemory, PcaOptions options) {
        int asked = options.components() instanceof ComponentRule.Number number ? number.count() : 0;
        check(n, p, fitsInMemory, options, asked);
        if (options.solver() != Solver.AUTO) {
            return new SolverChoice(options.solver(), "as asked");
        }
        double operations = (double) n * p * Math.min(n, p);
        boolean smallNumber = asked > 0 && asked <= Math.min(n, p) / 10;
        if (operations < SMALL) {
            return new SolverChoice(Solver.FULL, "the data are small: the most accurate solver takes no time");
        }
        double covariance = 2.0 * n * p * p + EIGEN_WEIGHT * p * (double) p * p;
        double gram = 2.0 * n * n * p + EIGEN_WEIGHT * n * (double) n * n;
        double exact = Math.min(covariance, gram);
        double randomized = smallNumber ? 2.0 * n * p * RandomizedSolver.products(n, p, asked, options) : 0;
        if (smallNumber && randomized * WORTH < exact) {
            return new SolverChoice(
                    Solver.RANDOMIZED,
                    String.format(
                            Locale.ROOT,
                            "%d of %d components take about %.0f times fewer operations than all",
                            asked,
                            Math.min(n, p),
                            exact / randomized));
        }
        if (!fitsInMemory && p > LARGEST_SQUARE) {
            throw new DataException(n + " x " + p + " numbers don't fit in memory, and neither does the covariance of "
                    + p + " columns; ask for a number of components, which the randomized solver finds in blocks");
        }
        return p <= n || !fitsInMemory
                ? new SolverChoice(Solver.COVARIANCE, "rows outnumber columns: the covariance matrix is the small one")
                : new SolverChoice(
                        Solver.GRAM, "columns outnumber rows: the matrix of the rows' products is the small one");
    }

    private static void check(long n, int p, boolean fitsInMemory, PcaOptions options, int asked) {
        List<String> problems = new ArrayList<>();
        long most = Math.min(n, p);
        if (n < 2) {
            problems.add("principal components need at least 2 rows, but there is " + n);
        }
        if (asked > most && n >= 2) {
            problems.add(asked + " components of " + n + " rows and " + p + " columns: there are at most " + most);
        }
        if (options.components() instanceof ComponentRule.Mle && n < p) {
            problems.add("Minka's number of components needs at least as many rows as columns, but there are " + n
                    + " and " + p + "; use a share such as 0.95, or parallel");
        }
        if (options.components() instanceof ComponentRule.ParallelAnalysis && !fitsInMemory) {
            problems.add(
                    "parallel analysis permutes columns in memory, and the data don't fit; use a share or a number");
        }
        Solver solver = options.solver();
        if (solver == Solver.RANDOMIZED && asked == 0) {
            problems.add("the randomized solver needs a number of components; a share, all, mle and parallel need the"
                    + " others, which find all variances");
        }
        if ((solver == Solver.FULL || solver == Solver.GRAM) && !fitsInMemory) {
            problems.add("the " + solver + " solver needs the data in memory, and " + n + " x " + p
                    + " numbers are too many; use covariance, incremental or randomized");
        }
        if ((solver == Solver.COVARIANCE || solver == Solver.INCREMENTAL) && p > LARGEST_SQUARE) {
            problems.add("the " + solver + " solver needs " + p + " x " + p
                    + " numbers, which is more than an array holds; use randomized or gram");
        }
        if (solver == Solver.GRAM && n > LARGEST_SQUARE) {
            problems.add("the gram solver needs " + n + " x " + n
                    + " numbers, which is more than an array holds; use randomized or covariance");
        }
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
    }
}

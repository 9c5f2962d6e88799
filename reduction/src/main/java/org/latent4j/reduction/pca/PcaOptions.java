package org.latent4j.reduction.pca;

import org.latent4j.data.DataException;

/**
 * What {@link Pca} is to find.
 *
 * <p>{@code standardize}: columns are divided by their standard deviation (n - 1); constant ones stay 0. {@code whiten}: scores have variance 1.
 * {@code oversampling} and {@code iterations} are those of the randomised solver: columns beside the asked ones, and products with X^T X.
 *
 * <p>Throws {@link DataException} for negative numbers.
 */
public record PcaOptions(
        ComponentRule components,
        Solver solver,
        boolean standardize,
        boolean whiten,
        int oversampling,
        int iterations,
        long seed) {

    public PcaOptions {
        if (oversampling < 0 || iterations < 0) {
            throw new DataException(
                    "oversampling and iterations must be at least 0, but are " + oversampling + " and " + iterations);
        }
    }

    /** All components, the solver by itself. */
    public static PcaOptions defaults() {
        return new PcaOptions(new ComponentRule.All(), Solver.AUTO, false, false, 10, 4, 1);
    }

    public static PcaOptions components(int count) {
        return defaults().with(new ComponentRule.Number(count));
    }

    public PcaOptions with(ComponentRule newComponents) {
        return new PcaOptions(newComponents, solver, standardize, whiten, oversampling, iterations, seed);
    }

    public PcaOptions with(Solver newSolver) {
        return new PcaOptions(components, newSolver, standardize, whiten, oversampling, iterations, seed);
    }

    public PcaOptions standardized() {
        return new PcaOptions(components, solver, true, whiten, oversampling, iterations, seed);
    }

    public PcaOptions whitened() {
        return new PcaOptions(components, solver, standardize, true, oversampling, iterations, seed);
    }

    public PcaOptions withSeed(long newSeed) {
        return new PcaOptions(components, solver, standardize, whiten, oversampling, iterations, newSeed);
    }
}

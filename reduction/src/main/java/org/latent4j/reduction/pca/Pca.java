package org.latent4j.reduction.pca;

import java.util.Arrays;
import java.util.Optional;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Principal component analysis: the orthonormal directions of largest variance.
 *
 * <p>Data are (n, p), rows are points; FLOAT or DOUBLE in, the same type out. Sums are in double, and columns are centred in double before
 * anything is multiplied, so that offsets don't spoil the result. Products of large FLOAT data are FLOAT.
 *
 * <p>Throws {@link DataException} for fewer than two rows, numbers that are not finite (rows and columns named), more components than
 * min(n, p), data without any variance, and solvers that can't do what is asked.
 *
 * <p>Source: Jolliffe, "Principal component analysis", 2002; solvers see {@link Solver}.
 */
public final class Pca {
    private Pca() {}

    public static PcaModel fit(INDArray x, PcaOptions options, Primitives primitives) {
        return fit(RowSource.of(x), options, primitives);
    }

    /** Rows may be more than fit in memory: the covariance, incremental and randomized solvers read them in blocks. */
    public static PcaModel fit(RowSource source, PcaOptions options, Primitives primitives) {
        SolverChoice choice = SolverChoice.of(source.rows(), source.columns(), Centred.fitsInMemory(source), options);
        if (choice.solver() == Solver.INCREMENTAL) {
            try (IncrementalPca incremental = new IncrementalPca(source.names(), source.type(), primitives)) {
                incremental.add(source);
                return incremental.model(options, choice.reason());
            }
        }
        Moments moments = Moments.of(source);
        double[] scale = options.standardize() ? scales(moments) : null;
        try (Centred data = new Centred(source, moments.mean(), scale)) {
            Spectrum spectrum =
                    switch (choice.solver()) {
                        case FULL -> ExactSolvers.full(data, primitives);
                        case COVARIANCE -> ExactSolvers.covariance(data, options, primitives);
                        case GRAM -> ExactSolvers.gram(data, primitives);
                        case RANDOMIZED ->
                            RandomizedSolver.solve(
                                    data, ((ComponentRule.Number) options.components()).count(), options, primitives);
                        case INCREMENTAL, AUTO -> throw new IllegalStateException(choice.toString());
                    };
            return model(moments, spectrum, Optional.of(data), options, choice, primitives, source.type());
        }
    }

    static PcaModel model(
            Moments moments,
            Spectrum spectrum,
            Optional<Centred> data,
            PcaOptions options,
            SolverChoice choice,
            Primitives primitives,
            DataType type) {
        double[] scale = options.standardize() ? scales(moments) : null;
        double total = totalVariance(moments, options.standardize());
        int kept = count(spectrum, total, data, moments.rows(), options, primitives);
        try (INDArray all = spectrum.directions()) {
            return new PcaModel(
                    moments.rows(),
                    moments.mean(),
                    scale,
                    Directions.ofRows(all, kept, type),
                    Arrays.copyOf(spectrum.variances(), kept),
                    total,
                    spectrum.variances(),
                    options.whiten(),
                    options.standardize() ? moments.constantColumns() : new int[0],
                    choice.solver(),
                    choice.reason(),
                    options.seed());
        }
    }

    /** Standard deviations; 1 for constant columns, which stay 0. */
    static double[] scales(Moments moments) {
        return Arrays.stream(moments.deviations()).map(d -> d == 0 ? 1 : d).toArray();
    }

    static double totalVariance(Moments moments, boolean standardize) {
        double total = standardize
                ? moments.mean().length - moments.constantColumns().length
                : Arrays.stream(moments.squares()).sum() / (moments.rows() - 1);
        if (total == 0) {
            throw new DataException("the data have no variance: all " + moments.rows() + " rows are the same");
        }
        return total;
    }

    private static int count(
            Spectrum spectrum,
            double total,
            Optional<Centred> data,
            long rows,
            PcaOptions options,
            Primitives primitives) {
        double[] variances = spectrum.variances();
        ComponentRule rule = options.components();
        if (rule instanceof ComponentRule.Number number) {
            return number.count();
        }
        if (rule instanceof ComponentRule.Share share) {
            return carrying(share.share(), variances, total);
        }
        if (rule instanceof ComponentRule.Mle) {
            return MinkaMle.dimensions(variances, rows);
        }
        if (rule instanceof ComponentRule.ParallelAnalysis parallel) {
            Centred centred = data.orElseThrow(() -> new DataException(
                    "parallel analysis needs the data at once; the incremental solver has only their sums"));
            int found = ParallelAnalysis.dimensions(centred, variances, parallel, options.seed(), primitives);
            if (found == 0) {
                throw new DataException("parallel analysis finds no component above chance: the columns are not"
                        + " correlated; ask for a number or a share to see them nevertheless");
            }
            return found;
        }
        return variances.length;
    }

    /** As few as carry a share of the variance, all of them if rounding keeps the sum below. */
    static int carrying(double share, double[] variances, double total) {
        double sum = 0;
        for (int k = 0; k < variances.length; k++) {
            sum += variances[k];
            if (sum >= share * total) {
                return k + 1;
            }
        }
        return variances.length;
    }
}

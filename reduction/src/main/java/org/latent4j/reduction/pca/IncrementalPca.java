package org.latent4j.reduction.pca;

import java.util.List;
import java.util.Optional;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.PointSet;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Principal components of rows that come in batches, each seen once.
 *
 * <p>Keeps the means and the sums of products of deviations, (p, p), in double, and merges those of each batch exactly: up to rounding (1e-12)
 * the result is that of all rows at once, in whatever batches they came. Throws {@link DataException} as {@link Pca} does.
 *
 * <p>Source: Chan, Golub, LeVeque 1979, for matrices.
 */
public final class IncrementalPca implements AutoCloseable {
    private static final long BATCH_NUMBERS = 1L << 22;

    private final List<String> names;
    private final DataType type;
    private final Primitives primitives;
    private final Moments moments;
    private final INDArray scatter; // (p, p) DOUBLE, lower triangle

    /** For rows of so many columns; components are given in the type. */
    public IncrementalPca(int columns, DataType type, Primitives primitives) {
        this(PointSet.numbered(columns), type, primitives);
    }

    IncrementalPca(List<String> names, DataType type, Primitives primitives) {
        this.names = names;
        this.type = type;
        this.primitives = primitives;
        this.moments = Moments.none(names.size());
        this.scatter = Nd4j.zeros(DataType.DOUBLE, names.size(), names.size());
    }

    /** Rows so far. */
    public long rows() {
        return moments.rows();
    }

    /** Adds rows (m, p). */
    public void add(INDArray rows) {
        add(RowSource.of(rows));
    }

    /** Adds all rows of a source, in batches. After an exception the rows before the bad batch are in. */
    public void add(RowSource source) {
        int p = names.size();
        if (source.columns() != p) {
            throw new DataException("batches have " + p + " columns, but one with " + source.columns() + " came");
        }
        int rowsEach = (int) Math.max(1, Math.min(source.rows(), BATCH_NUMBERS / p));
        double[] x = new double[Math.multiplyExact(rowsEach, p)];
        for (long from = 0; from < source.rows(); from += rowsEach) {
            int count = (int) Math.min(rowsEach, source.rows() - from);
            source.read(from, count, x);
            try (INDArray batch = Nd4j.createUninitialized(DataType.DOUBLE, new long[] {count, p}, 'c')) {
                new Numbers(batch).write(0, x, count * p);
                merge(RowSource.of(batch, names));
            }
        }
    }

    private void merge(RowSource batch) {
        Moments some;
        try {
            some = Moments.of(batch);
        } catch (DataException e) {
            throw new DataException(
                    "in the rows after the first " + rows() + ", counted from there: " + e.getMessage(), e);
        }
        try (Centred centred = new Centred(batch, some.mean(), null)) {
            centred.forEachPassingBlock((from, block) -> primitives.addScatter(scatter, block));
        }
        addShift(some);
        moments.merge(some);
    }

    /** What the distance between the means of the rows so far and of some more adds. */
    private void addShift(Moments some) {
        if (rows() == 0) {
            return;
        }
        double weight = (double) rows() / (rows() + some.rows()) * some.rows();
        double[] shift = new double[names.size()];
        for (int j = 0; j < shift.length; j++) {
            shift[j] = (some.mean()[j] - moments.mean()[j]) * Math.sqrt(weight);
        }
        try (INDArray row = Nd4j.create(shift, new long[] {1, shift.length}, 'c');
                INDArray products = primitives.product(row, true, row, false)) {
            scatter.addi(products);
        }
    }

    /** The components of all rows so far; more may be added afterwards. The solver named in the options does not matter. */
    public PcaModel model(PcaOptions options) {
        return model(options, "one pass over " + rows() + " rows");
    }

    PcaModel model(PcaOptions options, String reason) {
        SolverChoice.of(Math.max(1, rows()), names.size(), true, options.with(Solver.INCREMENTAL));
        try (INDArray scaled = options.standardize() ? standardized() : scatter.dup('c')) {
            Spectrum spectrum = ExactSolvers.ofScatter(scaled, rows(), options, type, primitives);
            SolverChoice choice = new SolverChoice(Solver.INCREMENTAL, reason);
            return Pca.model(moments, spectrum, Optional.empty(), options, choice, primitives, type);
        }
    }

    private INDArray standardized() {
        double[] scale = Pca.scales(moments);
        double[] values = Numbers.of(scatter);
        for (int i = 0; i < values.length; i++) {
            values[i] /= scale[i / scale.length] * scale[i % scale.length];
        }
        return Nd4j.create(values, new long[] {scale.length, scale.length}, 'c');
    }

    @Override
    public void close() {
        scatter.close();
    }
}

package org.latent4j.reduction.pca;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.latent4j.data.DataException;

/**
 * Number, means and sums of squared deviations of columns, in double, merged in the order of the rows: the same bits at any number of threads.
 *
 * <p>Deviations are taken from a row of the data, so that constant columns have exactly 0 and offsets of 1e8 cost nothing. Source: Chan, Golub,
 * LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979.
 */
final class Moments {
    /** Numbers of moments that are held before they are merged. */
    private static final int TOGETHER = 1 << 22;

    private static final int PROBLEMS_NAMED = 10;

    private long rows;
    private double[] mean;
    private double[] squares;

    private Moments(long rows, double[] mean, double[] squares) {
        this.rows = rows;
        this.mean = mean;
        this.squares = squares;
    }

    static Moments none(int columns) {
        return new Moments(0, new double[columns], new double[columns]);
    }

    /** Throws {@link DataException} where a number is not finite, by row and column. */
    static Moments of(RowSource source) {
        long each = Math.max(1, TOGETHER / source.columns()) * (long) Stretch.rowsEach(source);
        Moments all = none(source.columns());
        for (long from = 0; from < source.rows(); from += each) {
            long to = Math.min(source.rows(), from + each);
            Moments[] some = new Moments[Stretch.count(source, to - from)];
            Stretch.forEach(source, from, to, (i, stretch) -> some[i] = of(stretch, source.columns()));
            for (Moments one : some) {
                all.merge(one);
            }
        }
        all.requireFinite(source, Stretch.rowsEach(source));
        return all;
    }

    /**
     * By differences from the first row: its own square is among those of the deviations, so that of m rows the subtraction of the means' squares
     * can't cost more than a factor of m + 1 in rounding.
     */
    private static Moments of(Stretch stretch, int p) {
        double[] first = new double[p];
        stretch.difference(0, new double[p], first);
        double[] mean = new double[p];
        double[] squares = new double[p];
        for (int i = 1; i < stretch.rows(); i++) {
            stretch.addDifferences(i, first, mean, squares);
        }
        for (int j = 0; j < p; j++) {
            squares[j] = Math.max(0, squares[j] - mean[j] / stretch.rows() * mean[j]);
            mean[j] = first[j] + mean[j] / stretch.rows();
        }
        return new Moments(stretch.rows(), mean, squares);
    }

    /** Adds the rows of others. */
    void merge(Moments other) {
        if (rows == 0) {
            rows = other.rows;
            mean = other.mean.clone();
            squares = other.squares.clone();
            return;
        }
        double sum = rows + other.rows;
        double weight = rows / sum * other.rows;
        double share = other.rows / sum;
        for (int j = 0; j < mean.length; j++) {
            double difference = other.mean[j] - mean[j];
            squares[j] += other.squares[j] + difference * difference * weight;
            mean[j] += difference * share;
        }
        rows += other.rows;
    }

    private void requireFinite(RowSource source, int rowsEach) {
        boolean finite = true;
        for (double value : squares) {
            finite &= Double.isFinite(value);
        }
        if (finite) {
            return;
        }
        List<String> problems = new ArrayList<>();
        long count = 0;
        int p = mean.length;
        double[] x = new double[rowsEach * p];
        for (long from = 0; from < source.rows(); from += rowsEach) {
            int some = (int) Math.min(rowsEach, source.rows() - from);
            source.read(from, some, x);
            for (int i = 0; i < some * p; i++) {
                if (!Double.isFinite(x[i]) && count++ < PROBLEMS_NAMED) {
                    problems.add("row " + (from + i / p + 1) + ", column "
                            + source.names().get(i % p) + ": " + x[i]);
                }
            }
        }
        if (count == 0) {
            throw new DataException("the squares of the data overflow; divide the data by a power of ten");
        }
        throw new DataException((count == 1 ? "a number is" : count + " numbers are") + " not finite: "
                + String.join("; ", problems)
                + (count > PROBLEMS_NAMED ? "; and " + (count - PROBLEMS_NAMED) + " more" : "")
                + "; remove or replace such rows");
    }

    long rows() {
        return rows;
    }

    double[] mean() {
        return mean;
    }

    /** Sums of squared deviations from the means. */
    double[] squares() {
        return squares;
    }

    /** Standard deviations by n - 1. */
    double[] deviations() {
        return Arrays.stream(squares).map(s -> Math.sqrt(s / (rows - 1))).toArray();
    }

    int[] constantColumns() {
        return IntStream.range(0, squares.length).filter(j -> squares[j] == 0).toArray();
    }
}

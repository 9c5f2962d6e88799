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
    /** Numbers read at once by a thread: they stay in its cache for the second look. */
    private static final int STRETCH = 1 << 16;

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
        int p = source.columns();
        int rowsEach = Math.max(1, STRETCH / p);
        int stretches = Math.toIntExact((source.rows() + rowsEach - 1) / rowsEach);
        Moments all = none(p);
        int together = 256; // of stretches whose moments are held before they are merged
        for (int first = 0; first < stretches; first += together) {
            Moments[] some = new Moments[Math.min(together, stretches - first)];
            int start = first;
            IntStream.range(0, some.length).parallel().forEach(i -> {
                long from = (long) (start + i) * rowsEach;
                some[i] = stretch(source, from, (int) Math.min(rowsEach, source.rows() - from));
            });
            for (Moments one : some) {
                all.merge(one);
            }
        }
        all.requireFinite(source, rowsEach);
        return all;
    }

    private static Moments stretch(RowSource source, long from, int count) {
        int p = source.columns();
        double[] x = new double[count * p];
        source.read(from, count, x);
        double[] mean = new double[p];
        double[] squares = new double[p];
        for (int i = 1; i < count; i++) {
            for (int j = 0, at = i * p; j < p; j++, at++) {
                mean[j] += x[at] - x[j];
            }
        }
        for (int j = 0; j < p; j++) {
            mean[j] = x[j] + mean[j] / count;
        }
        for (int i = 0; i < count; i++) {
            for (int j = 0, at = i * p; j < p; j++, at++) {
                double deviation = x[at] - mean[j];
                squares[j] += deviation * deviation;
            }
        }
        return new Moments(count, mean, squares);
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

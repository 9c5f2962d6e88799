package org.latent4j.reduction.pca;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;

/** Some rows of a source, as floats or doubles: what a thread reads at once, and has room for in its cache. */
final class Stretch {
    /** Numbers read at once by a thread: they stay in its cache for the second look. */
    private static final int NUMBERS = 1 << 16;

    /** Work on a stretch; {@code index} counts them. */
    @FunctionalInterface
    interface Work {
        void accept(int index, Stretch stretch);
    }

    private final float[] floats; // one of the two is null
    private final double[] doubles;
    private long from;
    private int rows;

    private Stretch(RowSource source) {
        int numbers = Math.multiplyExact(rowsEach(source), source.columns());
        boolean isFloat = source.type() == DataType.FLOAT;
        this.floats = isFloat ? new float[numbers] : null;
        this.doubles = isFloat ? null : new double[numbers];
    }

    static int rowsEach(RowSource source) {
        return Math.max(1, NUMBERS / source.columns());
    }

    /** How many stretches so many rows are. */
    static int count(RowSource source, long rows) {
        int each = rowsEach(source);
        return Math.toIntExact((rows + each - 1) / each);
    }

    /** Reads rows from ... to - 1 on all cores; the cuts depend on the sizes alone. */
    static void forEach(RowSource source, long from, long to, Work work) {
        int each = rowsEach(source);
        Queue<Stretch> free = new ConcurrentLinkedQueue<>(); // fresh memory costs more than reading into it
        IntStream.range(0, count(source, to - from)).parallel().forEach(i -> {
            Stretch taken = free.poll();
            Stretch stretch = taken == null ? new Stretch(source) : taken;
            stretch.from = from + (long) i * each;
            stretch.rows = (int) Math.min(each, to - stretch.from);
            if (stretch.floats != null) {
                source.read(stretch.from, stretch.rows, stretch.floats);
            } else {
                source.read(stretch.from, stretch.rows, stretch.doubles);
            }
            work.accept(i, stretch);
            free.add(stretch);
        });
    }

    /** The first row's index. */
    long from() {
        return from;
    }

    int rows() {
        return rows;
    }

    /** A row of p numbers, each minus what is to be subtracted from its column. */
    void difference(int row, double[] subtracted, double[] out) {
        int at = row * subtracted.length;
        if (floats != null) {
            difference(floats, at, subtracted, out);
        } else {
            difference(doubles, at, subtracted, out);
        }
    }

    private static void difference(float[] x, int at, double[] subtracted, double[] out) {
        for (int j = 0; j < subtracted.length; j++) {
            out[j] = x[at + j] - subtracted[j];
        }
    }

    private static void difference(double[] x, int at, double[] subtracted, double[] out) {
        for (int j = 0; j < subtracted.length; j++) {
            out[j] = x[at + j] - subtracted[j];
        }
    }

    /** Adds the differences from such numbers, and their squares. */
    void addDifferences(int row, double[] subtracted, double[] sums, double[] squares) {
        int at = row * subtracted.length;
        if (floats != null) {
            addDifferences(floats, at, subtracted, sums, squares);
        } else {
            addDifferences(doubles, at, subtracted, sums, squares);
        }
    }

    private static void addDifferences(float[] x, int at, double[] subtracted, double[] sums, double[] squares) {
        for (int j = 0; j < subtracted.length; j++) {
            double difference = x[at + j] - subtracted[j];
            sums[j] += difference;
            squares[j] += difference * difference;
        }
    }

    private static void addDifferences(double[] x, int at, double[] subtracted, double[] sums, double[] squares) {
        for (int j = 0; j < subtracted.length; j++) {
            double difference = x[at + j] - subtracted[j];
            sums[j] += difference;
            squares[j] += difference * difference;
        }
    }

    /** Subtracts in double and rounds, row by row; a scale divides if there is one. */
    float[] centredFloats(double[] mean, double[] scale) {
        for (int row = 0; row < rows; row++) {
            if (scale == null) {
                centre(floats, row * mean.length, mean);
            } else {
                centre(floats, row * mean.length, mean, scale);
            }
        }
        return floats;
    }

    private static void centre(float[] x, int at, double[] mean) {
        for (int j = 0; j < mean.length; j++) {
            x[at + j] = (float) (x[at + j] - mean[j]);
        }
    }

    private static void centre(float[] x, int at, double[] mean, double[] scale) {
        for (int j = 0; j < mean.length; j++) {
            x[at + j] = (float) ((x[at + j] - mean[j]) / scale[j]);
        }
    }
}

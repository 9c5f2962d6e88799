package org.latent4j.clustering;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.latent4j.compute.FiniteNumbers;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Points that were seen to be fit for clustering: (n, p) finite numbers of FLOAT or DOUBLE, row by row in memory.
 *
 * <p>Throws {@link DataException} for another rank, no points, and NaN or infinite values, each with its row and column from 1.
 */
final class Points {
    private static final double LARGEST = 1e150;
    private static final int MOST_PROBLEMS = 5;
    private static final int VALUES_AT_ONCE = 1 << 14;

    private final INDArray array;
    private final int n;
    private final int features;

    private Points(INDArray array) {
        this.array = array;
        this.n = (int) array.size(0);
        this.features = (int) array.size(1);
    }

    static Points of(INDArray x) {
        if (x == null || x.rank() != 2) {
            throw new DataException("points must be an array (n, p), but "
                    + (x == null
                            ? "there is none"
                            : "have shape " + shape(x) + "; one feature is (n, 1), one point is (1, p)"));
        }
        if (x.isEmpty() || x.length() == 0) {
            throw new DataException("there are no points to cluster: the array has shape " + shape(x));
        }
        if (x.size(0) > Integer.MAX_VALUE - 8) {
            throw new DataException(
                    x.size(0) + " points are more than 2^31; cluster a file of them by MiniBatchKMeans");
        }
        boolean asIs = x.dataType() == DataType.FLOAT || x.dataType() == DataType.DOUBLE;
        INDArray typed = asIs ? x : x.castTo(x.dataType() == DataType.LONG ? DataType.DOUBLE : DataType.FLOAT);
        boolean rowByRow = typed.ordering() == 'c'
                && typed.stride(1) == 1
                && typed.stride(0) == typed.size(1)
                && typed.elementWiseStride() == 1;
        Points points = new Points(rowByRow ? typed : typed.dup('c'));
        points.refuseNotFinite();
        return points;
    }

    private static String shape(INDArray x) {
        return Arrays.toString(x.shape());
    }

    private void refuseNotFinite() {
        if (FiniteNumbers.all(array)) {
            return;
        }
        List<String> problems = new ArrayList<>();
        int rowsAtOnce = Math.max(1, VALUES_AT_ONCE / features);
        double[] values = new double[rowsAtOnce * features];
        long found = 0;
        for (int from = 0; from < n; from += rowsAtOnce) {
            int rows = Math.min(rowsAtOnce, n - from);
            read(from, rows, values);
            for (int i = 0; i < rows * features; i++) {
                if (!Double.isFinite(values[i])) {
                    found++;
                    if (problems.size() < MOST_PROBLEMS) {
                        problems.add("row " + (from + i / features + 1) + ", column " + (i % features + 1) + " is "
                                + values[i]);
                    }
                }
            }
        }
        throw new DataException("points must be finite numbers, but " + String.join("; ", problems)
                + (found > problems.size() ? "; and " + (found - problems.size()) + " more" : "")
                + "; remove or replace such rows");
    }

    /** These points, where squares of their numbers can be summed: no number is above {@value #LARGEST}. */
    Points requireSquares() {
        double largest = type() == DataType.DOUBLE ? array.amaxNumber().doubleValue() : 0;
        if (largest > LARGEST) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "points hold numbers up to %.3g, whose squares are beyond the largest number, %.2g; divide all columns by a power of 10",
                    largest,
                    Double.MAX_VALUE));
        }
        return this;
    }

    INDArray array() {
        return array;
    }

    int n() {
        return n;
    }

    int features() {
        return features;
    }

    DataType type() {
        return array.dataType();
    }

    /** Rows {@code from ... from + rows - 1}, row by row, to the start of {@code out}. */
    void read(int from, int rows, double[] out) {
        long at = (long) from * features;
        int count = rows * features;
        if (type() == DataType.DOUBLE) {
            DoublePointer all = new DoublePointer(array.data().addressPointer());
            all.position(at).get(out, 0, count);
            return;
        }
        float[] values = new float[count];
        new FloatPointer(array.data().addressPointer()).position(at).get(values, 0, count);
        for (int i = 0; i < count; i++) {
            out[i] = values[i];
        }
    }

    double[] row(int i) {
        double[] row = new double[features];
        read(i, 1, row);
        return row;
    }

    /** The points at these indices, in double. */
    double[][] rows(int[] indices) {
        double[][] rows = new double[indices.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row(indices[i]);
        }
        return rows;
    }

    /** The points at these indices (m, p), of this type. */
    INDArray at(int[] indices) {
        double[] values = new double[indices.length * features];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(row(indices[i]), 0, values, i * features, features);
        }
        return array(values, indices.length, features, type());
    }

    /** (rows, columns) of this type, from numbers row by row. */
    static INDArray array(double[] values, int rows, int columns, DataType type) {
        return Nd4j.create(values, new long[] {rows, columns}, new long[] {columns, 1}, 'c', type);
    }

    /** In blocks of columns in double, for loops over points. */
    Columns columns() {
        Columns columns = new Columns(n, features);
        double[] values = new double[Columns.BLOCK * features];
        for (int block = 0; block < columns.blocks(); block++) {
            int size = columns.size(block);
            read(Columns.first(block), size, values);
            for (int f = 0; f < features; f++) {
                double[] column = columns.values()[block][f];
                for (int i = 0; i < size; i++) {
                    column[i] = values[i * features + f];
                }
            }
        }
        return columns;
    }
}

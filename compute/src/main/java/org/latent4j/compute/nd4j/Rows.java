package org.latent4j.compute.nd4j;

import org.bytedeco.javacpp.DoublePointer;
import org.latent4j.compute.Matrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A copy in double, one Java array for each row. */
final class Rows implements Matrix {
    private final double[][] values;
    private final DataType type;
    private boolean closed;

    private Rows(double[][] values, DataType type) {
        this.values = values;
        this.type = type;
    }

    /** The rows of a matrix that these primitives made. */
    static double[][] values(Matrix matrix) {
        if (!(matrix instanceof Rows rows)) {
            throw new IllegalArgumentException("a matrix belongs to the primitives that made it, but this one is a "
                    + matrix.getClass().getSimpleName());
        }
        if (rows.closed) {
            throw new IllegalArgumentException("the matrix is closed");
        }
        return rows.values;
    }

    double[][] values() {
        return values;
    }

    @Override
    public DataType type() {
        return type;
    }

    static Rows of(INDArray x) {
        double[][] rows = new double[Math.toIntExact(x.size(0))][(int) x.size(1)];
        try (INDArray exact = x.castTo(DataType.DOUBLE).dup('c')) {
            DoublePointer numbers = new DoublePointer(exact.data().pointer());
            long at = exact.offset();
            for (double[] row : rows) {
                numbers.position(at).get(row);
                at += row.length;
            }
        }
        return new Rows(rows, x.dataType());
    }

    static INDArray array(double[][] rows, DataType type) {
        try (INDArray exact = Nd4j.createFromArray(rows)) {
            return exact.castTo(type).dup('c');
        }
    }

    @Override
    public long rows() {
        return values.length;
    }

    @Override
    public int columns() {
        return values[0].length;
    }

    @Override
    public void close() {
        closed = true; // the memory is the collector's
    }
}

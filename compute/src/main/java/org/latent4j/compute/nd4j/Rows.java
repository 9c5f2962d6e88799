package org.latent4j.compute.nd4j;

import org.latent4j.compute.Matrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A copy in double, one Java array for each row. */
record Rows(double[][] values, DataType type) implements Matrix {

    static Rows of(INDArray x) {
        return new Rows(x.castTo(DataType.DOUBLE).toDoubleMatrix(), x.dataType());
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
        // the collector's
    }
}

package org.latent4j.reduction.pca;

import java.util.Arrays;
import java.util.List;
import org.latent4j.data.DataException;
import org.latent4j.data.PointSet;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rows in memory. */
final class ArrayRows implements RowSource {
    private final Numbers numbers;
    private final long rows;
    private final int columns;
    private final List<String> names;

    ArrayRows(INDArray x, List<String> names) {
        if (x.rank() != 2 || x.isEmpty() || x.length() == 0) {
            throw new DataException(
                    "data must be an array (n, p) with numbers in it, but the shape is " + Arrays.toString(x.shape()));
        }
        this.numbers = new Numbers(Numbers.plain(x));
        this.rows = x.size(0);
        this.columns = Math.toIntExact(x.size(1));
        this.names = names == null ? PointSet.numbered(columns) : List.copyOf(names);
        if (this.names.size() != columns) {
            throw new DataException(columns + " columns, but " + this.names.size() + " names of columns");
        }
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public DataType type() {
        return numbers.array().dataType();
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public void read(long from, int count, double[] out) {
        numbers.read(from * columns, out, count * columns);
    }

    @Override
    public void read(long from, int count, float[] out) {
        numbers.read(from * columns, out, count * columns);
    }
}

package org.latent4j.reduction.pca;

import java.util.List;
import org.latent4j.data.npy.NpyFile;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rows of numbers (n, p) that are read in stretches: an array in memory, or a file larger than memory.
 *
 * <p>Reads may be concurrent. Throws {@link org.latent4j.data.DataException} for data without rows and columns.
 */
public interface RowSource {

    long rows();

    int columns();

    /** FLOAT or DOUBLE: in which results are given. */
    DataType type();

    /** The columns' names, for messages. */
    List<String> names();

    /** Rows {@code from ... from + count - 1}, row by row, to {@code out[0 ..]}. */
    void read(long from, int count, double[] out);

    /** The same as floats, for sources of {@link #type} FLOAT. */
    default void read(long from, int count, float[] out) {
        double[] numbers = new double[count * columns()];
        read(from, count, numbers);
        for (int i = 0; i < numbers.length; i++) {
            out[i] = (float) numbers[i];
        }
    }

    /** An array (n, p), which must not change meanwhile; types other than DOUBLE count as FLOAT. */
    static RowSource of(INDArray x) {
        return new ArrayRows(x, null);
    }

    static RowSource of(INDArray x, List<String> names) {
        return new ArrayRows(x, names);
    }

    /** A memory-mapped NPY file (n, p). */
    static RowSource of(NpyFile file) {
        return new NpyRows(file);
    }
}

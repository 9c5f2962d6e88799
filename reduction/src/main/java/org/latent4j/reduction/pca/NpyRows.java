package org.latent4j.reduction.pca;

import java.util.List;
import org.latent4j.data.DataException;
import org.latent4j.data.PointSet;
import org.latent4j.data.npy.NpyFile;
import org.nd4j.linalg.api.buffer.DataType;

/** Rows of a memory-mapped file. */
final class NpyRows implements RowSource {
    private final NpyFile file;
    private final List<String> names;

    NpyRows(NpyFile file) {
        if (file.header().shape().size() > 2 || file.header().elements() == 0) {
            throw new DataException("data must be an array (n, p) with numbers in it, but the shape is "
                    + file.header().shape());
        }
        this.file = file;
        this.names = PointSet.numbered(file.rowElements());
    }

    @Override
    public long rows() {
        return file.rows();
    }

    @Override
    public int columns() {
        return file.rowElements();
    }

    @Override
    public DataType type() {
        return switch (file.header().type()) {
            case F8, I8, I4, U4 -> DataType.DOUBLE; // a float holds 24 bits
            case BOOL, U1, I1, U2, I2, F4 -> DataType.FLOAT;
        };
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public void read(long from, int count, double[] out) {
        for (int i = 0; i < count; i++) {
            file.readDoubles(from + i, out, i * columns());
        }
    }

    @Override
    public void read(long from, int count, float[] out) {
        for (int i = 0; i < count; i++) {
            file.readFloats(from + i, out, i * columns());
        }
    }
}

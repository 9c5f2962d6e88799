package org.latent4j.compute.cuda;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.latent4j.compute.Matrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rows of numbers on the card, one after the other. */
final class DeviceRows implements Matrix {
    private final long rows;
    private final int columns;
    private final DataType type;
    private final DeviceMemory memory;
    private boolean closed;

    DeviceRows(Gpu gpu, INDArray array) {
        rows = array.size(0);
        columns = Math.toIntExact(array.size(1));
        INDArray ordered = Arrays.equals(array.stride(), new long[] {columns, 1}) ? array : array.dup('c');
        type = array.dataType();
        memory = new DeviceMemory(gpu, array.length() * type.width());
        long host = ordered.data().pointer().address() + ordered.offset() * type.width();
        gpu.upload(memory.address(), host, memory.bytes());
        Reference.reachabilityFence(ordered);
    }

    Place place() {
        if (closed) {
            throw new IllegalArgumentException("the matrix is closed");
        }
        return Place.of(memory);
    }

    Place row(long row) {
        return place().plus(row * columns * type.width());
    }

    /** What stands for the kernels' letter X. */
    String letter() {
        return "X=" + (type == DataType.FLOAT ? "float" : "double");
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
        return type;
    }

    @Override
    public void close() {
        closed = true;
        memory.close();
    }
}

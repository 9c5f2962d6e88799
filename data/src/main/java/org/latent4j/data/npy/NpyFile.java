package org.latent4j.data.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.latent4j.data.DataException;

/**
 * An NPY file opened for reading by rows, the entries along its first axis, whatever its memory and byte order.
 *
 * <p>Rows come out in C order as float or double, or as bytes for one-byte types. The file is memory-mapped; readers may be concurrent.
 *
 * <p>Throws {@link DataException} for a file that is missing or is none, see {@link NpyHeader}.
 */
public final class NpyFile {
    private final NpyHeader header;
    private final MappedBytes data;
    private final int rowElements;
    private final long[] fortranOffsets; // element offset of each C-order element of row 0; null for C order

    private NpyFile(Path file, NpyHeader header, MappedBytes data) {
        this.header = header;
        this.data = data;
        if (header.shape().isEmpty() || header.rowElements() > Integer.MAX_VALUE / header.type().bytes) {
            throw new DataException(file + ": an array of shape " + header.shape()
                    + " can't be read by rows; at least one axis is needed, and rows of less than 2 GiB");
        }
        this.rowElements = (int) header.rowElements();
        this.fortranOffsets =
                header.fortranOrder() && header.shape().size() > 1 && header.elements() > 0 ? fortranOffsets() : null;
    }

    public static NpyFile open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + " is not there, or is not a file; an NPY file is expected");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            NpyHeader header = NpyHeader.read(file, channel);
            long bytes = header.elements() * header.type().bytes;
            return new NpyFile(file, header, new MappedBytes(channel, header.dataOffset(), bytes, 8));
        } catch (IOException e) {
            throw new DataException("can't read " + file + ": " + e.getMessage(), e);
        }
    }

    public NpyHeader header() {
        return header;
    }

    /** Length of the first axis. */
    public long rows() {
        return header.shape().get(0);
    }

    public int rowElements() {
        return rowElements;
    }

    /** Row {@code row} of a one-byte type, as its bytes are. */
    public void readBytes(long row, byte[] out, int at) {
        if (header.type().bytes != 1) {
            throw new IllegalStateException("bytes asked of elements of type " + header.type());
        }
        gather(row, out, at);
    }

    public void readFloats(long row, float[] out, int at) {
        ByteBuffer in = ordered(row);
        if (header.type() == NpyType.F4) {
            in.asFloatBuffer().get(out, at, rowElements);
            return;
        }
        for (int i = 0; i < rowElements; i++) {
            out[at + i] = (float) header.type().next(in);
        }
    }

    public void readDoubles(long row, double[] out, int at) {
        ByteBuffer in = ordered(row);
        for (int i = 0; i < rowElements; i++) {
            out[at + i] = header.type().next(in);
        }
    }

    private ByteBuffer ordered(long row) {
        byte[] raw = new byte[rowElements * header.type().bytes];
        gather(row, raw, 0);
        return ByteBuffer.wrap(raw).order(header.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    /** The elements of a row, undecoded, in C order. */
    private void gather(long row, byte[] out, int at) {
        if (row < 0 || row >= rows()) {
            throw new IndexOutOfBoundsException("row " + row + " of " + rows());
        }
        int bytes = header.type().bytes;
        if (fortranOffsets == null) {
            data.read(row * rowElements * bytes, out, at, rowElements * bytes);
            return;
        }
        for (int i = 0; i < rowElements; i++) {
            data.read((row + fortranOffsets[i]) * bytes, out, at + i * bytes, bytes);
        }
    }

    private long[] fortranOffsets() {
        long[] offsets = new long[rowElements];
        int axes = header.shape().size();
        for (int i = 0; i < rowElements; i++) {
            // Axes from last to first: C order counts the last fastest; the stride of an axis is the product of those
            // before it.
            long rest = i;
            long stride = header.elements();
            for (int axis = axes - 1; axis >= 1; axis--) {
                long length = header.shape().get(axis);
                stride /= length;
                offsets[i] += rest % length * stride;
                rest /= length;
            }
        }
        return offsets;
    }
}

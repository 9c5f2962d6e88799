package org.latent4j.data.npy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The data of an NPY file that is being written, in C order, a piece at a time.
 *
 * <p>Throws {@link IllegalArgumentException} for values of another type than the file's.
 */
public final class NpyOutput {
    private static final int PIECE = 1 << 13;

    private final OutputStream out;
    private final NpyType type;
    private final ByteBuffer buffer = ByteBuffer.allocate(PIECE * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long written;

    NpyOutput(OutputStream out, NpyType type) {
        this.out = out;
        this.type = type;
    }

    public void put(byte[] values, int from, int count) throws IOException {
        expect(NpyType.U1, count);
        out.write(values, from, count);
    }

    public void put(int[] values, int from, int count) throws IOException {
        expect(NpyType.I4, count);
        for (int at = from; at < from + count; at += PIECE) {
            int some = Math.min(PIECE, from + count - at);
            buffer.asIntBuffer().put(values, at, some);
            out.write(buffer.array(), 0, some * Integer.BYTES);
        }
    }

    public void put(float[] values, int from, int count) throws IOException {
        expect(NpyType.F4, count);
        for (int at = from; at < from + count; at += PIECE) {
            int some = Math.min(PIECE, from + count - at);
            buffer.asFloatBuffer().put(values, at, some);
            out.write(buffer.array(), 0, some * Float.BYTES);
        }
    }

    public void put(double[] values, int from, int count) throws IOException {
        expect(NpyType.F8, count);
        for (int at = from; at < from + count; at += PIECE) {
            int some = Math.min(PIECE, from + count - at);
            buffer.asDoubleBuffer().put(values, at, some);
            out.write(buffer.array(), 0, some * Double.BYTES);
        }
    }

    long written() {
        return written;
    }

    private void expect(NpyType given, int count) {
        if (type != given) {
            throw new IllegalArgumentException("values of type " + given + " for a file of type " + type);
        }
        written += count;
    }
}

package org.latent4j.data.npy;

import java.nio.ByteBuffer;

/** The element types of NPY files that are read; those that are written are little-endian U1, I4, F4 and F8. */
public enum NpyType {
    BOOL("b1", 1),
    U1("u1", 1),
    I1("i1", 1),
    U2("u2", 2),
    I2("i2", 2),
    U4("u4", 4),
    I4("i4", 4),
    I8("i8", 8),
    F4("f4", 4),
    F8("f8", 8);

    final String code;
    final int bytes;

    NpyType(String code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** The next element of a buffer that has the file's byte order. I8 beyond 2^53 is rounded. */
    double next(ByteBuffer in) {
        return switch (this) {
            case BOOL -> in.get() == 0 ? 0 : 1;
            case U1 -> in.get() & 0xFF;
            case I1 -> in.get();
            case U2 -> in.getShort() & 0xFFFF;
            case I2 -> in.getShort();
            case U4 -> in.getInt() & 0xFFFFFFFFL;
            case I4 -> in.getInt();
            case I8 -> in.getLong();
            case F4 -> in.getFloat();
            case F8 -> in.getDouble();
        };
    }
}

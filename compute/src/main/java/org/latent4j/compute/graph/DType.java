package org.latent4j.compute.graph;

/** Type of a value's elements. {@code U8} is for masks that a backward pass needs. */
public enum DType {
    F32(4),
    BF16(2),
    U8(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    public int bytes() {
        return bytes;
    }
}

package org.latent4j.data;

import java.util.List;

/**
 * Decoded images of one size: uint8 (n, h, w, c), memory-mapped from the store, with class labels where the source has them.
 *
 * <p>Safe for concurrent readers. Indices are 0 .. size - 1; others throw {@link IndexOutOfBoundsException}.
 */
public final class ImageSet implements Dataset, AutoCloseable {
    private final String name;
    private final SampleShape.Image shape;

    ImageSet(String name, SampleShape.Image shape) {
        this.name = name;
        this.shape = shape;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SampleShape.Image shape() {
        return shape;
    }

    public int size() {
        throw new IllegalStateException("pending");
    }

    /** Class names in the order of the labels; empty when the source has no labels. */
    public List<String> classes() {
        throw new IllegalStateException("pending");
    }

    /** Class of image {@code index}, or -1 when the source has no labels. */
    public int label(int index) {
        throw new IllegalStateException("pending");
    }

    /** Copies image {@code index} as (h, w, c) bytes to {@code out[at ..]}. */
    public void read(int index, byte[] out, int at) {
        throw new IllegalStateException("pending");
    }

    /** Image {@code index} as (c, h, w) floats, 0 .. 255 mapped to -1 .. 1, to {@code out[at ..]}: what networks take. */
    public void readScaled(int index, float[] out, int at) {
        throw new IllegalStateException("pending");
    }

    @Override
    public void close() {}
}

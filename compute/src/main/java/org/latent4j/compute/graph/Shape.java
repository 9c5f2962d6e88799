package org.latent4j.compute.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The sizes of a value, samples first: (N, F) or, in DL4J's words, (N, C, H, W). How the elements lie in memory is told by {@link Value}.
 *
 * <p>Throws {@link IllegalArgumentException} for a size below 1.
 */
public record Shape(List<Long> sizes) {

    public Shape {
        sizes = List.copyOf(sizes);
        if (sizes.isEmpty() || sizes.stream().anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException("sizes must be positive, but are " + sizes);
        }
    }

    public static Shape of(long... sizes) {
        return new Shape(Arrays.stream(sizes).boxed().toList());
    }

    public int rank() {
        return sizes.size();
    }

    public long size(int axis) {
        return sizes.get(axis);
    }

    public long elements() {
        return sizes.stream().reduce(1L, Math::multiplyExact);
    }

    public Shape with(int axis, long size) {
        List<Long> changed = new ArrayList<>(sizes);
        changed.set(axis, size);
        return new Shape(changed);
    }

    public long[] array() {
        return sizes.stream().mapToLong(Long::longValue).toArray();
    }

    /** Steps from element to element on each axis where they lie in the order of the axes: rows one after the other, images with channels first. */
    public long[] rowMajor() {
        long[] strides = new long[rank()];
        long step = 1;
        for (int axis = rank() - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= size(axis);
        }
        return strides;
    }

    /** True if (N, C, H, W) order and (N, H, W, C) order are the same order, so that a reshape moves nothing. */
    public boolean orderFree() {
        return rank() != 4 || size(1) == 1 || size(2) * size(3) == 1;
    }

    @Override
    public String toString() {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }
}

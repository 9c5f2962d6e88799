package org.latent4j.compute.cpu;

import java.util.List;

/** The outputs whose pixel {@code from + stride * output} lies inside of the image. */
record PixelRange(long first, long count) {
    static PixelRange of(long from, long stride, long size, long outputs) {
        long first = Math.max(0, -Math.floorDiv(from, stride));
        long last = Math.min(outputs - 1, Math.floorDiv(size - 1 - from, stride));
        return new PixelRange(first, Math.max(0, last - first + 1));
    }

    /** The library takes no format whose last step, too, would have to fit in before the next image begins. */
    List<PixelRange> parts(long stride, long size) {
        if (count == 0) {
            return List.of();
        }
        return count == 1 || count * stride <= size
                ? List.of(this)
                : List.of(new PixelRange(first, count - 1), new PixelRange(first + count - 1, 1));
    }
}

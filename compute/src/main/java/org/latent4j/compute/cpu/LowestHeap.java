package org.latent4j.compute.cpu;

/** The k lowest of many values with their indices, the lower index among equals; the highest kept one lies on top. */
final class LowestHeap {
    private final double[] values;
    private final int[] indices;
    private int size;

    LowestHeap(int k) {
        this.values = new double[k];
        this.indices = new int[k];
    }

    /** Takes a value if it belongs to the lowest so far; indices ascend from call to call. Values that are not numbers count as the highest. */
    void offer(double value, int index) {
        if (size == values.length && !(value < values[0])) {
            return;
        }
        if (size < values.length) {
            int at = size++;
            while (at > 0 && isHigher(value, index, (at - 1) / 2)) {
                move((at - 1) / 2, at);
                at = (at - 1) / 2;
            }
            values[at] = value;
            indices[at] = index;
        } else {
            sift(value, index);
        }
    }

    /** The highest kept value; infinite while there are fewer than k. */
    double highest() {
        return size < values.length ? Double.POSITIVE_INFINITY : values[0];
    }

    private boolean isHigher(double value, int index, int than) {
        int order = Double.compare(value, values[than]);
        return order > 0 || order == 0 && index > indices[than];
    }

    private void move(int from, int to) {
        values[to] = values[from];
        indices[to] = indices[from];
    }

    /** Puts a value in the place of the highest. */
    private void sift(double value, int index) {
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && isHigher(values[child + 1], indices[child + 1], child)) {
                child++;
            }
            if (isHigher(value, index, child)) {
                break;
            }
            move(child, at);
            at = child;
        }
        values[at] = value;
        indices[at] = index;
    }

    /** Moves all to {@code at ...}, ascending. */
    void drain(int[] intoIndices, double[] intoValues, int at) {
        while (size > 0) {
            double value = values[0];
            int index = indices[0];
            size--;
            if (size > 0) {
                sift(values[size], indices[size]);
            }
            intoValues[at + size] = value;
            intoIndices[at + size] = index;
        }
    }
}

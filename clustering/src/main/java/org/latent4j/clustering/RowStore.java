package org.latent4j.clustering;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Room for rows of a length or longer, several in an array: large arrays are never moved by Java's collector, which would copy rows that stay. A row that is
 * given back is used again.
 */
final class RowStore {
    private static final int NUMBERS_OF_SLAB = 1 << 20;

    private final int length;
    private final int together;
    private final Deque<Row> free;

    /** Numbers of an array, {@code length} of them from {@code at} on. */
    record Row(double[] numbers, int at) {}

    /** @param most rows that are there at once */
    RowStore(int length, int most) {
        this(length, most, new ConcurrentLinkedDeque<>());
    }

    private RowStore(int length, int most, Deque<Row> free) {
        this.length = length;
        this.together = Math.max(1, Math.min(most, NUMBERS_OF_SLAB / length));
        this.free = free;
    }

    /** For rows of fewer numbers; what is free here serves them too. */
    RowStore shorter(int numbers) {
        return new RowStore(numbers, numbers, free);
    }

    /** A row whose numbers are to be set. */
    Row take() {
        Row row = free.poll();
        if (row != null) {
            return row;
        }
        double[] slab = new double[together * length]; // Java fills it with 0: other threads don't wait for that
        for (int i = 1; i < together; i++) {
            free.push(new Row(slab, i * length));
        }
        return new Row(slab, 0);
    }

    void giveBack(Row row) {
        free.push(row);
    }
}

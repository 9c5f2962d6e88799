package org.latent4j.compute.cpu;

import java.util.Arrays;

/**
 * The lowest two of up to {@link ScreenProduct#GRID} rows of distances for each of {@link Screen#LANES} points, with the lowest one's row. Given are
 * negative distances; positive numbers stand for 0. They are compared as integers, whose last 4 bits give way to the row.
 *
 * <p>The loops are shaped for Java's compiler, which makes vector instructions of them only if they stay in one array at constant distances and
 * don't branch: minima are made of differences, and travel along with the rows.
 */
final class LowestTwo {
    /** A lower bound of a distance, times this, is an upper bound of it, if it is no less than the least normal float. */
    static final float UP = 1 + 0x1p-19f;

    private static final int LABEL = 0xf;

    private static final int LANES = Screen.LANES;
    private static final int KEPT = 0x7ffffff0;
    private static final int FARTHEST = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    private static final int FIRST_ROW = 2 * LANES;

    /** Two rows of minima, then the numbers, row by row; overwritten by minima on the way. */
    private final int[] rows = new int[(ScreenProduct.GRID + 2) * LANES];

    private final int[] bits = new int[2 * LANES];
    private final ScreenProduct.Native store = new ScreenProduct.Native(2L * LANES * Float.BYTES);
    private int result;

    /** Reads and scans {@code count} rows. */
    void scan(ScreenProduct.Native numbers, int count) {
        Arrays.fill(rows, 0, FIRST_ROW, FARTHEST);
        numbers.read(rows, FIRST_ROW, count * LANES);
        clamp(rows, FIRST_ROW + count * LANES);
        if (count % 2 == 1) {
            Arrays.fill(rows, FIRST_ROW + count * LANES, FIRST_ROW + (count + 1) * LANES, FARTHEST);
        }
        for (int row = 0; row < count; row += 2) {
            merge(rows, FIRST_ROW + row * LANES, row);
        }
        result = (count + 1) / 2 * 2 * LANES;
    }

    private static void clamp(int[] rows, int end) {
        for (int i = FIRST_ROW; i < end; i++) {
            rows[i] &= rows[i] >> 31;
        }
    }

    /** Merges two rows of scores with the two rows of minima before them; their place takes the new minima. */
    private static void merge(int[] rows, int from, int row) {
        int next = row + 1;
        for (int i = from; i < from + LANES; i++) {
            int first = rows[i - 2 * LANES];
            int second = rows[i - LANES];
            int score = rows[i] & KEPT | row;
            int less = first - score;
            less &= less >> 31;
            int higher = first - less;
            first = score + less;
            less = second - higher;
            second = higher + (less & less >> 31);
            score = rows[i + LANES] & KEPT | next;
            less = first - score;
            less &= less >> 31;
            higher = first - less;
            first = score + less;
            less = second - higher;
            second = higher + (less & less >> 31);
            rows[i] = first;
            rows[i + LANES] = second;
        }
    }

    /** The row of the lowest distance of each point. */
    void rows(int[] out) {
        for (int i = 0; i < LANES; i++) {
            out[i] = rows[result + i] & LABEL;
        }
    }

    /** Lower bounds of the two lowest distances of each point, one after the other; infinite where there is none. */
    void atLeast(float[] out) {
        clear(rows, result, bits);
        store.write(bits, 2 * LANES);
        store.read(out, 2 * LANES);
    }

    private static void clear(int[] rows, int from, int[] out) {
        for (int i = 0; i < 2 * LANES; i++) {
            out[i] = rows[from + i] & ~LABEL;
        }
    }
}

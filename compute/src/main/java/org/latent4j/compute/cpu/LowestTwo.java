package org.latent4j.compute.cpu;

import java.util.Arrays;

/**
 * The lowest two of many scores for each of {@link Screen#LANES} points, with the lowest one's row: scores are floats that are not negative,
 * compared as integers, whose last 8 bits give way to the row.
 *
 * <p>The loops are shaped for Java's compiler, which makes vector instructions of them only if they stay in one array at constant distances and
 * don't branch: minima are made of differences, and travel along with the rows.
 */
final class LowestTwo {
    static final int LABEL = 0xff;

    private static final int LANES = Screen.LANES;
    private static final int KEPT = 0x7fffff00; // without the sign too: a small negative number means 0
    private static final int FIRST_ROW = 2 * LANES;

    /** Two rows of minima, then the scores, row by row; overwritten by minima on the way. */
    private final int[] rows = new int[(Screen.CHUNK + 2) * LANES];

    private int result;

    /** Reads and scans the scores of {@code count} centres. */
    void scan(ScreenProduct product, int count) {
        Arrays.fill(rows, 0, FIRST_ROW, Integer.MAX_VALUE);
        product.read(count, rows, FIRST_ROW);
        if (count % 2 == 1) {
            Arrays.fill(rows, FIRST_ROW + count * LANES, FIRST_ROW + (count + 1) * LANES, Integer.MAX_VALUE);
        }
        for (int row = 0; row < count; row += 2) {
            merge(rows, FIRST_ROW + row * LANES, row);
        }
        result = (count + 1) / 2 * 2 * LANES;
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

    int first(int lane) {
        return rows[result + lane];
    }

    int second(int lane) {
        return rows[result + LANES + lane];
    }
}

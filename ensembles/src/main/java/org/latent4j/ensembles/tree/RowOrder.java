package org.latent4j.ensembles.tree;

import java.util.Arrays;

/** A node's rows in the order of their codes of one feature, rows of missing value last: for nodes of few rows, most of whose codes are of no row. */
final class RowOrder {
    /** The most positions that a key has room for. */
    static final int MOST = 0xFFFF;
    /** So few go through a network of comparisons, which has no branches to be guessed wrongly. */
    private static final int FEW = 8;
    /** So many are put into 32 bins by the first bits of their codes, and in order from there; more into bins of one code. */
    private static final int SOME = 128;

    /** {@code code << 16 | position in the node}, ascending. */
    int[] keys = new int[64];
    /** Rows that have a value. */
    int valued;

    private int[] unsorted = new int[64];
    private final int[] begins = new int[256];

    static int position(int key) {
        return key & 0xFFFF;
    }

    static int code(int key) {
        return key >>> 16;
    }

    /** @param node of at most {@value #MOST} rows */
    void sort(byte[] column, NodeRows node) {
        int n = node.size;
        makeRoom(n);
        int[] rows = node.rows;
        int from = node.from;
        int[] into = unsorted;
        for (int i = 0; i < n; i++) {
            into[i] = (column[rows[from + i]] & 0xFF) << 16 | i;
        }
        if (n <= SOME) {
            sortSome(n, 8);
        } else {
            distribute(n, 16, 256);
        }
        findMissing(n, Quantised.MISSING);
    }

    /**
     * The same by finer codes.
     *
     * @param node of at most {@value #MOST} rows
     */
    void sort(short[] column, NodeRows node) {
        int n = node.size;
        makeRoom(n);
        int[] rows = node.rows;
        int from = node.from;
        int[] into = unsorted;
        for (int i = 0; i < n; i++) {
            into[i] = column[rows[from + i]] << 16 | i;
        }
        if (n <= SOME) {
            sortSome(n, 15);
        } else {
            distribute(n, 16, 256);
            int[] half = keys;
            keys = unsorted;
            unsorted = half;
            distribute(n, 24, 128);
        }
        findMissing(n, Quantised.FINE_MISSING);
    }

    private void makeRoom(int n) {
        if (keys.length < n) {
            keys = new int[Math.max(n, 2 * keys.length)];
            unsorted = new int[keys.length];
        }
    }

    /** @param bits of codes */
    private void sortSome(int n, int bits) {
        if (n <= FEW) {
            Arrays.fill(unsorted, n, FEW, Integer.MAX_VALUE);
            network(unsorted, keys);
        } else {
            distribute(n, 16 + bits - 5, 32);
            insert(keys, n);
        }
    }

    private void findMissing(int n, int missing) {
        valued = n;
        while (valued > 0 && code(keys[valued - 1]) == missing) {
            valued--;
        }
    }

    /** Batcher's for 8. */
    private static void network(int[] from, int[] to) {
        int a = from[0];
        int b = from[1];
        int c = from[2];
        int d = from[3];
        int e = from[4];
        int f = from[5];
        int g = from[6];
        int h = from[7];
        int low;
        low = Math.min(a, b);
        b = Math.max(a, b);
        a = low;
        low = Math.min(c, d);
        d = Math.max(c, d);
        c = low;
        low = Math.min(e, f);
        f = Math.max(e, f);
        e = low;
        low = Math.min(g, h);
        h = Math.max(g, h);
        g = low;
        low = Math.min(a, c);
        c = Math.max(a, c);
        a = low;
        low = Math.min(b, d);
        d = Math.max(b, d);
        b = low;
        low = Math.min(e, g);
        g = Math.max(e, g);
        e = low;
        low = Math.min(f, h);
        h = Math.max(f, h);
        f = low;
        low = Math.min(b, c);
        c = Math.max(b, c);
        b = low;
        low = Math.min(f, g);
        g = Math.max(f, g);
        f = low;
        low = Math.min(a, e);
        e = Math.max(a, e);
        a = low;
        low = Math.min(b, f);
        f = Math.max(b, f);
        b = low;
        low = Math.min(c, g);
        g = Math.max(c, g);
        c = low;
        low = Math.min(d, h);
        h = Math.max(d, h);
        d = low;
        low = Math.min(c, e);
        e = Math.max(c, e);
        c = low;
        low = Math.min(d, f);
        f = Math.max(d, f);
        d = low;
        low = Math.min(b, c);
        c = Math.max(b, c);
        b = low;
        low = Math.min(d, e);
        e = Math.max(d, e);
        d = low;
        low = Math.min(f, g);
        g = Math.max(f, g);
        f = low;
        to[0] = a;
        to[1] = b;
        to[2] = c;
        to[3] = d;
        to[4] = e;
        to[5] = f;
        to[6] = g;
        to[7] = h;
    }

    private static void insert(int[] sorted, int n) {
        for (int i = 1; i < n; i++) {
            int key = sorted[i];
            int at = i;
            while (at > 0 && sorted[at - 1] > key) {
                sorted[at] = sorted[at - 1];
                at--;
            }
            sorted[at] = key;
        }
    }

    /** Sorts by as many bits from {@code shift} on as there are values of; keys that are equal there keep their order. */
    private void distribute(int n, int shift, int values) {
        int mask = values - 1;
        int[] own = begins;
        int[] from = unsorted;
        int[] to = keys;
        Arrays.fill(own, 0, values, 0);
        for (int i = 0; i < n; i++) {
            own[from[i] >>> shift & mask]++;
        }
        int begin = 0;
        for (int v = 0; v < values; v++) {
            int count = own[v];
            own[v] = begin;
            begin += count;
        }
        for (int i = 0; i < n; i++) {
            int key = from[i];
            to[own[key >>> shift & mask]++] = key;
        }
    }
}

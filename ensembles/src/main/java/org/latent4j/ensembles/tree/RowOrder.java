package org.latent4j.ensembles.tree;

import java.util.Arrays;

/** A node's rows in the order of their codes of one feature, rows of missing value last: for nodes of few rows, most of whose bins are empty. */
final class RowOrder {
    /** The most positions that a key has room for. */
    static final int MOST = 0xFFFF;
    /** So few go through a network of comparisons, which has no branches to be guessed wrongly. */
    private static final int FEW = 8;
    /** So many are put into bins of 8 codes, and in order from there; more into bins of one code. */
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
        if (keys.length < n) {
            keys = new int[Math.max(n, 2 * keys.length)];
            unsorted = new int[keys.length];
        }
        if (n <= FEW) {
            Arrays.fill(keys, 0, 8, Integer.MAX_VALUE);
            take(column, node, keys);
            network(keys);
        } else if (n <= SOME) {
            take(column, node, unsorted);
            distribute(n, 19, 32);
            insert(keys, n);
        } else {
            take(column, node, unsorted);
            distribute(n, 16, 256);
        }
        valued = n;
        while (valued > 0 && code(keys[valued - 1]) == Quantised.MISSING) {
            valued--;
        }
    }

    private static void take(byte[] column, NodeRows node, int[] into) {
        int[] rows = node.rows;
        int from = node.from;
        int n = node.size;
        for (int i = 0; i < n; i++) {
            into[i] = (column[rows[from + i]] & 0xFF) << 16 | i;
        }
    }

    /** Batcher's for 8. */
    private static void network(int[] keys) {
        int a = keys[0];
        int b = keys[1];
        int c = keys[2];
        int d = keys[3];
        int e = keys[4];
        int f = keys[5];
        int g = keys[6];
        int h = keys[7];
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
        keys[0] = a;
        keys[1] = b;
        keys[2] = c;
        keys[3] = d;
        keys[4] = e;
        keys[5] = f;
        keys[6] = g;
        keys[7] = h;
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

    /** Sorts by the bits from {@code shift} on, of which there are so many values. */
    private void distribute(int n, int shift, int values) {
        int[] own = begins;
        int[] from = unsorted;
        int[] to = keys;
        Arrays.fill(own, 0, values, 0);
        for (int i = 0; i < n; i++) {
            own[from[i] >>> shift]++;
        }
        int begin = 0;
        for (int v = 0; v < values; v++) {
            int count = own[v];
            own[v] = begin;
            begin += count;
        }
        for (int i = 0; i < n; i++) {
            int key = from[i];
            to[own[key >>> shift]++] = key;
        }
    }
}

package org.latent4j.ensembles.tree;

import java.util.Arrays;
import org.latent4j.compute.Histograms;

/**
 * A node's rows grouped by their code of one feature, codes ascending; rows of missing value apart.
 *
 * <p>Sums of a group are its weight by class, or its weight and weighted values. Bytes are counted in bins; ranks, and what needs the order
 * of the rows, are sorted.
 */
final class Groups {
    /** From so many rows on, all bins are looked at instead of keeping a list of those in use. */
    private static final int MANY = 192;

    final int channels;
    private final boolean counted;

    int size;
    int[] code = new int[256];
    int[] count; // rows of each group, where limits need them, else null
    double[] sums;
    int missingCount;
    final double[] missing;

    /** Positions in the node by ascending code, those of missing value last; {@code end[g]} is where group g ends. Only after sorting. */
    int[] order = new int[0];

    int[] end = new int[0];
    boolean sorted;

    /** As last filled, 256 of all channels. */
    final double[] bins;

    private final int[] binCounts;
    private final long[] used = new long[4];
    private long[] keys = new long[0];

    Groups(int channels, boolean counted) {
        this.channels = channels;
        this.counted = counted;
        sums = new double[256 * channels];
        count = counted ? new int[256] : null;
        missing = new double[channels];
        bins = new double[256 * channels];
        binCounts = counted ? new int[256] : null;
    }

    /** Counts a feature of bytes. */
    void count(byte[] column, NodeRows node) {
        if (counted) {
            for (int i = 0; i < node.size; i++) {
                binCounts[column[node.rows[node.from + i]] & 0xFF]++;
            }
        }
        if (node.size < MANY) {
            countFew(column, node);
        } else {
            fill(column, node);
            take(bins, 0, binCounts, 0);
            clear();
            if (counted) {
                Arrays.fill(binCounts, 0);
            }
        }
    }

    private void countFew(byte[] column, NodeRows node) {
        if (node.label != null) {
            for (int i = 0; i < node.size; i++) {
                int bin = column[node.rows[node.from + i]] & 0xFF;
                used[bin >>> 6] |= 1L << bin;
                bins[bin * channels + node.label[i]] += node.weight[i];
            }
        } else {
            for (int i = 0; i < node.size; i++) {
                int bin = column[node.rows[node.from + i]] & 0xFF;
                used[bin >>> 6] |= 1L << bin;
                bins[bin * 2] += node.weight[i];
                bins[bin * 2 + 1] += node.weight[i] * node.value[i];
            }
        }
        begin();
        for (int word = 0; word < 4; word++) {
            long bits = used[word];
            used[word] = 0;
            while (bits != 0) {
                int bin = word << 6 | Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
                add(bin, bins, bin * channels, counted ? binCounts[bin] : 0);
                Arrays.fill(bins, bin * channels, (bin + 1) * channels, 0);
                if (counted) {
                    binCounts[bin] = 0;
                }
            }
        }
    }

    /** Adds a node's rows to the bins; {@link #clear} comes after their use. */
    void fill(byte[] column, NodeRows node) {
        if (node.label != null) {
            for (int i = 0; i < node.size; i++) {
                bins[(column[node.rows[node.from + i]] & 0xFF) * channels + node.label[i]] += node.weight[i];
            }
        } else {
            for (int i = 0; i < node.size; i++) {
                int at = (column[node.rows[node.from + i]] & 0xFF) * 2;
                bins[at] += node.weight[i];
                bins[at + 1] += node.weight[i] * node.value[i];
            }
        }
    }

    void clear() {
        Arrays.fill(bins, 0);
    }

    /** Takes a histogram of 256 bins; those without weight are empty. */
    void take(double[] histogram, int at, int[] counts, int countsAt) {
        begin();
        for (int bin = 0; bin < Histograms.BINS; bin++) {
            int from = at + bin * channels;
            double weight = histogram[from];
            for (int c = 1; c < channels && weight == 0; c++) {
                weight = histogram[from + c];
            }
            if (weight > 0) {
                add(bin, histogram, from, counted ? counts[countsAt + bin] : 0);
            }
        }
    }

    private void begin() {
        size = 0;
        missingCount = 0;
        sorted = false;
    }

    private void add(int bin, double[] from, int at, int rows) {
        if (bin == Quantised.MISSING) {
            missingCount = Math.max(1, rows);
            System.arraycopy(from, at, missing, 0, channels);
            return;
        }
        code[size] = bin;
        for (int c = 0; c < channels; c++) {
            sums[size * channels + c] = from[at + c];
        }
        if (counted) {
            count[size] = rows;
        }
        size++;
    }

    /** Sorts the node's rows by their codes, which are bytes or ranks. */
    void sort(byte[] column, int[] ranks, int missingCode, NodeRows node) {
        int n = node.size;
        if (keys.length < n) {
            keys = new long[n];
            order = new int[n];
            end = new int[n];
            code = new int[Math.max(n, 256)];
            sums = new double[code.length * channels];
            count = counted ? new int[code.length] : null;
        }
        for (int i = 0; i < n; i++) {
            int row = node.rows[node.from + i];
            keys[i] = (long) (column != null ? column[row] & 0xFF : ranks[row]) << 32 | i;
        }
        Arrays.sort(keys, 0, n);
        begin();
        sorted = true;
        Arrays.fill(missing, 0);
        for (int i = 0; i < n; i++) {
            int position = (int) keys[i];
            int rowCode = (int) (keys[i] >>> 32);
            order[i] = position;
            if (rowCode == missingCode) {
                addRow(missing, 0, node, position);
                missingCount++;
                continue;
            }
            if (size == 0 || code[size - 1] != rowCode) {
                code[size] = rowCode;
                Arrays.fill(sums, size * channels, (size + 1) * channels, 0);
                if (counted) {
                    count[size] = 0;
                }
                size++;
            }
            addRow(sums, (size - 1) * channels, node, position);
            if (counted) {
                count[size - 1]++;
            }
            end[size - 1] = i + 1;
        }
    }

    private static void addRow(double[] sums, int at, NodeRows node, int position) {
        double weight = node.weight[position];
        if (node.label != null) {
            sums[at + node.label[position]] += weight;
        } else {
            sums[at] += weight;
            sums[at + 1] += weight * node.value[position];
        }
    }
}

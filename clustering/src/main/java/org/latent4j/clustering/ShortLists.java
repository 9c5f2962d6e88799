package org.latent4j.clustering;

import java.util.Arrays;

/** For each of n things the nearest few others, nearest first, the first offered first among equally near ones; a list is used by one thread at a time. */
final class ShortLists {
    private final int length;
    private final double[] distances; // (n, length); infinite behind the last entry
    private final int[] others; // (n, length)
    private final int[] counts;

    ShortLists(int n, int length) {
        this.length = length;
        this.distances = new double[n * length];
        this.others = new int[n * length];
        this.counts = new int[n];
        Arrays.fill(distances, Double.POSITIVE_INFINITY);
    }

    /** Entries of a full list. */
    int length() {
        return length;
    }

    int count(int i) {
        return counts[i];
    }

    double distance(int i, int entry) {
        return distances[i * length + entry];
    }

    int other(int i, int entry) {
        return others[i * length + entry];
    }

    boolean contains(int i, int other) {
        for (int at = i * length; at < i * length + counts[i]; at++) {
            if (others[at] == other) {
                return true;
            }
        }
        return false;
    }

    /** Below what a distance is taken in. */
    double last(int i) {
        return distances[i * length + length - 1];
    }

    void clear(int i) {
        Arrays.fill(distances, i * length, (i + 1) * length, Double.POSITIVE_INFINITY);
        counts[i] = 0;
    }

    /** Takes in another if it is nearer than the last one of a full list, which then is dropped. */
    void offer(int i, double distance, int other) {
        int first = i * length;
        if (!(distance < distances[first + length - 1])) {
            return;
        }
        int at = first + Math.min(counts[i], length - 1);
        while (at > first && distances[at - 1] > distance) {
            distances[at] = distances[at - 1];
            others[at] = others[at - 1];
            at--;
        }
        distances[at] = distance;
        others[at] = other;
        counts[i] = Math.min(length, counts[i] + 1);
    }

    /** Gives an entry's other a new name. */
    void rename(int i, int entry, int other) {
        others[i * length + entry] = other;
    }

    void removeFirst(int i) {
        int first = i * length;
        int count = counts[i]--;
        System.arraycopy(distances, first + 1, distances, first, count - 1);
        System.arraycopy(others, first + 1, others, first, count - 1);
        distances[first + count - 1] = Double.POSITIVE_INFINITY;
    }
}

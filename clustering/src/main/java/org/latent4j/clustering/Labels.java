package org.latent4j.clustering;

import org.latent4j.data.DataException;

/** What labels of points must be. */
final class Labels {
    private Labels() {}

    /** Throws for another number of labels than points and for negative ones; the largest label + 1. */
    static int check(int[] labels, int n) {
        if (labels.length != n) {
            throw new DataException("there are " + labels.length + " labels for " + n + " points; give one for each");
        }
        int most = 0;
        for (int i = 0; i < n; i++) {
            if (labels[i] < 0) {
                throw new DataException("label of row " + (i + 1) + " is " + labels[i] + "; labels are 0, 1, ...");
            }
            most = Math.max(most, labels[i]);
        }
        return most + 1;
    }
}

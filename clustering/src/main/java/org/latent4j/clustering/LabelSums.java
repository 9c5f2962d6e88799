package org.latent4j.clustering;

import org.latent4j.compute.Matrix;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.Primitives.ChangedSums;
import org.latent4j.compute.Primitives.SegmentSums;

/**
 * Sums of points by label that follow the labels from iteration to iteration, and the cost that comes of them.
 *
 * <p>Of many points only those are added and taken away whose label has changed. With the data's mean m and the sums S and weights W of clusters,
 * the cost of centres c is sum |x - m|^2 - sum (2 (c - m).(S - W m) - W |c - m|^2), where the first sum does not change: one cost that was measured
 * gives all others. What such differences lose in digits is bounded; where it would matter the cost is to be measured.
 */
final class LabelSums {
    /** Sums of fewer numbers are computed anew. */
    private static final long LEAST_FOLLOWED = 1 << 20;
    /** The cost of fewer numbers is measured. */
    private static final long LEAST_CALIBRATED = 1 << 12;
    /** Share of changed labels up to which following them is faster. */
    private static final double MOST_CHANGED = 0.25;
    /** By how much sums may have been larger than they are: so many times the rounding of a double is their error. */
    private static final double MOST_SHRUNK = 0x1p12;
    /** Share of the sum of squares about 0 below which the cost has lost more than a third of its digits. */
    private static final double LEAST_COST = 0x1p-13;

    private final Matrix matrix;
    private final double[] weights; // null: 1 each
    private final int k;
    private final int p;
    private final Primitives primitives;
    private final long numbers;
    private SegmentSums sums;
    private double[] largest; // of each label: the largest number its sums were made of
    private double[] mean;
    private double ofMean; // sum w |m|^2
    private double aboutMean; // sum w |x - m|^2
    private boolean calibrated;

    LabelSums(Matrix matrix, double[] weights, int k, Primitives primitives) {
        this.matrix = matrix;
        this.weights = weights;
        this.k = k;
        this.p = matrix.columns();
        this.primitives = primitives;
        this.numbers = matrix.rows() * p;
    }

    /** Sums of these labels; {@code before} are those that the present sums, which may have been changed together with them, belong to. */
    SegmentSums follow(int[] labels, int[] before) {
        if (sums == null || numbers < LEAST_FOLLOWED || !change(labels, before)) {
            sums = primitives.segmentSums(matrix, labels, weights, k);
            largest = null;
        }
        return sums;
    }

    private boolean change(int[] labels, int[] before) {
        int changed = changed(labels, before);
        if (changed > MOST_CHANGED * labels.length) {
            return false;
        }
        if (largest == null) {
            largest = new double[k];
            raise(sums.sums());
        }
        if (changed > 0) {
            ChangedSums changes = primitives.changedSums(matrix, before, labels, weights, k);
            raise(changes.added());
            raise(changes.taken());
            for (int i = 0; i < k * p; i++) {
                sums.sums()[i] += changes.added()[i] - changes.taken()[i];
            }
            for (int c = 0; c < k; c++) {
                sums.counts()[c] += changes.counts()[c];
            }
        }
        weigh(labels);
        return keepsDigits();
    }

    /** How many labels differ; a loop that Java compiles to vector instructions. */
    private static int changed(int[] labels, int[] before) {
        int changed = 0;
        for (int i = 0; i < labels.length; i++) {
            int by = labels[i] - before[i];
            changed += (by | -by) >>> 31;
        }
        return changed;
    }

    private void raise(double[] numbers) {
        for (int c = 0; c < k; c++) {
            largest[c] = Math.max(largest[c], largest(numbers, c));
        }
    }

    /** Weights are summed anew: whether one is 0 must not depend on rounding. */
    private void weigh(int[] labels) {
        double[] totals = sums.weights();
        for (int c = 0; c < k; c++) {
            totals[c] = weights == null ? sums.counts()[c] : 0;
        }
        for (int i = 0; weights != null && i < labels.length; i++) {
            totals[labels[i]] += weights[i];
        }
    }

    private boolean keepsDigits() {
        for (int c = 0; c < k; c++) {
            if (!(largest[c] <= MOST_SHRUNK * largest(sums.sums(), c))) {
                return false;
            }
        }
        return true;
    }

    private double largest(double[] numbers, int label) {
        double most = 0;
        for (int i = label * p; i < (label + 1) * p; i++) {
            most = Math.max(most, Math.abs(numbers[i]));
        }
        return most;
    }

    /** Whether {@link #cost} is known. */
    boolean isCalibrated() {
        return calibrated;
    }

    /** Takes a measured cost of these centres and the present sums. */
    void calibrate(double cost, double[] centres) {
        if (numbers < LEAST_CALIBRATED) {
            return;
        }
        mean = new double[p];
        double total = 0;
        for (int c = 0; c < k; c++) {
            total += sums.weights()[c];
            for (int f = 0; f < p; f++) {
                mean[f] += sums.sums()[c * p + f];
            }
        }
        double square = 0;
        for (int f = 0; f < p; f++) {
            mean[f] /= total;
            square += mean[f] * mean[f];
        }
        aboutMean = cost + explained(centres);
        ofMean = total * square;
        calibrated = keepsDigits(cost);
    }

    /** The cost of these centres with the present sums; if it has too few digits, no cost is known from now on. */
    double cost(double[] centres) {
        double cost = aboutMean - explained(centres);
        calibrated = keepsDigits(cost);
        return cost;
    }

    private boolean keepsDigits(double cost) {
        return cost >= LEAST_COST * (aboutMean + ofMean);
    }

    private double explained(double[] centres) {
        double explained = 0;
        for (int c = 0; c < k; c++) {
            double weight = sums.weights()[c];
            for (int f = 0; f < p; f++) {
                double centre = centres[c * p + f] - mean[f];
                explained += centre * (2 * (sums.sums()[c * p + f] - weight * mean[f]) - weight * centre);
            }
        }
        return explained;
    }
}

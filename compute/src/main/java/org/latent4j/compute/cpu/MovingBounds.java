package org.latent4j.compute.cpu;

import java.util.Arrays;

/**
 * What is known of points while centres move: the label of each, that its centre is no farther than an upper bound, and that all others are no nearer
 * than a lower one. Where a centre moves by m, both change by m at most; while the upper stays below the lower, the label is certain.
 *
 * <p>Distances are those of {@link Screen}, in units of its scale.
 *
 * <p>Source: Hamerly, "Making k-means even faster", SIAM Int. Conf. Data Mining (2010) 130.
 */
final class MovingBounds {
    /** Where more than this share of the points has to be looked at, all are: picking them out takes time. */
    private static final double MOST_PICKED = 0.4;
    /** Fewer points are not worth it. */
    private static final int LEAST_POINTS = 4096;

    /** Where a smaller share of the labels is certain, bounds rest for a while: without clusters in many dimensions they never pay. */
    private static final double LEAST_CERTAIN = 0.3;

    private static final int SHORTEST_REST = 2;
    private static final int LONGEST_REST = 16;
    private static final int TOGETHER = 8192;
    /** That moving the bounds of a point takes. */
    private static final int OPERATIONS = 16;
    /** Roundings of a float sum. */
    private static final float UP = 1 + 0x1p-22f;

    private static final float DOWN = 1 - 0x1p-22f;
    /** Roundings of a distance of centres. */
    private static final double SLACK = 1 + 0x1p-20;

    private final int[] labels;
    private final float[] upper;
    private final float[] lower;
    private double[][] centres; // null: nothing is known
    private int rest = SHORTEST_REST; // how many moves the next rest lasts
    private int resting; // moves until its end

    MovingBounds(int points) {
        this.labels = new int[points];
        this.upper = new float[points];
        this.lower = new float[points];
    }

    /** What a search has found out of some points. */
    void set(int[] points, int count, int[] ofLabel, float[] upperBound, float[] lowerBound) {
        for (int i = 0; i < count; i++) {
            labels[points[i]] = ofLabel[i];
            upper[points[i]] = upperBound[i];
            lower[points[i]] = lowerBound[i];
        }
    }

    /** Where the centres are that all labels and bounds belong to now. */
    void finish(double[][] now, int[] out) {
        centres = now;
        System.arraycopy(labels, 0, out, 0, labels.length);
    }

    /** Whether bounds are not worth their time now; if so, nothing is known any more. */
    boolean isResting() {
        return resting > 0;
    }

    /** Moves the bounds; the points whose label is not certain, in ascending order, or null for all points. */
    int[] move(double[][] now, double scale, Team team) {
        double[][] before = centres;
        centres = null;
        resting = Math.max(0, resting - 1);
        if (before == null || before.length != now.length || labels.length < LEAST_POINTS) {
            return null;
        }
        float[] moved = new float[now.length];
        int farthest = 0;
        for (int k = 0; k < now.length; k++) {
            moved[k] = moved(before[k], now[k], scale);
            if (!(moved[k] < Float.POSITIVE_INFINITY)) {
                return null;
            }
            farthest = moved[k] > moved[farthest] ? k : farthest;
        }
        float second = 0;
        for (int k = 0; k < now.length; k++) {
            second = k == farthest ? second : Math.max(second, moved[k]);
        }
        int chunks = (labels.length + TOGETHER - 1) / TOGETHER;
        int[][] open = new int[chunks][];
        int mostMoved = farthest;
        float ofOthers = second;
        team.share(chunks, (long) OPERATIONS * labels.length, (first, end) -> {
            for (int chunk = first; chunk < end; chunk++) {
                int from = chunk * TOGETHER;
                open[chunk] = move(from, Math.min(labels.length, from + TOGETHER), moved, mostMoved, ofOthers);
            }
        });
        long count = Arrays.stream(open).mapToLong(some -> some.length).sum();
        if (labels.length - count < LEAST_CERTAIN * labels.length) {
            resting = rest;
            rest = Math.min(LONGEST_REST, 2 * rest);
        } else {
            rest = SHORTEST_REST;
        }
        return count > MOST_PICKED * labels.length ? null : joined(open, (int) count);
    }

    private static int[] joined(int[][] parts, int length) {
        int[] all = new int[length];
        int at = 0;
        for (int[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static float moved(double[] from, double[] to, double scale) {
        double square = 0;
        for (int f = 0; f < from.length; f++) {
            double by = (to[f] - from[f]) * scale;
            square += by * by;
        }
        return Math.nextUp((float) (Math.sqrt(square) * SLACK)) + Float.MIN_NORMAL;
    }

    private int[] move(int from, int end, float[] moved, int farthest, float second) {
        float most = moved[farthest];
        int[] open = new int[end - from];
        int count = 0;
        for (int i = from; i < end; i++) {
            int label = labels[i];
            float atMost = (upper[i] + moved[label]) * UP;
            float atLeast = (lower[i] - (label == farthest ? second : most)) * DOWN;
            upper[i] = atMost;
            lower[i] = atLeast;
            open[count] = i;
            count += atMost < atLeast ? 0 : 1;
        }
        return Arrays.copyOf(open, count);
    }
}

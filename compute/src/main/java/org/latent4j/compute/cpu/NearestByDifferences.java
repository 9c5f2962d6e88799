package org.latent4j.compute.cpu;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.SquaredDistance;

/**
 * Nearest of few centres in few dimensions: squared distances by differences in float, of many points side by side, centre after centre. Where the
 * lowest two are closer than rounding explains, the point is compared again by {@link SquaredDistance}.
 *
 * <p>With u = 2^-24, X, C a point and a centre in their {@link Frame}, |X| <= R, all |C| <= L: rounding both moves their distance by u (R + L) at
 * most, and the computed square is off by a factor of at most 1 + (p + 3) u. So the lowest square q belongs to the nearest centre if the second
 * lowest s has sqrt(s) (1 - a) > sqrt(q) (1 + a) + 2.1 u (R + L), a = (p + 8) u, for which, as 2 x y <= t x^2 + y^2 / t for any t,
 * s (1 - 2 a) > q (1 + 3 a + 2 t) + (2.1 u (R + L))^2 (1 + 2 / t) is enough.
 *
 * <p>The loops are shaped for Java's compiler, which makes vector instructions of them if each writes one array, reads others at the same place, and
 * doesn't branch. Minima are the dearest of these instructions: there are three for each distance.
 */
final class NearestByDifferences {
    private static final int LANES = PointLanes.LANES;
    /** What keeping the lowest two takes, in differences. */
    private static final int OF_MINIMA = 10;
    /** Of differences for each point; from about here on a product takes less. */
    private static final int MOST_DIFFERENCES = 1024;
    /** Of differences for each point, from which on keeping bounds takes less than it saves where there are clusters. */
    private static final int LEAST_FOR_BOUNDS = 256;

    private static final float U = 0x1p-24f;
    private static final float T = 0x1p-12f;
    /** Squared distances from here on are compared again. */
    private static final float FARTHEST = 0x1p100f;
    /** Makes at least 1 of what one squared distance is below another one, if that is no less than UNDERFLOW. */
    private static final float STEP = 0x1p100f;
    /** Squares below it have lost digits. */
    private static final float UNDERFLOW = 0x1p-60f;

    private final Points points;
    private final PointLanes lanes;
    private final double[][] centres;
    private final float[][] placed; // the centres
    private final float longest; // of them
    private final int[] labels;
    private final MovingBounds bounds; // or null
    private final int[] all;
    private final float a;

    private NearestByDifferences(Points points, double[][] centres, int[] labels, MovingBounds bounds, Team team) {
        this.points = points;
        this.lanes = points.lanes(team);
        this.centres = centres;
        this.placed = new float[centres.length][];
        this.labels = labels;
        this.bounds = bounds;
        this.a = (points.columns() + 8) * U;
        this.all = IntStream.range(0, centres.length).toArray();
        float most = 0;
        for (int k = 0; k < centres.length; k++) {
            placed[k] = lanes.placed(centres[k]);
            most = Math.max(most, lanes.radius(placed[k]));
        }
        this.longest = most;
    }

    /** Whether it is likely to be the faster way. */
    static boolean suits(Points points, int centres) {
        return differences(points, centres) <= MOST_DIFFERENCES;
    }

    private static long differences(Points points, int centres) {
        return (long) centres * (points.columns() + OF_MINIMA);
    }

    /** @param bounds null, or of the same points at other centres */
    static void find(Points points, double[][] centres, int[] labels, MovingBounds bounds, Team team) {
        long ofPoint = differences(points, centres.length);
        MovingBounds worth = ofPoint < LEAST_FOR_BOUNDS ? null : bounds;
        int[] some = worth == null ? null : worth.move(centres, points.frame().scale(), team);
        MovingBounds kept = worth == null || worth.isResting() ? null : worth;
        NearestByDifferences search = new NearestByDifferences(points, centres, labels, kept, team);
        int blocks = some == null ? search.lanes.blocks() : (some.length + LANES - 1) / LANES;
        team.share(blocks, (long) blocks * LANES * ofPoint, (from, end) -> {
            Room room = search.new Room();
            for (int block = from; block < end; block++) {
                if (some == null) {
                    room.all(block);
                } else {
                    room.some(some, block * LANES, Math.min(some.length, (block + 1) * LANES));
                }
            }
        });
        if (kept != null) {
            kept.finish(centres, labels);
        }
    }

    /** What points are searched in, some after others; by lanes. */
    private final class Room {
        private final float[] distance = new float[LANES];
        private float[] first = new float[LANES]; // the lowest
        private float[] lower = new float[LANES];
        private final float[] second = new float[LANES]; // the second lowest, up to rounding
        private final float[] nearest = new float[LANES]; // the centre of the lowest
        private final float[] ahead = new float[LANES]; // above 0: it is the nearest
        private final int[] point = new int[LANES];
        private final int[] label = new int[LANES];
        private final int[] open = new int[LANES]; // lanes to be compared
        private final double[] row = new double[points.columns()];
        private final Points.Buffer buffer = new Points.Buffer();
        private float[][] gathered; // columns
        private float[] gatheredRadius;

        void all(int block) {
            int from = block * LANES;
            int count = lanes.count(block);
            for (int i = 0; i < LANES; i++) {
                point[i] = from + i;
            }
            find(lanes.columns(block), lanes.radius(block), count);
            System.arraycopy(label, 0, labels, from, count);
        }

        void some(int[] which, int from, int end) {
            int count = end - from;
            if (gathered == null) {
                gathered = new float[points.columns()][LANES];
                gatheredRadius = new float[LANES];
            }
            System.arraycopy(which, from, point, 0, count);
            lanes.gather(point, count, gathered, gatheredRadius);
            find(gathered, gatheredRadius, count);
            for (int i = 0; i < count; i++) {
                labels[point[i]] = label[i];
            }
        }

        private void find(float[][] columns, float[] radius, int count) {
            Arrays.fill(first, FARTHEST);
            Arrays.fill(second, FARTHEST);
            for (int k = 0; k < placed.length; k++) {
                measure(columns, placed[k]);
                keepLower(first, distance, lower);
                keepSecond(first, distance, lower, second);
                step(first, lower, k, nearest);
                float[] swapped = first;
                first = lower;
                lower = swapped;
            }
            judge(first, second, radius, longest, a, ahead);
            int several = 0;
            for (int i = 0; i < count; i++) {
                label[i] = (int) nearest[i];
                open[several] = i;
                several += ahead[i] > 0 ? 0 : 1;
            }
            for (int i = 0; i < several; i++) {
                label[open[i]] = compared(point[open[i]]);
            }
            if (bounds != null) {
                atMost(first, radius, longest, a, distance);
                atLeast(second, radius, longest, a, ahead, lower);
                bounds.set(point, count, label, distance, lower);
            }
        }

        private int compared(int i) {
            points.readRow(i, row, 0, buffer);
            return SquaredDistance.nearest(row, 0, centres, all, all.length);
        }

        private void measure(float[][] x, float[] c) {
            int f = c.length % 4;
            switch (f) {
                case 0 -> Arrays.fill(distance, 0);
                case 1 -> setOne(x[0], c[0], distance);
                case 2 -> setTwo(x[0], x[1], c[0], c[1], distance);
                default -> setThree(x[0], x[1], x[2], c[0], c[1], c[2], distance);
            }
            for (; f < c.length; f += 4) {
                addFour(x[f], x[f + 1], x[f + 2], x[f + 3], c[f], c[f + 1], c[f + 2], c[f + 3], distance);
            }
        }
    }

    private static void setOne(float[] x0, float c0, float[] out) {
        for (int i = 0; i < LANES; i++) {
            float d0 = x0[i] - c0;
            out[i] = d0 * d0;
        }
    }

    private static void setTwo(float[] x0, float[] x1, float c0, float c1, float[] out) {
        for (int i = 0; i < LANES; i++) {
            float d0 = x0[i] - c0;
            float d1 = x1[i] - c1;
            out[i] = d0 * d0 + d1 * d1;
        }
    }

    private static void setThree(float[] x0, float[] x1, float[] x2, float c0, float c1, float c2, float[] out) {
        for (int i = 0; i < LANES; i++) {
            float d0 = x0[i] - c0;
            float d1 = x1[i] - c1;
            float d2 = x2[i] - c2;
            out[i] = d0 * d0 + d1 * d1 + d2 * d2;
        }
    }

    private static void addFour(
            float[] x0, float[] x1, float[] x2, float[] x3, float c0, float c1, float c2, float c3, float[] out) {
        for (int i = 0; i < LANES; i++) {
            float d0 = x0[i] - c0;
            float d1 = x1[i] - c1;
            float d2 = x2[i] - c2;
            float d3 = x3[i] - c3;
            out[i] = out[i] + d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
        }
    }

    private static void keepLower(float[] first, float[] distance, float[] lower) {
        for (int i = 0; i < LANES; i++) {
            lower[i] = Math.min(first[i], distance[i]);
        }
    }

    /** The higher of first and distance is their sum without the lower one. */
    private static void keepSecond(float[] first, float[] distance, float[] lower, float[] second) {
        for (int i = 0; i < LANES; i++) {
            second[i] = Math.min(second[i], first[i] + distance[i] - lower[i]);
        }
    }

    /** Where the lowest has become lower: k. */
    private static void step(float[] first, float[] lower, float k, float[] nearest) {
        for (int i = 0; i < LANES; i++) {
            nearest[i] = nearest[i] + (k - nearest[i]) * Math.min(1, (first[i] - lower[i]) * STEP);
        }
    }

    /** By how much the second lowest is above what it must be. */
    private static void judge(float[] first, float[] second, float[] radius, float longest, float a, float[] ahead) {
        float ofFirst = 1 + 3 * a + 2 * T + 16 * U;
        float ofSecond = 1 - 2 * a - 16 * U;
        float ofLengths = 2.2f * U * 2.2f * U * (1 + 2 / T);
        for (int i = 0; i < LANES; i++) {
            float lengths = radius[i] + longest;
            ahead[i] = second[i] * ofSecond - (first[i] * ofFirst + lengths * lengths * ofLengths + UNDERFLOW);
        }
    }

    /** Upper bounds of the distance to the nearest centre. */
    private static void atMost(float[] first, float[] radius, float longest, float a, float[] out) {
        for (int i = 0; i < LANES; i++) {
            out[i] = (float) Math.sqrt(first[i] + UNDERFLOW) * (1 + 2 * a) + 1.1f * U * (radius[i] + longest);
        }
    }

    /** Lower bounds of the distance to all others, which are not known where they were compared. */
    private static void atLeast(float[] second, float[] radius, float longest, float a, float[] ahead, float[] out) {
        for (int i = 0; i < LANES; i++) {
            float least = (float) Math.sqrt(second[i]) * (1 - 2 * a) - 1.1f * U * (radius[i] + longest);
            out[i] = Math.min(least, ahead[i] * STEP);
        }
    }
}

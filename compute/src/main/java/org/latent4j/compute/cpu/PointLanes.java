package org.latent4j.compute.cpu;

/**
 * Points as floats in their {@link Frame}, number by number: blocks of {@link #LANES} points, in which each column has an array of its own. Each
 * number is at most 2^-24 of itself off.
 */
final class PointLanes {
    static final int LANES = 512;

    /** Squares of longer vectors overflow floats. */
    private static final double LONGEST = 0x1p40;

    private static final double SLACK = 1 + 0x1p-20;

    private final int rows;
    private final Frame frame;
    private final float[][][] columns; // by blocks
    private final float[][] radius;

    PointLanes(Points points, Team team) {
        this.rows = Math.toIntExact(points.rows());
        this.frame = points.frame();
        this.columns = new float[(rows + LANES - 1) / LANES][][];
        this.radius = new float[columns.length][LANES];
        team.share(columns.length, (long) rows * points.columns(), (from, end) -> {
            Points.Buffer buffer = new Points.Buffer();
            for (int block = from; block < end; block++) {
                columns[block] = placed(points, block, buffer);
                measure(columns[block], radius[block]);
            }
        });
    }

    private float[][] placed(Points points, int block, Points.Buffer buffer) {
        int p = points.columns();
        float[][] placed = new float[p][LANES];
        points.read((long) block * LANES, count(block), buffer);
        for (int f = 0; f < p; f++) {
            for (int i = 0, at = f; i < count(block); i++, at += p) {
                placed[f][i] = frame.place(buffer.doubles[at], f);
            }
        }
        return placed;
    }

    private static void measure(float[][] columns, float[] radius) {
        double[] squares = new double[LANES];
        for (float[] column : columns) {
            for (int i = 0; i < LANES; i++) {
                squares[i] += (double) column[i] * column[i];
            }
        }
        for (int i = 0; i < LANES; i++) {
            radius[i] = bound(squares[i]);
        }
    }

    /** An upper bound of a length, in the frame before rounding; infinite if it is too long. */
    private static float bound(double square) {
        double length = Math.sqrt(square) * SLACK;
        return length < LONGEST ? (float) (length * SLACK) : Float.POSITIVE_INFINITY;
    }

    int blocks() {
        return columns.length;
    }

    /** How many points a block holds. */
    int count(int block) {
        return Math.min(LANES, rows - block * LANES);
    }

    /** The columns of a block; 0 beyond its last point. */
    float[][] columns(int block) {
        return columns[block];
    }

    /** Of a block's points upper bounds of their lengths; infinite for those that can't be compared. */
    float[] radius(int block) {
        return radius[block];
    }

    /** Columns and lengths of some points. */
    void gather(int[] points, int count, float[][] toColumns, float[] toRadius) {
        for (int i = 0; i < count; i++) {
            float[][] from = columns[points[i] / LANES];
            int lane = points[i] % LANES;
            for (int f = 0; f < from.length; f++) {
                toColumns[f][i] = from[f][lane];
            }
            toRadius[i] = radius[points[i] / LANES][lane];
        }
    }

    /** A centre beside these points. */
    float[] placed(double[] centre) {
        float[] placed = new float[centre.length];
        for (int f = 0; f < centre.length; f++) {
            placed[f] = frame.place(centre[f], f);
        }
        return placed;
    }

    /** An upper bound of its length; infinite if it can't be compared. */
    float radius(float[] placed) {
        double square = 0;
        for (float number : placed) {
            square += (double) number * number;
        }
        return bound(square);
    }
}

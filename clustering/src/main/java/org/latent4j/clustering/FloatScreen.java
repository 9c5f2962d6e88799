package org.latent4j.clustering;

import java.util.Arrays;
import org.latent4j.compute.Metric;

/**
 * Points in float beside those in double: tells quickly which points of a block can be nearer to a query than a limit. None that is nearer is
 * missed; those that are named are then measured in double.
 *
 * <p>With points shifted by medians and scaled to at most about 1, |x - y|^2 = |x|^2 + |y|^2 - 2 x.y takes one multiplication and addition
 * for each feature. Its error is at most {@code (features + 8) 2^-24 (|x| + |y|)^2}: rounding to float, sums, products. Where points have
 * sizes, what is compared with the limit L is the squared distance times 2 a b / (a + b): that is |x - y|^2 &lt; L/2 (1/a + 1/b), linear in 1/b,
 * which so becomes one more feature.
 */
final class FloatScreen {
    /** Queries that pass a block side by side, while it is in the first cache. */
    static final int TOGETHER = 8;

    /** Features of one pass: so many Java 17 compiles to vector instructions. */
    private static final int PASS = 4;
    /** Of a point that was removed: farther than any limit. */
    private static final float FAR = 1e30f;

    private static final double HIGHEST_LIMIT = 1e29;
    /** The squares of wider points, or narrower ones, may leave the range of numbers. */
    private static final int MOST_EXPONENT = 400;

    /** Of float, and a tenth for rounding in double. */
    private static final double UNIT = 1.1 * 0x1p-24;
    /** Products that are below the least float. */
    private static final double UNDERFLOW = 0x1p-120;
    /** Lengths of 1 are so to this, in squared distances twice. */
    private static final double UNIT_LENGTH_SLACK = 1e-12;
    /** So many points of a block are measured one by one, more of them together with all others. */
    private static final int FEW = 24;

    /** For medians, which wild points do not move. */
    private static final int SAMPLE = 255;

    private final Columns points;
    private final Metric metric;
    private final double[] shift;
    private final double scale;
    private final double highestLimit; // below it there is something to be gained
    private final float[][][] columns; // by block: features, filled up with zeros to whole passes
    private final float[][] norms; // by block: |y|^2
    private final float[][] shares; // by block: 1 / size; null without sizes
    private final double[] radius; // by block: no |y| is above this
    private final double[] mostShare; // by block: no share is above this

    /** What is compared with a limit, and told of those that may be below it. */
    interface Search {
        /** Below what a distance, times 2 a b / (a + b) where points have sizes, is of interest to a query; 0: none is. */
        double limit(int query, int block);

        /** A distance, without sizes; in ascending order of points for each query. */
        void found(int query, int point, double distance);
    }

    /**
     * @param metric {@link Metric#SQUARED_EUCLIDEAN}, or {@link Metric#COSINE} of points of length 1
     * @param sizes by block, then place in it; null: none
     */
    FloatScreen(Columns points, Metric metric, double[][] sizes) {
        this.points = points;
        this.metric = metric;
        this.shift = new double[points.features()];
        this.scale = shiftAndScale();
        boolean usual = Math.abs(Math.getExponent(scale)) <= MOST_EXPONENT;
        this.highestLimit = usual ? HIGHEST_LIMIT / 2 / scale / scale : 0;
        int passes = (points.features() + PASS - 1) / PASS;
        this.columns = new float[points.blocks()][passes * PASS][];
        this.norms = new float[points.blocks()][];
        this.shares = sizes == null ? null : new float[points.blocks()][];
        this.radius = new double[points.blocks()];
        this.mostShare = new double[points.blocks()];
        for (int block = 0; block < points.blocks(); block++) {
            fill(block, sizes == null ? null : sizes[block]);
        }
    }

    static boolean serves(Metric metric) {
        return metric == Metric.SQUARED_EUCLIDEAN || metric == Metric.COSINE;
    }

    private double shiftAndScale() {
        double widest = 0;
        double[] sample = new double[Math.min(SAMPLE, points.n())];
        for (int f = 0; f < shift.length; f++) {
            for (int i = 0; i < sample.length; i++) {
                sample[i] = points.get((int) ((long) i * points.n() / sample.length), f);
            }
            Arrays.sort(sample);
            shift[f] = sample[sample.length / 2];
            for (double[][] block : points.values()) {
                for (double x : block[f]) {
                    widest = Math.max(widest, Math.abs(x / 2 - shift[f] / 2));
                }
            }
        }
        return widest == 0 ? 1 : Math.scalb(1.0, -(Math.getExponent(widest) + 2));
    }

    private void fill(int block, double[] sizes) {
        int count = points.size(block);
        double[] squares = new double[count];
        for (int f = 0; f < columns[block].length; f++) {
            columns[block][f] = new float[count];
            if (f < shift.length) {
                double[] values = points.values()[block][f];
                for (int i = 0; i < count; i++) {
                    double x = values[i] * scale - shift[f] * scale;
                    columns[block][f][i] = (float) x;
                    squares[i] += x * x;
                }
            }
        }
        norms[block] = new float[count];
        for (int i = 0; i < count; i++) {
            norms[block][i] = (float) squares[i];
            radius[block] = Math.max(radius[block], Math.sqrt(squares[i]));
        }
        if (sizes != null) {
            shares[block] = new float[count];
            for (int i = 0; i < count; i++) {
                shares[block][i] = (float) (1 / sizes[i]);
                mostShare[block] = Math.max(mostShare[block], 1 / sizes[i]);
            }
        }
    }

    /** Takes over where a point has been moved to, and its size, which must not have become less. */
    void move(int point, double size) {
        int block = point / Columns.BLOCK;
        int at = point % Columns.BLOCK;
        double square = 0;
        for (int f = 0; f < shift.length; f++) {
            double x = points.values()[block][f][at] * scale - shift[f] * scale;
            columns[block][f][at] = (float) x;
            square += x * x;
        }
        norms[block][at] = (float) square;
        radius[block] = Math.max(radius[block], Math.sqrt(square));
        if (shares != null) {
            shares[block][at] = (float) (1 / size);
        }
    }

    /** The point is not found from now on; one that is measured with all of its block has to be infinitely far. */
    void remove(int point) {
        int block = point / Columns.BLOCK;
        for (float[] column : columns[block]) {
            column[point % Columns.BLOCK] = 0;
        }
        norms[block][point % Columns.BLOCK] = FAR;
        if (shares != null) {
            shares[block][point % Columns.BLOCK] = 0;
        }
    }

    /** Some queries side by side, for one thread. */
    final class Queries {
        private final Search search;
        private final double[][] rows;
        private final float[][] twice; // -2 x
        private final double[] square; // |x|^2
        private final double[] share; // 1 / size
        private final float[][] score; // below 0: may be below the limit
        private final float[] any = new float[Columns.BLOCK]; // above 0: a score is below 0
        private final int[] compared; // queries whose scores are those of the block
        private final int[] measured; // how many points of the block were measured one by one
        private final double[][] all; // distances of a whole block

        /**
         * @param rows of {@code TOGETHER} queries at most
         * @param sizes null without sizes
         */
        Queries(double[][] rows, double[] sizes, Search search) {
            this.search = search;
            this.rows = rows;
            int count = rows.length;
            this.twice = new float[count][columns[0].length];
            this.square = new double[count];
            this.share = new double[count];
            this.score = new float[count][Columns.BLOCK];
            this.compared = new int[count];
            this.measured = new int[count];
            this.all = new double[count][];
            for (int q = 0; q < count; q++) {
                for (int f = 0; f < shift.length; f++) {
                    double x = rows[q][f] * scale - shift[f] * scale;
                    twice[q][f] = -2 * (float) x;
                    square[q] += x * x;
                }
                share[q] = sizes == null ? 0 : 1 / sizes[q];
            }
        }

        /** Tells the search of all points of a block whose distance may be below its limit. */
        void pass(int block) {
            int count = points.size(block);
            int screened = 0;
            for (int q = 0; q < rows.length; q++) {
                double limit = search.limit(q, block);
                if (limit > 0 && !(limit <= highestLimit)) {
                    measureAll(q, block);
                    for (int i = 0; i < count; i++) {
                        search.found(q, Columns.first(block) + i, all[q][i]);
                    }
                } else if (limit > 0) {
                    score(q, block, limit);
                    compared[screened++] = q;
                    measured[q] = 0;
                }
            }
            if (screened > 0) {
                mark(screened, count);
                findMarked(block, screened, count);
            }
        }

        private void score(int q, int block, double limit) {
            double squared = metric == Metric.COSINE ? 2 * limit + UNIT_LENGTH_SLACK : limit;
            double scaled = squared * scale * scale;
            double lengths = Math.sqrt(square[q]) + radius[block];
            double highest = lengths * lengths;
            double most = scaled;
            double weight = 0;
            if (shares != null) {
                weight = scaled / 2;
                most = weight * share[q];
                highest += weight * mostShare[block];
            }
            double error = (shift.length + 8) * UNIT * (highest + most) + UNDERFLOW;
            float above = (float) (most - square[q] + error);
            float[] scores = score[q];
            float[] x = twice[q];
            float[][] y = columns[block];
            int count = points.size(block);
            if (shares == null) {
                start(y[0], y[1], y[2], y[3], x[0], x[1], x[2], x[3], norms[block], above, scores, count);
            } else {
                float by = (float) -weight;
                float[] s = shares[block];
                startWithShares(
                        y[0], y[1], y[2], y[3], s, x[0], x[1], x[2], x[3], by, norms[block], above, scores, count);
            }
            for (int f = PASS; f < y.length; f += PASS) {
                add(y[f], y[f + 1], y[f + 2], y[f + 3], x[f], x[f + 1], x[f + 2], x[f + 3], scores, count);
            }
        }

        private void mark(int screened, int count) {
            for (int i = 0; i < count; i++) {
                any[i] = 0;
            }
            for (int s = 0; s < screened; s++) {
                addBelow(score[compared[s]], any, count);
            }
        }

        private void findMarked(int block, int screened, int count) {
            for (int i = 0; i < count; i++) {
                if (any[i] > 0) {
                    for (int s = 0; s < screened; s++) {
                        int q = compared[s];
                        if (score[q][i] < 0) {
                            search.found(q, Columns.first(block) + i, measure(q, block, i));
                        }
                    }
                }
            }
        }

        private double measure(int q, int block, int at) {
            if (measured[q]++ < FEW) {
                return metric == Metric.COSINE ? points.cosine(rows[q], block, at) : points.squared(rows[q], block, at);
            }
            if (measured[q] == FEW + 1) {
                measureAll(q, block);
            }
            return all[q][at];
        }

        private void measureAll(int q, int block) {
            if (all[q] == null) {
                all[q] = new double[Columns.BLOCK];
            }
            points.distances(metric, rows[q], block, all[q]);
        }
    }

    // Loops of their own, that Java compiles to vector instructions; a point's score is |y|^2 - above - 2 x.y (- L/2
    // share).

    private static void start(
            float[] a,
            float[] b,
            float[] c,
            float[] d,
            float xa,
            float xb,
            float xc,
            float xd,
            float[] norm,
            float above,
            float[] out,
            int count) {
        for (int i = 0; i < count; i++) {
            out[i] = Math.fma(a[i], xa, Math.fma(b[i], xb, Math.fma(c[i], xc, Math.fma(d[i], xd, norm[i] - above))));
        }
    }

    private static void startWithShares(
            float[] a,
            float[] b,
            float[] c,
            float[] d,
            float[] share,
            float xa,
            float xb,
            float xc,
            float xd,
            float by,
            float[] norm,
            float above,
            float[] out,
            int count) {
        for (int i = 0; i < count; i++) {
            out[i] = Math.fma(
                    a[i],
                    xa,
                    Math.fma(
                            b[i], xb, Math.fma(c[i], xc, Math.fma(d[i], xd, Math.fma(share[i], by, norm[i] - above)))));
        }
    }

    private static void add(
            float[] a,
            float[] b,
            float[] c,
            float[] d,
            float xa,
            float xb,
            float xc,
            float xd,
            float[] out,
            int count) {
        for (int i = 0; i < count; i++) {
            out[i] = Math.fma(a[i], xa, Math.fma(b[i], xb, Math.fma(c[i], xc, Math.fma(d[i], xd, out[i]))));
        }
    }

    private static void addBelow(float[] score, float[] any, int count) {
        for (int i = 0; i < count; i++) {
            any[i] += Math.abs(score[i]) - score[i];
        }
    }
}

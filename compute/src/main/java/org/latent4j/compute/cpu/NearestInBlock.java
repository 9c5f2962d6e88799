package org.latent4j.compute.cpu;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.latent4j.compute.SquaredDistance;

/** One worker's part of {@link NearestCentres}: the nearest centres of up to {@link Screen#LANES} points at once. */
final class NearestInBlock {
    private static final int LANES = Screen.LANES;
    private static final int GRID = ScreenProduct.GRID;
    private static final int MOST_CANDIDATES = 24;
    /** For products below the least float that the processor keeps. */
    private static final float UNDERFLOW = 0x1p-90f;

    private static final float SLACK = 1 + 0x1p-20f;

    private final NearestCentres search;
    private final Screen screen;
    private final int worker;
    private final ScreenProduct product;
    private final FloatBuffer scores;
    private final FloatBuffer rowMaxima;
    private final FloatBuffer columnMaxima;
    private final LowestTwo inRows = new LowestTwo();
    private final LowestTwo inColumns = new LowestTwo();
    private final float perSquare;
    private final double[] read; // numbers of a point
    private final int[] left = new int[MOST_CANDIDATES];
    private final int[] open = new int[LANES]; // lanes whose label is not certain yet
    private float fetched; // so that fetching is not left out

    // Of the lanes.
    private final int[] point = new int[LANES];
    private final float[] radius = new float[LANES];
    private final float[] residual = new float[LANES];
    private final float[] reach = new float[LANES]; // what perRadius was multiplied by, at most
    private final float[] margin =
            new float[LANES]; // for roundings of two scores; infinite for points that are not packed
    private final float[] limit = new float[LANES]; // a centre with a higher distance is not the nearest
    private final int[] count = new int[LANES]; // of candidates; negative if there are too many
    private final int[] candidates = new int[MOST_CANDIDATES * LANES];
    private final float[] lower = new float[MOST_CANDIDATES * LANES]; // bounds of the candidates' distances
    private final float[] first = new float[LANES]; // lower bounds of the two nearest centres of all chunks
    private final float[] second = new float[LANES];

    // Of the lanes, in the present chunk.
    private final int[] row = new int[LANES];
    private final int[] column = new int[LANES];
    private final float[] ofRows = new float[2 * LANES];
    private final float[] ofColumns = new float[2 * LANES];
    private final float[] own = new float[LANES]; // bound of the distance to the nearest
    private final float[] ahead = new float[LANES]; // above 0: it is the nearest

    NearestInBlock(NearestCentres search, int worker) {
        this.search = search;
        this.screen = search.screen;
        this.worker = worker;
        this.product = screen.product(worker);
        this.scores = product.scores();
        this.rowMaxima = product.rowMaxima().floats();
        this.columnMaxima = product.columnMaxima().floats();
        this.perSquare = (float) (2 * screen.roundings() * SLACK);
        this.read = new double[screen.columns()];
    }

    /** Labels of a block of the screen; how many centres were compared. */
    int all(int block) {
        int from = block * LANES;
        int lanes = screen.pointsIn(block);
        for (int i = 0; i < lanes; i++) {
            point[i] = from + i;
        }
        System.arraycopy(screen.radius(), from, radius, 0, lanes);
        System.arraycopy(screen.residual(), from, residual, 0, lanes);
        return run(lanes, isExact() ? 0 : screen.packed(block, worker));
    }

    /** The same of some points, LANES at most. */
    int some(int[] points, int from, int end) {
        int lanes = end - from;
        System.arraycopy(points, from, point, 0, lanes);
        for (int i = 0; i < lanes; i++) {
            radius[i] = screen.radius()[point[i]];
            residual[i] = screen.residual()[point[i]];
        }
        return run(lanes, isExact() ? 0 : screen.packed(point, lanes, worker));
    }

    private boolean isExact() {
        return search.longest == Double.POSITIVE_INFINITY;
    }

    private int run(int lanes, long packed) {
        Arrays.fill(limit, Float.POSITIVE_INFINITY);
        Arrays.fill(first, Float.POSITIVE_INFINITY);
        Arrays.fill(second, Float.POSITIVE_INFINITY);
        Arrays.fill(count, isExact() ? -1 : 0);
        if (!isExact()) {
            begin(radius, residual, (float) (search.longest * SLACK), perSquare, reach, margin);
            for (int chunk = 0; chunk < search.chunks(); chunk++) {
                int rows = search.chunkRows(chunk);
                product.multiply(rows, search.chunkAddress(chunk), packed);
                product.takeMaxima(rows);
                inRows.scan(product.rowMaxima(), rows / GRID);
                inColumns.scan(product.columnMaxima(), GRID);
                collect(chunk, lanes);
            }
        }
        return finish(lanes);
    }

    // Loops of their own, that Java compiles to vector instructions.

    private static void begin(
            float[] radius, float[] residual, float longest, float perSquare, float[] reach, float[] margin) {
        for (int i = 0; i < LANES; i++) {
            reach[i] = (radius[i] + residual[i]) * (1 + 0x1p-6f);
            margin[i] = (radius[i] + longest) * (radius[i] + longest) * perSquare + UNDERFLOW;
        }
    }

    /** By how much the lowest distance is ahead of all others, for the largest errors that any centre has. */
    private static void judge(
            float[] rows,
            float[] columns,
            float[] residual,
            float[] reach,
            float[] margin,
            float perResidual,
            float perRadius,
            float[] own,
            float[] ahead) {
        for (int i = 0; i < LANES; i++) {
            float error = 2 * (residual[i] * perResidual + reach[i] * perRadius) + margin[i];
            own[i] = (rows[i] * LowestTwo.UP + error) * SLACK;
        }
        for (int i = 0; i < LANES; i++) {
            ahead[i] = Math.min(rows[i + LANES], columns[i + LANES]) - own[i];
        }
    }

    private static void keepTwo(float[] rows, float[] columns, float[] first, float[] second) {
        for (int i = 0; i < LANES; i++) {
            float other = Math.min(rows[i + LANES], columns[i + LANES]);
            second[i] = Math.min(Math.max(first[i], rows[i]), Math.min(second[i], other));
        }
        for (int i = 0; i < LANES; i++) {
            first[i] = Math.min(first[i], rows[i]);
        }
    }

    private static void crossings(int[] row, int[] column, int[] out) {
        for (int i = 0; i < LANES; i++) {
            out[i] = row[i] * GRID + column[i];
        }
    }

    private void collect(int chunk, int lanes) {
        inRows.rows(row);
        inColumns.rows(column);
        inRows.atLeast(ofRows);
        inColumns.atLeast(ofColumns);
        float perResidual = search.mostPerResidual;
        judge(ofRows, ofColumns, residual, reach, margin, perResidual, search.mostPerRadius, own, ahead);
        if (search.bounds != null) {
            keepTwo(ofRows, ofColumns, first, second);
        }
        if (search.chunks() > 1) {
            for (int i = 0; i < lanes; i++) {
                consider(chunk, i);
            }
            return;
        }
        crossings(row, column, candidates);
        System.arraycopy(own, 0, limit, 0, lanes);
        Arrays.fill(count, 0, lanes, 1);
        for (int i = 0; i < lanes; i++) {
            if (!(ahead[i] > 0)) {
                count[i] = 0;
                limit[i] = Float.POSITIVE_INFINITY;
                consider(0, i);
            }
        }
    }

    /** Takes those centres of a chunk that may be the nearest of all. */
    private void consider(int chunk, int lane) {
        float atLeast = ofRows[lane];
        if (!(margin[lane] < Float.POSITIVE_INFINITY)) {
            count[lane] = -1;
            limit[lane] = -1;
        }
        if (!(atLeast <= limit[lane])) {
            return;
        }
        int crossing = chunk * Screen.CHUNK + row[lane] * GRID + column[lane];
        float most = atLeast * LowestTwo.UP;
        float nearest =
                Math.min(limit[lane], atMost(most, lane, search.perResidual[crossing], search.perRadius[crossing]));
        if (ofRows[LANES + lane] > nearest && ofColumns[LANES + lane] > nearest) {
            limit[lane] = nearest;
            add(lane, crossing, atLeast);
        } else {
            limit[lane] = Math.min(limit[lane], Math.min(own[lane], atMostBesideFarCentres(most, radius[lane])));
            addAll(lane, chunk);
        }
    }

    /** Of the distance to a centre, and of what its score may be if it is the nearest. */
    private float atMost(float score, int lane, float perResidual, float perRadius) {
        return (score + 2 * (residual[lane] * perResidual + reach[lane] * perRadius) + margin[lane]) * SLACK;
    }

    /**
     * The same, however long other centres are. With d the exact distance, the score is at most error (|x| + |c|)^2 away from d^2; |c| is at most
     * |x| + d, so that the square is at most 8 |x|^2 + 2 d^2.
     */
    private float atMostBesideFarCentres(float score, float radius) {
        double error = screen.error();
        double ofPoint = 8 * error * radius * radius;
        return (float) (((score + ofPoint) / (1 - 2 * error) * (1 + 2 * error) + ofPoint + UNDERFLOW) * SLACK);
    }

    /** Candidates where rows and columns of the grid cross that come near enough, in ascending order. */
    private void addAll(int lane, int chunk) {
        int size = search.chunkSize(chunk);
        int columns = near(columnMaxima, GRID, lane);
        for (int rows = near(rowMaxima, (size + GRID - 1) / GRID, lane); rows != 0; rows &= rows - 1) {
            int first = Integer.numberOfTrailingZeros(rows) * GRID;
            for (int rest = columns; rest != 0; rest &= rest - 1) {
                int k = first + Integer.numberOfTrailingZeros(rest);
                if (k < size) {
                    float score = Math.max(0, -scores.get(k * LANES + lane));
                    if (score <= limit[lane]) {
                        int centre = chunk * Screen.CHUNK + k;
                        float bound = atMost(score, lane, search.perResidual[centre], search.perRadius[centre]);
                        limit[lane] = Math.min(limit[lane], bound);
                        add(lane, centre, score);
                    }
                }
            }
        }
    }

    /** A bit for each of the first {@code count} rows or columns of the grid that comes near enough. */
    private int near(FloatBuffer maxima, int count, int lane) {
        float most = limit[lane];
        int bits = 0;
        for (int i = 0; i < count; i++) {
            bits |= -maxima.get(i * LANES + lane) <= most ? 1 << i : 0;
        }
        return bits;
    }

    private void add(int lane, int centre, float score) {
        if (count[lane] == MOST_CANDIDATES) {
            count[lane] = -1;
        }
        if (count[lane] >= 0) {
            int at = count[lane]++ * LANES + lane;
            candidates[at] = centre;
            lower[at] = score;
        }
    }

    /** Labels of all lanes; how many centres were compared. */
    private int finish(int lanes) {
        int several = 0;
        for (int i = 0; i < lanes; i++) {
            open[several] = i;
            several += count[i] == 1 ? 0 : 1;
        }
        for (int i = 0; i < several; i++) {
            fetched += search.points.fetch(point[open[i]]);
        }
        int compared = 0;
        for (int i = 0; i < several; i++) {
            compared += decide(open[i]);
        }
        for (int i = 0; i < lanes; i++) {
            search.labels[point[i]] = candidates[i];
        }
        if (search.bounds != null) {
            bound(several);
            search.bounds.set(point, lanes, candidates, first, second);
        }
        return compared;
    }

    /** Makes bounds of distances of those of squares, which are not known of the {@code several} open lanes. */
    private void bound(int several) {
        upTo(limit, first);
        downTo(second, margin, second);
        for (int i = 0; i < several; i++) {
            int lane = open[i];
            first[lane] = limit[lane] >= 0 && count[lane] >= 0 ? first[lane] : Float.POSITIVE_INFINITY;
            second[lane] = 0;
        }
    }

    /** Upper bounds of the distances. */
    private static void upTo(float[] squares, float[] out) {
        for (int i = 0; i < LANES; i++) {
            out[i] = (float) Math.sqrt(squares[i]) * SLACK;
        }
    }

    /** Lower bounds of the distances; those that are not known to be above 0 are 0. */
    private static void downTo(float[] squares, float[] margins, float[] out) {
        for (int i = 0; i < LANES; i++) {
            out[i] = (float) Math.sqrt(Math.max(0, squares[i] - margins[i])) * (1 / SLACK / SLACK);
        }
    }

    /** Chooses among several candidates, and makes it the first; how many centres were compared. */
    private int decide(int lane) {
        int some = 0;
        for (int i = 0; i < count[lane]; i++) {
            int at = i * LANES + lane;
            if (lower[at] <= limit[lane]) {
                left[some++] = candidates[at];
            }
        }
        if (some == 1) {
            candidates[lane] = left[0];
            return 0;
        }
        search.points.readRow(point[lane], read, 0, product.buffer());
        candidates[lane] = some == 0
                ? SquaredDistance.nearest(read, 0, search.centres, search.all, search.all.length)
                : SquaredDistance.nearest(read, 0, search.centres, left, some);
        return some == 0 ? search.all.length : some;
    }
}

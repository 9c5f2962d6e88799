package org.latent4j.compute.cpu;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.latent4j.compute.SquaredDistance;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Nearest centres by a fast product and exact arithmetic.
 *
 * <p>A {@link Screen} gives all scores of a block of points, -|x - c|^2 up to a bound that is proved, while they are in the processor's cache. Of
 * each point's scores, laid out as a grid, only the maxima of rows and columns leave native code: if one row and one column alone come nearer than
 * the bound of the first one's distance, the centre where they cross is certain to be the nearest. Else the few centres that may be nearest are
 * compared by {@link SquaredDistance}.
 */
final class NearestCentres {
    private static final int MOST_CANDIDATES = 24;
    /** Of comparisons for each point that a rough screen may leave open; a fine one costs as much. */
    private static final double MOST_OPEN = 1;
    /** For products below the least float that the processor keeps. */
    private static final float UNDERFLOW = 0x1p-90f;

    private static final float SLACK = 1 + 0x1p-20f;

    private final Points points;
    private final Screen screen;
    private final double[][] centres;
    private final int[] labels;
    private final double[] squared;
    private final int[] all;
    private final double longest;
    private final float[] perResidual;
    private final float[] perRadius;
    private final float mostPerResidual;
    private final float mostPerRadius;
    private final int[] chunkRows;
    private final ScreenProduct.Native packedCentres;
    private final Worker[] workers;
    private final boolean refinable;
    private final AtomicLong open = new AtomicLong();
    private final double mostOpen;

    private NearestCentres(
            Points points, Screen screen, double[][] centres, int[] labels, double[] squared, Team team) {
        this.points = points;
        this.screen = screen;
        this.centres = centres;
        this.labels = labels;
        this.squared = squared;
        this.all = IntStream.range(0, centres.length).toArray();
        this.longest = screen.longest(centres);
        this.refinable = screen.form() == ScreenForm.ROUNDED && longest < Double.POSITIVE_INFINITY;
        this.mostOpen = MOST_OPEN * points.rows();
        int chunks = (centres.length + Screen.CHUNK - 1) / Screen.CHUNK;
        this.chunkRows = new int[chunks];
        this.perResidual = new float[chunks * Screen.CHUNK];
        this.perRadius = new float[chunks * Screen.CHUNK];
        float mostLength = 0;
        float mostResidual = 0;
        for (int k = 0; k < centres.length; k++) {
            perResidual[k] = screen.perResidual(centres[k]);
            perRadius[k] = screen.perRadius(centres[k]);
            mostLength = Math.max(mostLength, perResidual[k]);
            mostResidual = Math.max(mostResidual, perRadius[k]);
        }
        this.mostPerResidual = mostLength;
        this.mostPerRadius = mostResidual;
        this.packedCentres = new ScreenProduct.Native(
                (long) chunks * Screen.CHUNK * screen.depth() * screen.type().bytes());
        for (int chunk = 0; chunk < chunks; chunk++) {
            chunkRows[chunk] = screen.product(0).rows(chunkSize(chunk));
            screen.writeCentres(centres, chunk * Screen.CHUNK, chunkSize(chunk), chunkRows[chunk], chunkAddress(chunk));
        }
        this.workers = new Worker[team.workers()];
        Arrays.setAll(workers, i -> new Worker(i));
    }

    static void find(Points points, double[][] centres, int[] labels, double[] squared, Team team) {
        NearestCentres search = new NearestCentres(points, points.screen(team), centres, labels, squared, team);
        search.run(team);
        if (search.leavesTooMuchOpen()) {
            points.refine();
            new NearestCentres(points, points.screen(team), centres, labels, squared, team).run(team);
        }
    }

    /** Whether the run was given up; that depends on the data alone. */
    private boolean leavesTooMuchOpen() {
        return refinable && open.get() > mostOpen;
    }

    private int chunkSize(int chunk) {
        return Math.min(Screen.CHUNK, centres.length - chunk * Screen.CHUNK);
    }

    private long chunkAddress(int chunk) {
        return packedCentres.address()
                + (long) chunk * Screen.CHUNK * screen.depth() * screen.type().bytes();
    }

    private void run(Team team) {
        boolean exact = longest == Double.POSITIVE_INFINITY;
        team.run(screen.blocks(), (block, worker) -> {
            if (!leavesTooMuchOpen()) {
                workers[worker].run(block, exact);
            }
        });
    }

    /** State of one thread. */
    private final class Worker {
        private final int index;
        private final ScreenProduct product;
        private final FloatBuffer scores;
        private final FloatBuffer rowMaxima;
        private final FloatBuffer columnMaxima;
        private final LowestTwo inRows = new LowestTwo();
        private final LowestTwo inColumns = new LowestTwo();
        private final Points.Buffer buffer;
        private final float[] residual = new float[Screen.LANES];
        private final float[] reach = new float[Screen.LANES]; // what perRadius was multiplied by, at most
        private final float[] margin = new float[Screen.LANES]; // for roundings of two scores
        private final float[] limit = new float[Screen.LANES]; // a centre with a higher distance is not the nearest
        private final int[] count = new int[Screen.LANES]; // of candidates; negative if there are too many
        private final int[] candidates = new int[MOST_CANDIDATES * Screen.LANES];
        private final float[] lower = new float[MOST_CANDIDATES * Screen.LANES]; // bounds of the candidates' distances
        private final int[] left = new int[MOST_CANDIDATES];
        private final double[][] own = new double[4][]; // the nearest centres of four points

        Worker(int index) {
            this.index = index;
            this.product = screen.product(index);
            this.scores = product.scores();
            this.rowMaxima = product.rowMaxima().floats();
            this.columnMaxima = product.columnMaxima().floats();
            this.buffer = product.buffer();
        }

        void run(int block, boolean exact) {
            int inBlock = screen.pointsIn(block);
            int from = block * Screen.LANES;
            Arrays.fill(count, exact ? -1 : 0);
            if (!exact) {
                begin(from, inBlock);
                long packed = screen.packed(block, index);
                for (int chunk = 0; chunk < chunkRows.length; chunk++) {
                    product.multiply(chunkRows[chunk], chunkAddress(chunk), packed);
                    product.takeMaxima(chunkRows[chunk]);
                    inRows.scan(product.rowMaxima(), chunkRows[chunk] / ScreenProduct.GRID);
                    inColumns.scan(product.columnMaxima(), ScreenProduct.GRID);
                    collect(chunk, from, inBlock);
                }
            }
            long compared = 0;
            for (int i = 0; i < inBlock; i++) {
                if (count[i] == 1) {
                    labels[from + i] = candidates[i];
                } else {
                    compared += decide(from, i);
                }
            }
            open.addAndGet(compared);
            if (squared != null) {
                measure(from, inBlock);
            }
        }

        private void begin(int from, int inBlock) {
            float perSquare = (float) (2 * screen.roundings() * SLACK);
            float length = (float) (longest * SLACK);
            for (int i = 0; i < inBlock; i++) {
                float radius = screen.radius(from + i);
                boolean packed = radius < Float.POSITIVE_INFINITY;
                residual[i] = screen.residual(from + i);
                reach[i] = (radius + residual[i]) * (1 + 0x1p-6f);
                margin[i] = (radius + length) * (radius + length) * perSquare + UNDERFLOW;
                limit[i] = packed ? Float.POSITIVE_INFINITY : -1;
                count[i] = packed ? 0 : -1;
            }
        }

        private void collect(int chunk, int from, int inBlock) {
            for (int i = 0; i < inBlock; i++) {
                float atLeast = inRows.atLeast(i);
                if (!(atLeast <= limit[i])) {
                    continue;
                }
                int crossing = chunk * Screen.CHUNK + inRows.row(i) * ScreenProduct.GRID + inColumns.row(i);
                float own = Math.min(limit[i], atMost(inRows.atMost(i), i, perResidual[crossing], perRadius[crossing]));
                if (inRows.second(i) > own && inColumns.second(i) > own) {
                    limit[i] = own;
                    add(i, crossing, atLeast);
                } else {
                    float any = atMost(inRows.atMost(i), i, mostPerResidual, mostPerRadius);
                    float near = atMostBesideFarCentres(inRows.atMost(i), screen.radius(from + i));
                    limit[i] = Math.min(limit[i], Math.min(any, near));
                    addAll(i, chunk);
                }
            }
        }

        /** Of the distance to a centre, and of what its score may be if it is the nearest. */
        private float atMost(float score, int lane, float ofResidual, float ofRadius) {
            return (score + 2 * (residual[lane] * ofResidual + reach[lane] * ofRadius) + margin[lane]) * SLACK;
        }

        /**
         * The same, however long other centres are. With d the exact distance, the score is at most error (|x| + |c|)^2 away from d^2; |c| is at most
         * |x| + d, so that the square is at most 8 |x|^2 + 2 d^2.
         */
        private float atMostBesideFarCentres(float score, float radius) {
            double error = screen.error();
            double own = 8 * error * radius * radius;
            return (float) (((score + own) / (1 - 2 * error) * (1 + 2 * error) + own + UNDERFLOW) * SLACK);
        }

        /** Candidates where rows and columns of the grid cross that come near enough, in ascending order. */
        private void addAll(int lane, int chunk) {
            int size = chunkSize(chunk);
            for (int row = 0; row * ScreenProduct.GRID < size; row++) {
                if (!(-rowMaxima.get(row * Screen.LANES + lane) <= limit[lane])) {
                    continue;
                }
                int first = row * ScreenProduct.GRID;
                int end = Math.min(size, first + ScreenProduct.GRID);
                for (int k = first; k < end; k++) {
                    if (-columnMaxima.get((k - first) * Screen.LANES + lane) <= limit[lane]) {
                        float score = Math.max(0, -scores.get(k * Screen.LANES + lane));
                        if (score <= limit[lane]) {
                            int centre = chunk * Screen.CHUNK + k;
                            limit[lane] =
                                    Math.min(limit[lane], atMost(score, lane, perResidual[centre], perRadius[centre]));
                            add(lane, centre, score);
                        }
                    }
                }
            }
        }

        private void add(int lane, int centre, float score) {
            if (count[lane] == MOST_CANDIDATES) {
                count[lane] = -1;
            }
            if (count[lane] >= 0) {
                int at = count[lane]++ * Screen.LANES + lane;
                candidates[at] = centre;
                lower[at] = score;
            }
        }

        /** Chooses among several candidates; how many centres were compared. */
        private int decide(int from, int lane) {
            int open = 0;
            for (int i = 0; i < count[lane]; i++) {
                int at = i * Screen.LANES + lane;
                if (lower[at] <= limit[lane]) {
                    left[open++] = candidates[at];
                }
            }
            if (open == 1) {
                labels[from + lane] = left[0];
                return 0;
            }
            points.read(from + lane, 1, buffer);
            labels[from + lane] = open == 0
                    ? SquaredDistance.nearest(buffer.doubles, 0, centres, all, all.length)
                    : SquaredDistance.nearest(buffer.doubles, 0, centres, left, open);
            return open == 0 ? all.length : open;
        }

        /** Sums of four points side by side: each waits for its own last addition only. */
        private void measure(int from, int inBlock) {
            boolean floats = points.type() == DataType.FLOAT;
            if (floats) {
                points.readFloats(from, inBlock, buffer);
            } else {
                points.read(from, inBlock, buffer);
            }
            int p = points.columns();
            int i = 0;
            for (; i + 4 <= inBlock; i += 4) {
                for (int lane = 0; lane < 4; lane++) {
                    own[lane] = centres[labels[from + i + lane]];
                }
                if (floats) {
                    SquaredDistance.ofFour(buffer.floats, i * p, own, squared, from + i);
                } else {
                    SquaredDistance.ofFour(buffer.doubles, i * p, own, squared, from + i);
                }
            }
            for (; i < inBlock; i++) {
                points.read(from + i, 1, buffer);
                squared[from + i] = SquaredDistance.of(buffer.doubles, 0, centres[labels[from + i]]);
            }
        }
    }
}

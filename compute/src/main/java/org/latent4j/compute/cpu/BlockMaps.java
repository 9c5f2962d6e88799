package org.latent4j.compute.cpu;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.latent4j.compute.graph.Kernel;

/**
 * A linear map along both axes of blocks of vectors of floats, the same for every block of a grid: the result (i, j) of a block is the sum over s and t of
 * m(i, s) m(j, t) times the vector (s, t) of the source. Rows are summed first and then columns, a line of blocks at a time, so that each sum is of long vectors.
 */
final class BlockMaps implements Kernel {
    /** Floats of a piece of a long vector: those of a sum stay in the first cache. */
    private static final int LONGEST = 2048;

    /** Floats to be written; fewer take less time than other threads to wake. */
    private static final double WORTH_SHARING = 1e5;
    /** More than one, in case a thread gets no core. */
    private static final int PARTS_OF_THREAD = 4;

    /** Vectors of one pass: so many Java 17 compiles to vector instructions. */
    private static final int PASS = 4;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /** A vector of a source as seen from a block: its number along the axis, in the block so many further on. */
    record Tap(int number, int shift) {}

    /**
     * The map along one axis.
     *
     * @param factors (results, taps)
     */
    record Axis(List<Tap> taps, float[][] factors) {
        /** Of a map whose source's vectors lie in blocks of {@code block}: those beyond are the next block's. */
        static Axis of(float[][] map, int block) {
            List<Tap> taps = new ArrayList<>();
            for (int s = 0; s < map[0].length; s++) {
                taps.add(new Tap(s % block, s / block));
            }
            return new Axis(taps, map);
        }

        /** Its adjoint, which gives blocks of {@code block}: what goes beyond is added to the next block. */
        static Axis adjoint(float[][] map, int block) {
            List<Tap> taps = new ArrayList<>();
            List<float[]> columns = new ArrayList<>();
            int results = Math.min(block, map[0].length);
            for (int from = 0; from < map[0].length; from += block) {
                for (int i = 0; i < map.length; i++) {
                    float[] row = Arrays.copyOfRange(map[i], from, from + results); // zeros beyond the map
                    if (!isZero(row)) {
                        taps.add(new Tap(i, -from / block));
                        columns.add(row);
                    }
                }
            }
            float[][] factors = new float[results][taps.size()];
            for (int t = 0; t < results; t++) {
                for (int tap = 0; tap < taps.size(); tap++) {
                    factors[t][tap] = columns.get(tap)[t];
                }
            }
            return new Axis(taps, factors);
        }

        private static boolean isZero(float[] numbers) {
            for (float number : numbers) {
                if (number != 0) {
                    return false;
                }
            }
            return true;
        }

        int numbers() {
            return taps.stream().mapToInt(Tap::number).max().orElseThrow() + 1;
        }

        int first() {
            return taps.stream().mapToInt(Tap::shift).min().orElseThrow();
        }

        int last() {
            return taps.stream().mapToInt(Tap::shift).max().orElseThrow();
        }
    }

    private final BlockSide from;
    private final BlockSide to;
    private final int images;
    private final int rows;
    private final int columns;
    private final int length;

    private final Tap[] taps;
    private final int numbers; // of vectors along an axis of the source
    private final int firstShift;
    private final int reached; // blocks of a line, with neighbours
    private final int[][] terms; // by result: taps, filled up to whole passes
    private final float[][] factors;

    private final int piece; // floats of a vector
    private final int lineLength;
    private final int lines; // rows of all images, piece by piece
    private final int parts;
    private final Crew crew = Crew.ofAllCores();
    private final Crew.Work share = this::share;
    private FloatBuffer source; // known when nothing moves any more
    private FloatBuffer target;

    /**
     * @param rows of the grid of results
     * @param columns of the grid of results
     */
    BlockMaps(Axis axis, BlockSide from, BlockSide to, int images, int rows, int columns) {
        this.from = from;
        this.to = to;
        this.images = images;
        this.rows = rows;
        this.columns = columns;
        this.length = from.length();
        this.taps = axis.taps().toArray(Tap[]::new);
        this.numbers = axis.numbers();
        this.firstShift = axis.first();
        this.reached = columns + axis.last() - firstShift;
        this.terms = new int[axis.factors().length][];
        this.factors = new float[terms.length][];
        for (int i = 0; i < terms.length; i++) {
            addTerms(i, axis.factors()[i]);
        }
        boolean cuts = from instanceof BlockSide.Planes && to instanceof BlockSide.Planes;
        this.piece = cuts ? Math.min(length, LONGEST) : length;
        this.lineLength = Math.max(from.lineLength(reached), to.lineLength(columns));
        this.lines = images * rows * ((length + piece - 1) / piece);
        double floats = (double) images * rows * columns * length * terms.length * terms.length;
        this.parts = floats < WORTH_SHARING ? 1 : Math.min(lines, PARTS_OF_THREAD * crew.threads());
    }

    private void addTerms(int result, float[] ofTaps) {
        int count = 0;
        int[] of = new int[ofTaps.length + PASS];
        float[] by = new float[of.length];
        for (int tap = 0; tap < ofTaps.length; tap++) {
            if (ofTaps[tap] != 0) {
                of[count] = tap;
                by[count++] = ofTaps[tap];
            }
        }
        int whole = (Math.max(count, 1) + PASS - 1) / PASS * PASS;
        terms[result] = Arrays.copyOf(of, whole);
        factors[result] = Arrays.copyOf(by, whole);
    }

    @Override
    public void run() {
        if (source == null) {
            source = from.floats();
            target = to.floats();
        }
        crew.run(parts, share);
    }

    private void share(int part) {
        Scratch scratch = SCRATCH.get();
        scratch.fit(Math.max(numbers, terms.length), taps.length, reached * piece, lineLength);
        int end = (int) ((long) lines * (part + 1) / parts);
        for (int line = (int) ((long) lines * part / parts); line < end; line++) {
            line(scratch, line / rows % images, line % rows, line / rows / images * piece);
        }
    }

    private void line(Scratch scratch, int image, int row, int first) {
        int count = Math.min(piece, length - first);
        for (int tap = 0; tap < taps.length; tap++) {
            int i = taps[tap].number();
            int fromRow = row + taps[tap].shift();
            boolean isThere = from.holds(i, fromRow);
            float[][] into = scratch.read[tap];
            if (isThere) {
                from.read(source, image, fromRow, i, firstShift, reached, first, count, into, scratch.line);
            }
            for (int j = 0; j < numbers; j++) {
                scratch.there[j][tap] = isThere ? into[j] : scratch.zeros;
            }
        }
        for (int i = 0; i < terms.length; i++) {
            if (!to.holds(i, row)) {
                continue;
            }
            for (int j = 0; j < numbers; j++) {
                scratch.ofColumns[j] = sum(terms[i], factors[i], scratch.there[j], scratch.rowSums[j], reached * count);
            }
            for (int tap = 0; tap < taps.length; tap++) {
                scratch.ofTaps[tap] = moved(scratch, tap, count);
            }
            for (int j = 0; j < terms.length; j++) {
                scratch.results[j] = sum(terms[j], factors[j], scratch.ofTaps, scratch.sums[j], columns * count);
            }
            to.write(target, image, row, i, terms.length, columns, first, count, scratch.results, scratch.line);
        }
    }

    /** The sums of a tap's blocks: those of a neighbour begin later. */
    private float[] moved(Scratch scratch, int tap, int count) {
        float[] sums = scratch.ofColumns[taps[tap].number()];
        int blocks = taps[tap].shift() - firstShift;
        if (blocks == 0) {
            return sums;
        }
        System.arraycopy(sums, blocks * count, scratch.moved[tap], 0, columns * count);
        return scratch.moved[tap];
    }

    /** A thread's memory, which the maps that it works on share. */
    private static final class Scratch {
        private float[][][] read = new float[0][][]; // by tap of the rows, and column
        private float[][][] there; // what was read, or zeros; by column and tap
        private float[] zeros = {};
        private float[][] rowSums;
        private float[][] ofColumns; // the sums, or what was read
        private float[][] moved;
        private float[][] ofTaps;
        private float[][] sums;
        private float[][] results; // the sums, or what they are of
        private float[] line = {};

        /** Makes room for so many vectors of a length. */
        void fit(int numbers, int taps, int length, int lineLength) {
            if (line.length < lineLength) {
                line = new float[lineLength];
            }
            if (read.length >= taps && read[0].length >= numbers && zeros.length >= length) {
                return;
            }
            int n = Math.max(numbers, read.length == 0 ? 0 : read[0].length);
            int t = Math.max(taps, read.length);
            int floats = Math.max(length, zeros.length);
            read = new float[t][n][floats];
            there = new float[n][t][];
            zeros = new float[floats];
            rowSums = new float[n][floats];
            ofColumns = new float[n][];
            moved = new float[t][floats];
            ofTaps = new float[t][];
            sums = new float[n][floats];
            results = new float[n][];
        }
    }

    /** The sum, or the one vector that it is. */
    private static float[] sum(int[] of, float[] by, float[][] vectors, float[] sum, int count) {
        if (by.length == PASS && by[1] == 0 && by[0] == 1) {
            return vectors[of[0]];
        }
        for (int t = 0; t < of.length; t += PASS) {
            float[] a = vectors[of[t]];
            float[] b = vectors[of[t + 1]];
            float[] c = vectors[of[t + 2]];
            float[] d = vectors[of[t + 3]];
            if (t > 0) {
                add(a, by[t], b, by[t + 1], c, by[t + 2], d, by[t + 3], sum, count);
            } else if (by[2] == 0) {
                start(a, by[0], b, by[1], sum, count);
            } else {
                start(a, by[0], b, by[1], c, by[2], d, by[3], sum, count);
            }
        }
        return sum;
    }

    private static void start(float[] a, float byA, float[] b, float byB, float[] sum, int count) {
        for (int i = 0; i < count; i++) {
            sum[i] = a[i] * byA + b[i] * byB;
        }
    }

    private static void start(
            float[] a,
            float byA,
            float[] b,
            float byB,
            float[] c,
            float byC,
            float[] d,
            float byD,
            float[] sum,
            int count) {
        for (int i = 0; i < count; i++) {
            sum[i] = a[i] * byA + b[i] * byB + c[i] * byC + d[i] * byD;
        }
    }

    private static void add(
            float[] a,
            float byA,
            float[] b,
            float byB,
            float[] c,
            float byC,
            float[] d,
            float byD,
            float[] sum,
            int count) {
        for (int i = 0; i < count; i++) {
            sum[i] += a[i] * byA + b[i] * byB + c[i] * byC + d[i] * byD;
        }
    }
}

package org.latent4j.compute.cpu;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.latent4j.compute.graph.Kernel;

/**
 * Writes vectors of floats that are sums of a few others, each times a factor, at every place of a grid: linear maps of small windows of images, channel by
 * channel.
 */
final class VectorSums implements Kernel {
    /** Floats of a piece of a vector: what a place reads stays in the first cache. */
    private static final int PIECE = 512;
    /** Vectors of one pass: so many Java 17 compiles to vector instructions. */
    private static final int PASS = 4;

    /** Floats to be written; fewer take less time than other threads to wake. */
    private static final double WORTH_SHARING = 1e5;
    /** More than one, in case a thread gets no core. */
    private static final int PARTS_OF_THREAD = 4;

    /**
     * Where vectors lie: floats from an image, a row and a column to the next.
     *
     * @param stride rows and columns for each step in the grid
     */
    record Side(Array array, int image, int row, int column, int stride, int rows, int columns) {
        /** Images of vectors, row by row. */
        static Side of(Array array, int length, int stride, int rows, int columns) {
            return new Side(array, rows * columns * length, columns * length, length, stride, rows, columns);
        }
    }

    /** A vector near a place of the grid; what lies outside of the rows and columns is zero, or not written. */
    record Vector(int start, int row, int column) {}

    /** A vector to be written and what it is the sum of. */
    record Sum(Vector result, Map<Vector, Float> terms) {}

    private final Side from;
    private final Side to;
    private final int images;
    private final int rows;
    private final int columns;
    private final int length;

    // Of the sources, and the results.
    private final List<Vector> sources;
    private final Vector[] results;
    private final int[][] terms; // by result: sources, filled up to whole passes
    private final float[][] factors;

    private final Crew crew = Crew.ofAllCores();
    private final Crew.Work share = this::share;
    private final Part[] parts;
    private final int lines; // rows of all images, piece by piece
    private FloatBuffer source; // known when nothing moves any more
    private FloatBuffer target;

    /**
     * @param rows of the grid
     * @param columns of the grid
     * @param length floats of a vector
     */
    VectorSums(Side from, Side to, int images, int rows, int columns, int length, List<Sum> sums) {
        this.from = from;
        this.to = to;
        this.images = images;
        this.rows = rows;
        this.columns = columns;
        this.length = length;
        Map<Vector, Integer> index = new LinkedHashMap<>();
        sums.forEach(s -> s.terms().keySet().forEach(term -> index.putIfAbsent(term, index.size())));
        this.sources = new ArrayList<>(index.keySet());
        this.results = sums.stream().map(Sum::result).toArray(Vector[]::new);
        this.terms = new int[results.length][];
        this.factors = new float[results.length][];
        for (int i = 0; i < results.length; i++) {
            List<Map.Entry<Vector, Float>> of = List.copyOf(sums.get(i).terms().entrySet());
            int passes = (of.size() + PASS - 1) / PASS;
            terms[i] = new int[passes * PASS];
            factors[i] = new float[passes * PASS];
            for (int t = 0; t < of.size(); t++) {
                terms[i][t] = index.get(of.get(t).getKey());
                factors[i][t] = of.get(t).getValue();
            }
        }
        this.lines = images * rows * ((length + PIECE - 1) / PIECE);
        double floats = (double) images * rows * columns * length * results.length;
        this.parts = new Part[floats < WORTH_SHARING ? 1 : Math.min(lines, PARTS_OF_THREAD * crew.threads())];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new Part();
        }
    }

    @Override
    public void run() {
        if (source == null) {
            source = floats(from.array());
            target = floats(to.array());
        }
        if (parts.length == 1) {
            share(0);
        } else {
            crew.run(parts.length, share);
        }
    }

    private static FloatBuffer floats(Array array) {
        return new BytePointer(Block.pointer(array.address()))
                .capacity(array.desc().get_size())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private void share(int part) {
        parts[part].lines((int) ((long) lines * part / parts.length), (int) ((long) lines * (part + 1) / parts.length));
    }

    /** A share of the grid's lines, with memory of its own. */
    private final class Part {
        private final float[][] pieces = new float[sources.size()][PIECE];
        private final float[][] there = new float[sources.size()][]; // a source's piece, or zeros
        private final float[] zeros = new float[PIECE];
        private final float[] sum = new float[PIECE];

        void lines(int from, int to) {
            for (int line = from; line < to; line++) {
                int row = line % rows;
                int image = line / rows % images;
                int first = line / rows / images * PIECE;
                for (int column = 0; column < columns; column++) {
                    piece(image, row, column, first, Math.min(PIECE, length - first));
                }
            }
        }

        private void piece(int image, int row, int column, int first, int count) {
            for (int s = 0; s < there.length; s++) {
                int at = offset(from, sources.get(s), image, row, column);
                there[s] = at < 0 ? zeros : pieces[s];
                if (at >= 0) {
                    source.get(at + first, pieces[s], 0, count);
                }
            }
            for (int r = 0; r < results.length; r++) {
                int at = offset(to, results[r], image, row, column);
                if (at >= 0) {
                    target.put(at + first, sum(terms[r], factors[r], count), 0, count);
                }
            }
        }

        private float[] sum(int[] of, float[] by, int count) {
            if (of.length == PASS && by[1] == 0 && by[0] == 1) {
                return there[of[0]];
            }
            for (int t = 0; t < of.length; t += PASS) {
                float[] a = there[of[t]];
                float[] b = there[of[t + 1]];
                if (t == 0 && by[2] == 0) {
                    start(a, by[0], b, by[1], sum, count);
                } else if (t == 0) {
                    start(a, by[0], b, by[1], there[of[2]], by[2], there[of[3]], by[3], sum, count);
                } else {
                    add(a, by[t], b, by[t + 1], there[of[t + 2]], by[t + 2], there[of[t + 3]], by[t + 3], sum, count);
                }
            }
            return sum;
        }
    }

    /** In floats; -1 outside. */
    private static int offset(Side side, Vector vector, int image, int gridRow, int gridColumn) {
        int row = side.stride() * gridRow + vector.row();
        int column = side.stride() * gridColumn + vector.column();
        return row < 0 || row >= side.rows() || column < 0 || column >= side.columns()
                ? -1
                : vector.start() + image * side.image() + row * side.row() + column * side.column();
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

package org.latent4j.compute.cpu;

import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.latent4j.compute.graph.DType;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Points packed for a product whose result is -|x - c|^2 of each centre and point, up to a bound: {@link #error}.
 *
 * <p>Points are shifted by their mean and scaled to about 1, so that far-away data lose no digits, rounded to float, and written in a
 * {@link ScreenForm}, one column of the packed matrix each.
 */
final class Screen implements AutoCloseable {
    /** Points of one block. Rows of a power of two of scores would fall into few sets of the first cache: multiplying takes a third longer. */
    static final int LANES = 480;
    /** Centres of one product. */
    static final int CHUNK = 256;
    /** Longer vectors, in units of the scale, overflow floats when squared; they are compared exactly instead. */
    private static final double LONGEST = 0x1p40;
    /** Roundings in making an upper bound of a length. */
    private static final double SLACK = 1 + 0x1p-20;

    private static final long ALIGNMENT = 64;

    private final Points points;
    private final ScreenForm form;
    private final int columns;
    private final int depth;
    private final Frame frame;
    private final float[] shifts; // of a whole block, for points of FLOAT, whose shift is a float
    private final boolean[] unpacked; // of each block: whether it holds points that are not packed
    private final float[] radius; // upper bounds of |x|; infinite for points that are not packed
    private final float[] residual; // upper bounds of |x - x1|
    private final ScreenProduct[] products; // of each worker
    private final BytePointer memory; // null if there is not enough for all blocks

    Screen(Points points, ScreenForm form, Team team) {
        this.points = points;
        this.form = form;
        this.columns = points.columns();
        this.depth = form.depth(columns);
        this.frame = points.frame();
        this.shifts = new float[points.type() == DataType.FLOAT ? LANES * columns : 0];
        for (int i = 0; i < shifts.length; i++) {
            shifts[i] = (float) frame.shift(i % columns);
        }
        this.radius = new float[(int) points.rows()];
        this.residual = new float[radius.length];
        this.unpacked = new boolean[blocks()];
        this.products = new ScreenProduct[team.workers()];
        for (int i = 0; i < products.length; i++) {
            products[i] = new ScreenProduct(this);
        }
        long bytes = blocks() * products[0].blockBytes();
        this.memory = bytes < Pointer.totalPhysicalBytes() / 8 ? new BytePointer(bytes + ALIGNMENT) : null;
        team.run(blocks(), (block, worker) -> pack(block, worker, blockAddress(block, worker)));
    }

    DType type() {
        return form.type();
    }

    ScreenForm form() {
        return form;
    }

    int depth() {
        return depth;
    }

    int columns() {
        return columns;
    }

    int blocks() {
        return (int) ((points.rows() + LANES - 1) / LANES);
    }

    int pointsIn(int block) {
        return (int) Math.min(LANES, points.rows() - (long) block * LANES);
    }

    ScreenProduct product(int worker) {
        return products[worker];
    }

    /** Where the packed block lies; packs it anew if it is not kept. */
    long packed(int block, int worker) {
        long at = blockAddress(block, worker);
        if (memory == null) {
            pack(block, worker, at);
        }
        return at;
    }

    private long blockAddress(int block, int worker) {
        if (memory == null) {
            return products[worker].spareBlock();
        }
        long start = (memory.address() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return start + block * products[0].blockBytes();
    }

    /** Of each point an upper bound of |x|; infinite for points that are not packed. */
    float[] radius() {
        return radius;
    }

    /** Of each point an upper bound of |x - x1|. */
    float[] residual() {
        return residual;
    }

    /** What {@link #residual} was multiplied by in what was added to a score, at most, for a centre no longer than this. */
    float perResidual(double lengthOfCentre) {
        return form == ScreenForm.ROUNDED ? ScreenForm.atLeast(2 * lengthOfCentre) : 0;
    }

    /** What |x1| was multiplied by in what was added to a score, at most. */
    float perRadius(double[] centre) {
        return form == ScreenForm.ROUNDED ? ScreenForm.atLeast(2 * residual(centre)) : 0;
    }

    /** Bound of |computed - exact| for a point and a centre whose lengths add up to {@code lengths}, in units of lengths^2. */
    double error() {
        return roundings() + (form == ScreenForm.ROUNDED ? 2.1 * form.dropped() : 0);
    }

    /**
     * By how much of lengths^2 the computed -|x - c|^2 may be too low: roundings of the product's sums, rounding to float, norms; a twentieth more
     * for products of these. It is too high by as much at most, and by twice what ROUNDED has added.
     */
    double roundings() {
        double sums = (depth + 16) * 0x1p-24;
        return 1.05 * (sums + 0x1p-24 + 0x1p-22) + (form == ScreenForm.ROUNDED ? 0 : 1.05 * form.dropped());
    }

    private void pack(int block, int worker, long address) {
        int first = block * LANES;
        int count = pointsIn(block);
        Points.Buffer buffer = products[worker].buffer();
        ScreenProduct.Plain plain = products[worker].plain();
        if (points.type() == DataType.FLOAT) {
            points.readFloats(first, count, buffer);
            shifted(buffer.floats, shifts, (float) frame.scale(), plain.numbers(), count * columns);
        } else {
            points.read(first, count, buffer);
            shifted(buffer.doubles, plain.numbers(), count);
        }
        double[] squares = new double[2];
        form.first(plain.numbers(), plain.first(), count * columns);
        for (int i = 0; i < count; i++) {
            squares(plain.numbers(), plain.first(), i * columns, columns, squares);
            double length = Math.sqrt(squares[0]) * SLACK;
            boolean fits = length < LONGEST;
            unpacked[block] |= !fits;
            radius[first + i] = fits ? (float) length : Float.POSITIVE_INFINITY;
            residual[first + i] = fits ? ScreenForm.atLeast(squares[1]) : 0;
            write(plain, i, fits, squares);
        }
        finish(plain, count, worker, address);
    }

    /** Packs some points, LANES at most, side by side; where, until the worker's next call. */
    long packed(int[] which, int count, int worker) {
        Points.Buffer buffer = products[worker].buffer();
        ScreenProduct.Plain plain = products[worker].plain();
        if (points.type() == DataType.FLOAT) {
            buffer.reserveFloats(count * columns);
            for (int i = 0; i < count; i++) {
                points.readRow(which[i], buffer.floats, i * columns);
            }
            shifted(buffer.floats, shifts, (float) frame.scale(), plain.numbers(), count * columns);
        } else {
            buffer.reserve(count * columns);
            for (int i = 0; i < count; i++) {
                points.readRow(which[i], buffer.doubles, i * columns, buffer);
            }
            shifted(buffer.doubles, plain.numbers(), count);
        }
        double[] squares = new double[2];
        form.first(plain.numbers(), plain.first(), count * columns);
        for (int i = 0; i < count; i++) {
            squares(plain.numbers(), plain.first(), i * columns, columns, squares);
            write(plain, i, radius[which[i]] < Float.POSITIVE_INFINITY, squares);
        }
        long address = products[worker].spareBlock();
        finish(plain, count, worker, address);
        return address;
    }

    private void write(ScreenProduct.Plain plain, int lane, boolean fits, double[] squares) {
        int from = lane * columns;
        if (!fits) {
            Arrays.fill(plain.numbers(), from, from + columns, 0);
            Arrays.fill(plain.first(), from, from + columns, 0);
            Arrays.fill(squares, 0);
        }
        form.writePoint(
                plain.numbers(), plain.first(), from, columns, squares[0], squares[1], plain.rows(), lane * depth);
    }

    private void finish(ScreenProduct.Plain plain, int count, int worker, long address) {
        for (int lane = count; lane < LANES; lane++) {
            write(plain, lane, false, new double[2]);
        }
        products[worker].packTo(address);
    }

    private void shifted(double[] x, float[] out, int count) {
        for (int i = 0; i < count * columns; i++) {
            out[i] = frame.place(x[i], i % columns);
        }
    }

    private static void shifted(float[] x, float[] shifts, float scale, float[] out, int count) {
        for (int i = 0; i < count; i++) {
            out[i] = (x[i] - shifts[i]) * scale;
        }
    }

    /** |x|^2 and a bound of |x - x1|: sums of several numbers side by side, each of which waits for its own last addition only. */
    private static void squares(float[] x, float[] first, int at, int count, double[] out) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        float e = 0;
        float f = 0;
        float g = 0;
        float h = 0;
        int end = at + count;
        int i = at;
        for (; i + 4 <= end; i += 4) {
            a += (double) x[i] * x[i];
            b += (double) x[i + 1] * x[i + 1];
            c += (double) x[i + 2] * x[i + 2];
            d += (double) x[i + 3] * x[i + 3];
            e += (x[i] - first[i]) * (x[i] - first[i]);
            f += (x[i + 1] - first[i + 1]) * (x[i + 1] - first[i + 1]);
            g += (x[i + 2] - first[i + 2]) * (x[i + 2] - first[i + 2]);
            h += (x[i + 3] - first[i + 3]) * (x[i + 3] - first[i + 3]);
        }
        for (; i < end; i++) {
            a += (double) x[i] * x[i];
            e += (x[i] - first[i]) * (x[i] - first[i]);
        }
        out[0] = a + b + (c + d);
        out[1] = Math.sqrt(e + f + (g + h)) * (1 + count * 0x1p-24) * SLACK;
    }

    /** An upper bound of |c|, shifted and scaled; infinite if it can't be packed. */
    double length(double[] centre) {
        double square = 0;
        for (int f = 0; f < columns; f++) {
            float c = frame.place(centre[f], f);
            square += (double) c * c;
        }
        double length = Math.sqrt(square) * SLACK;
        return length < LONGEST ? length : Double.POSITIVE_INFINITY;
    }

    /** Whether a block holds points that are not packed, for which scores mean nothing. */
    boolean hasUnpacked(int block) {
        return unpacked[block];
    }

    /** What differences of points are multiplied by. */
    double scale() {
        return frame.scale();
    }

    /** |c - c1| of a centre that can be packed. */
    double residual(double[] centre) {
        double square = 0;
        for (int f = 0; f < columns; f++) {
            square += form.residual(frame.place(centre[f], f));
        }
        return Math.sqrt(square);
    }

    /** Writes centres row by row as the product takes them, and rows that are never the nearest up to {@code rows}. */
    void writeCentres(double[][] centres, int from, int count, int rows, long address) {
        float[] values = new float[rows * depth];
        for (int k = 0; k < rows; k++) {
            int at = k * depth;
            if (k >= count) {
                form.writeNoCentre(columns, values, at);
                continue;
            }
            double square = 0;
            for (int f = 0; f < columns; f++) {
                float c = frame.place(centres[from + k][f], f);
                square += (double) c * c;
                values[at + f] = 2 * c;
            }
            form.writeCentre(square, residual(centres[from + k]), columns, values, at);
        }
        if (type() == DType.F32) {
            new FloatPointer(Block.pointer(address)).put(values, 0, values.length);
            return;
        }
        short[] shorts = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            shorts[i] = ScreenForm.bf16(values[i]);
        }
        new ShortPointer(Block.pointer(address)).put(shorts, 0, shorts.length);
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
        }
    }
}

package org.latent4j.compute.cpu;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.latent4j.compute.graph.DType;

/**
 * Points packed for a product whose result is |x - c|^2 of each centre and point, up to a bound: {@link #error}.
 *
 * <p>Points are shifted by their mean and scaled to about 1, so that far-away data lose no digits, and rounded to float. Where the processor
 * multiplies bf16 matrices many times as fast as floats (AMX), each float is split into two bf16 numbers, x = x1 + x2 up to 2^-16, and
 * x.c = x1.c1 + x2.c1 + x1.c2 up to the small rest. A point is one column of the packed matrix,
 *
 * <pre>
 * split   x1 (p)    x2 (p)    x1 (p)    1 1 1          three parts of |x|^2
 * centre  -2c1 (p)  -2c1 (p)  -2c2 (p)  parts of |c|^2  1 1 1
 *
 * float   x (p)     1      |x|^2
 * centre  -2c (p)   |c|^2  1
 * </pre>
 *
 * followed by zeros up to a depth that the processor likes.
 */
final class Screen implements AutoCloseable {
    /** Points of one block. */
    static final int LANES = 512;
    /** Centres of one product. */
    static final int CHUNK = 256;
    /** Longer vectors, in units of the scale, overflow floats when squared; they are compared exactly instead. */
    private static final double LONGEST = 0x1p40;

    private static final int DEPTH_STEP = 32;
    private static final int SAMPLE = 4096;
    /** Points that are transposed at a time: their rows share the nearest cache. */
    private static final int TOGETHER = 16;

    private static final long ALIGNMENT = 64;

    private final Points points;
    private final int columns;
    private final boolean split;
    private final int depth;
    private final double[] shift;
    private final double scale;
    private final boolean[] unpacked; // of each block: whether it holds points that are not packed
    private final float[] radius; // upper bounds of |x|; infinite for points that are not packed
    private final ScreenProduct[] products; // of each worker
    private final BytePointer memory; // null if there is not enough for all blocks

    Screen(Points points, Team team) {
        this.points = points;
        this.columns = points.columns();
        this.split = Dnnl.hasAmx();
        int used = split ? 3 * columns + 6 : columns + 2;
        this.depth = (used + DEPTH_STEP - 1) / DEPTH_STEP * DEPTH_STEP;
        this.shift = new double[columns];
        this.scale = shiftAndScale(shift);
        this.radius = new float[(int) points.rows()];
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
        return split ? DType.BF16 : DType.F32;
    }

    int depth() {
        return depth;
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

    float radius(long point) {
        return radius[(int) point];
    }

    /**
     * Bound of |computed - exact| for a point and a centre whose lengths add up to {@code lengths}, in units of lengths^2: roundings of the
     * product's sums, what splitting drops, rounding to float, norms; a twentieth more for products of these.
     */
    double error() {
        double sums = (depth + 16) * 0x1p-24;
        double dropped = split ? 3.1 * 0x1p-17 + 0x1p-24 : 0x1p-24;
        return 1.05 * (sums + dropped + 0x1p-22);
    }

    private double shiftAndScale(double[] mean) {
        long rows = points.rows();
        int count = (int) Math.min(rows, SAMPLE);
        Points.Buffer buffer = new Points.Buffer();
        double[] least = new double[columns];
        double[] most = new double[columns];
        for (int i = 0; i < count; i++) {
            points.read(i * rows / count, 1, buffer);
            for (int f = 0; f < columns; f++) {
                double x = buffer.doubles[f];
                mean[f] += Math.abs(x) < 1e300 ? x / count : 0; // a few wild numbers must not spoil the rest
                least[f] = i == 0 ? x : Math.min(least[f], x);
                most[f] = i == 0 ? x : Math.max(most[f], x);
            }
        }
        double widest = 0;
        for (int f = 0; f < columns; f++) {
            double width = Math.max(Math.abs(least[f] - mean[f]), Math.abs(most[f] - mean[f]));
            widest = width < 1e300 ? Math.max(widest, width) : widest;
        }
        return widest == 0 ? 1 : Math.scalb(1.0, -Math.max(-1000, Math.min(1000, Math.getExponent(widest))));
    }

    private void pack(int block, int worker, long address) {
        ScreenProduct product = products[worker];
        Points.Buffer buffer = product.buffer();
        int count = pointsIn(block);
        points.read((long) block * LANES, count, buffer);
        float[] rows = product.plainBlock();
        double[] squares = new double[LANES];
        for (int from = 0; from < count; from += TOGETHER) {
            int to = Math.min(from + TOGETHER, count);
            for (int f = 0; f < columns; f++) {
                for (int i = from; i < to; i++) {
                    float x = (float) ((buffer.doubles[i * columns + f] - shift[f]) * scale);
                    rows[f * LANES + i] = x;
                    squares[i] += (double) x * x;
                }
            }
        }
        for (int i = 0; i < LANES; i++) {
            double length = Math.sqrt(squares[i]);
            if (!(length < LONGEST)) {
                for (int f = 0; f < columns; f++) {
                    rows[f * LANES + i] = 0;
                }
                squares[i] = 0;
            }
            if (i < count) {
                unpacked[block] |= !(length < LONGEST);
                radius[block * LANES + i] =
                        length < LONGEST ? (float) (length * (1 + 0x1p-20)) : Float.POSITIVE_INFINITY;
            }
        }
        int end = columns * LANES;
        if (split) {
            short[] high = product.plainShorts();
            for (int at = 0; at < end; at++) {
                float x = rows[at];
                high[at] = bf16(x);
                high[end + at] = bf16(x - number(high[at]));
                high[2 * end + at] = high[at];
            }
            for (int i = 0; i < LANES; i++) {
                float second = (float) (squares[i] - number(bf16((float) squares[i])));
                high[3 * end + i] = high[3 * end + LANES + i] = high[3 * end + 2 * LANES + i] = bf16(1);
                high[3 * end + 3 * LANES + i] = bf16((float) squares[i]);
                high[3 * end + 4 * LANES + i] = bf16(second);
                high[3 * end + 5 * LANES + i] = bf16(second - number(bf16(second)));
            }
            new ShortPointer(Block.pointer(product.plainAddress())).put(high, 0, high.length);
        } else {
            for (int i = 0; i < LANES; i++) {
                rows[end + i] = 1;
                rows[end + LANES + i] = (float) squares[i];
            }
            new FloatPointer(Block.pointer(product.plainAddress())).put(rows, 0, rows.length);
        }
        product.packTo(address);
    }

    /** The longest |c| of centres, shifted and scaled; infinite if any can't be packed. */
    double longest(double[][] centres) {
        double longest = 0;
        for (double[] centre : centres) {
            longest = Math.max(longest, length(centre));
        }
        return longest;
    }

    /** An upper bound of |c|, shifted and scaled; infinite if it can't be packed. */
    double length(double[] centre) {
        double square = 0;
        for (int f = 0; f < columns; f++) {
            float c = (float) ((centre[f] - shift[f]) * scale);
            square += (double) c * c;
        }
        double length = Math.sqrt(square) * (1 + 0x1p-20);
        return length < LONGEST ? length : Double.POSITIVE_INFINITY;
    }

    /** Whether a block holds points that are not packed, for which scores mean nothing. */
    boolean hasUnpacked(int block) {
        return unpacked[block];
    }

    /** What differences of points are multiplied by. */
    double scale() {
        return scale;
    }

    /** Writes centres row by row as the product takes them, and zeros up to {@code rows}. */
    void writeCentres(double[][] centres, int from, int count, int rows, long address) {
        float[] values = new float[rows * depth];
        for (int k = 0; k < count; k++) {
            double square = 0;
            int at = k * depth;
            for (int f = 0; f < columns; f++) {
                float c = (float) ((centres[from + k][f] - shift[f]) * scale);
                square += (double) c * c;
                values[at + f] = -2 * c;
            }
            if (split) {
                splitCentre(values, at, square);
            } else {
                values[at + columns] = (float) square;
                values[at + columns + 1] = 1;
            }
        }
        if (split) {
            short[] shorts = new short[values.length];
            for (int i = 0; i < values.length; i++) {
                shorts[i] = bf16(values[i]);
            }
            new ShortPointer(Block.pointer(address)).put(shorts, 0, shorts.length);
        } else {
            new FloatPointer(Block.pointer(address)).put(values, 0, values.length);
        }
    }

    private void splitCentre(float[] values, int at, double square) {
        for (int f = 0; f < columns; f++) {
            float c = values[at + f];
            values[at + f] = number(bf16(c));
            values[at + columns + f] = values[at + f];
            values[at + 2 * columns + f] = c - values[at + f];
        }
        int parts = at + 3 * columns;
        values[parts] = number(bf16((float) square));
        values[parts + 1] = number(bf16((float) (square - values[parts])));
        values[parts + 2] = (float) (square - values[parts] - values[parts + 1]);
        values[parts + 3] = values[parts + 4] = values[parts + 5] = 1;
    }

    private static short bf16(float x) {
        int bits = Float.floatToRawIntBits(x);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    private static float number(short bf16) {
        return Float.intBitsToFloat(bf16 << 16);
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
        }
    }
}

package org.latent4j.compute.cpu;

import org.latent4j.compute.graph.DType;

/**
 * How a {@link Screen} writes numbers for its product, which gives -|x - c|^2 up to a bound. Where the processor multiplies bf16 matrices many
 * times as fast as floats (AMX), each float is a sum of two bf16 numbers, x = x1 + x2 up to 2^-16, or only the first of them is taken; then what
 * is dropped is at most |x - x1| 2|c| + |x1| 2|c - c1|, and is added: the result is not below -|x - c|^2.
 *
 * <pre>
 * FLOATS   point   x (p)                  1       |x|^2
 *          centre  2c (p)                 -|c|^2  -1
 *
 * SPLIT    point   x1 (p)   x2 (p)   x1 (p)    1 1 1            three parts of |x|^2
 *          centre  2c1 (p)  2c1 (p)  2c2 (p)   parts of -|c|^2  -1 -1 -1
 *
 * ROUNDED  point   x1 (p)                      1 1 1            three parts of |x|^2  |x - x1|  |x1|
 *          centre  2c1 (p)                     parts of -|c|^2  -1 -1 -1              2|c|      2|c - c1|
 * </pre>
 *
 * followed by zeros up to a depth that the processor likes.
 */
enum ScreenForm {
    FLOATS(DType.F32, 1, 2, 4),
    SPLIT(DType.BF16, 3, 6, 32),
    ROUNDED(DType.BF16, 1, 8, 32);

    /** Takes a float's first 8 digits, as bf16 has: Veltkamp's splitting. */
    private static final float SPLITTER = 0x1p16f + 1;

    private final DType type;
    private final int copies;
    private final int norms;
    private final int step;

    /** @param step of the depth: floats are multiplied one after the other, rows of AMX' tiles hold 32 numbers of 16 bits */
    ScreenForm(DType type, int copies, int norms, int step) {
        this.type = type;
        this.copies = copies;
        this.norms = norms;
        this.step = step;
    }

    DType type() {
        return type;
    }

    int depth(int columns) {
        return (copies * columns + norms + step - 1) / step * step;
    }

    /** Bound of what is dropped from x.c, in units of (|x| + |c|)^2. */
    double dropped() {
        return switch (this) {
            case FLOATS -> 0;
            case SPLIT -> 3.1 * 0x1p-17;
            case ROUNDED -> 1.01 * 0x1p-9;
        };
    }

    /** Those parts of floats that the product reads first; all of each in FLOATS. */
    void first(float[] numbers, float[] parts, int count) {
        if (this == FLOATS) {
            System.arraycopy(numbers, 0, parts, 0, count);
        } else {
            split(numbers, parts, count);
        }
    }

    private static void split(float[] numbers, float[] parts, int count) {
        for (int i = 0; i < count; i++) {
            float product = numbers[i] * SPLITTER;
            parts[i] = product - (product - numbers[i]);
        }
    }

    /** Writes the point that lies from {@code at} on in both arrays; {@code residual} is |x - x1|. */
    void writePoint(
            float[] numbers, float[] first, int at, int columns, double square, double residual, float[] out, int to) {
        System.arraycopy(first, at, out, to, columns);
        int end = to + copies * columns;
        if (this == FLOATS) {
            out[end] = 1;
            out[end + 1] = (float) square;
            return;
        }
        if (this == SPLIT) {
            for (int f = 0; f < columns; f++) {
                out[to + columns + f] = numbers[at + f] - first[at + f];
            }
            System.arraycopy(first, at, out, to + 2 * columns, columns);
        }
        out[end] = out[end + 1] = out[end + 2] = 1;
        writeParts(square, out, end + 3);
        if (this == ROUNDED) {
            out[end + 6] = atLeast(residual);
            out[end + 7] = atLeast(Math.sqrt(square) + residual);
        }
    }

    /** Writes the centre whose numbers, multiplied by 2, lie at {@code to}; {@code residual} is |c - c1|. */
    void writeCentre(double square, double residual, int columns, float[] out, int to) {
        int end = to + copies * columns;
        if (this == FLOATS) {
            out[end] = (float) -square;
            out[end + 1] = -1;
            return;
        }
        for (int f = 0; f < columns; f++) {
            float c = out[to + f];
            out[to + f] = rounded(c);
            if (this == SPLIT) {
                out[to + columns + f] = out[to + f];
                out[to + 2 * columns + f] = c - out[to + f];
            }
        }
        writeParts(-square, out, end);
        out[end + 3] = out[end + 4] = out[end + 5] = -1;
        if (this == ROUNDED) {
            out[end + 6] = atLeast(2 * Math.sqrt(square));
            out[end + 7] = atLeast(2 * residual);
        }
    }

    /** A row that is never the nearest. */
    void writeNoCentre(int columns, float[] out, int to) {
        out[to + copies * columns] = -0x1p100f;
    }

    private static void writeParts(double square, float[] out, int to) {
        out[to] = rounded((float) square);
        float rest = (float) (square - out[to]);
        out[to + 1] = rounded(rest);
        out[to + 2] = rest - out[to + 1];
    }

    /** |c - c1| squared, of a number of a centre. */
    double residual(float c) {
        double left = this == FLOATS ? 0 : (double) c - rounded(c);
        return left * left;
    }

    /** A bf16 number of at least x >= 0. */
    static float atLeast(double x) {
        return rounded((float) (x * (1 + 0x1p-7)));
    }

    /** The nearest bf16 number. */
    static float rounded(float x) {
        return Float.intBitsToFloat(bf16(x) << 16);
    }

    static short bf16(float x) {
        int bits = Float.floatToRawIntBits(x);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}

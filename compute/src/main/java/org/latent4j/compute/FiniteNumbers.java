package org.latent4j.compute;

import java.util.stream.IntStream;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** Looks for NaN and infinity: by the bits of numbers. ND4J has a condition for it that is slower, and misses some in 16 bits. */
public final class FiniteNumbers {
    private static final int FLOAT_INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    private static final long DOUBLE_INFINITY = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);
    private static final int TOGETHER = 4096;
    private static final int MOST_PARTS = 64;

    private FiniteNumbers() {}

    /** Whether all numbers of an array are finite, of any type and order. */
    public static boolean all(INDArray x) {
        boolean hasBits = x.dataType() == DataType.FLOAT || x.dataType() == DataType.DOUBLE;
        if (hasBits && Shape.hasDefaultStridesForShape(x)) {
            return allInMemory(x);
        }
        try (INDArray copy = hasBits ? x.dup('c') : x.castTo(DataType.DOUBLE)) {
            return allInMemory(copy);
        }
    }

    private static boolean allInMemory(INDArray x) {
        long count = x.length();
        int parts = (int) Math.min(MOST_PARTS, (count + TOGETHER - 1) / TOGETHER);
        return IntStream.range(0, parts).parallel().allMatch(part -> {
            long from = count * part / parts;
            long end = count * (part + 1) / parts;
            return x.dataType() == DataType.FLOAT ? floats(x, from, end) : doubles(x, from, end);
        });
    }

    private static boolean floats(INDArray x, long from, long end) {
        IntPointer all = new IntPointer(x.data().addressPointer());
        int[] bits = new int[(int) Math.min(TOGETHER, end - from)];
        for (long at = from; at < end; at += bits.length) {
            int count = (int) Math.min(bits.length, end - at);
            all.position(at).get(bits, 0, count);
            if (largest(bits, count) >= FLOAT_INFINITY) {
                return false;
            }
        }
        return true;
    }

    private static boolean doubles(INDArray x, long from, long end) {
        LongPointer all = new LongPointer(x.data().addressPointer());
        long[] bits = new long[(int) Math.min(TOGETHER, end - from)];
        for (long at = from; at < end; at += bits.length) {
            int count = (int) Math.min(bits.length, end - at);
            all.position(at).get(bits, 0, count);
            for (int i = 0; i < count; i++) {
                if ((bits[i] & Long.MAX_VALUE) >= DOUBLE_INFINITY) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The largest of their absolute values, as bits: a loop of its own, that Java compiles to vector instructions. */
    private static int largest(int[] bits, int count) {
        int largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, bits[i] & Integer.MAX_VALUE);
        }
        return largest;
    }
}

package org.latent4j.reduction.pca;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The numbers of an array in row order, read and written in stretches of doubles; safe for threads that keep to stretches of their own. ND4J's
 * own element access takes a call for each number, and its NIO buffers end at 2 GiB.
 */
final class Numbers {
    private final INDArray array; // keeps the memory from being freed
    private final Pointer start;
    private final boolean isFloat;

    /** Over an array that owns its memory, in row order: see {@link #plain}. */
    Numbers(INDArray array) {
        this.array = array;
        this.isFloat = array.dataType() == DataType.FLOAT;
        this.start = array.data().pointer();
    }

    /** The array itself, or a copy that is FLOAT or DOUBLE, in row order and no view. */
    static INDArray plain(INDArray x) {
        DataType type = x.dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
        INDArray typed = x.castTo(type);
        return isRowByRow(typed) && !typed.isView() && typed.offset() == 0 ? typed : typed.dup('c');
    }

    private static boolean isRowByRow(INDArray x) {
        long expected = 1;
        for (int axis = x.rank() - 1; axis >= 0; axis--) {
            if (x.size(axis) != 1 && x.stride(axis) != expected) {
                return false;
            }
            expected *= x.size(axis);
        }
        return x.rank() > 1 && x.ordering() == 'c';
    }

    static double[] of(INDArray x) {
        double[] out = new double[Math.toIntExact(x.length())];
        new Numbers(plain(x)).read(0, out, out.length);
        return out;
    }

    void read(long from, double[] out, int count) {
        if (isFloat) {
            float[] some = new float[count];
            start.getPointer(FloatPointer.class, from).get(some, 0, count);
            for (int i = 0; i < count; i++) {
                out[i] = some[i];
            }
        } else {
            start.getPointer(DoublePointer.class, from).get(out, 0, count);
        }
    }

    /** Of a FLOAT array. */
    void read(long from, float[] out, int count) {
        start.getPointer(FloatPointer.class, from).get(out, 0, count);
    }

    /** To a FLOAT array. */
    void write(long from, float[] in, int count) {
        start.getPointer(FloatPointer.class, from).put(in, 0, count);
    }

    void write(long from, double[] in, int count) {
        if (isFloat) {
            float[] some = new float[count];
            for (int i = 0; i < count; i++) {
                some[i] = (float) in[i];
            }
            start.getPointer(FloatPointer.class, from).put(some, 0, count);
        } else {
            start.getPointer(DoublePointer.class, from).put(in, 0, count);
        }
    }

    INDArray array() {
        return array;
    }
}

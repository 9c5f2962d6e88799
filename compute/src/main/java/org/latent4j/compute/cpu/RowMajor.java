package org.latent4j.compute.cpu;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Native arrays with their numbers row by row and without gaps, as libraries read them. */
final class RowMajor {
    private RowMajor() {}

    /** The array itself where it lies so, else a copy. */
    static INDArray of(INDArray x) {
        return isRowMajor(x) ? x : x.dup('c');
    }

    private static boolean isRowMajor(INDArray x) {
        long expected = 1;
        for (int axis = x.rank() - 1; axis >= 0; axis--) {
            if (x.size(axis) != 1 && x.stride(axis) != expected) {
                return false;
            }
            expected *= x.size(axis);
        }
        return true;
    }

    static INDArray empty(DataType type, long... shape) {
        return Nd4j.createUninitialized(type, shape, 'c');
    }

    static long address(INDArray x) {
        return x.data().pointer().address() + (long) x.data().getElementSize() * x.offset();
    }

    static FloatPointer floats(long address) {
        return new FloatPointer(Block.pointer(address));
    }

    static DoublePointer doubles(long address) {
        return new DoublePointer(Block.pointer(address));
    }

    static FloatPointer floats(INDArray x) {
        return floats(address(x));
    }

    static DoublePointer doubles(INDArray x) {
        return doubles(address(x));
    }

    /** Row {@code row} of a matrix that lies row by row. */
    static double[] row(INDArray x, long row) {
        double[] numbers = row(x.dataType(), address(x), (int) x.size(1), row);
        Reference.reachabilityFence(x); // an address keeps no memory
        return numbers;
    }

    static double[] row(DataType type, long address, int columns, long row) {
        double[] numbers = new double[columns];
        if (type == DataType.DOUBLE) {
            doubles(address).position(row * columns).get(numbers);
            return numbers;
        }
        float[] floats = new float[columns];
        floats(address).position(row * columns).get(floats);
        for (int i = 0; i < columns; i++) {
            numbers[i] = floats[i];
        }
        return numbers;
    }

    static void putRow(INDArray x, long row, double[] numbers) {
        putRow(x.dataType(), address(x), row, numbers);
        Reference.reachabilityFence(x);
    }

    static void putRow(DataType type, long address, long row, double[] numbers) {
        if (type == DataType.DOUBLE) {
            doubles(address).position(row * numbers.length).put(numbers, 0, numbers.length);
            return;
        }
        float[] floats = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            floats[i] = (float) numbers[i];
        }
        floats(address).position(row * numbers.length).put(floats, 0, floats.length);
    }

    /** A new array of the transpose. */
    static INDArray transposed(INDArray x) {
        INDArray from = of(x);
        INDArray to = empty(x.dataType(), x.size(1), x.size(0));
        Transposition.copy(x.dataType(), x.size(0), x.size(1), address(from), x.size(1), address(to), x.size(0));
        if (from != x) {
            from.close();
        }
        return to;
    }
}

package org.latent4j.compute.cpu;

import org.latent4j.compute.Matrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rows read in place from an array of ND4J, and their packed form for {@link NearestCentres}, made when it is first asked for. */
final class Points implements Matrix {
    private final INDArray array;
    private final boolean isCopy;
    private final long address;
    private Screen fine;
    private Screen rough;
    private boolean needsFine;
    private boolean closed;

    Points(INDArray x) {
        this.array = RowMajor.of(x);
        this.isCopy = array != x;
        this.address = RowMajor.address(array);
    }

    static Points of(Matrix matrix) {
        if (!(matrix instanceof Points points)) {
            throw new IllegalArgumentException("a matrix belongs to the primitives that made it, but this one is a "
                    + matrix.getClass().getSimpleName());
        }
        if (points.closed) {
            throw new IllegalArgumentException("the matrix is closed");
        }
        return points;
    }

    @Override
    public long rows() {
        return array.size(0);
    }

    @Override
    public int columns() {
        return (int) array.size(1);
    }

    @Override
    public DataType type() {
        return array.dataType();
    }

    /** Room for reading that a worker keeps. */
    static final class Buffer {
        float[] floats = {};
        double[] doubles = {};

        void reserve(int count) {
            if (doubles.length < count) {
                doubles = new double[count];
            }
        }

        private void reserveFloats(int count) {
            if (floats.length < count) {
                floats = new float[count];
            }
        }
    }

    /** Reads rows into {@code buffer.doubles}, one after the other. */
    void read(long from, int count, Buffer buffer) {
        int numbers = Math.multiplyExact(count, columns());
        buffer.reserve(numbers);
        long at = address + from * columns() * array.data().getElementSize();
        if (type() == DataType.DOUBLE) {
            RowMajor.doubles(at).get(buffer.doubles, 0, numbers);
            return;
        }
        readFloats(from, count, buffer);
        widen(buffer.floats, buffer.doubles, numbers);
    }

    /** Reads rows of FLOAT into {@code buffer.floats}. */
    void readFloats(long from, int count, Buffer buffer) {
        int numbers = Math.multiplyExact(count, columns());
        buffer.reserveFloats(numbers);
        RowMajor.floats(address + from * columns() * Float.BYTES).get(buffer.floats, 0, numbers);
    }

    private static void widen(float[] from, double[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = from[i];
        }
    }

    /** All rows of a small array, each as one Java array. */
    double[][] toDoubles() {
        return toDoubles(0, (int) rows());
    }

    double[][] toDoubles(long from, int count) {
        Buffer buffer = new Buffer();
        double[][] rows = new double[count][columns()];
        for (int i = 0; i < count; i++) {
            read(from + i, 1, buffer);
            System.arraycopy(buffer.doubles, 0, rows[i], 0, columns());
        }
        return rows;
    }

    /** The screen of the least error. */
    Screen fineScreen(Team team) {
        if (fine == null) {
            fine = new Screen(this, Dnnl.hasAmx() ? ScreenForm.SPLIT : ScreenForm.FLOATS, team);
        }
        return fine;
    }

    /** The fastest screen that has left few centres open so far. */
    Screen screen(Team team) {
        boolean shorter = ScreenForm.ROUNDED.depth(columns()) < ScreenForm.SPLIT.depth(columns());
        if (needsFine || !Dnnl.hasAmx() || !shorter) {
            return fineScreen(team);
        }
        if (rough == null) {
            rough = new Screen(this, ScreenForm.ROUNDED, team);
        }
        return rough;
    }

    /** From now on, {@link #screen} is the fine one. */
    void refine() {
        needsFine = true;
        if (rough != null) {
            rough.close();
            rough = null;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            for (Screen screen : new Screen[] {fine, rough}) {
                if (screen != null) {
                    screen.close();
                }
            }
            if (isCopy) {
                array.close();
            }
        }
    }
}

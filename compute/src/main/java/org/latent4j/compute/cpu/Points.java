package org.latent4j.compute.cpu;

import java.nio.FloatBuffer;
import org.latent4j.compute.Matrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rows read in place from an array of ND4J, and their packed form for {@link NearestCentres}, made when it is first asked for. */
final class Points implements Matrix {
    /** Numbers of a piece of the rows, whose bytes Java counts by an int. */
    private static final int MOST_IN_WINDOW = 1 << 28;
    /** Floats that a processor fetches at once. */
    private static final int CACHE_LINE = 16;

    private final INDArray array;
    private final boolean isCopy;
    private final long address;
    private final long rows; // these are read often, and arrays take long to tell them
    private final int columns;
    private final DataType type;
    private final int rowsOfWindow;
    private volatile FloatBuffer[] windows; // of the rows, for single ones
    private Screen fine;
    private Screen rough;
    private boolean needsFine;
    private Frame frame;
    private PointLanes lanes;
    private boolean closed;

    Points(INDArray x) {
        this.array = RowMajor.of(x);
        this.isCopy = array != x;
        this.address = RowMajor.address(array);
        this.rows = array.size(0);
        this.columns = (int) array.size(1);
        this.type = array.dataType();
        this.rowsOfWindow = Math.max(1, MOST_IN_WINDOW / columns);
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
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public DataType type() {
        return type;
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

        void reserveFloats(int count) {
            if (floats.length < count) {
                floats = new float[count];
            }
        }
    }

    /** Reads rows into {@code buffer.doubles}, one after the other. */
    void read(long from, int count, Buffer buffer) {
        int numbers = Math.multiplyExact(count, columns);
        buffer.reserve(numbers);
        long at = address + from * columns * array.data().getElementSize();
        if (type == DataType.DOUBLE) {
            RowMajor.doubles(at).get(buffer.doubles, 0, numbers);
            return;
        }
        readFloats(from, count, buffer);
        widen(buffer.floats, buffer.doubles, numbers);
    }

    /** Reads rows of FLOAT into {@code buffer.floats}. */
    void readFloats(long from, int count, Buffer buffer) {
        int numbers = Math.multiplyExact(count, columns);
        buffer.reserveFloats(numbers);
        RowMajor.floats(address + from * columns * Float.BYTES).get(buffer.floats, 0, numbers);
    }

    /** Reads one row to where it is to lie; many such reads take far less than {@link #read} of one row each. */
    void readRow(long row, double[] out, int at, Buffer buffer) {
        int p = columns;
        if (type == DataType.DOUBLE) {
            RowMajor.doubles(address).position(row * p).get(out, at, p);
            return;
        }
        buffer.reserveFloats(p);
        readRow(row, buffer.floats, 0);
        for (int f = 0; f < p; f++) {
            out[at + f] = buffer.floats[f];
        }
    }

    /** Of points of FLOAT. */
    void readRow(long row, float[] out, int at) {
        long window = row / rowsOfWindow;
        windows()[(int) window].get((int) (row % rowsOfWindow) * columns, out, at, columns);
    }

    /** Has the processor fetch a row that will be read soon, beside others; the number means nothing. */
    float fetch(long row) {
        if (type != DataType.FLOAT) {
            return 0;
        }
        FloatBuffer window = windows()[(int) (row / rowsOfWindow)];
        int from = (int) (row % rowsOfWindow) * columns;
        float sum = 0;
        for (int f = 0; f < columns; f += CACHE_LINE) {
            sum += window.get(from + f);
        }
        return sum;
    }

    private FloatBuffer[] windows() {
        FloatBuffer[] made = windows;
        if (made == null) {
            int together = rowsOfWindow;
            made = new FloatBuffer[(int) ((rows + together - 1) / together)];
            for (int i = 0; i < made.length; i++) {
                long first = (long) i * together * columns;
                long count = Math.min((long) together * columns, rows * columns - first);
                made[i] = RowMajor.floats(address + first * Float.BYTES)
                        .capacity(count)
                        .asBuffer();
            }
            windows = made;
        }
        return made;
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
        double[][] rows = new double[count][columns];
        for (int i = 0; i < count; i++) {
            read(from + i, 1, buffer);
            System.arraycopy(buffer.doubles, 0, rows[i], 0, columns);
        }
        return rows;
    }

    Frame frame() {
        if (frame == null) {
            frame = Frame.of(this);
        }
        return frame;
    }

    PointLanes lanes(Team team) {
        if (lanes == null) {
            lanes = new PointLanes(this, team);
        }
        return lanes;
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
        boolean shorter = ScreenForm.ROUNDED.depth(columns) < ScreenForm.SPLIT.depth(columns);
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

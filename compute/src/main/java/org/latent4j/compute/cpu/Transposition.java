package org.latent4j.compute.cpu;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;

/** Transposes native matrices tile by tile. */
final class Transposition {
    private static final int TILE = 128;

    private Transposition() {}

    /** Copies an (m, n) matrix, row by row with a stride, to its transpose, row by row. */
    static void copy(DataType type, long m, long n, long from, long strideFrom, long to, long strideTo) {
        for (long row = 0; row < m; row += TILE) {
            int rows = (int) Math.min(TILE, m - row);
            for (long column = 0; column < n; column += TILE) {
                int columns = (int) Math.min(TILE, n - column);
                long in = row * strideFrom + column;
                long out = column * strideTo + row;
                if (type == DataType.FLOAT) {
                    floats(rows, columns, RowMajor.floats(from), in, strideFrom, RowMajor.floats(to), out, strideTo);
                } else {
                    doubles(rows, columns, RowMajor.doubles(from), in, strideFrom, RowMajor.doubles(to), out, strideTo);
                }
            }
        }
    }

    private static void floats(
            int rows,
            int columns,
            FloatPointer from,
            long in,
            long strideIn,
            FloatPointer to,
            long out,
            long strideOut) {
        float[] tile = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            from.position(in + i * strideIn).get(tile, i * columns, columns);
        }
        float[] column = new float[rows];
        for (int j = 0; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
                column[i] = tile[i * columns + j];
            }
            to.position(out + j * strideOut).put(column, 0, rows);
        }
    }

    private static void doubles(
            int rows,
            int columns,
            DoublePointer from,
            long in,
            long strideIn,
            DoublePointer to,
            long out,
            long strideOut) {
        double[] tile = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            from.position(in + i * strideIn).get(tile, i * columns, columns);
        }
        double[] column = new double[rows];
        for (int j = 0; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
                column[i] = tile[i * columns + j];
            }
            to.position(out + j * strideOut).put(column, 0, rows);
        }
    }
}

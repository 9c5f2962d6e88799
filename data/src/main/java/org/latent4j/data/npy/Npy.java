package org.latent4j.data.npy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;

/**
 * Reads and writes arrays as NPY files, NumPy's format.
 *
 * <p>Arrays are in C order; files are written little-endian as uint8, int32, float32 or float64, whole or not at all.
 *
 * <p>Throws {@link DataException} for files that can't be read, {@link IOException} where one can't be written, and
 * {@link IllegalArgumentException} when the values don't fill the shape.
 */
public final class Npy {

    /** Gives the values of a file that is being written. */
    @FunctionalInterface
    public interface Content {
        void writeTo(NpyOutput out) throws IOException;
    }

    /** A matrix: (rows, columns). */
    public record Floats(int rows, int columns, float[] values) {}

    private Npy() {}

    /** A one- or two-dimensional array as a matrix of floats; one dimension becomes one column. */
    public static Floats readFloats(Path file) {
        NpyFile in = NpyFile.open(file);
        int axes = in.header().shape().size();
        if (axes > 2 || in.header().elements() > Integer.MAX_VALUE - 8) {
            throw new DataException(file + " has shape " + in.header().shape()
                    + "; a table is (n, p) or (n,) with less than " + "2^31 numbers");
        }
        float[] values = new float[(int) in.header().elements()];
        int columns = in.rowElements();
        int rows = (int) in.rows();
        for (int row = 0; row < rows; row++) {
            in.readFloats(row, values, row * columns);
        }
        return new Floats(rows, columns, values);
    }

    public static void write(Path file, NpyType type, long[] shape, Content content) throws IOException {
        long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        AtomicFiles.write(file, out -> {
            out.write(NpyHeader.encode(type, shape));
            NpyOutput values = new NpyOutput(out, type);
            content.writeTo(values);
            if (values.written() != elements) {
                throw new IllegalArgumentException(values.written() + " values for an array of shape "
                        + Arrays.toString(shape) + ", which needs " + elements);
            }
        });
    }

    /** uint8. */
    public static void write(Path file, byte[] values, long... shape) throws IOException {
        write(file, NpyType.U1, shape, out -> out.put(values, 0, values.length));
    }

    /** int32. */
    public static void write(Path file, int[] values, long... shape) throws IOException {
        write(file, NpyType.I4, shape, out -> out.put(values, 0, values.length));
    }

    /** float32. */
    public static void write(Path file, float[] values, long... shape) throws IOException {
        write(file, NpyType.F4, shape, out -> out.put(values, 0, values.length));
    }

    /** float64. */
    public static void write(Path file, double[] values, long... shape) throws IOException {
        write(file, NpyType.F8, shape, out -> out.put(values, 0, values.length));
    }
}

package org.latent4j.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.npy.NpyType;
import org.latent4j.data.picture.PngFile;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Writes results into one folder, which is made with the first of them, and lists them on standard output. */
final class ReductionResults {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final int ROWS_AT_ONCE = 1024;

    private final Path folder;
    private final PrintWriter out;

    ReductionResults(Path folder, PrintWriter out) {
        this.folder = folder;
        this.out = out;
    }

    /** NAME.npy of a matrix in its own type. */
    void array(String name, INDArray matrix) throws IOException {
        long rows = matrix.size(0);
        long columns = matrix.size(1);
        boolean isFloat = matrix.dataType() == DataType.FLOAT;
        Path file = file(name + ".npy");
        Npy.write(file, isFloat ? NpyType.F4 : NpyType.F8, new long[] {rows, columns}, to -> {
            for (long from = 0; from < rows; from += ROWS_AT_ONCE) {
                long end = Math.min(rows, from + ROWS_AT_ONCE);
                // An interval of the rows of one column comes out empty.
                INDArray some = columns == 1
                        ? matrix.reshape(rows)
                                .get(NDArrayIndex.interval(from, end))
                                .dup()
                        : matrix.get(NDArrayIndex.interval(from, end), NDArrayIndex.all())
                                .dup('c');
                int count = Math.toIntExact(some.length());
                if (isFloat) {
                    float[] values = new float[count];
                    some.data().asNioFloat().get(values);
                    to.put(values, 0, count);
                } else {
                    double[] values = new double[count];
                    some.data().asNioDouble().get(values);
                    to.put(values, 0, count);
                }
            }
        });
        out.println(file);
    }

    void vector(String name, double[] values) throws IOException {
        Path file = file(name + ".npy");
        Npy.write(file, values, values.length);
        out.println(file);
    }

    void json(String name, Object figures) throws IOException {
        Path file = file(name);
        AtomicFiles.write(file, JSON.writeValueAsString(figures));
        out.println(file);
    }

    void text(String name, String text) throws IOException {
        Path file = file(name);
        AtomicFiles.write(file, text);
        out.println(file);
    }

    void picture(String name, BufferedImage picture) throws IOException {
        Path file = file(name);
        PngFile.write(file, picture);
        out.println(file);
        out.flush();
    }

    private Path file(String name) throws IOException {
        return Files.createDirectories(folder).resolve(name);
    }
}

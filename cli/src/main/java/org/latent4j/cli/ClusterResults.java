package org.latent4j.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.picture.PngFile;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Writes the results of a clustering into one folder and lists them on standard output. */
final class ClusterResults {
    private final Path folder;
    private final PrintWriter out;

    ClusterResults(Path folder, PrintWriter out) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.out = out;
    }

    /** labels.csv with the row number from 1, and labels.npy. */
    void labels(int[] labels) throws IOException {
        Path csv = folder.resolve("labels.csv");
        AtomicFiles.write(csv, stream -> {
            Writer text = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
            text.write("row,label\n");
            for (int i = 0; i < labels.length; i++) {
                text.write((i + 1) + "," + labels[i] + "\n");
            }
            text.flush();
        });
        Npy.write(folder.resolve("labels.npy"), labels, labels.length);
        out.println("labels: " + csv + ", labels.npy");
    }

    /** NAME.csv with a header line, and NAME.npy. */
    void table(String name, List<String> columns, INDArray values) throws IOException {
        Path csv = folder.resolve(name + ".csv");
        double[][] rows = values.toDoubleMatrix();
        AtomicFiles.write(csv, stream -> {
            Writer text = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
            text.write(String.join(
                            ",", columns.stream().map(ClusterResults::quoted).toList()) + "\n");
            for (double[] row : rows) {
                for (int j = 0; j < row.length; j++) {
                    text.write((j > 0 ? "," : "") + number(row[j]));
                }
                text.write("\n");
            }
            text.flush();
        });
        double[] flat = new double[rows.length * columns.size()];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * columns.size(), columns.size());
        }
        Npy.write(folder.resolve(name + ".npy"), flat, rows.length, columns.size());
        out.println(name + ": " + csv + ", " + name + ".npy");
    }

    /** NAME.npy alone. */
    void array(String name, double[] values, long... shape) throws IOException {
        Npy.write(folder.resolve(name + ".npy"), values, shape);
        out.println(name + ": " + folder.resolve(name + ".npy"));
    }

    private static String quoted(String name) {
        return name.matches("[^,\"\\r\\n]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }

    void picture(String file, BufferedImage picture) throws IOException {
        PngFile.write(folder.resolve(file), picture);
        out.println("picture: " + folder.resolve(file));
    }

    /** summary.json. */
    void summary(Map<String, Object> figures) throws IOException {
        Path file = folder.resolve("summary.json");
        AtomicFiles.write(
                file,
                JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(figures));
        out.println("summary: " + file);
        out.flush();
    }
}

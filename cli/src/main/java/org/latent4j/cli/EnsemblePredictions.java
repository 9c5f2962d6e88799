package org.latent4j.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.npy.Npy;
import org.latent4j.ensembles.Score;

/** Writes what a model predicts: predictions.csv with the class and its probabilities, or the number; predictions.npy with all numbers. */
final class EnsemblePredictions {
    private EnsemblePredictions() {}

    static void write(Path folder, List<String> classNames, double[] predicted, PrintWriter print) throws IOException {
        int k = Math.max(1, classNames.size());
        Path csv = Files.createDirectories(folder).resolve("predictions.csv");
        AtomicFiles.write(csv, stream -> {
            Writer text = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
            text.write("row,prediction");
            for (String name : classNames) {
                text.write("," + quoted("p(" + name + ")"));
            }
            text.write("\n");
            for (int i = 0; i < predicted.length / k; i++) {
                text.write((i + 1) + ",");
                if (classNames.isEmpty()) {
                    text.write(Double.toString(predicted[i]));
                } else {
                    text.write(quoted(classNames.get(Score.largest(predicted, i * k, k))));
                    for (int c = 0; c < k; c++) {
                        text.write("," + predicted[i * k + c]);
                    }
                }
                text.write("\n");
            }
            text.flush();
        });
        Npy.write(folder.resolve("predictions.npy"), predicted, predicted.length / k, k);
        print.println("predictions: " + csv + ", predictions.npy");
    }

    private static String quoted(String name) {
        return name.matches("[^,\"\\r\\n]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}

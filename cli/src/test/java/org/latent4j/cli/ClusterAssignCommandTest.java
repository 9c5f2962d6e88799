package org.latent4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.data.npy.Npy;

/** Clusters that are kept, and what else a start and weights are read from. */
class ClusterAssignCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Two groups far apart, the second of them with a weight of 3, in columns of different units. */
    @BeforeEach
    void writeTable() throws IOException {
        StringBuilder table = new StringBuilder("height,mass,times,kind\n");
        for (int i = 0; i < 30; i++) {
            int group = i % 2;
            table.append(String.format(
                    "%d.%d,%d,%d,%s%n",
                    150 + 30 * group, i * 7 % 10, 5000 * (1 + group) + i * 13 % 50, 1 + 2 * group, "ab".charAt(group)));
        }
        Files.writeString(folder.resolve("table.csv"), table);
    }

    private int run(String... line) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out), new PrintWriter(err), line);
    }

    private String[] line(String command, String to, String... more) {
        List<String> line = new ArrayList<>(List.of("cluster", command));
        line.addAll(List.of("--data", folder.resolve("table.csv").toString(), "--target", "kind"));
        line.addAll(List.of("--out", folder.resolve(to).toString()));
        line.addAll(List.of(more));
        return line.toArray(String[]::new);
    }

    private String[] assign(String model, String to, String... more) {
        List<String> all =
                new ArrayList<>(List.of("--model", folder.resolve(model).toString()));
        all.addAll(List.of(more));
        return line("assign", to, all.toArray(String[]::new));
    }

    private void assertDone(String... line) {
        assertThat(run(line)).as(err.toString()).isZero();
    }

    private JsonNode summary(String of) throws IOException {
        return new JsonMapper()
                .readTree(folder.resolve(of).resolve("summary.json").toFile());
    }

    /** What was found is given the labels that it had. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "kmeans --k 2",
                "kmeans --k 2 --standardize",
                "hybrid --m 10 --k 2 --consolidate --standardize",
                "gmm --k 2",
                "gmm --k 2 --standardize --covariance tied",
                "gmm --k 2 --covariance diagonal",
                "gmm --k 2 --covariance spherical"
            })
    void pointsOfTheFitKeepTheirLabels(String fit) throws IOException {
        List<String> words = new ArrayList<>(List.of(fit.split(" ")));
        String command = words.remove(0);
        words.addAll(List.of("--ignore", "times"));
        assertDone(line(command, "found", words.toArray(String[]::new)));
        assertDone(assign("found", "assigned", "--ignore", "times"));
        for (String file : List.of("labels.npy", "labels.csv", "probabilities.npy")) {
            Path found = folder.resolve("found").resolve(file);
            Path assigned = folder.resolve("assigned").resolve(file);
            assertThat(Files.exists(assigned)).isEqualTo(Files.exists(found));
            if (Files.exists(found)) {
                assertThat(assigned).hasSameBinaryContentAs(found);
            }
        }
        JsonNode summary = summary("assigned");
        assertThat(summary.path("agreement").path("adjustedRand").asDouble()).isEqualTo(1);
        assertThat(summary.path("counts").get(0).asInt()).isEqualTo(15);
        String score = command.equals("gmm") ? "logLikelihood" : "inertia";
        double expected = summary("found").path(score).asDouble();
        assertThat(summary.path(score).asDouble()).isCloseTo(expected, within(1e-9 * Math.abs(expected)));
        assertThat(folder.resolve("assigned").resolve("clusters.png")).exists();
    }

    /** An NPY file has no names of columns. */
    @Test
    void batchesGiveCentresForOtherPoints() throws IOException {
        double[] points = new double[40];
        for (int i = 0; i < 20; i++) {
            points[2 * i] = i % 2 * 10 + i * 0.01;
            points[2 * i + 1] = 1;
        }
        Path file = folder.resolve("points.npy");
        Npy.write(file, points, 20, 2);
        Path model = folder.resolve("model");
        assertDone(
                "cluster",
                "minibatch",
                "--data",
                file.toString(),
                "--k",
                "2",
                "--batch",
                "10",
                "--batches",
                "5",
                "--out",
                model.toString());
        Path to = folder.resolve("to");
        assertDone("cluster", "assign", "--model", model.toString(), "--data", file.toString(), "--out", to.toString());
        assertThat(to.resolve("labels.csv")).hasSameTextualContentAs(model.resolve("labels.csv"));
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        assertDone(line("kmeans", "found", "--k", "2", "--ignore", "times"));
        assertRefused("has 3 features, but the clusters of", assign("found", "to"));
        assertRefused(
                "height, mass; give the same columns in the same order", assign("found", "to", "--ignore", "mass"));
        assertRefused("whose files would be replaced", assign("found", "found", "--ignore", "times"));
        assertRefused("holds no clustering (no summary.json)", assign("none", "to"));
        assertDone(line("bisecting", "found", "--k", "2")); // where centres of k-means are left
        assertRefused("holds neither centres nor a mixture", assign("found", "to"));
        assertThat(folder.resolve("to")).doesNotExist();
    }

    private void assertRefused(String message, String... line) {
        assertThat(run(line)).isNotZero();
        assertThat(err.toString()).contains(message);
    }

    /** A weight of 3 is the point three times. */
    @Test
    void weightsAreAColumn() throws IOException {
        assertDone(line("kmeans", "one", "--k", "1", "--weights", "times"));
        double centre =
                Npy.readFloats(folder.resolve("one").resolve("centres.npy")).values()[0];
        assertThat(centre).isCloseTo((150.4 + 3 * 180.5) / 4, within(1e-4));
        assertThat(summary("one").path("weights").get(0).asDouble()).isEqualTo(60);
        assertThat(summary("one").path("columns")).hasSize(2);
        assertRefused("no column 'nothing'", line("kmeans", "x", "--k", "1", "--weights", "nothing"));
        assertRefused("is none", "cluster", "kmeans", "--data", "blobs:n=9", "--k", "2", "--weights", "1");
        assertRefused("leave out --weights", line("kmeans", "x", "--choose", "1..2", "--weights", "times"));
    }

    /** From the end of a run there is nothing to move; k is the file's. */
    @Test
    void aStartIsRead() throws IOException {
        assertDone(line("kmeans", "found", "--k", "2", "--ignore", "times", "--standardize"));
        String start = folder.resolve("found").resolve("centres.csv").toString();
        assertDone(line("kmeans", "again", "--ignore", "times", "--standardize", "--start", start));
        assertThat(summary("again").path("restartCosts")).hasSize(1);
        assertThat(summary("again").path("costHistory").get(0).asDouble())
                .isEqualTo(summary("again").path("inertia").asDouble());
        assertRefused("must be k centres, (3, p)", line("kmeans", "x", "--k", "3", "--start", start));
        assertRefused("is not there", line("kmeans", "x", "--start", start + ".npy"));
        assertRefused("leave out --start", line("kmeans", "x", "--choose", "1..2", "--start", start));
    }
}

package org.latent4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.data.npy.Npy;

class ClusterCommandsTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void kmeansWritesLabelsCentresSummaryAndPictures() throws IOException {
        assertThat(run("cluster", "kmeans", "--data", "blobs:k=4,n=90,seed=2", "--k", "4", "--out", folder.toString()))
                .as(err.toString())
                .isZero();
        assertThat(Files.readAllLines(folder.resolve("labels.csv"))).hasSize(91).startsWith("row,label");
        assertThat(Npy.readFloats(folder.resolve("labels.npy")).rows()).isEqualTo(90);
        assertThat(Npy.readFloats(folder.resolve("centres.npy")).columns()).isEqualTo(2);
        JsonNode summary = summary();
        assertThat(summary.path("k").asInt()).isEqualTo(4);
        assertThat(summary.path("distinctCentres").asInt()).isEqualTo(4);
        assertThat(summary.path("silhouette").asDouble()).isPositive();
        BufferedImage picture = ImageIO.read(folder.resolve("clusters.png").toFile());
        assertThat(picture.getWidth()).isGreaterThan(400);
        assertThat(folder.resolve("silhouette.png")).exists();
        assertThat(out.toString()).contains("inertia", "labels.csv", "summary.json");
    }

    @Test
    void kmeansChoosesK() throws IOException {
        assertThat(run(
                        "cluster",
                        "kmeans",
                        "--data",
                        "gaussian-ring:modes=4,n=80,seed=2,sigma=0.1",
                        "--choose",
                        "1..6",
                        "--out",
                        folder.toString()))
                .as(err.toString())
                .isZero();
        assertThat(summary().path("k").asInt()).isEqualTo(4);
        assertThat(summary().path("choice").path("bySilhouette").asInt()).isEqualTo(4);
        assertThat(folder.resolve("choice.png")).exists();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            kmeans --data blobs:n=3 --k 4            | k is 4, but there are only 3 points
            kmeans --data blobs:n=3 --k 0            | must be at least 1, but is 0
            kmeans --data blobs --k 3                | blobs:n=1000
            kmeans --data blobs:n=3                  | --choose
            kmeans --data blobs:n=9 --choose 3..2    | such as 1..10
            kmeans --data nothing.csv --k 2          | no such file
            kmeans --k 2                             | --data
            """)
    void badInputIsOneLineAndExitCode2(String line, String message) {
        String[] words = ("cluster " + line + " --out " + folder.resolve("none")).split(" +");
        assertThat(run(words)).isEqualTo(2);
        assertThat(err.toString().lines().filter(l -> l.startsWith("latent4j: ")))
                .singleElement()
                .asString()
                .contains(message);
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void textInATableIsNamed() throws IOException {
        Path csv = folder.resolve("t.csv");
        Files.writeString(csv, "a,b\n1,2\n3,x\n");
        assertThat(run("cluster", "kmeans", "--data", csv.toString(), "--k", "1", "--out", folder.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("t.csv").contains("'x'");
    }

    private JsonNode summary() throws IOException {
        return new JsonMapper().readTree(folder.resolve("summary.json").toFile());
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), args);
    }
}

package org.latent4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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

    /** In floats all points of each column would be one. */
    @ParameterizedTest
    @ValueSource(strings = {"kmeans", "bisecting", "gmm", "hierarchical", "hybrid", "minibatch"})
    void numbersKeepTheirDigits(String command) throws IOException {
        double[] points = new double[60];
        for (int i = 0; i < points.length; i++) {
            points[i] = 1e9 + (i % 4 < 2 ? 0 : 20) + i % 7 * 0.1;
        }
        Path file = folder.resolve("far.npy");
        Npy.write(file, points, 30, 2);
        List<String> line = new ArrayList<>(List.of("cluster", command, "--data", file.toString(), "--k", "2"));
        line.addAll(List.of("--out", folder.toString()));
        if (command.equals("hybrid")) {
            line.addAll(List.of("--m", "10"));
        }
        assertThat(run(line.toArray(String[]::new))).as(err.toString()).isZero();
        float[] labels = Npy.readFloats(folder.resolve("labels.npy")).values();
        for (int i = 0; i < labels.length; i++) {
            assertThat(labels[i]).isEqualTo(labels[i % 2]);
        }
        assertThat(labels[0]).isNotEqualTo(labels[1]);
    }

    @Test
    void distancesKeepTheirDigits() throws IOException {
        Path file = folder.resolve("distances.csv");
        Files.writeString(file, "0.1,0.2,0.3\n");
        assertThat(run(
                        "cluster",
                        "hierarchical",
                        "--distances",
                        "--linkage",
                        "single",
                        "--header",
                        "no",
                        "--data",
                        file.toString(),
                        "--out",
                        folder.toString()))
                .as(err.toString())
                .isZero();
        assertThat(Files.readAllLines(folder.resolve("Z.csv"))).contains("0,1,0.1,2", "2,3,0.2,3");
    }

    @Test
    void bisectingSplitsUntilThereAreK() throws IOException {
        assertThat(run(
                        "cluster",
                        "bisecting",
                        "--data",
                        "blobs:k=4,n=90,seed=2",
                        "--k",
                        "3",
                        "--out",
                        folder.toString()))
                .as(err.toString())
                .isZero();
        assertThat(Files.readAllLines(folder.resolve("labels.csv"))).hasSize(91);
        JsonNode summary = summary();
        assertThat(summary.path("costs")).hasSize(3);
        double sum = 0;
        for (JsonNode cost : summary.path("costs")) {
            sum += cost.asDouble();
        }
        assertThat(summary.path("inertia").asDouble()).isPositive().isCloseTo(sum, within(1e-9 * sum));
        assertThat(folder.resolve("clusters.png")).exists();
    }

    @Test
    void miniBatchesFindTheBlobsOfAFile() throws IOException {
        Path file = folder.resolve("points.npy");
        float[] points = new float[600];
        for (int i = 0; i < 300; i++) {
            points[2 * i] = i % 3 * 100 + i % 7 * .1f;
            points[2 * i + 1] = i % 5 * .1f;
        }
        Npy.write(file, points, 300, 2);
        String[] words = {
            "cluster", "minibatch", "--data", file.toString(), "--batch", "50", "--out", folder.toString(), "--k"
        };
        assertThat(run(with(words, "3"))).as(err.toString()).isZero();
        assertThat(summary().path("counts")).allMatch(count -> count.asInt() == 100);
        assertThat(Npy.readFloats(folder.resolve("centres.npy")).rows()).isEqualTo(3);
        assertThat(run(with(words, "301"))).isEqualTo(2);
        assertThat(err.toString()).contains("k is 301, but there are only 300 points");
    }

    private static String[] with(String[] words, String last) {
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = last;
        return all;
    }

    @ParameterizedTest
    @CsvSource({"kmeans,--k,2", "bisecting,--k,2", "gmm,--k,1", "hierarchical,--k,2", "hybrid,--m,4"})
    void trueClassesAreComparedWith(String command, String option, String number) throws IOException {
        Path csv = folder.resolve("points.csv");
        Files.writeString(
                csv, "x,kind,y\n0,far,0\n0.5,far,1\n1,far,0\n9,near,9\n9,near,8\n8,near,9\n8,near,8\n0,far,1\n");
        assertThat(run(
                        "cluster",
                        command,
                        "--data",
                        csv.toString(),
                        "--target",
                        "kind",
                        option,
                        number,
                        option.equals("--k") ? "--seed" : "--k",
                        "2",
                        "--out",
                        folder.toString()))
                .as(err.toString())
                .isZero();
        double expected = command.equals("gmm") ? 0 : 1; // one component agrees with nothing
        assertThat(summary().path("agreement").path("adjustedRand").asDouble()).isEqualTo(expected);
        assertThat(summary().path("features").asInt(2)).isEqualTo(2);
        assertThat(out.toString()).contains("agreement with kind: adjusted Rand index " + (int) expected + ".000");
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

    @Test
    void hierarchicalWritesSciPysTableAndTheCut() throws IOException {
        Path csv = folder.resolve("points.csv");
        Files.writeString(csv, "x,y\n-1,-1\n0,0\n1,1\n9,9\n");
        assertThat(run(
                        "cluster",
                        "hierarchical",
                        "--data",
                        csv.toString(),
                        "--linkage",
                        "single",
                        "--metric",
                        "manhattan",
                        "--k",
                        "2",
                        "--out",
                        folder.toString()))
                .as(err.toString())
                .isZero();
        assertThat(Files.readAllLines(folder.resolve("Z.csv")))
                .containsExactly("left,right,height,size", "0,1,2,2", "2,4,2,3", "3,5,16,4");
        assertThat(Files.readAllLines(folder.resolve("labels.csv")))
                .containsExactly("row,label", "1,0", "2,0", "3,0", "4,1");
        assertThat(Npy.readFloats(folder.resolve("Z.npy")).columns()).isEqualTo(4);
        // Manhattan distances (2, 4, 20, 2, 18, 16), heights (2, 2, 16, 2, 16, 16): numpy.corrcoef
        assertThat(summary().path("copheneticCorrelation").asDouble()).isCloseTo(0.9852117548196745, within(1e-12));
        assertThat(out.toString()).contains("cophenetic correlation: 0.9");
        assertThat(summary().path("clusters").asInt()).isEqualTo(2);
        assertThat(folder.resolve("dendrogram.png")).exists();
        assertThat(folder.resolve("clusters.png")).exists();
    }

    @Test
    void gmmChoosesKByBic() throws IOException {
        assertThat(run(
                        "cluster",
                        "gmm",
                        "--data",
                        "gaussian-ring:modes=3,n=120,seed=2,sigma=0.1",
                        "--choose",
                        "1..4",
                        "--covariance",
                        "spherical",
                        "--out",
                        folder.toString()))
                .as(err.toString())
                .isZero();
        assertThat(summary().path("k").asInt()).isEqualTo(3);
        assertThat(summary().path("tried")).hasSize(4);
        assertThat(Npy.readFloats(folder.resolve("probabilities.npy")).columns())
                .isEqualTo(3);
        assertThat(Files.readAllLines(folder.resolve("labels.csv"))).hasSize(121);
        assertThat(folder.resolve("means.csv")).exists();
        assertThat(folder.resolve("covariances.npy")).exists();
        assertThat(folder.resolve("clusters.png")).exists();
    }

    @Test
    void hybridWritesTheHierarchyOfSmallClusters() throws IOException {
        assertThat(run(
                        "cluster",
                        "hybrid",
                        "--data",
                        "blobs:k=3,n=400,seed=2",
                        "--m",
                        "20",
                        "--k",
                        "3",
                        "--consolidate",
                        "--out",
                        folder.toString()))
                .as(err.toString())
                .isZero();
        assertThat(Npy.readFloats(folder.resolve("Z.npy")).rows()).isEqualTo(19);
        assertThat(Npy.readFloats(folder.resolve("means.npy")).rows()).isEqualTo(20);
        assertThat(summary().path("counts")).hasSize(3);
        assertThat(folder.resolve("dendrogram.png")).exists();
    }

    @Test
    void hierarchicalTakesDistances() throws IOException {
        Path csv = folder.resolve("distances.csv");
        Files.writeString(csv, "0,5,2\n5,0,3\n2,3,0\n");
        assertThat(run(
                        "cluster",
                        "hierarchical",
                        "--distances",
                        "--data",
                        csv.toString(),
                        "--linkage",
                        "complete",
                        "--height",
                        "2.5",
                        "--out",
                        folder.toString()))
                .as(err.toString())
                .isZero();
        assertThat(Files.readAllLines(folder.resolve("Z.csv"))).contains("0,2,2,2", "1,3,5,3");
        // (5, 2, 3) and (5, 2, 5): numpy.corrcoef
        assertThat(summary().path("copheneticCorrelation").asDouble()).isCloseTo(0.7559289460184544, within(1e-12));
        assertThat(Files.readAllLines(folder.resolve("labels.csv"))).contains("1,0", "2,1", "3,0");
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
            gmm --data blobs:n=3 --k 4               | k is 4, but there are only 3 points
            gmm --data blobs:n=9 --k 2 --covariance rund | full
            gmm --data blobs:n=9                     | --choose
            hybrid --data blobs:n=9 --m 0            | at least 1, but is 0
            hybrid --data blobs:n=9 --m 5 --k 6      | within 1 ... 5
            hybrid --data blobs:n=9 --consolidate    | --k K
            hierarchical --data blobs:n=3 --k 4      | 1 to 3 clusters, but 4
            hierarchical --data blobs:n=3 --metric cosine | ward linkage
            hierarchical --data blobs:n=3 --linkage sengle | single
            hierarchical --data blobs:n=3 --k 2 --height 1 | not both
            hierarchical --data blobs:n=5 --distances | square
            hierarchical --data blobs:n=5 --distances --standardize | one of them
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

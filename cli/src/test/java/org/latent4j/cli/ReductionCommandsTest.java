package org.latent4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.data.npy.Npy;

class ReductionCommandsTest {
    private static final Offset<Double> CLOSE = Offset.offset(1e-8);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** scikit-learn's example; the offset of 1e8 must not change a digit of the variances. */
    @ParameterizedTest
    @CsvSource({"0,auto", "100000000,auto", "100000000,covariance", "100000000,incremental"})
    void pcaOfATable(long offset, String solver) throws IOException {
        StringBuilder csv = new StringBuilder("a,b,kind\n");
        int[][] points = {{-1, -1}, {-2, -1}, {-3, -2}, {1, 1}, {2, 1}, {3, 2}};
        for (int i = 0; i < points.length; i++) {
            csv.append(points[i][0] + offset)
                    .append(',')
                    .append(points[i][1] + offset)
                    .append(i < 3 ? ",x\n" : ",y\n");
        }
        Path table = Files.writeString(folder.resolve("t.csv"), csv);
        Path to = folder.resolve("out");
        assertThat(run(
                        "reduce",
                        "pca",
                        "--data",
                        table.toString(),
                        "--target",
                        "kind",
                        "--solver",
                        solver,
                        "--out",
                        to.toString()))
                .as(err.toString())
                .isZero();
        JsonNode figures = json(to.resolve("pca.json"));
        assertThat(figures.path("singularValues").path(0).asDouble()).isCloseTo(6.30061232, CLOSE);
        assertThat(figures.path("singularValues").path(1).asDouble()).isCloseTo(0.54980396, CLOSE);
        assertThat(figures.path("explainedVarianceRatio").path(0).asDouble()).isCloseTo(0.99244289, CLOSE);
        assertThat(figures.path("reason").asText()).isNotBlank();
        assertThat(figures.path("reconstructionError").asDouble()).isCloseTo(0, CLOSE);
        assertThat(run(
                        "reduce",
                        "pca",
                        "--data",
                        table.toString(),
                        "--target",
                        "kind",
                        "--solver",
                        solver,
                        "--whiten",
                        "--components",
                        "1",
                        "--out",
                        to.resolve("one").toString()))
                .isZero();
        // What one component leaves out is the other one's part: its singular value squared, by n.
        assertThat(json(to.resolve("one/pca.json")).path("reconstructionError").asDouble())
                .isCloseTo(0.54980396 * 0.54980396 / 6, CLOSE);
        assertThat(err.toString()).contains("reconstruction error: 0.0503807");
        assertThat(Npy.readFloats(to.resolve("scores.npy")).rows()).isEqualTo(6);
        assertThat(Npy.readFloats(to.resolve("components.npy")).columns()).isEqualTo(2);
        assertThat(ImageIO.read(to.resolve("scores.png").toFile()).getWidth()).isGreaterThan(400);
        assertThat(to.resolve("spectrum.png")).exists();
        assertThat(out.toString()).contains("pca.json");
    }

    @Test
    void pcaOfAMappedFile() throws IOException {
        float[] values = new float[50 * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i * i);
        }
        Path file = folder.resolve("x.npy");
        Npy.write(file, values, 50, 3);
        Path to = folder.resolve("out");
        assertThat(run(
                        "reduce",
                        "pca",
                        "--data",
                        file.toString(),
                        "--components",
                        "2",
                        "--solver",
                        "randomized",
                        "--standardize",
                        "--whiten",
                        "--out",
                        to.toString()))
                .as(err.toString())
                .isZero();
        Npy.Floats scores = Npy.readFloats(to.resolve("scores.npy"));
        double square = 0;
        for (int i = 0; i < 50; i++) {
            square += scores.values()[2 * i] * scores.values()[2 * i] / 49;
        }
        assertThat(square).isCloseTo(1, Offset.offset(1e-5));
        assertThat(to.resolve("scale.npy")).exists();
    }

    @Test
    void constantColumnsAreNamedAndStayZero() throws IOException {
        Path table = Files.writeString(folder.resolve("t.csv"), "a,still,b\n1,7,2\n2,7,1\n4,7,9\n5,7,3\n");
        Path to = folder.resolve("out");
        assertThat(run("reduce", "pca", "--data", table.toString(), "--standardize", "--out", to.toString()))
                .as(err.toString())
                .isZero();
        assertThat(err.toString()).contains("constant columns, which stay 0: still");
        assertThat(json(to.resolve("pca.json")).path("constantColumns").path(0).asText())
                .isEqualTo("still");
        for (float score : Npy.readFloats(to.resolve("scores.npy")).values()) {
            assertThat(score).isFinite();
        }
    }

    @Test
    void numbersThatAreNotFiniteAreNamed() throws IOException {
        Npy.write(folder.resolve("x.npy"), new float[] {1, 2, 3, Float.NaN, 5, 6}, 3, 2);
        assertThat(run(
                        "reduce",
                        "pca",
                        "--data",
                        folder.resolve("x.npy").toString(),
                        "--out",
                        folder.resolve("out").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("row 2, column").contains("NaN");
        assertThat(folder.resolve("out/pca.json")).doesNotExist();
    }

    @Test
    void covarianceAndShiftsAgree() throws IOException {
        double[] shifts = {1, 0, 2, 1, 0, 3};
        double[] covariance = {1, 2, 0, 2, 5, 3, 0, 3, 9};
        Npy.write(folder.resolve("s.npy"), shifts, 3, 2);
        Npy.write(folder.resolve("c.npy"), covariance, 3, 3);
        Path names = Files.writeString(folder.resolve("n.csv"), "name,group\na,one\nb,one\nc,two\n");
        for (String[] kind : new String[][] {{"c.npy", "--covariance"}, {"s.npy", "--shifts"}}) {
            Path to = folder.resolve(kind[1]);
            assertThat(run(
                            "reduce",
                            "pca",
                            "--data",
                            folder.resolve(kind[0]).toString(),
                            kind[1],
                            "--names",
                            names.toString(),
                            "--out",
                            to.toString()))
                    .as(err.toString())
                    .isZero();
            JsonNode figures = json(to.resolve("covariance.json"));
            assertThat(figures.path("rank").asInt()).isEqualTo(2);
            assertThat(figures.path("trace").asDouble()).isCloseTo(15, CLOSE);
            assertThat(figures.path("leading").path(0).path("eigenvalue").asDouble())
                    .isCloseTo(7.5 + Math.sqrt(7.5 * 7.5 - 46), CLOSE);
            assertThat(figures.path("groups").path(1).asText()).isEqualTo("two");
            assertThat(ImageIO.read(to.resolve("directions.png").toFile()).getHeight())
                    .isGreaterThan(400);
        }
    }

    @Test
    void dimensionOfACloud() throws IOException {
        Path to = folder.resolve("out");
        assertThat(run("reduce", "dimension", "--data", "moons:n=400,noise=0.4", "--out", to.toString()))
                .as(err.toString())
                .isZero();
        JsonNode figures = json(to.resolve("dimension.json"));
        assertThat(figures.path("twoNn").path("dimension").asDouble()).isCloseTo(2, Offset.offset(0.4));
        assertThat(figures.path("levinaBickel").path("standardError").asDouble())
                .isPositive();
    }

    @Test
    void dimensionOfTooFewRowsShowsNoFigure() {
        Path to = folder.resolve("few");
        assertThat(run("reduce", "dimension", "--data", "moons:n=12,noise=0.4", "--out", to.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).doesNotContain("TwoNN:");
        assertThat(to).doesNotExist();
    }

    @Test
    void dimensionOfAnUnfitEmbeddingShowsNoFigure() throws IOException {
        Path to = folder.resolve("unfit");
        Path embedding = folder.resolve("short.npy");
        Npy.write(embedding, new float[14], 7, 2);
        String[] command = {"reduce", "dimension", "--data", "moons:n=100,noise=0.4", "--embedding", "", "--out", ""};
        command[5] = embedding.toString();
        command[7] = to.toString();
        assertThat(run(command)).isEqualTo(2);
        assertThat(err.toString()).contains("100 points, but 7 embedded ones").doesNotContain("TwoNN");
        assertThat(to).doesNotExist();
    }

    @Test
    void divergences() throws IOException {
        Path file = folder.resolve("d.json");
        assertThat(run("divergence", "--p", "0.5,0.5", "--q", ".9,.1", "--json", file.toString()))
                .isZero();
        JsonNode figures = json(file);
        assertThat(figures.path("kl_pq").asDouble()).isCloseTo(.5108256238, CLOSE);
        assertThat(figures.path("kl_qp").asDouble()).isCloseTo(.3680642072, CLOSE);
        assertThat(figures.path("js").asDouble()).isCloseTo(.1017492251, CLOSE);
        assertThat(out.toString()).contains("kl_pq: 0.5108256238");
        assertThat(run("divergence", "--p", "normal:0,1", "--q", "normal:1,2", "--json", file.toString()))
                .isZero();
        assertThat(json(file).path("kl_pq").asDouble()).isCloseTo(Math.log(2) - 0.25, CLOSE);
        assertThat(json(file).path("js").asDouble()).isBetween(0.1, 0.2);
        assertThat(run("divergence", "--p", "0.5,0.5", "--q", "1,0")).isZero();
        assertThat(err.toString()).contains("infinite", "place 2");
        assertThat(run(
                        "divergence",
                        "--p",
                        "gaussian:n=500,mean=0,sigma=1",
                        "--q",
                        "gaussian:n=600,mean=1,sigma=1,seed=2",
                        "--kind",
                        "samples",
                        "--json",
                        file.toString()))
                .as(err.toString())
                .isZero();
        assertThat(json(file).path("kl_pq").asDouble()).isCloseTo(0.5, Offset.offset(0.2));
        // 0.11 by quadrature; such samples scatter by 0.015.
        assertThat(json(file).path("js").asDouble()).isCloseTo(0.1114, Offset.offset(0.06));
        assertThat(json(file).path("js_error").asDouble()).isBetween(0.005, 0.03);
        assertThat(json(file).path("js_distance").asDouble())
                .isCloseTo(Math.sqrt(json(file).path("js").asDouble()), CLOSE);
    }

    @Test
    void jensenShannonOfFittedNormalsOfSeveralFeatures() throws IOException {
        // Variances of 2/3 and no covariance for both, means 1 apart: the divergence is that of N(0, 1) and
        // N(sqrt(3/2), 1), by quadrature.
        Path p = Files.writeString(folder.resolve("p.csv"), "x,y\n1,0\n-1,0\n0,1\n0,-1\n");
        Path q = Files.writeString(folder.resolve("q.csv"), "x,y\n2,0\n0,0\n1,1\n1,-1\n");
        Path file = folder.resolve("d.json");
        assertThat(run(
                        "divergence",
                        "--p",
                        p.toString(),
                        "--q",
                        q.toString(),
                        "--kind",
                        "gaussian",
                        "--json",
                        file.toString()))
                .as(err.toString())
                .isZero();
        assertThat(json(file).path("js").asDouble()).isCloseTo(0.158658887509, CLOSE);
        assertThat(json(file).path("js_distance").asDouble()).isCloseTo(Math.sqrt(0.158658887509), CLOSE);
        assertThat(json(file).path("js_error").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reduce pca --data blobs:n=20 --components 3 | at most 2",
                "reduce pca --data blobs:n=20 --components 1.5 | above 0 and at most 1",
                "divergence --p 0.5,0.6 --q 1,0 | sum",
                "divergence --p -0.5,1.5 --q 1,0 | must be 0 or above",
                "reduce pca --data blobs:n=20 --solver fast | did you mean",
                "reduce pca --data blobs | say how many",
                "reduce pca --data nowhere.npy | no such file",
                "reduce pca --data blobs:n=20 --names x.csv | --names belongs to",
                "reduce pca --data blobs:n=20 --covariance | must be (p, p)",
                "reduce pca --data blobs:n=20 --covariance --shifts --whiten | --standardize and --whiten",
                "reduce dimension --data blobs:n=20 --neighbours 5 | a range such as",
                "reduce dimension --data blobs:n=20 | at least 23 rows",
                "reduce dimension --data moons:n=100 --embedding nowhere.npy | nowhere.npy is not there",
                "divergence --p nan,1 --q 0.5,0.5 | p's probability 1 is NaN",
                "divergence --p 0.5,half --q 0.5,0.5 | --p must be probabilities",
                "divergence --p 0.5,,0.5 --q 0.5,0.5 | '' in 0.5,,0.5 is no number",
                "divergence --p nowhere.npy --q 0.5,0.5 | --p nowhere.npy: there is no such file",
                "divergence --p 0.5,0.6 --q 0.5,0.5 --kind discrete | sums to 1.1",
                "divergence --p normal:1 --q normal:0,1 | normal:MEAN,SD",
                "divergence --p normal:1,1 --q 0.5,0.5 | of one kind",
                "gan directions --run nowhere | holds no run"
            })
    void badInputIsOneLine(String command, String expected) {
        assertThat(run(command.strip().split(" "))).as(err.toString()).isEqualTo(2);
        String last = err.toString().lines().reduce((a, b) -> b).orElse("");
        assertThat(last).startsWith("latent4j: ").contains(expected.strip());
    }

    private static JsonNode json(Path file) throws IOException {
        return new JsonMapper().readTree(file.toFile());
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}

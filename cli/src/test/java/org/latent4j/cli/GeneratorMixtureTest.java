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
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.compute.Philox;
import org.latent4j.data.npy.Npy;

/** Two generators, each trained on its own cloud of points, as one generator of both. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GeneratorMixtureTest {
    @TempDir
    private static Path folder;

    private StringWriter err = new StringWriter();

    @BeforeAll
    void trainTwo() throws IOException {
        cloud("left.csv", 400, 0);
        cloud("right.csv", 0, 400);
        cloud("both.csv", 450, 150);
        for (String side : new String[] {"left", "right"}) {
            int code = run("train --data DIR/" + side + ".csv --width 32 --batch 32 --steps 300 --out DIR/" + side);
            assertThat(code).as(err.toString()).isZero();
        }
        Files.writeString(folder.resolve("line.csv"), "x\n1\n2\n3\n4\n");
        assertThat(run("train --data DIR/line.csv --width 4 --batch 2 --steps 2 --out DIR/line"))
                .as(err.toString())
                .isZero();
    }

    /** Points around x = -2 and around x = 2. */
    private static void cloud(String name, int left, int right) throws IOException {
        Philox random = new Philox(8, Philox.Purpose.SYNTHETIC, left);
        StringBuilder csv = new StringBuilder("x,y\n");
        for (int i = 0; i < left + right; i++) {
            double x = (i < left ? -2 : 2) + 0.5 * random.nextGaussian();
            csv.append(String.format(Locale.ROOT, "%.4f,%.4f%n", x, 0.5 * random.nextGaussian()));
        }
        Files.writeString(folder.resolve(name), csv);
    }

    /** Three quarters of the points are the left generator's: the weights say so, and the mixture covers what neither does. */
    @Test
    void weightsAreFittedAndTheMixtureCoversMore() throws IOException {
        int code = run("generate --run DIR/left --run DIR/right --weights fit --data DIR/both.csv --n 1000"
                + " --npy DIR/mixed.npy --json DIR/mixed.json");
        assertThat(code).as(err.toString()).isZero();
        JsonNode report = new JsonMapper().readTree(folder.resolve("mixed.json").toFile());
        double left = report.path("weights").get(0).asDouble();
        assertThat(left).isCloseTo(0.75, within(0.12));
        assertThat(left + report.path("weights").get(1).asDouble()).isCloseTo(1, within(1e-9));
        double covered = report.path("mixture").path("coverage").asDouble();
        for (JsonNode member : report.path("members")) {
            assertThat(covered).isGreaterThan(member.path("coverage").asDouble() + 0.1);
            assertThat(member.path("divergence").asDouble())
                    .isGreaterThan(report.path("mixture").path("divergence").asDouble());
        }
        assertThat(shareLeft("mixed.npy")).isCloseTo(left, within(0.06));
    }

    @Test
    void givenWeightsAreKept() throws IOException {
        int code = run("generate --run DIR/left --run DIR/right --weights 1,4 --data DIR/both.csv --n 500"
                + " --npy DIR/given.npy --json DIR/given.json");
        assertThat(code).as(err.toString()).isZero();
        JsonNode report = new JsonMapper().readTree(folder.resolve("given.json").toFile());
        assertThat(report.path("weights").get(0).asDouble()).isCloseTo(0.2, within(1e-12));
        assertThat(report.path("mixture").path("coverage").asDouble()).isPositive();
        assertThat(report.path("mixture").has("divergence")).isFalse();
        assertThat(shareLeft("given.npy")).isCloseTo(0.2, within(0.07));
    }

    private double shareLeft(String npy) {
        float[] points = Npy.readFloats(folder.resolve(npy)).values();
        int left = 0;
        for (int i = 0; i < points.length; i += 2) {
            left += points[i] < 0 ? 1 : 0;
        }
        return left / (points.length / 2.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            --run DIR/left --run DIR/right --weights 0.3 --data DIR/both.csv       | 2 numbers
            --run DIR/left --run DIR/right --weights 1,-1 --data DIR/both.csv      | none below 0
            --run DIR/left --run DIR/right --weights best --data DIR/both.csv      | equal, fit, or a number for each
            --run DIR/left --run DIR/line --weights fit --data DIR/both.csv        | samples are alike
            --run DIR/left --run DIR/right --weights fit --data DIR/line.csv       | points of 1 feature
            --run DIR/left --run DIR/none --weights fit --data DIR/both.csv        | none
            """)
    void badInputIsOneLineAndExitCode2(String line, String message) {
        assertThat(run("generate " + line + " --n 10 --npy DIR/no.npy")).isEqualTo(2);
        assertThat(err.toString().lines().filter(l -> l.startsWith("latent4j: ")))
                .singleElement()
                .asString()
                .contains(message);
        assertThat(folder.resolve("no.npy")).doesNotExist();
    }

    private int run(String line) {
        err = new StringWriter();
        String[] arguments = ("gan " + line.replace("DIR", folder.toString())).split(" +");
        return Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), arguments);
    }
}

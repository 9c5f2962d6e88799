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
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Philox;
import org.latent4j.data.npy.Npy;

class EnsembleCommandsTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Columns a and b, a group g that a tells of, and a number y = 2 a + noise. */
    @BeforeEach
    void tables() throws IOException {
        Philox random = new Philox(3, Philox.Purpose.SYNTHETIC, 0);
        StringBuilder points = new StringBuilder("a,b,y,g\n");
        for (int i = 0; i < 120; i++) {
            boolean v = i % 3 == 0;
            double a = random.nextGaussian() + (v ? 3 : 0);
            points.append(String.format(
                    Locale.ROOT,
                    "%.4f,%.4f,%.4f,%s%n",
                    a,
                    random.nextGaussian(),
                    2 * a + 0.1 * random.nextGaussian(),
                    v ? "v" : "u"));
        }
        Files.writeString(folder.resolve("t.csv"), points);
    }

    @Test
    void forestIsGrownAndPredicts() throws IOException {
        succeeds("forest --data T --target g --ignore y --trees 20 --permutations 2 --out OUT");
        JsonNode summary = summary();
        assertThat(summary.path("outOfBagAccuracy").asDouble()).isGreaterThan(0.85);
        assertThat(summary.path("importances").path("a").asDouble()).isGreaterThan(0.6);
        assertThat(ImageIO.read(folder.resolve("out/importances.png").toFile()).getWidth())
                .isGreaterThan(400);
        succeeds("forest --data T --target g --ignore y --model OUT/forest.l4jtrees --out OUT/p");
        assertThat(Files.readAllLines(folder.resolve("out/p/predictions.csv"))).hasSize(121);
    }

    /** THEORY, section 4, of the forest's own trees; of a single tree there is no pair. */
    @Test
    void forestsTellHowMuchTheirTreesErrTogether() throws IOException {
        succeeds("forest --data T --target y --ignore g --test " + folder.resolve("t.csv") + " --trees 30 --out OUT");
        JsonNode found = summary().path("diagnostics");
        assertThat(summary().path("diagnosticsOn").asText()).isEqualTo("120 test points");
        assertThat(found.path("models").asInt()).isEqualTo(30);
        double rho = found.path("correlation").asDouble();
        assertThat(rho).isBetween(0.01, 0.99);
        assertThat(found.path("predictedVariance").asDouble())
                .isCloseTo(found.path("memberVariance").asDouble() * (1 + 29 * rho) / 30, within(1e-9));
        assertThat(out.toString()).contains("errors on 120 test points: variance of trees", "correlation 0.");
        succeeds("forest --data T --target y --ignore g --trees 1 --out OUT");
        assertThat(out.toString()).contains("errors on 120 training points", "none, as fewer than two trees err");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "forest --trees 3 --min-gain 1e9",
                "forest --trees 3 --min-split 121",
                "bag --members 3 --min-gain 1e9",
                "bag --members 3 --min-leaf 121"
            })
    void limitsThatNothingReachesLeaveTreesWithoutCuts(String command) throws IOException {
        succeeds(command + " --data T --target y --ignore g --test " + folder.resolve("t.csv") + " --out OUT");
        // Each tree says one number, so its error has the variance of y: R^2 is 0 but for its mean.
        assertThat(summary().path("testR2").asDouble()).isBetween(-0.1, 0.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tree", "perceptron", "logistic", "nearest", "network --passes 3 --hidden 4"})
    void bagsAreLearnedAndPredict(String learner) throws IOException {
        succeeds("bag --data T --target g --ignore y --members 3 --size 60 --learner " + learner + " --out OUT");
        JsonNode summary = summary();
        assertThat(summary.path("memberScores")).hasSize(3);
        assertThat(summary.path("outOfBagAccuracy").asDouble()).isGreaterThan(0.6);
        assertThat(summary.path("diagnostics").path("models").asInt()).isEqualTo(3);
        assertThat(folder.resolve("out/plane.png")).exists();
        succeeds("bag --data T --target g --ignore y --model OUT/model --out OUT/p");
        JsonNode predicted =
                new JsonMapper().readTree(folder.resolve("out/p/summary.json").toFile());
        assertThat(predicted.path("testAccuracy").asDouble())
                .isCloseTo(summary.path("trainingAccuracy").asDouble(), within(1e-12));
    }

    @Test
    void forestsTakeMissingValuesAndBagsTellOfThem() throws IOException {
        StringBuilder csv = new StringBuilder("a,b,kind\n");
        for (int i = 0; i < 60; i++) {
            csv.append(i % 3 == 0 ? "" : i % 2 == 0 ? "1" : "5").append(',').append(i % 2 == 0 ? "2" : "nan");
            csv.append(i % 2 == 0 ? ",even\n" : ",odd\n");
        }
        Files.writeString(folder.resolve("t.csv"), csv);
        succeeds("forest --data T --target kind --trees 20 --out OUT");
        assertThat(summary().path("outOfBagAccuracy").asDouble()).isEqualTo(1);
        assertThat(run("bag --data T --target kind --out OUT/none")).isEqualTo(2);
        assertThat(err.toString()).contains("line 2, column 'a' is missing", "line 3, column 'b': nan");
    }

    /** Points of the wrong class that weigh nothing change nothing; the weight is no feature. */
    @Test
    void forestsTakeWeightsAndShowTreesAndProximities() throws IOException {
        StringBuilder csv = new StringBuilder("width,w,colour,kind\n");
        for (int i = 0; i < 60; i++) {
            boolean wrong = i % 3 == 0;
            csv.append(i % 10).append(wrong ? ",0," : ",2,").append(i % 10 < 5 ? "red" : "blue");
            csv.append(i % 10 < 5 == wrong ? ",a\n" : ",b\n");
        }
        Files.writeString(folder.resolve("t.csv"), csv);
        succeeds("forest --data T --target kind --weights w --categorical colour --trees 5 --features all --draw 2"
                + " --proximity --out OUT");
        assertThat(summary().path("importances").has("w")).isFalse();
        assertThat(Files.readString(folder.resolve("out/tree-2.dot"))).contains("digraph", "-> 1");
        assertThat(ImageIO.read(folder.resolve("out/tree-1.png").toFile()).getWidth())
                .isGreaterThan(200);
        Npy.Floats near = Npy.readFloats(folder.resolve("out/proximity.npy"));
        assertThat(near.values()).hasSize(60 * 60);
        assertThat(near.values()[1]).isEqualTo(1);
        assertThat(near.values()[5]).isZero();
        succeeds("forest --data T --target kind --weights w --model OUT/forest.l4jtrees --out OUT/p");
        List<String> lines = Files.readAllLines(folder.resolve("out/p/predictions.csv"));
        assertThat(lines.get(1)).startsWith("1,b,");
        assertThat(lines.get(6)).startsWith("6,a,");
        assertThat(run("forest --data T --target kind --weights x --categorical colour"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--weights x", "width, w, colour");
    }

    /** Colours in no useful order decide the class; a forest that predicts numbers them as the one that learned did. */
    @Test
    void forestsLearnFromNamesOfCategories() throws IOException {
        String[] colours = {"red", "green", "blue", "teal", "pink"};
        StringBuilder csv = new StringBuilder("width,colour,kind\n");
        for (int i = 0; i < 100; i++) {
            csv.append(i * 7 % 11).append(',').append(i % 17 == 0 ? "" : colours[i % 5]);
            csv.append(i % 5 == 0 || i % 5 == 2 ? ",a\n" : ",b\n");
        }
        Files.writeString(folder.resolve("t.csv"), csv);
        succeeds("forest --data T --target kind --categorical colour --trees 20 --features all --out OUT");
        assertThat(summary().path("outOfBagAccuracy").asDouble()).isGreaterThan(0.9);
        Files.writeString(folder.resolve("t.csv"), "width,colour\n3,teal\n3,red\n3,mauve\n3,blue\n");
        succeeds("forest --data T --model OUT/forest.l4jtrees --out OUT/p");
        List<String> lines = Files.readAllLines(folder.resolve("out/p/predictions.csv"));
        assertThat(lines.get(1)).startsWith("1,b,");
        assertThat(lines.get(2)).startsWith("2,a,");
        assertThat(lines.get(4)).startsWith("4,a,");
        Files.writeString(folder.resolve("t.csv"), "width,tint\n3,teal\n");
        assertThat(run("forest --data T --model OUT/forest.l4jtrees --out OUT/none"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("no column 'colour'");
    }

    @Test
    void bootstrapOfColumnsPairsAndGroups() throws IOException {
        succeeds("bootstrap --data T --ignore g --resamples 500 --out OUT");
        assertThat(summary().path("results")).hasSize(3);
        assertThat(Npy.readFloats(folder.resolve("out/replicates.npy")).columns())
                .isEqualTo(3);
        succeeds("bootstrap --data T --ignore g --statistic correlation --target a --with y --resamples 500 --out OUT");
        JsonNode correlation = summary().path("results").get(0);
        assertThat(correlation.path("estimate").asDouble()).isGreaterThan(0.99);
        assertThat(correlation.path("intervals").path("bca").path("low").asDouble())
                .isBetween(0.98, 1.0);
        assertThat(correlation
                        .path("intervals")
                        .path("studentised")
                        .path("note")
                        .asText())
                .contains("inner");
        succeeds("bootstrap --data T --ignore g --statistic correlation --target a --with y --resamples 500 --inner 20"
                + " --out OUT");
        JsonNode studentised =
                summary().path("results").get(0).path("intervals").path("studentised");
        assertThat(studentised.path("low").asDouble()).isBetween(0.98, 1.0);
        assertThat(studentised.path("high").asDouble())
                .isGreaterThan(studentised.path("low").asDouble())
                .isLessThan(1.01);
        succeeds("bootstrap --data T --by g --target a --statistic median --resamples 500 --out OUT");
        JsonNode difference = summary().path("results").get(0);
        assertThat(difference.path("name").asText()).isEqualTo("median of a, u less v");
        assertThat(difference.path("intervals").path("percentile").path("high").asDouble())
                .isLessThan(-2);
        assertThat(folder.resolve("out/replicates.png")).exists();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            bootstrap --data T --ignore g --resamples 0                  | B, the number of resamples
            bootstrap --data T --ignore g --statistic medan              | medan
            bootstrap --data T --ignore g --statistic covariance         | --with
            bootstrap --data T --ignore g --target c                     | there is no column "c"
            bootstrap --data T --ignore g --level 95                     | between 0 and 1
            bootstrap --data T --ignore g --by y --target a              | two groups
            bag --data T --target g --ignore y --members 0               | at least 1 member
            bag --data T --target g --ignore y --split partition --members 121 | 121 parts
            bag --data T --target y --ignore g --learner perceptron      | learns classes
            bag --data T --target g --learner forest                     | forest
            bag --data T --target g --model OUT/none                     | holds no bag.json
            forest --data T --target g --trees 0                         | at least 1 tree
            forest --data T                                              | text
            forest --data T --target g --min-gain -1 --min-split 1       | minSplit must be at least 2, but is 1; minGain must be
            bag --data T --target g --min-gain NaN                       | minGain must be 0 or more, but is NaN
            forest --data T --target g --categorical g                   | column 'g' is the target
            """)
    void badInputIsOneLineAndExitCode2(String line, String message) {
        assertThat(run(line + " --out OUT/none")).isEqualTo(2);
        assertThat(err.toString().lines().filter(l -> l.startsWith("latent4j: ")))
                .singleElement()
                .asString()
                .contains(message);
        assertThat(folder.resolve("out/none")).doesNotExist();
    }

    private JsonNode summary() throws IOException {
        return new JsonMapper().readTree(folder.resolve("out/summary.json").toFile());
    }

    private void succeeds(String line) {
        assertThat(run(line)).as(err.toString()).isZero();
    }

    private int run(String line) {
        String filled = line.replace("OUT", folder.resolve("out").toString())
                .replace("--data T", "--data " + folder.resolve("t.csv"));
        return Main.run(new PrintWriter(out), new PrintWriter(err), ("ensemble " + filled).split(" +"));
    }
}

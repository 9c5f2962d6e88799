package org.latent4j.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.data.npy.NpyFile;

/** The gan commands as a person calls them, in this process. */
class GanCommandsTest {
    @TempDir
    Path folder;

    private String out;
    private String err;

    @Test
    void pointsAreTrainedGeneratedAndEvaluated() throws IOException {
        Path run = folder.resolve("runs/ring");
        String[] train = {
            "gan",
            "train",
            "--data",
            "gaussian-ring:sigma=0.1",
            "--width",
            "16",
            "--batch",
            "16",
            "--steps",
            "12",
            "--evaluate-every",
            "6",
            "--metrics",
            "prdc,modes,two-sample",
            "--keep-best",
            "modeKl",
            "--out",
            run + ""
        };
        assertThat(run(train)).as(err).isZero();
        assertThat(err)
                .containsPattern("step 6: precision [0-9.]+ \\([0-9.]+\\)  recall")
                .contains("step 12: precision");
        assertThat(Files.readString(run.resolve("stats.jsonl")).lines().filter(line -> line.contains("\"evaluation\"")))
                .hasSize(2)
                .allMatch(line -> line.contains("\"modes\":{\"value\":") && line.contains("\"twoSample\":{"))
                .noneMatch(line -> line.contains("kernel"));
        assertThat(err).contains("device   cpu:", "points of 2 features", "k = 1, l = 1, batch 16, 12 steps");
        assertThat(out)
                .contains(
                        "report.html",
                        " steps: reverse KL of the modes ",
                        "latent4j gan generate --run " + run + " --checkpoint best");
        assertThat(run.resolve("report.html")).isNotEmptyFile();

        Path npy = folder.resolve("made/points.npy");
        Path gif = folder.resolve("made/walk.gif");
        String generate = "gan generate --run " + run + " --n 10 --npy ";
        assertThat(run((generate + npy + " --interpolate " + gif).split(" ")))
                .as(err)
                .isZero();
        assertThat(NpyFile.open(npy).header().shape()).containsExactly(10L, 2L);
        Path best = folder.resolve("made/best.npy");
        assertThat(run((generate + best + " --best-of 3").split(" "))).as(err).isZero();
        assertThat(best).isNotEmptyFile().content(ISO_8859_1).isNotEqualTo(Files.readString(npy, ISO_8859_1));
        assertThat(run((generate + best + " --checkpoint best").split(" ")))
                .as(err)
                .isZero();
        assertThat(run((generate + best + " --checkpoint 7").split(" "))).isEqualTo(2);
        assertThat(err).contains("--checkpoint 7: " + run + " has the checkpoints ");
        assertThat(run((generate + best + " --best-of 0").split(" "))).isEqualTo(2);
        assertThat(err).contains("--best-of must be from 1 to 1000, but is 0");
        assertThat(gif).isNotEmptyFile();

        assertThat(run("gan", "evaluate", "--run", run + "", "--n", "100"))
                .as(err)
                .isZero();
        assertThat(out)
                .contains("generated", "real", "precision", "coverage", "modes ", "reverse KL", "sliced Wasserstein");
        JsonNode json =
                new ObjectMapper().readTree(run.resolve("evaluation.json").toFile());
        assertThat(json.at("/details/mixture/modes").asInt()).isEqualTo(8);
        assertThat(json.at("/details/generated/slicedWasserstein/distance").asDouble())
                .isPositive();
        assertThat(json.at("/figures/0/key").asText()).isEqualTo("precision");
        assertThat(json.at("/figures/0/floor").asDouble()).isGreaterThan(0.8);

        assertThat(run("gan", "train", "--out", run + "", "--resume", "--steps", "14"))
                .as(err)
                .isZero();
        assertThat(err).contains("going on after step 12");
        assertThat(run("gan", "train", "--out", run + "", "--resume", "--batch", "8"))
                .isEqualTo(2);
        assertThat(err).contains("training.batch: 16 in the run, 8 now");
    }

    @Test
    void aProfileTellsOfEachOperationAndTrainsNothing() {
        Path run = folder.resolve("runs/none");
        assertThat(run(
                        "gan",
                        "train",
                        "--data",
                        "moons",
                        "--width",
                        "8",
                        "--batch",
                        "4",
                        "--profile",
                        "--out",
                        run + ""))
                .as(err)
                .isZero();
        assertThat(out).contains("MatMul", "GFLOP/s", "share", "memory:", "updater of D", "latents", "in all");
        assertThat(run).doesNotExist();
        assertThat(run("gan", "train", "--data", "moons", "--profile", "--device", "nd4j"))
                .isEqualTo(2);
        assertThat(err).contains("use --device cpu");
    }

    @Test
    void imagesOfAFolderAreTrainedGeneratedAndEvaluated() throws IOException {
        Path run = folder.resolve("runs/faces");
        Path images = images(9, 10, 8);
        assertThat(run(
                        "gan",
                        "train",
                        "--data",
                        images + "",
                        "--size",
                        "8x12",
                        "--width",
                        "4",
                        "--latent",
                        "5",
                        "--batch",
                        "4",
                        "--epochs",
                        "2",
                        "--loss",
                        "minimax",
                        "--k",
                        "2",
                        "--out",
                        run + ""))
                .as(err)
                .isZero();
        assertThat(err).contains("9 samples, 8x12 pixels, 3 channels", "minimax loss, k = 2", "3 steps");
        Path grid = folder.resolve("grid.png");
        Path single = folder.resolve("single");
        Path npy = folder.resolve("images.npy");
        assertThat(run(
                        "gan",
                        "generate",
                        "--run",
                        run + "",
                        "--n",
                        "3",
                        "--grid",
                        grid + "",
                        "--images",
                        single + "",
                        "--npy",
                        npy + ""))
                .as(err)
                .isZero();
        assertThat(ImageIO.read(grid.toFile())).isNotNull();
        BufferedImage second = ImageIO.read(single.resolve("0001.png").toFile());
        assertThat(List.of(second.getWidth(), second.getHeight())).containsExactly(8, 12);
        NpyFile file = NpyFile.open(npy);
        assertThat(file.header().shape()).containsExactly(3L, 12L, 8L, 3L);
        byte[] pixels = new byte[12 * 8 * 3];
        file.readBytes(1, pixels, 0);
        int rgb = second.getRGB(2, 7);
        int at = (7 * 8 + 2) * 3;
        assertThat(new int[] {pixels[at] & 255, pixels[at + 1] & 255, pixels[at + 2] & 255})
                .containsExactly(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255);
        Path store = folder.resolve("runs/.data");
        try (Stream<Path> stores = Files.list(store)) {
            assertThat(stores).hasSize(1);
        }
        assertThat(run("gan", "evaluate", "--run", run + "", "--n", "4"))
                .as(err)
                .isZero();
        assertThat(out).contains("nearest training image", "need at least 8 generated and 16 real samples");
        assertThat(err).contains("taken from an earlier store");
        assertThat(out).contains("nearest.png", "interpolation.png").doesNotContain("correlation.png");
        assertThat(ImageIO.read(run.resolve("nearest.png").toFile())).isNotNull();
        assertThat(Files.readString(run.resolve("report.html")))
                .contains("each above its nearest training image", "From one latent vector to another");
        Path strips = folder.resolve("strips.png");
        assertThat(run("gan", "generate", "--run", run + "", "--n", "2", "--interpolate", strips + ""))
                .as(err)
                .isZero();
        BufferedImage strip = ImageIO.read(strips.toFile());
        int cell = (strip.getWidth() - 2) / 12;
        int scale = (cell - 2) / 8;
        BufferedImage first = ImageIO.read(single.resolve("0000.png").toFile());
        for (int x = 0; x < 8; x++) { // the first walk begins at latents 0 and ends at latents 1
            assertThat(strip.getRGB(2 + x * scale, 2 + 7 * scale)).isEqualTo(first.getRGB(x, 7));
            assertThat(strip.getRGB(2 + 11 * cell + x * scale, 2 + 7 * scale)).isEqualTo(second.getRGB(x, 7));
        }
        checkDirections(run);
    }

    /** Of a generator of 5 latent numbers and images of 8 rows. */
    private void checkDirections(Path run) throws IOException {
        String command = "gan directions --run " + run + " --n 50 --samples 1 --components ";
        assertThat(run((command + 3).split(" "))).as(err).isZero();
        NpyFile directions = NpyFile.open(run.resolve("directions/directions.npy"));
        assertThat(directions.rows()).isEqualTo(3);
        assertThat(directions.rowElements()).isEqualTo(5);
        assertThat(ImageIO.read(run.resolve("directions/directions.png").toFile())
                        .getHeight())
                .isGreaterThan(3 * 8);
        assertThat(run((command + 6).split(" "))).isEqualTo(2);
        assertThat(err)
                .contains("--components must be from 1 to 5 (5 latent numbers")
                .contains("but is 6");
    }

    @Test
    void isingIsComparedWithMonteCarlo() {
        Path run = folder.resolve("ising");
        assertThat(run(
                        "gan",
                        "train",
                        "--data",
                        "ising:l=8,n=64",
                        "--width",
                        "4",
                        "--batch",
                        "8",
                        "--steps",
                        "3",
                        "--out",
                        run + ""))
                .as(err)
                .isZero();
        assertThat(err).contains("preset   ising", "relativistic loss", "penalty r1+r2", "from 320 latent numbers");
        assertThat(run("gan", "evaluate", "--run", run + "", "--n", "50"))
                .as(err)
                .isZero();
        assertThat(out)
                .contains(
                        "|m|",
                        "energy per spin",
                        "specific heat",
                        "susceptibility",
                        "G(1)",
                        "JS divergence of m",
                        "exact -",
                        "sigma",
                        "correlation.png",
                        "distributions.png",
                        "random convolution features");
        assertThat(run.resolve("correlation.png")).isNotEmptyFile();
        assertThat(run.resolve("distributions.png")).isNotEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--preset none", "--loss minimax", "--k 2", "--network mlp", "--device nd4j"})
    void whatIsSaidOfTheGameKeepsIsingFromItsPreset(String said) {
        String arguments =
                "gan train --data ising:l=8,n=64 --width 4 --batch 8 --dry-run --out " + folder + "/run " + said;
        assertThat(run(arguments.split(" "))).as(err).isZero();
        assertThat(err).doesNotContain("preset   ising", "penalty r1+r2");
        assertThat(err.contains("preset   none, as options say something of the game"))
                .isEqualTo(!said.equals("--preset none"));
    }

    @Test
    void ownGraphsAreTrainedAndResumed() {
        Path first = folder.resolve("first");
        String[] small = {"--batch", "4", "--steps", "2"};
        assertThat(run(join("gan train --data moons --width 4 --out " + first, small)))
                .as(err)
                .isZero();
        Path own = folder.resolve("own");
        String graphs = " --generator " + first.resolve("generator.json") + " --discriminator "
                + first.resolve("discriminator.json");
        assertThat(run(join("gan train --data moons --out " + own + graphs, small)))
                .as(err)
                .isZero();
        assertThat(run("gan", "train", "--out", own + "", "--resume", "--steps", "3"))
                .as(err)
                .isZero();
        assertThat(err).contains("going on after step 2");
        assertThat(run(join("gan train --data gaussian --out " + folder.resolve("x") + graphs, small)))
                .isEqualTo(2);
        assertThat(err).contains("generator: gives samples of shape (n, 2), but the data are points of 1 feature");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void dryRunMeasuresAndWritesNothing() {
        Path run = folder.resolve("dry");
        assertThat(run("gan", "train", "--data", "moons", "--steps", "1000", "--dry-run", "--out", run + ""))
                .as(err)
                .isZero();
        assertThat(err)
                .contains("memory", "s a step", "per thousand samples", "for the whole run", "nothing was trained");
        assertThat(run).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train --data moons --k 0 | --k (discriminator updates in a step) must be at least 1, but is 0",
                "train --data moons --l 0 | --l (generator updates in a step) must be at least 1",
                "train --data moons --batch 0 | --batch must be at least 1, but is 0",
                "train --data moons --batch many | 'many' is not an int",
                "train --data moons --steps 0 | --steps must be at least 1",
                "train --data moons --k 0 --batch -1 | --batch must be at least 1, but is -1",
                "train --data moons --steps 5 --epochs 2 | give one of them",
                "train --data moons --epochs 2 | --epochs: moons gives fresh points for ever",
                "train --data moons --kimg -1 | --kimg must be above 0",
                "train --data moons:n=10 --batch 64 | a minibatch of 64 is larger than the data: moons:n=10 holds 10 samples",
                "train --data mons | did you mean \"moons\"?",
                "train --data moons:nois=1 | did you mean \"noise\"?",
                "train --data not/there | there is no such file or folder",
                "train --data moons --loss minmax | did you mean \"minimax\"?",
                "train --data moons --network dcgn | did you mean \"dcgan\"?",
                "train --data moons --network dcgan | use --network mlp",
                "train --data moons --updater adm | did you mean \"adam\"?",
                "train --data moons --device gpu | unknown device 'gpu'; there are auto, nd4j, cpu, cuda",
                "train --data moons --device cuda | use --device auto",
                "train --data moons --hold-out -1 | --hold-out and --evaluate-every must not be negative",
                "train --data moons:n=100 --hold-out 100 | --hold-out 100 leaves nothing to learn from",
                "train --data moons --evaluate-every 9 --features random | --features random is for images",
                "train --data moons --keep-best fid | did you mean \"kid\"?",
                "train --data moons --keep-best modeKl | --keep-best modeKl is a figure of metric modes, which is not",
                "train --data moons --evaluate-every 9 --metrics pdrc | did you mean \"prdc\"?",
                "train --data moons --precision fp16 | --precision must be fp32 or bf16, but is fp16",
                "train --data moons --precision bf16 --device nd4j | computes in the networks' own data type",
                "train --data moons --flip | --flip mirrors images",
                "train --data moons --conditional | --conditional needs images with classes, but moons has none",
                "train --data moons --latent normal:2+classes:3 | the classes come from the data; use --conditional",
                "train --data moons --augment colour | --augment colour changes images, but the data are points of 2",
                "train --data moons --augment color | did you mean \"colour\"?",
                "train --data moons --ema 1 | --ema must be a decay of at least 0 and below 1, as in 0.999, or a half-life",
                "train --data moons --update simultaneous --k 2 | --k is 2 and --l 1",
                "train --data moons --update at-once | did you mean",
                "train --data moons --size 32 | --size does not apply to a synthetic set",
                "train --data moons --sise 32 | did you mean --size",
                "train | --data is missing",
                "train --data moons --resume | --resume needs the run to go on with",
                "train --data moons --generator g.json | go together",
                "train --data moons --generator g.json --discriminator d.json | g.json does not exist",
                "generate --run not/there | not/there holds no run",
                "generate --run not/there --n none | 'none' is not an int",
                "evaluate --run not/there | not/there holds no run",
                "evaluate --run not/there --metrics kis | did you mean \"kid\"?",
            })
    void badInputGivesOneClearMessageAndExitCode2(String arguments, String message) {
        List<String> words = new ArrayList<>(List.of("gan"));
        words.addAll(List.of(arguments.split(" ")));
        if (arguments.startsWith("train") && !arguments.contains("--resume")) {
            words.addAll(List.of("--out", folder.resolve("run").toString()));
        }
        assertThat(run(words.toArray(String[]::new))).isEqualTo(2);
        assertThat(err).contains(message).doesNotContain("\tat ");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aRunThatDivergesStopsNamingNetworkAndLayer() {
        Path run = folder.resolve("diverged");
        assertThat(run(
                        "gan",
                        "train",
                        "--data",
                        "moons",
                        "--width",
                        "4",
                        "--steps",
                        "50",
                        "--updater",
                        "sgd:lr=1e30",
                        "--out",
                        run + ""))
                .isEqualTo(1);
        assertThat(err)
                .containsPattern("(discriminator|generator)'s (layer|loss)")
                .contains("lower the learning rate");
    }

    @Test
    void badImagesAreSkippedByNameOrFailWithStrict() throws IOException {
        Path images = images(6, 8, 8);
        Files.writeString(images.resolve("broken.png"), "no picture");
        Path run = folder.resolve("run");
        String command = "gan train --data " + images + " --width 2 --latent 2 --batch 2 --steps 1 --out " + run;
        assertThat(run((command + " --strict").split(" "))).isEqualTo(2);
        assertThat(err).contains("broken.png");
        assertThat(run(command.split(" "))).as(err).isZero();
        assertThat(err).contains("1 of 7 files skipped: broken.png");
    }

    private Path images(int n, int width, int height) throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        for (int i = 0; i < n; i++) {
            BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            image.setRGB(i % width, i % height, 0x80FF40 + i);
            ImageIO.write(image, "png", images.resolve(i + ".png").toFile());
        }
        return images;
    }

    private static String[] join(String command, String... more) {
        return Stream.concat(Arrays.stream(command.split(" ")), Arrays.stream(more))
                .toArray(String[]::new);
    }

    private int run(String... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        int code = Main.run(new PrintWriter(outText), new PrintWriter(errText), arguments);
        out = outText.toString();
        err = errText.toString();
        return code;
    }
}

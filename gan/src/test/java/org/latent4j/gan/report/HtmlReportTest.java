package org.latent4j.gan.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.latent4j.data.picture.ImageGrid;
import org.latent4j.data.picture.PngFile;

class HtmlReportTest {
    @TempDir
    Path parent;

    private Path run;

    @BeforeEach
    void makeRun() throws Exception {
        run = Files.createDirectories(parent.resolve("a <b> & c"));
    }

    @Test
    void holdsNumbersCurvesSamplesAndConfiguration() throws Exception {
        Files.writeString(
                run.resolve("config.json"),
                "{\"loss\":\"<script>alert('x')</script>\",\"updater\":{\"generator\":{\"beta1\":0.5}},\"shape\":[1,28,28]}");
        StringBuilder stats = new StringBuilder();
        for (int i = 1; i <= 50; i++) {
            stats.append(String.format(
                    Locale.ROOT,
                    "{\"step\":%d,\"kimg\":%.3f,\"epoch\":0.5,\"seconds\":4000,\"lossD\":1.25,\"lossG\":0.875,\"dReal\":0.625,"
                            + "\"dFake\":0.375,\"value\":-1.3125,\"jsLowerBound\":0.037,\"samplesPerSecond\":512.0,"
                            + "\"dataWaitShare\":0.001,\"unknown\":{\"a\":1}}%n",
                    i * 100,
                    i * 6.4));
        }
        Files.writeString(run.resolve("stats.jsonl"), stats + "{\"step\":5100,\"lossD\":2.5,\"kim");
        byte[] png = sampleGrid("000006.400-kimg.png", 7);
        sampleGrid("000320.000-kimg.png", 9);

        String html = Files.readString(HtmlReport.write(run));
        assertThat(html)
                .contains("<title>a &lt;b&gt; &amp; c · latent4j</title>")
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")
                .contains("<th scope=\"row\">updater.generator.beta1</th><td>0.5</td>")
                .contains("<th scope=\"row\">shape</th><td>[1,28,28]</td>")
                .contains("<b>5,000</b><span>step</span>")
                .contains("<b>1 h 6 min</b><span>training time</span>")
                .contains("<b>−1.313</b><span>value V</span>")
                .contains("<b>0.1 %</b><span>waiting for data</span>")
                .contains("after 6.4 thousand samples", "after 320 thousand samples", "2 grids.")
                .contains(Base64.getEncoder().encodeToString(png))
                .contains(">−log 4</text>")
                .doesNotContain("<script>alert", "5,100", "left out", "class=\"missing\"");
        // Losses, discriminator, value, bound, speed; no gradient norms in these lines.
        assertThat(Pattern.compile("<svg viewBox").matcher(html).results()).hasSize(5);
        // One file: nothing is loaded from elsewhere.
        assertThat(Pattern.compile("(?:src|href)=\"(?!data:)|url\\(|@import")
                        .matcher(html)
                        .results())
                .isEmpty();
        assertThat(run).isDirectoryNotContaining("glob:**.tmp-*");
    }

    /** What single logits say means nothing under a loss of pairs. */
    @Test
    void showsPairsWhereTheLossIsOfPairs() throws Exception {
        Files.writeString(
                run.resolve("stats.jsonl"),
                "{\"step\":100,\"kimg\":1,\"lossD\":1.25,\"lead\":0.75,\"pairsWon\":0.625}\n"
                        + "{\"step\":200,\"kimg\":2,\"lossD\":1.25,\"lead\":0.5,\"pairsWon\":0.625}\n");
        assertThat(Files.readString(HtmlReport.write(run)))
                .contains(
                        "<b>62.5 %</b><span>pairs that D tells right</span>",
                        "<b>Lead of real samples</b>", "<b>0.5</b>")
                .doesNotContain("D(x)", "value V", "JS divergence", "Jensen-Shannon", "log 4");
    }

    @Test
    void showsQualityWithItsFloorAndAlarmsWithTheirRemedy() throws Exception {
        String alarm =
                ",\"alarms\":[{\"kind\":\"collapse\",\"since\":100,\"text\":\"samples <all> alike\",\"remedy\":\"start again\"}]";
        Files.writeString(
                run.resolve("stats.jsonl"),
                "{\"step\":100,\"kimg\":1,\"evaluation\":{\"kid\":{\"value\":0.5,\"floor\":0.01}}}\n"
                        + "{\"step\":200,\"kimg\":2" + alarm + "}\n"
                        + "{\"step\":300,\"kimg\":3,\"evaluation\":{\"kid\":{\"value\":0.25,\"floor\":0.01}}}\n");
        Files.writeString(
                run.resolve("evaluation.json"),
                "{\"step\":300,\"figures\":[{\"key\":\"kid\",\"title\":\"kernel distance (KID)\",\"value\":0.25,\"floor\":0.0125,"
                        + "\"remark\":\"95 % interval\"}],\"details\":{\"features\":\"pixels\",\"samples\":2500}}");
        byte[] picture = sampleGrid("correlation.png", 3);
        Files.move(run.resolve("samples/correlation.png"), run.resolve("correlation.png"));
        String html = Files.readString(HtmlReport.write(run));
        assertThat(html)
                .contains("Samples &lt;all&gt; alike", "steps 100 to 200, over since", "What helps: start again.")
                .contains("<b>kernel distance (KID)</b>", "real samples</text>")
                .contains("after step 300 on 2,500 samples, features: pixels")
                .contains("<td>0.25</td><td>0.013</td><td>95 % interval</td>")
                .contains(Base64.getEncoder().encodeToString(picture));
        Files.writeString(run.resolve("evaluation.json"), "{\"figures\":");
        assertThat(Files.readString(HtmlReport.write(run)))
                .contains("What helps")
                .doesNotContain("2,500 samples");
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        String empty = Files.readString(HtmlReport.write(run));
        assertThat(empty).contains("No statistics yet", "No sample grids yet", "config.json is missing");

        Files.writeString(run.resolve("config.json"), "{\"a\":");
        Files.writeString(run.resolve("stats.jsonl"), "{\"step\":1,\"lo");
        Files.createDirectory(run.resolve("samples"));
        Files.writeString(run.resolve("samples/000001.000-kimg.png"), "no picture");
        assertThat(Files.readString(HtmlReport.write(run)))
                .contains("No statistics yet", "not valid JSON", "1 file in samples could not be read");

        assertThatThrownBy(() -> HtmlReport.write(parent.resolve("nowhere")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void embedsFirstLastAndEvenlySpacedGrids() throws Exception {
        for (int i = 0; i < 97; i++) {
            sampleGrid(String.format(Locale.ROOT, "%010.3f-kimg.png", i * 64.0), i);
        }
        String html = Files.readString(HtmlReport.write(run));
        assertThat(html).contains("40 of the 97 grids", "after 0 thousand samples", "after 6,144 thousand samples");
        assertThat(Pattern.compile("<figure><img").matcher(html).results()).hasSize(40);
    }

    @Test
    void resumedRunsAndTornLinesAreReadInOrder() throws Exception {
        Path file = run.resolve("stats.jsonl");
        byte[] torn = "{\"step\":3,\"name\":\"é".getBytes(StandardCharsets.UTF_8);
        byte[] before = "{\"step\":1,\"value\":-1}\n{\"step\":2,\"value\":-2}\n".getBytes(StandardCharsets.UTF_8);
        byte[] after = "\n{\"step\":2,\"value\":NaN}\n{\"step\":3,\"value\":-4}\n".getBytes(StandardCharsets.UTF_8);
        Files.write(file, before);
        Files.write(file, Arrays.copyOf(torn, torn.length - 1), StandardOpenOption.APPEND);
        assertThat(RunStats.read(file).column("value")).containsExactly(-1, -2);
        assertThat(RunStats.read(file).skipped()).isZero();

        Files.write(file, after, StandardOpenOption.APPEND);
        RunStats stats = RunStats.read(file);
        assertThat(stats.column("step")).containsExactly(1, 2, 3);
        assertThat(stats.column("value")).containsExactly(-1, Double.NaN, -4);
        assertThat(stats.last("absent")).isNaN();
        assertThat(stats.skipped()).isEqualTo(1);
    }

    @Test
    void aLongRunGivesAFileOfReasonableSize() throws Exception {
        Files.write(run.resolve("stats.jsonl"), (Iterable<String>) Stream.iterate(1, i -> i + 1)
                .limit(20_001)
                .map(i -> "{\"step\":" + i + ",\"kimg\":" + i * 0.064 + ",\"lossD\":" + Math.sin(i) + ",\"lossG\":"
                        + (i == 12_345 ? 1e9 : Math.cos(i)) + "}")::iterator);
        Path report = HtmlReport.write(run);
        assertThat(Files.size(report)).isLessThan(60_000);
        assertThat(Files.readString(report)).contains("peaks cut off");
    }

    private byte[] sampleGrid(String name, int seed) throws Exception {
        SampleShape.Image shape = new SampleShape.Image(1, 5, 5);
        byte[] pixels = new byte[25];
        Arrays.fill(pixels, (byte) seed);
        Path file = Files.createDirectories(run.resolve("samples")).resolve(name);
        PngFile.write(file, ImageGrid.of(shape, 1, 1).draw(pixels));
        return Files.readAllBytes(file);
    }
}

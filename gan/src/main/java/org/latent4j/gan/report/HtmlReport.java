package org.latent4j.gan.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.latent4j.gan.report.LineChart.Reference;
import org.latent4j.gan.report.LineChart.Series;

/**
 * Makes {@code report.html} of a run folder from its {@code config.json}, {@code stats.jsonl} and {@code samples/*.png}.
 *
 * <p>The file holds everything that it shows: the last numbers, up to 40 sample grids (first, last and evenly spaced ones), curves as SVG,
 * the configuration as a table with dotted names. It reads without JavaScript, in light and dark. What a run lacks, the report says.
 *
 * <p>Throws {@link DataException} when the folder isn't there, {@link IOException} when it can't be read or written; an earlier report is
 * then still there.
 *
 * <p>Source of the value V and its bound of the Jensen-Shannon divergence: Goodfellow et al., "Generative adversarial nets", NIPS 2014,
 * theorem 1.
 */
public final class HtmlReport {
    private static final double LOG_4 = Math.log(4);

    private final Path folder;
    private final RunStats stats;
    private final SampleGrids grids;
    private final Html html;

    private HtmlReport(Path folder, RunStats stats, SampleGrids grids, Html html) {
        this.folder = folder;
        this.stats = stats;
        this.grids = grids;
        this.html = html;
    }

    /** Writes the report and returns its path. */
    public static Path write(Path runFolder) throws IOException {
        if (!Files.isDirectory(runFolder)) {
            throw new DataException("there is no run folder " + runFolder + "; give the folder that training wrote");
        }
        Path report = runFolder.resolve("report.html");
        RunStats stats = RunStats.read(runFolder.resolve("stats.jsonl"));
        SampleGrids grids = SampleGrids.find(runFolder.resolve("samples"));
        AtomicFiles.write(report, out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            new HtmlReport(runFolder, stats, grids, new Html(writer)).page();
            writer.flush();
        });
        return report;
    }

    private void page() throws IOException {
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        html.markup("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .markup("<meta name=\"color-scheme\" content=\"light dark\">")
                .markup("<link rel=\"icon\" href=\"data:,\"><title>")
                .text(name)
                .markup(" · latent4j</title><style>")
                .markup(resource("report.css"))
                .markup("</style></head>\n<body><header><h1>")
                .text(name)
                .markup("</h1><p>Adversarial training</p></header>\n<main>");
        numbers();
        new AlarmSection(html, stats).write();
        samples();
        new QualitySection(html, folder, stats).write();
        curves();
        configuration();
        html.markup("</main>\n<script>").markup(resource("report.js")).markup("</script></body></html>\n");
    }

    private void numbers() throws IOException {
        if (stats.isEmpty()) {
            note("No statistics yet: stats.jsonl is missing or holds no complete line.");
            return;
        }
        html.markup("<section class=\"numbers\">");
        number("step", stats.last("step"));
        number("thousand samples", stats.last("kimg"));
        number("epoch", stats.last("epoch"));
        tile("training time", duration(stats.last("seconds")));
        number("samples / s", stats.last("samplesPerSecond"));
        double wait = stats.last("dataWaitShare");
        tile("waiting for data", Double.isNaN(wait) ? "–" : Html.number(100 * wait) + " %");
        number("loss D", stats.last("lossD"));
        number("loss G", stats.last("lossG"));
        if (ofPairs()) {
            number("lead of real samples", stats.last("lead"));
            tile("pairs that D tells right", Html.number(100 * stats.last("pairsWon")) + " %");
        } else {
            number("D(x)", stats.last("dReal"));
            number("D(G(z))", stats.last("dFake"));
            number("value V", stats.last("value"));
            number("JS divergence ≥", stats.last("jsLowerBound"));
        }
        html.markup("</section>\n");
        if (stats.skipped() > 0) {
            note((stats.skipped() == 1 ? "1 line of stats.jsonl is" : stats.skipped() + " lines of stats.jsonl are")
                    + " no JSON object and left out.");
        }
    }

    /** Whether the loss was of pairs, whose logits mean something by their differences only. */
    private boolean ofPairs() {
        return Double.isNaN(stats.last("value")) && !Double.isNaN(stats.last("pairsWon"));
    }

    private void number(String label, double value) throws IOException {
        tile(label, Html.number(value));
    }

    private void tile(String label, String value) throws IOException {
        html.markup("<div class=\"tile\"><b>")
                .text(value)
                .markup("</b><span>")
                .text(label)
                .markup("</span></div>");
    }

    private void note(String text) throws IOException {
        html.markup("<p class=\"missing\">").text(text).markup("</p>\n");
    }

    private static String duration(double seconds) {
        if (!Double.isFinite(seconds)) {
            return "–";
        }
        long whole = Math.round(seconds);
        return whole < 60
                ? Html.number(seconds) + " s"
                : whole < 3600
                        ? whole / 60 + " min " + whole % 60 + " s"
                        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    private void samples() throws IOException {
        html.markup("<section><h2>Samples</h2>");
        if (grids.all().isEmpty()) {
            note("No sample grids yet: the folder samples is missing or holds no PNG file.");
            html.markup("</section>\n");
            return;
        }
        html.markup("<p class=\"about\">The same latent vectors at every point of the training. ");
        int n = grids.all().size();
        html.text(
                grids.chosen().size() < n
                        ? grids.chosen().size() + " of the " + n + " grids; all of them are in the folder samples."
                        : n + (n == 1 ? " grid." : " grids."));
        html.markup("</p>\n<div id=\"grids\">");
        int unreadable = 0;
        for (SampleGrids.Grid grid : grids.chosen()) {
            SampleGrids.Png png = SampleGrids.read(grid);
            if (png == null) {
                unreadable++;
                continue;
            }
            String caption = Double.isNaN(grid.kimg())
                    ? grid.file().getFileName().toString()
                    : "after " + Html.number(grid.kimg()) + " thousand samples";
            html.markup(String.format(
                            Locale.ROOT, "<figure><img width=\"%d\" height=\"%d\" alt=\"", png.width(), png.height()))
                    .text("Samples " + caption)
                    .markup("\" src=\"data:image/png;base64,")
                    .markup(Base64.getEncoder().encodeToString(png.content()))
                    .markup("\"><figcaption>")
                    .text(caption)
                    .markup("</figcaption></figure>\n");
        }
        html.markup("</div>");
        if (unreadable > 0) {
            note(unreadable + (unreadable == 1 ? " file" : " files") + " in samples could not be read as PNG.");
        }
        html.markup("</section>\n");
    }

    private void curves() throws IOException {
        if (stats.isEmpty()) {
            return;
        }
        html.markup("<section><h2>Curves</h2><div class=\"charts\">");
        chart("Losses", "", List.of(series("D", "lossD"), series("G", "lossG")));
        if (ofPairs()) {
            pairs();
        } else {
            probabilities();
        }
        chart("Gradient norms", "", List.of(series("D", "gradientNormD"), series("G", "gradientNormG")));
        chart("Speed", "", List.of(series("samples / s", "samplesPerSecond")));
        html.markup("</div></section>\n");
    }

    private void pairs() throws IOException {
        chart(
                "Pairs that D tells right",
                "Share of pairs of a real and a generated sample of which D holds the real one for more real. At 1/2, it can't tell.",
                List.of(series("share", "pairsWon")),
                new Reference("1/2", 0.5));
        chart(
                "Lead of real samples",
                "Mean logit of real samples, less that of generated ones.",
                List.of(series("lead", "lead")),
                new Reference("", 0));
    }

    private void probabilities() throws IOException {
        chart(
                "Discriminator",
                "Probability of being real. Both near 1/2: it can't tell them apart.",
                List.of(series("D(x), real", "dReal"), series("D(G(z)), generated", "dFake")),
                new Reference("1/2", 0.5));
        chart(
                "Value V",
                "V = mean of log D(x) + log(1 − D(G(z))). At −log 4, D can't tell real from generated.",
                List.of(series("V", "value")),
                new Reference("−log 4", -LOG_4));
        chart(
                "Jensen-Shannon divergence, lower bound",
                "(V + log 4) / 2: 0 for equal distributions, log 2 for disjoint ones.",
                List.of(series("lower bound", "jsLowerBound")),
                new Reference("log 2", Math.log(2)),
                new Reference("", 0));
    }

    private Series series(String name, String key) {
        return new Series(name, stats.column(key));
    }

    private void chart(String title, String about, List<Series> series, Reference... references) throws IOException {
        ChartFigure.write(html, title, about, stats, series, references);
    }

    private void configuration() throws IOException {
        html.markup("<section><h2>Configuration</h2>");
        try {
            Settings.read(folder.resolve("config.json")).writeTo(html);
        } catch (JsonProcessingException broken) {
            note("config.json is not valid JSON: " + broken.getOriginalMessage());
        } catch (NoSuchFileException missing) {
            note("No configuration: config.json is missing.");
        }
        html.markup("</section>\n");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

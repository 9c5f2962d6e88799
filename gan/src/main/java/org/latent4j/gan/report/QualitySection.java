package org.latent4j.gan.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.latent4j.gan.evaluate.Figure;
import org.latent4j.gan.report.LineChart.Reference;
import org.latent4j.gan.report.LineChart.Series;

/** What was measured of the samples: curves of the evaluations during the training, and the table and picture of {@code gan evaluate}. */
record QualitySection(Html html, Path folder, RunStats stats) {

    void write() throws IOException {
        RunStats evaluated = stats.where("evaluation");
        JsonNode evaluation = evaluation();
        if (evaluated.isEmpty() && evaluation == null) {
            return;
        }
        html.markup("<section><h2>Quality</h2>");
        if (!evaluated.isEmpty()) {
            curves(evaluated);
        }
        if (evaluation != null) {
            table(evaluation);
        }
        html.markup("</section>\n");
    }

    private void curves(RunStats evaluated) throws IOException {
        html.markup("<div class=\"charts\">");
        Iterator<Map.Entry<String, JsonNode>> metrics = evaluated
                .lines()
                .get(evaluated.lines().size() - 1)
                .path("evaluation")
                .fields();
        while (metrics.hasNext()) {
            Map.Entry<String, JsonNode> metric = metrics.next();
            double floor = metric.getValue().path("floor").asDouble(Double.NaN);
            Reference[] references =
                    Double.isFinite(floor) ? new Reference[] {new Reference("real samples", floor)} : new Reference[0];
            String title = Figure.title(metric.getKey());
            Series values = new Series(title, evaluated.column("evaluation/" + metric.getKey() + "/value"));
            ChartFigure.write(html, title, "", evaluated, List.of(values), references);
        }
        html.markup("</div>");
    }

    /** Null when there is none, or none that can be read: it may be of another version. */
    private JsonNode evaluation() throws IOException {
        Path file = folder.resolve("evaluation.json");
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            JsonNode root = new ObjectMapper().readTree(file.toFile());
            return root.path("figures").isArray() ? root : null;
        } catch (IOException torn) {
            return null;
        }
    }

    private void table(JsonNode evaluation) throws IOException {
        JsonNode details = evaluation.path("details");
        String space = details.has("features")
                ? ", features: " + details.path("features").asText()
                : "";
        html.markup("<p class=\"about\">")
                .text("Measured by gan evaluate after step "
                        + Html.number(evaluation.path("step").asDouble()) + " on "
                        + Html.number(details.path("samples").asDouble()) + " samples" + space
                        + ". Real: as many other real samples, what a perfect generator would score.")
                .markup("</p><table class=\"figures\"><tr><th></th><th>generated</th><th>real</th><th></th></tr>");
        for (JsonNode figure : evaluation.path("figures")) {
            html.markup("<tr><td>")
                    .text(figure.path("title").asText())
                    .markup("</td><td>")
                    .text(Html.number(figure.path("value").asDouble(Double.NaN)))
                    .markup("</td><td>")
                    .text(Html.number(figure.path("floor").asDouble(Double.NaN)))
                    .markup("</td><td>")
                    .text(figure.path("remark").asText())
                    .markup("</td></tr>");
        }
        html.markup("</table>\n");
        for (EvaluationPictures picture : EvaluationPictures.values()) {
            show(picture);
        }
    }

    private void show(EvaluationPictures picture) throws IOException {
        SampleGrids.Png png = SampleGrids.read(new SampleGrids.Grid(folder.resolve(picture.file()), Double.NaN, 0));
        if (png != null) {
            html.markup("<figure class=\"picture\"><img width=\"" + png.width() + "\" height=\"" + png.height()
                            + "\" alt=\"")
                    .text(picture.caption())
                    .markup("\" src=\"data:image/png;base64,")
                    .markup(Base64.getEncoder().encodeToString(png.content()))
                    .markup("\"><figcaption>")
                    .text(picture.caption())
                    .markup("</figcaption></figure>\n");
        }
    }
}

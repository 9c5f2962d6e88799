package org.latent4j.gan.report;

import java.io.IOException;
import java.util.List;
import org.latent4j.gan.report.LineChart.Reference;
import org.latent4j.gan.report.LineChart.Series;

/** A titled chart over the course of a run. */
final class ChartFigure {
    private ChartFigure() {}

    /** Writes nothing when no curve has a value. */
    static void write(
            Html html, String title, String about, RunStats stats, List<Series> series, Reference... references)
            throws IOException {
        if (series.stream().noneMatch(curve -> hasFinite(curve.y()))) {
            return;
        }
        double[] kimg = stats.column("kimg");
        boolean hasKimg = hasFinite(kimg);
        LineChart chart = new LineChart(
                hasKimg ? "thousand samples" : "step",
                hasKimg ? kimg : stats.column("step"),
                series,
                List.of(references));
        html.markup("<figure class=\"chart\"><figcaption><b>").text(title).markup("</b>");
        if (series.size() > 1) {
            for (int i = 0; i < series.size(); i++) {
                html.markup("<span class=\"key s" + i + "\">")
                        .text(series.get(i).name())
                        .markup("</span>");
            }
        }
        html.markup("</figcaption>").markup(chart.svg());
        if (!about.isEmpty()) {
            html.markup("<p class=\"about\">").text(about).markup("</p>");
        }
        html.markup("</figure>\n");
    }

    static boolean hasFinite(double[] values) {
        for (double value : values) {
            if (Double.isFinite(value)) {
                return true;
            }
        }
        return false;
    }
}

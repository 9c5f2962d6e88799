package org.latent4j.gan.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The alarms of a run, each with what was seen, when, and what helps. */
record AlarmSection(Html html, RunStats stats) {

    /** From the first to the last line of statistics with an alarm of one kind. */
    private record Span(JsonNode first, JsonNode last, double from, double to) {}

    void write() throws IOException {
        Map<String, Span> spans = new LinkedHashMap<>();
        for (JsonNode line : stats.lines()) {
            for (JsonNode alarm : line.path("alarms")) {
                double step = line.path("step").asDouble();
                spans.merge(
                        alarm.path("kind").asText(),
                        new Span(alarm, alarm, alarm.path("since").asDouble(step), step),
                        (old, now) -> new Span(old.first, now.last, old.from, now.to));
            }
        }
        if (spans.isEmpty()) {
            return;
        }
        html.markup("<section class=\"alarms\"><h2>Alarms</h2>");
        for (Span span : spans.values()) {
            boolean on = span.to >= stats.last("step");
            String when = "steps " + Html.number(span.from) + " to " + Html.number(span.to)
                    + (on ? ", still on" : ", over since");
            html.markup("<div class=\"alarm" + (on ? " on" : "") + "\"><b>")
                    .text(sentence(span.last.path("text").asText()))
                    .markup("</b><span>")
                    .text(when)
                    .markup("</span><p>What helps: ")
                    .text(span.last.path("remedy").asText())
                    .markup(".</p></div>\n");
        }
        html.markup("</section>\n");
    }

    private static String sentence(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}

package org.latent4j.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The rows of some suites with where they were measured, as JSON, as Markdown, and as lines for a terminal.
 *
 * @param environment names and values, see {@link Environment}
 * @param suites rows by the suite's name, in order; may grow
 */
public record BenchReport(Map<String, String> environment, Map<String, List<Row>> suites) {
    public static final List<String> COLUMNS = List.of(
            "what", "device", "precision", "ours ms", "peer", "peer ms", "ratio", "of the limit", "spread", "verified");

    public static BenchReport of(Bench bench, Map<String, List<Row>> suites) {
        return new BenchReport(Environment.of(bench), suites);
    }

    /** {@code {"environment": {...}, "suites": {"kmeans": [{"name": ..., "ours_ms": ..., ...}]}}}. */
    public String json() throws JsonProcessingException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("environment", environment);
        root.put("suites", suites);
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(root);
    }

    public String markdown() {
        StringBuilder text = new StringBuilder();
        environment.forEach((name, value) ->
                text.append("- ").append(name).append(": ").append(value).append('\n'));
        suites.forEach((suite, rows) -> {
            text.append("\n### ").append(suite).append("\n\n| ").append(String.join(" | ", COLUMNS));
            text.append(" |\n|").append("---|".repeat(COLUMNS.size())).append('\n');
            for (Row row : rows) {
                text.append("| ").append(String.join(" | ", cells(row))).append(" |\n");
            }
        });
        return text.toString();
    }

    /** A row for people, in the order of {@link #COLUMNS}. */
    public static List<String> cells(Row row) {
        return List.of(
                row.name(),
                row.device(),
                row.precision(),
                millis(row.oursMs()),
                row.peer() == null ? "" : row.peer(),
                millis(row.peerMs()),
                row.ratio() == null ? "" : String.format(Locale.ROOT, "%.2f x", row.ratio()),
                percent(row.limitShare()),
                percent(row.spread()),
                row.verified() == null ? "" : row.verified());
    }

    private static String millis(Double value) {
        if (value == null) {
            return "";
        }
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static String percent(Double share) {
        return share == null ? "" : String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}

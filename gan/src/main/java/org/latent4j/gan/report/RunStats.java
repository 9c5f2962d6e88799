package org.latent4j.gan.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of {@code stats.jsonl}, in the order of their steps.
 *
 * <p>A line that is no JSON object is skipped: a killed process leaves a torn one. Only those before the last line are counted: the last may
 * just be in the middle of being written. Where steps go back, as in a run resumed from an earlier
 * checkpoint, the later lines replace the earlier ones.
 */
record RunStats(List<JsonNode> lines, int skipped) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // NaN is what a report of a failed run has to show
            .build();

    /** No lines when there is no file. */
    static RunStats read(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        int unreadable = 0;
        int skipped = 0;
        if (Files.isRegularFile(file)) {
            // A torn line may end within a character: this decoder replaces what Files.newBufferedReader refuses.
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
                for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                    JsonNode line = parse(text);
                    if (line == null) {
                        unreadable += text.isBlank() ? 0 : 1;
                        continue;
                    }
                    skipped = unreadable;
                    double step = number(line, "step");
                    while (!lines.isEmpty() && number(lines.get(lines.size() - 1), "step") >= step) {
                        lines.remove(lines.size() - 1);
                    }
                    lines.add(line);
                }
            }
        }
        return new RunStats(List.copyOf(lines), skipped);
    }

    private static JsonNode parse(String text) {
        try {
            JsonNode line = MAPPER.readTree(text);
            return line.isObject() ? line : null;
        } catch (JsonProcessingException torn) {
            return null;
        }
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Only the lines that have a key. */
    RunStats where(String key) {
        return new RunStats(lines.stream().filter(line -> line.has(key)).toList(), skipped);
    }

    /** The values of a key, or of a path as in {@code evaluation/kid/value}; NaN where a line has none. */
    double[] column(String key) {
        return lines.stream().mapToDouble(line -> number(line, key)).toArray();
    }

    /** The value in the last line, NaN where it has none. */
    double last(String key) {
        return isEmpty() ? Double.NaN : number(lines.get(lines.size() - 1), key);
    }

    private static double number(JsonNode line, String key) {
        JsonNode value = line.at("/" + key);
        return value.isNumber() ? value.doubleValue() : Double.NaN;
    }
}

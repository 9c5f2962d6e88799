package org.latent4j.gan.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings of a run by their dotted names, in the order of the file; lists stay JSON. */
record Settings(Map<String, String> values) {
    private static final int LONG_VALUE = 160;
    private static final int MANY = 60;

    static Settings read(Path file) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        flatten("", JsonMapper.builder().build().readTree(Files.readAllBytes(file)), values);
        return new Settings(values);
    }

    private static void flatten(String name, JsonNode node, Map<String, String> into) {
        if (node.isObject() && !node.isEmpty()) {
            String prefix = name.isEmpty() ? "" : name + ".";
            node.properties().forEach(field -> flatten(prefix + field.getKey(), field.getValue(), into));
        } else if (!name.isEmpty()) {
            into.put(name, node.isTextual() ? node.textValue() : node.toString());
        }
    }

    /** A table, folded when it is long. */
    void writeTo(Html html) throws IOException {
        html.markup(values.size() > MANY ? "<details><summary>" : "<details open><summary>")
                .text(values.size() + (values.size() == 1 ? " setting" : " settings"))
                .markup("</summary><table>");
        for (Map.Entry<String, String> setting : values.entrySet()) {
            html.markup("<tr><th scope=\"row\">").text(setting.getKey()).markup("</th><td>");
            String value = setting.getValue();
            if (value.length() <= LONG_VALUE) {
                html.text(value);
            } else {
                html.markup("<details><summary>")
                        .text(value.substring(0, LONG_VALUE / 2) + "…")
                        .markup("</summary>")
                        .text(value)
                        .markup("</details>");
            }
            html.markup("</td></tr>\n");
        }
        html.markup("</table></details>");
    }
}

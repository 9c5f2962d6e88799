package org.latent4j.cli.lecture;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.picture.PngFile;
import org.latent4j.gan.report.Html;

/**
 * Writes what lectures show: a PNG file for each picture, a JSON file for each lecture's numbers, and one page, {@code index.html}, which holds
 * everything that it shows and reads without JavaScript, in light and dark.
 *
 * @param out folder; made when it isn't there
 */
public record Gallery(Path out) {

    /**
     * A lecture that was computed.
     *
     * @param command what computes it again
     */
    public record Entry(Lecture lecture, Exhibit exhibit, double seconds, String command) {}

    /** Writes one lecture's pictures and numbers. */
    public void write(Entry entry) throws IOException {
        for (Exhibit.Figure figure : entry.exhibit().figures()) {
            PngFile.write(out.resolve(figure.file()), figure.picture());
        }
        byte[] json = JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsBytes(numbers(entry));
        AtomicFiles.write(out.resolve(entry.lecture().name() + ".json"), file -> file.write(json));
    }

    private static Map<String, Object> numbers(Entry entry) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("lecture", entry.lecture().name());
        root.put("title", entry.lecture().title());
        root.put("explanation", entry.exhibit().explanation());
        root.put("command", entry.command());
        root.put(
                "figures",
                entry.exhibit().figures().stream()
                        .map(figure -> Map.of("file", figure.file(), "caption", figure.caption()))
                        .toList());
        root.put("tables", entry.exhibit().tables());
        return root;
    }

    /** Writes the page of these lectures and returns its path. */
    public Path page(List<Entry> entries) throws IOException {
        Path page = out.resolve("index.html");
        AtomicFiles.write(page, file -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(file, StandardCharsets.UTF_8));
            page(new Html(writer), entries);
            writer.flush();
        });
        return page;
    }

    private static void page(Html html, List<Entry> entries) throws IOException {
        html.markup("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .markup("<meta name=\"color-scheme\" content=\"light dark\">")
                .markup("<link rel=\"icon\" href=\"data:,\"><title>The lectures, computed · latent4j</title><style>")
                .markup(style())
                .markup(
                        "</style></head>\n<body><header><h1>The lectures, computed</h1><p>Every figure and number below was ")
                .markup("computed by the command beside it.</p></header>\n<nav><ul>");
        for (Entry entry : entries) {
            html.markup("<li><a href=\"#")
                    .text(entry.lecture().name())
                    .markup("\">")
                    .text(entry.lecture().title())
                    .markup("</a></li>");
        }
        html.markup("</ul></nav>\n<main>");
        for (Entry entry : entries) {
            section(html, entry);
        }
        html.markup("</main></body></html>\n");
    }

    private static void section(Html html, Entry entry) throws IOException {
        html.markup("<section id=\"")
                .text(entry.lecture().name())
                .markup("\"><h2>")
                .text(entry.lecture().title())
                .markup("</h2><div class=\"sides\"><div class=\"figures\">");
        for (Exhibit.Figure figure : entry.exhibit().figures()) {
            html.markup("<figure><img alt=\"")
                    .text(figure.caption())
                    .markup("\" src=\"data:image/png;base64,")
                    .markup(base64(figure))
                    .markup("\"><figcaption>")
                    .text(figure.caption())
                    .markup("</figcaption></figure>");
        }
        html.markup("</div><div class=\"words\"><p>")
                .text(entry.exhibit().explanation())
                .markup("</p>");
        for (Exhibit.NumberTable table : entry.exhibit().tables()) {
            table(html, table);
        }
        html.markup("<p class=\"command\"><code>")
                .text(entry.command())
                .markup("</code><span>")
                .text(String.format(Locale.ROOT, "%.1f s", entry.seconds()))
                .markup("</span></p></div></div></section>\n");
    }

    private static void table(Html html, Exhibit.NumberTable table) throws IOException {
        html.markup("<div class=\"table\"><table><caption>")
                .text(table.heading())
                .markup("</caption><thead><tr>");
        for (String column : table.columns()) {
            html.markup("<th>").text(column).markup("</th>");
        }
        html.markup("</tr></thead><tbody>");
        for (List<String> row : table.rows()) {
            html.markup("<tr>");
            for (String cell : row) {
                html.markup("<td>").text(cell).markup("</td>");
            }
            html.markup("</tr>");
        }
        html.markup("</tbody></table></div>");
    }

    private static String base64(Exhibit.Figure figure) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(figure.picture(), "png", png);
        return Base64.getEncoder().encodeToString(png.toByteArray());
    }

    private static String style() throws IOException {
        try (InputStream css = Gallery.class.getResourceAsStream("gallery.css")) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

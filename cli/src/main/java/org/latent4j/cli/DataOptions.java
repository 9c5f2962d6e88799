package org.latent4j.cli;

import java.util.Locale;
import org.latent4j.data.DataSource;
import org.latent4j.data.Suggest;
import org.latent4j.data.table.TableOptions;
import picocli.CommandLine.Option;

/** The options that say where samples come from; what is not given stays null. */
final class DataOptions {
    @Option(
            names = "--data",
            paramLabel = "D",
            description = {
                "Folder or zip of images (class sub-folders become labels), IDX files or their folder, NPY, CSV,",
                "or a synthetic set: ising, gaussian-grid, gaussian-ring, gaussian, blobs, moons, with options as in ising:l=40,t=2.5."
            })
    String source;

    @Option(names = "--size", paramLabel = "S|WxH", description = "Images: crop to this shape and resize to this size.")
    String size;

    @Option(names = "--channels", paramLabel = "C", description = "Images: 1 (grey), 3 (RGB) or 4 (RGBA).")
    Integer channels;

    @Option(
            names = "--background",
            paramLabel = "COLOUR",
            description = "Images: behind transparent pixels; white (default), black, grey or #RRGGBB.")
    String background;

    @Option(names = "--strict", description = "Images: fail on a bad file instead of skipping it.")
    Boolean strict;

    @Option(names = "--header", paramLabel = "auto|yes|no", description = "Tables: the first line names the columns.")
    String header;

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            description = "Tables: what separates cells; a character or tab.")
    String delimiter;

    @Option(
            names = "--target",
            paramLabel = "COLUMN",
            description = "Tables: a column to leave out, by name or number from 1.")
    String target;

    /** What was given; for the rest, what {@code before} says. */
    DataSource over(DataSource before) {
        return new DataSource(
                first(source, before.source()),
                first(size, before.size()),
                first(channels, before.channels()),
                first(background, before.background()),
                first(strict, before.strict()),
                first(header, before.header()),
                first(delimiter, before.delimiter()),
                first(target, before.target()));
    }

    /** How a table is to be read. */
    TableOptions tableOptions() {
        TableOptions options = TableOptions.defaults();
        if (header != null) {
            options = options.withHeader(Suggest.choice(TableOptions.Header.class, "--header", header));
        }
        if (delimiter != null || source.toLowerCase(Locale.ROOT).endsWith(".tsv")) {
            options = options.withDelimiter(delimiter == null || delimiter.equals("tab") ? '\t' : delimiter.charAt(0));
        }
        return target == null ? options : options.withTarget(target);
    }

    boolean given() {
        return source != null;
    }

    static <T> T first(T given, T otherwise) {
        return given != null ? given : otherwise;
    }
}

package org.latent4j.cli;

import java.nio.file.Path;
import org.latent4j.data.DataSource;
import org.latent4j.data.table.TableOptions;
import picocli.CommandLine.Mixin;
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

    @Mixin
    TableFormat format = new TableFormat();

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
                first(format.header, before.header()),
                first(format.delimiter, before.delimiter()),
                first(target, before.target()),
                first(format.ignore, before.ignore()));
    }

    /** How a table is to be read. */
    TableOptions tableOptions() {
        return format.options(Path.of(source), target);
    }

    boolean given() {
        return source != null;
    }

    static <T> T first(T given, T otherwise) {
        return given != null ? given : otherwise;
    }
}

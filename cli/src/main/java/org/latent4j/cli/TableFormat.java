package org.latent4j.cli;

import java.nio.file.Path;
import org.latent4j.data.table.TableOptions;
import picocli.CommandLine.Option;

/** How a table is to be read, the same for all commands that take one; what is not given stays null. */
final class TableFormat {
    @Option(names = "--header", paramLabel = "auto|yes|no", description = "Tables: the first line names the columns.")
    String header;

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            description = "Tables: what separates cells; a character or tab.")
    String delimiter;

    @Option(
            names = "--ignore",
            paramLabel = "COLUMN,...",
            description = "Tables: columns to leave out, by names or numbers from 1.")
    String ignore;

    /** With a target, or null. */
    TableOptions options(Path file, String target) {
        return TableOptions.parse(file.toString(), header, delimiter, target, ignore);
    }
}

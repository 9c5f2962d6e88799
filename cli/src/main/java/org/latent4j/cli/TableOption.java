package org.latent4j.cli;

import java.nio.file.Path;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;
import org.latent4j.data.table.Table;
import org.latent4j.data.table.TableOptions;
import org.latent4j.data.table.Tables;
import picocli.CommandLine.Option;

/** What commands of ensembles are told of a table. */
class TableOption {

    @Option(names = "--data", paramLabel = "T", required = true, description = "Table, CSV or NPY of shape (n, p).")
    Path data;

    @Option(names = "--header", paramLabel = "auto|yes|no", description = "CSV: the first line names the columns.")
    String header;

    @Option(names = "--delimiter", paramLabel = "CHAR", description = "CSV: what separates cells; a character or tab.")
    String delimiter;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Decides every random number (default ${DEFAULT-VALUE}).")
    long seed;

    /** @param target a column, or null */
    Table read(Path file, String target) {
        TableOptions options = TableOptions.defaults();
        if (header != null) {
            options = options.withHeader(Suggest.choice(TableOptions.Header.class, "--header", header));
        }
        if (delimiter != null || file.toString().endsWith(".tsv")) {
            if (delimiter != null && !delimiter.equals("tab") && delimiter.length() != 1) {
                throw new DataException("--delimiter must be one character or tab, but is '" + delimiter + "'");
            }
            options = options.withDelimiter(delimiter == null || delimiter.equals("tab") ? '\t' : delimiter.charAt(0));
        }
        return Tables.read(file, target == null ? options : options.withTarget(target));
    }
}

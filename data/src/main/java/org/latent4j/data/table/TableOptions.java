package org.latent4j.data.table;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;

/**
 * How a table is to be read.
 *
 * <p>{@code header}: whether the first line names the columns; AUTO takes it for names when none of its cells is a number.
 * {@code delimiter} separates the cells of a CSV file. {@code target} is the column to predict, and {@code ignored} are columns that are
 * not read, each by name or by number from 1 (a name goes before a number); all others are features. {@code missing}: empty cells and NaN
 * among the features are read as NaN instead of being refused, for what can do with missing values, such as trees. {@code categorical}
 * are features whose cells are names, by name or number as well: each is read as the number of its name among the column's names, which are
 * sorted.
 *
 * <p>Throws {@link DataException} for a delimiter that numbers or quotes contain, and for blank names of columns.
 */
public record TableOptions(
        Header header,
        char delimiter,
        Optional<String> target,
        List<String> ignored,
        boolean missing,
        List<String> categorical) {

    /** Whether the first line of a CSV file names the columns. */
    public enum Header {
        AUTO,
        YES,
        NO
    }

    public TableOptions {
        if (Character.isLetterOrDigit(delimiter) || "\"'.+-\r\n".indexOf(delimiter) >= 0) {
            throw new DataException(
                    "delimiter '" + delimiter + "' is part of numbers, names or quotes; use , ; | or a tab");
        }
        if (target.isPresent() && target.get().isBlank()) {
            throw new DataException("the target column is blank; give its name or its number from 1");
        }
        if (ignored.stream().anyMatch(String::isBlank)) {
            throw new DataException(
                    "a column to ignore is blank; give names or numbers from 1, with commas between them");
        }
        if (categorical.stream().anyMatch(String::isBlank)) {
            throw new DataException(
                    "a column of categories is blank; give names or numbers from 1, with commas between them");
        }
        ignored = List.copyOf(ignored);
        categorical = List.copyOf(categorical);
    }

    /** Comma, header by itself, no target. */
    public static TableOptions defaults() {
        return new TableOptions(Header.AUTO, ',', Optional.empty(), List.of(), false, List.of());
    }

    /**
     * Options as a person writes them; null for what is not given.
     *
     * @param file a name ending in .tsv makes tab the delimiter that is not given
     * @param header auto, yes or no
     * @param delimiter one character, or {@code tab}
     * @param ignored columns with commas between them
     */
    public static TableOptions parse(String file, String header, String delimiter, String target, String ignored) {
        if (delimiter != null && !delimiter.equals("tab") && delimiter.length() != 1) {
            throw new DataException("--delimiter must be one character or tab, but is '" + delimiter + "'");
        }
        boolean tab = delimiter == null ? file.toLowerCase(Locale.ROOT).endsWith(".tsv") : delimiter.equals("tab");
        return new TableOptions(
                header == null ? Header.AUTO : Suggest.choice(Header.class, "--header", header),
                tab ? '\t' : delimiter == null ? ',' : delimiter.charAt(0),
                Optional.ofNullable(target),
                ignored == null ? List.of() : Arrays.asList(ignored.split(",", -1)),
                false,
                List.of());
    }

    public TableOptions withHeader(Header newHeader) {
        return new TableOptions(newHeader, delimiter, target, ignored, missing, categorical);
    }

    public TableOptions withDelimiter(char newDelimiter) {
        return new TableOptions(header, newDelimiter, target, ignored, missing, categorical);
    }

    public TableOptions withTarget(String newTarget) {
        return new TableOptions(header, delimiter, Optional.of(newTarget), ignored, missing, categorical);
    }

    public TableOptions withIgnored(List<String> newIgnored) {
        return new TableOptions(header, delimiter, target, newIgnored, missing, categorical);
    }

    public TableOptions withMissing(boolean newMissing) {
        return new TableOptions(header, delimiter, target, ignored, newMissing, categorical);
    }

    public TableOptions withCategorical(List<String> newCategorical) {
        return new TableOptions(header, delimiter, target, ignored, missing, newCategorical);
    }
}

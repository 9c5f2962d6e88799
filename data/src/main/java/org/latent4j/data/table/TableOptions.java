package org.latent4j.data.table;

import java.util.Optional;
import org.latent4j.data.DataException;

/**
 * How a table is to be read.
 *
 * <p>{@code header}: whether the first line names the columns; AUTO takes it for names when none of its cells is a number.
 * {@code delimiter} separates the cells of a CSV file. {@code target} is the column to predict, by name or by number from 1 (a name goes
 * before a number); without it all columns are features.
 *
 * <p>Throws {@link DataException} for a delimiter that numbers or quotes contain, and for a blank target.
 */
public record TableOptions(Header header, char delimiter, Optional<String> target) {

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
    }

    /** Comma, header by itself, no target. */
    public static TableOptions defaults() {
        return new TableOptions(Header.AUTO, ',', Optional.empty());
    }

    public TableOptions withHeader(Header newHeader) {
        return new TableOptions(newHeader, delimiter, target);
    }

    public TableOptions withDelimiter(char newDelimiter) {
        return new TableOptions(header, newDelimiter, target);
    }

    public TableOptions withTarget(String newTarget) {
        return new TableOptions(header, delimiter, Optional.of(newTarget));
    }
}

package org.latent4j.data;

/**
 * Data that can't be used as asked. The message is complete for a person: it names the file or option, what was expected, what came, and
 * the remedy, and it lists all problems that were found at once.
 */
public class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}

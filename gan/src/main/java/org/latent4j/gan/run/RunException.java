package org.latent4j.gan.run;

/** A run directory can't be written, read or locked. The message names the file, the cause and what is still intact. */
public class RunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RunException(String message) {
        super(message);
    }

    public RunException(String message, Throwable cause) {
        super(message, cause);
    }
}

package org.latent4j.compute;

/** A device, backend or kernel could not do what was asked. The message names it, what was expected and the remedy. */
public class ComputeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ComputeException(String message) {
        super(message);
    }

    public ComputeException(String message, Throwable cause) {
        super(message, cause);
    }
}

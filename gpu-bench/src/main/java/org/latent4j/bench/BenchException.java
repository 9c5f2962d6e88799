package org.latent4j.bench;

/** A benchmark that means nothing: results differ, or a peer failed. */
public final class BenchException extends RuntimeException {
    public BenchException(String message) {
        super(message);
    }

    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}

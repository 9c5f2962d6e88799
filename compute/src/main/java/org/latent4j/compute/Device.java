package org.latent4j.compute;

import java.util.Locale;

/**
 * Where networks and primitives run.
 *
 * @param kind which backend
 * @param index which card, for {@code cuda}; 0 otherwise
 */
public record Device(Kind kind, int index) {

    /** The backends, in the words of the command line. */
    public enum Kind {
        /** Stock DL4J and ND4J: the reference. */
        ND4J,
        /** Compiled plans on oneDNN. */
        CPU,
        /** Compiled plans on CUDA. */
        CUDA
    }

    @Override
    public String toString() {
        String name = kind.name().toLowerCase(Locale.ROOT);
        return kind == Kind.CUDA ? name + ":" + index : name;
    }
}

package org.latent4j.compute;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * Rows of numbers where a backend's primitives read them, made once by {@link Primitives#matrix} and used many times.
 *
 * <p>Valid until closed, and only with the primitives that made it. Holds a copy, unless the backend reads the user's array in place: don't
 * change that array meanwhile.
 */
public interface Matrix extends AutoCloseable {
    long rows();

    int columns();

    /** FLOAT or DOUBLE. */
    DataType type();

    @Override
    void close();
}

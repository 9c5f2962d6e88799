package org.latent4j.bench;

import java.io.IOException;
import java.util.function.Consumer;

/** A set of measurements of one subject. */
public interface Suite {

    /** As typed: {@code latent4j bench NAME}. */
    String name();

    /** What is measured, against which peer, in one line. */
    String about();

    /**
     * Measures; a row for each comparison, or for ours alone where there is no peer.
     *
     * @param rows takes each as soon as it is measured
     * @throws BenchException when ours and the peer don't compute the same, or a peer fails
     */
    void run(Bench bench, Consumer<Row> rows) throws IOException;
}

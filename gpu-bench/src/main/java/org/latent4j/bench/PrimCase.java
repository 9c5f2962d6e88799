package org.latent4j.bench;

import java.io.IOException;
import java.util.function.Supplier;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A primitive on given numbers.
 *
 * @param op as {@code peers/prims_numpy.py} names it
 * @param type of the numbers
 * @param times in a turn
 * @param flops of its products, if these are what limits it; else 0
 */
record PrimCase(String name, String op, DataType type, int times, double flops, Setup setup) {

    /** Makes the arguments and gives them to the peer. */
    @FunctionalInterface
    interface Setup {
        Prepared prepare(Primitives primitives, Exchange exchange) throws IOException;
    }

    /**
     * What is measured.
     *
     * @param work once
     * @param verify compares the last work's results with the peer's, and says how far apart they are
     */
    record Prepared(Runnable work, Supplier<String> verify) {}

    String precision() {
        return type == DataType.FLOAT ? "fp32" : "fp64";
    }
}

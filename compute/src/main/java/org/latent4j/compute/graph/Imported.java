package org.latent4j.compute.graph;

import java.util.List;
import java.util.Map;

/**
 * A network as operations.
 *
 * @param inputs by DL4J's names
 * @param outputs by DL4J's names
 * @param losses of those outputs that have a known one
 * @param norms batch norms of a training pass
 */
record Imported(
        GraphBuilder builder,
        Map<String, Value> inputs,
        Map<String, Value> outputs,
        Map<String, LossOf> losses,
        List<Norm> norms) {

    /** An output's loss, and the value that its gradient is about. */
    record LossOf(Op.Loss loss, Value about) {}

    /** A batch norm's own moments, and the running ones that its layer keeps: mean and variance, or log10 of the deviation. */
    record Norm(double decay, boolean log10Deviation, List<Value> moments, List<Value> running) {}
}

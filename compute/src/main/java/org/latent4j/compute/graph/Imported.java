package org.latent4j.compute.graph;

import java.util.List;
import java.util.Map;

/**
 * A network as operations.
 *
 * @param inputs by DL4J's names
 * @param outputs by DL4J's names
 * @param norms batch norms of a training pass
 */
record Imported(GraphBuilder builder, Map<String, Value> inputs, Map<String, Value> outputs, List<Norm> norms) {

    /** A batch norm's own moments, and the running ones that its layer keeps: mean and variance, or log10 of the deviation. */
    record Norm(double decay, boolean log10Deviation, List<Value> moments, List<Value> running) {}
}

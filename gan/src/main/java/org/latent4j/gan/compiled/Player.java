package org.latent4j.gan.compiled;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.graph.Backend;
import org.latent4j.compute.graph.CompileOptions;
import org.latent4j.compute.graph.Compiled;
import org.latent4j.compute.graph.Compiler;
import org.latent4j.compute.graph.Parameters;
import org.latent4j.compute.graph.Precision;

/** One network of the game with one store of parameters, for which any number of passes are compiled. */
final class Player {
    final ComputationGraph graph;
    final Parameters parameters;
    final String input;
    final String output;
    private final Backend backend;
    private final Precision precision;
    private final long[] inputShape;

    /** {@code inputShape}: of one sample. */
    Player(ComputationGraph graph, Backend backend, Precision precision, long... inputShape) {
        this.graph = graph;
        this.parameters = new Parameters(graph);
        this.input = graph.getConfiguration().getNetworkInputs().get(0);
        this.output = graph.getConfiguration().getNetworkOutputs().get(0);
        this.backend = backend;
        this.precision = precision;
        this.inputShape = inputShape;
    }

    Compiled compile(CompileOptions options) {
        return Compiler.compile(
                parameters, backend, options.withInputShape(input, inputShape).withPrecision(precision));
    }
}

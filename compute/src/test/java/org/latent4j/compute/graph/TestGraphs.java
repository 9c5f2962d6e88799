package org.latent4j.compute.graph;

import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Philox;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** DL4J networks for tests, with every parameter random, so that no bias or shift is a zero that hides a mistake. */
final class TestGraphs {
    private TestGraphs() {}

    static NeuralNetConfiguration.Builder builder(IUpdater updater) {
        return new NeuralNetConfiguration.Builder().seed(1).updater(updater);
    }

    /** A chain of layers named a, b, c, ... from the input "in". */
    static ComputationGraph chain(InputType input, Layer... layers) {
        return chain(builder(new Sgd(0.1)), input, layers);
    }

    static ComputationGraph chain(NeuralNetConfiguration.Builder builder, InputType input, Layer... layers) {
        return graph(builder, input, g -> {
            String previous = "in";
            for (int i = 0; i < layers.length; i++) {
                String name = String.valueOf((char) ('a' + i));
                g.addLayer(name, layers[i], previous);
                previous = name;
            }
            g.setOutputs(previous);
        });
    }

    static ComputationGraph graph(
            NeuralNetConfiguration.Builder builder,
            InputType input,
            Consumer<ComputationGraphConfiguration.GraphBuilder> vertices) {
        ComputationGraphConfiguration.GraphBuilder graphBuilder =
                builder.graphBuilder().addInputs("in").setInputTypes(input);
        vertices.accept(graphBuilder);
        ComputationGraph graph = new ComputationGraph(graphBuilder.build());
        graph.init();
        randomize(graph, 1);
        return graph;
    }

    static void randomize(ComputationGraph graph, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.WEIGHTS, 0);
        graph.paramTable().forEach((name, array) -> {
            boolean weights = name.endsWith("_W");
            boolean scale = name.endsWith("_gamma") || name.endsWith("_var");
            double fanIn = weights ? (double) array.length() / Math.max(1, array.size(array.rank() == 2 ? 1 : 0)) : 1;
            double spread = weights ? 1 / Math.sqrt(fanIn) : 0.3;
            float[] values = new float[Math.toIntExact(array.length())];
            for (int i = 0; i < values.length; i++) {
                double value = spread * random.nextGaussian();
                values[i] = (float) (scale ? 0.5 + Math.abs(value) : value);
            }
            array.assign(Nd4j.createFromArray(values).reshape('c', array.shape()));
        });
    }
}

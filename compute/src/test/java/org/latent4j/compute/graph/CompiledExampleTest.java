package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.compute.graph.CompileOptions.Wanted;
import org.latent4j.compute.network.NetworkDevice;
import org.latent4j.compute.network.NetworkTraining;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** The code of docs/compiled.md: it is the code below, and it runs. */
class CompiledExampleTest {
    private static final Path SELF = Path.of("src/test/java/org/latent4j/compute/graph/CompiledExampleTest.java");
    private static final Path DOCUMENT = Path.of("../docs/compiled.md");

    @TempDir
    Path folder;

    private static ComputationGraphConfiguration classifier() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.01))
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(11, 9, 3))
                .addLayer(
                        "conv",
                        new ConvolutionLayer.Builder(3, 3)
                                .nOut(4)
                                .activation(Activation.RELU)
                                .build(),
                        "in")
                .addLayer(
                        "class",
                        new OutputLayer.Builder()
                                .nOut(2)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "conv")
                .setOutputs("class")
                .build();
    }

    @Test
    void theExampleRuns() throws IOException {
        int batch = 6;
        INDArray picture =
                Nd4j.linspace(-1, 1, batch * 3 * 11 * 9).castTo(DataType.FLOAT).reshape('c', batch, 3, 11, 9);
        INDArray label = Nd4j.zeros(batch, 2);
        for (int i = 0; i < batch; i++) {
            label.putScalar(i, i % 2, 1);
        }
        List<INDArray> images = List.of(picture, picture, picture, picture, picture);
        List<INDArray> labels = List.of(label, label, label, label, label);
        List<Double> losses = new ArrayList<>();
        File file = folder.resolve("model.zip").toFile();
        ComputationGraphConfiguration configuration = classifier();
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true));
        try {
            // begins
            ComputationGraph graph = new ComputationGraph(configuration);
            graph.init();
            Backend backend = new CpuBackend();
            Parameters parameters = new Parameters(graph); // the graph's own arrays: nothing is copied
            CompileOptions training = CompileOptions.training(batch, Wanted.PARAMETERS)
                    .withLabels() // the loss of the output layer; without, you write the output's gradient
                    .withInputShape("in", 3, 11, 9); // one sample: (channels, height, width), or (features)
            Compiled network = Compiler.compile(parameters, backend, training);
            Updater updater = new Updater(parameters, backend); // DL4J's updater, on DL4J's state
            for (int step = 0; step < 5; step++) {
                network.tensor("in").write(images.get(step)); // (batch, 3, 11, 9)
                network.labels("class").write(labels.get(step));
                network.forward();
                network.backward();
                updater.update(batch);
                losses.add(network.loss("class") / batch);
            }
            System.out.print(network.explain()); // every operation with its kernel, and memory
            System.out.print(network.profile(20)); // ms, GFLOP/s, GB/s, share of the machine's ceiling
            ModelSerializer.writeModel(graph, file, true); // an ordinary DL4J model, updater state included
            // ends
        } finally {
            System.setOut(console);
        }
        assertThat(losses.get(4)).isLessThan(losses.get(0));
        assertThat(printed.toString()).contains("forward", "backward", "Conv", "memory:", "GFLOP/s", "ms in all");
        ComputationGraph plain = ModelSerializer.restoreComputationGraph(file, true);
        plain.fit(new INDArray[] {picture}, new INDArray[] {label});
        assertThat(plain.score()).isLessThan(losses.get(0));
    }

    @Test
    void theShortExampleRuns() {
        ComputationGraph graph = new ComputationGraph(classifier());
        graph.init();
        INDArray images = Nd4j.rand(DataType.FLOAT, 6, 3, 11, 9);
        Iterator<DataSet> iterator = List.of(new DataSet(images, Nd4j.ones(6, 2)), new DataSet(images, Nd4j.ones(6, 2)))
                .iterator();
        // begins
        NetworkTraining training = new NetworkTraining(graph, NetworkDevice.forTraining("auto", graph), 1, 3, 11, 9);
        while (iterator.hasNext()) {
            training.update(iterator.next()); // a DataSet; minibatches may be of several sizes
        }
        training.synchronize(); // from here on the graph holds what it learned, moments included
        INDArray answers = graph.outputSingle(images);
        // ends
        assertThat(answers.shape()).containsExactly(6, 2);
        assertThat(graph.getIterationCount()).isEqualTo(2);
    }

    @Test
    void theDocumentShowsThisCode() throws IOException {
        assertThat(blocks(Files.readString(DOCUMENT), "```java\n", "```"))
                .isEqualTo(blocks(Files.readString(SELF), "  // begins\n", "  // ends"))
                .hasSize(2);
    }

    private static List<List<String>> blocks(String text, String begin, String end) {
        List<List<String>> blocks = new ArrayList<>();
        for (int at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
            blocks.add(block(text, at + begin.length(), end));
        }
        return blocks;
    }

    private static List<String> block(String text, int start, String end) {
        return text.substring(start, text.indexOf(end, start))
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}

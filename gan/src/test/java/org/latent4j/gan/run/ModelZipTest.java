package org.latent4j.gan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.network.Networks;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class ModelZipTest {
    @TempDir
    Path folder;

    private Path model;
    private ComputationGraph graph;

    @BeforeEach
    void write() throws IOException {
        SampleShape.Point point = new SampleShape.Point(2);
        graph = new ComputationGraph(
                Networks.configure(Networks.defaults("mlp", point), point, 1).generator());
        graph.init();
        model = folder.resolve("model.zip");
        ModelZip.write(graph, model, true);
    }

    @Test
    void aModelComesBackAsItWas() {
        ComputationGraph read = ModelZip.read(model);
        assertThat(read.params()).isEqualTo(graph.params());
        assertThat(read.updaterState()).isEqualTo(graph.updaterState());
    }

    @Test
    void entriesThatDl4jWouldDeserialiseAreRefused() throws IOException {
        Path foreign = rewrite(entries -> entries.put("preprocessor.bin", new byte[] {1}));
        assertThatThrownBy(() -> ModelZip.read(foreign))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("'preprocessor.bin', which is not loaded for safety");
    }

    @Test
    void foreignClassesAreRefusedBeforeTheyAreLoaded() throws IOException {
        Path foreign = rewrite(entries ->
                entries.compute("configuration.json", (name, json) -> new String(json, StandardCharsets.UTF_8)
                        .replace("org.deeplearning4j.nn.conf.layers.DenseLayer", "javax.swing.JEditorPane")
                        .getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> ModelZip.read(foreign))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("'javax.swing.JEditorPane', which is not loaded for safety");
    }

    @Test
    void arraysOfAnotherSizeThanTheConfigurationsAreRefused() throws IOException {
        Path bomb = rewrite(entries -> entries.put("coefficients.bin", header(1L << 40)));
        assertThatThrownBy(() -> ModelZip.read(bomb))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("holds 1099511627776 numbers, but the configuration needs " + graph.numParams());
        Path torn = rewrite(entries ->
                entries.compute("coefficients.bin", (name, bytes) -> Arrays.copyOf(bytes, bytes.length - 4)));
        assertThatThrownBy(() -> ModelZip.read(torn))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is damaged");
    }

    @Test
    void damagedFilesGiveAClearErrorOrAnEqualModel() throws IOException {
        byte[] bytes = Files.readAllBytes(model);
        Path damaged = folder.resolve("damaged.zip");
        Philox random = new Philox(1, Philox.Purpose.SYNTHETIC, 0);
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            byte[] copy = i % 2 == 0 ? bytes.clone() : Arrays.copyOf(bytes, random.nextInt(bytes.length));
            if (i % 2 == 0) {
                copy[random.nextInt(copy.length)] ^= (byte) (1 + random.nextInt(255));
            }
            Files.write(damaged, copy);
            try {
                assertThat(ModelZip.read(damaged).params()).isEqualTo(graph.params());
            } catch (DataException e) {
                refused++;
                assertThat(e).hasMessageContaining("damaged.zip");
            }
        }
        assertThat(refused).isGreaterThan(30);
    }

    @Test
    void configurationsThatAreNoneAreNamed() throws IOException {
        Path file = folder.resolve("graph.json");
        assertThatThrownBy(() -> ModelZip.readConfiguration(file)).hasMessageContaining("does not exist");
        Files.writeString(file, "{");
        assertThatThrownBy(() -> ModelZip.readConfiguration(file)).hasMessageContaining("is no JSON");
        Files.writeString(file, "{\"confs\":[]}");
        assertThatThrownBy(() -> ModelZip.readConfiguration(file)).hasMessageContaining("MultiLayerNetwork");
        Files.writeString(file, graph.getConfiguration().toJson());
        assertThat(ModelZip.readConfiguration(file)).isEqualTo(graph.getConfiguration());
    }

    @Test
    void layersOneAfterTheOtherBecomeAGraphAsDl4jMakesIt() throws IOException {
        MultiLayerConfiguration layers = new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Adam(0.01))
                .l2(0.1)
                .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .activation(Activation.RELU)
                        .build())
                .layer(new DenseLayer.Builder().nOut(5).dropOut(0.5).build())
                .layer(new DenseLayer.Builder()
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.convolutional(6, 6, 2))
                .build();
        Path file = folder.resolve("layers.json");
        Files.writeString(file, layers.toJson());
        ComputationGraphConfiguration read = ModelZip.readConfiguration(file);
        MultiLayerNetwork network = new MultiLayerNetwork(layers);
        network.init();
        ComputationGraphConfiguration theirs = network.toComputationGraph().getConfiguration();
        ComputationGraph ours = new ComputationGraph(read);
        ours.init();
        String seed = "\"seed\" : [0-9]+";
        assertThat(read.toJson().replaceAll(seed, "")).isEqualTo(theirs.toJson().replaceAll(seed, ""));
        assertThat(read.getDefaultConfiguration().getSeed()).isEqualTo(7);
        INDArray x = Nd4j.linspace(-1, 1, 144).castTo(DataType.FLOAT).reshape(2, 2, 6, 6);
        ours.setParams(network.params());
        assertThat(ours.outputSingle(x)).isEqualTo(network.output(x));

        Files.writeString(file, layers.toJson().replace("org.nd4j.linalg.learning.config.Adam", "javax.swing.JTree"));
        assertThatThrownBy(() -> ModelZip.readConfiguration(file))
                .hasMessageContaining("'javax.swing.JTree', which is not loaded for safety");
        Path zip = folder.resolve("layers.zip");
        ModelSerializer.writeModel(network, zip.toFile(), false);
        assertThatThrownBy(() -> ModelZip.read(zip)).hasMessageContaining("convert it with toComputationGraph()");
    }

    private interface Change {
        void apply(Map<String, byte[]> entries);
    }

    private Path rewrite(Change change) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(model.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        change.apply(entries);
        Path changed = folder.resolve("changed.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(changed))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
        return changed;
    }

    /** An array file's beginning that announces so many numbers. */
    private static byte[] header(long length) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF("LONG_SHAPE");
            out.writeLong(8);
            out.writeUTF("LONG");
            out.write(new byte[64]);
            out.writeUTF("LONG_SHAPE");
            out.writeLong(length);
            out.writeUTF("FLOAT");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }
}

package org.latent4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.gan.run.StoredRun;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;

/** {@code gan train} of networks that a user wrote as layers one after the other. */
class GanOwnLayersTest {
    private static final int LATENT = 10;

    @TempDir
    private Path folder;

    private String err;

    private Path layers(String name, int inputs, int outputs) throws IOException {
        Path file = folder.resolve(name);
        String json = new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Adam(1e-3))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(inputs)
                        .nOut(8)
                        .activation(Activation.HARDTANH)
                        .build())
                .layer(new PReLULayer.Builder().inputShape(8).build())
                .layer(new DenseLayer.Builder()
                        .nIn(8)
                        .nOut(outputs)
                        .activation(Activation.IDENTITY)
                        .build())
                .build()
                .toJson();
        Files.writeString(file, json);
        return file;
    }

    /** With penalties; the run's files are those of graphs, and begin the same again. */
    @Test
    void layersAreTrainedAsGraphs() throws IOException {
        String networks = " --generator " + layers("g.json", LATENT, 2) + " --discriminator " + layers("d.json", 2, 1);
        String train = "gan train --data moons --penalty r1+r2 --batch 4 --latent " + LATENT + networks + " --out ";
        Path run = folder.resolve("run");
        Path parts = folder.resolve("parts");
        assertThat(run((train + run + " --steps 3").split(" "))).as(err).isZero();
        assertThat(run((train + parts + " --steps 2").split(" "))).as(err).isZero();
        assertThat(run("gan", "train", "--out", parts + "", "--resume", "--steps", "3"))
                .as(err)
                .isZero();
        assertThat(run.resolve("generator.json")).content().contains("\"networkInputs\" : [ \"in\" ]");
        assertThat(StoredRun.open(parts).readDiscriminator().params())
                .isEqualTo(StoredRun.open(run).readDiscriminator().params());
    }

    private int run(String... arguments) {
        StringWriter errText = new StringWriter();
        int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(errText), arguments);
        err = errText.toString();
        return code;
    }
}

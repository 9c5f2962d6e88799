package org.latent4j.ensembles.bagging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.ensembles.Learner;
import org.latent4j.ensembles.Model;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;
import org.latent4j.ensembles.Sets;
import org.latent4j.ensembles.tree.DecisionTree;
import org.latent4j.ensembles.tree.TreeOptions;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class BagFolderTest {
    @TempDir
    private Path folder;

    /** What is read says what was written; of 1,000 mutated files each is refused by name, or is a bag that predicts. */
    @Test
    void comesBackAndMutationsAreRefusedOrHarmless() throws IOException {
        Samples samples = Sets.quadrants(13, 3, 1);
        try (Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0))) {
            List<Learner<? extends Model>> learners = List.of(
                    Perceptron.learner(5),
                    LogisticRegression.learner(1),
                    KNearest.learner(3, primitives),
                    DecisionTree.learner(TreeOptions.defaults()));
            int refused = 0;
            int read = 0;
            for (Learner<? extends Model> learner : learners) {
                Bag<? extends Model> bag =
                        Bag.fit(learner, samples, BaggingOptions.bootstrap(3).withVote(true));
                BagFolder.write(folder, bag, List.of("a", "b", "c"), samples.classNames());
                double[] expected = Points.doubles(bag.predict(samples.points()));
                BagFolder.Named back = BagFolder.read(folder, primitives);
                assertThat(Points.doubles(back.bag().predict(samples.points()))).isEqualTo(expected);
                assertThat(back.features()).containsExactly("a", "b", "c");
                byte[] whole = Files.readAllBytes(folder.resolve("bag.json"));
                Philox random = new Philox(2, Philox.Purpose.EVALUATION, 0);
                for (int i = 0; i < 250; i++) {
                    byte[] changed = whole.clone();
                    changed[random.nextInt(changed.length)] =
                            (byte) "0123456789[]{},:\"e-. x".charAt(random.nextInt(22));
                    Files.write(folder.resolve("bag.json"), changed);
                    try {
                        Model mutated = BagFolder.read(folder, primitives).bag();
                        assertThat(Points.doubles(mutated.predict(samples.points())))
                                .hasSize(26);
                        read++;
                    } catch (DataException e) {
                        assertThat(e.getMessage()).contains("bag.json");
                        refused++;
                    }
                }
            }
            assertThat(refused).isGreaterThan(100);
            assertThat(read).isGreaterThan(100);
        }
    }

    /** DL4J would deserialise a preprocessor of any class, even one that the zip's directory does not name. */
    @Test
    void networksAreReadWithDistrust() throws IOException {
        Samples samples = Sets.quadrants(13, 3, 1);
        Dl4jLearner learner = new Dl4jLearner(BagFolderTest::network, 1, 8);
        Bag<Dl4jLearner.Network> bag = Bag.fit(learner, samples, BaggingOptions.bootstrap(2));
        List<String> names = List.of("a", "b", "c");
        BagFolder.write(folder, bag, names, samples.classNames());
        Path zip = folder.resolve("member-2.zip");
        byte[] whole = Files.readAllBytes(zip);
        try (Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0))) {
            assertThat(BagFolder.read(folder, primitives).bag().predict(samples.points()))
                    .isEqualTo(bag.predict(samples.points()));
            try (FileSystem inside = FileSystems.newFileSystem(zip)) {
                Files.write(inside.getPath("preprocessor.bin"), new byte[] {1, 2, 3});
            }
            assertThatThrownBy(() -> BagFolder.read(folder, primitives))
                    .isInstanceOf(DataException.class)
                    .hasMessageContainingAll("member-2.zip", "preprocessor.bin", "not loaded for safety");
            Files.write(zip, Arrays.copyOf(whole, whole.length / 2));
            assertThatThrownBy(() -> BagFolder.read(folder, primitives))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("member-2.zip");
            Files.write(zip, whole);
            Path json = folder.resolve("bag.json");
            Files.writeString(json, Files.readString(json).replace("\"a\",", ""));
            assertThatThrownBy(() -> BagFolder.read(folder, primitives))
                    .isInstanceOf(DataException.class)
                    .hasMessageContainingAll("member-1.zip", "2 features");
        }
    }

    private static MultiLayerConfiguration network(long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .list()
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nIn(3)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
    }

    @Test
    void newerVersionsAndForeignFilesAreNamed() throws IOException {
        try (Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0))) {
            refuse("{\"format\":\"latent4j bag\",\"version\":2}", "version 2", primitives);
            refuse("{\"format\":\"something\",\"version\":1}", "'something'", primitives);
            refuse("{\"colour\":1}", "colour", primitives);
            refuse("null", "no bag", primitives);
            refuse("\u0000\u0001", "no bag", primitives);
        }
    }

    private void refuse(String json, String message, Primitives primitives) throws IOException {
        Files.write(folder.resolve("bag.json"), json.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> BagFolder.read(folder, primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("bag.json", message);
    }
}

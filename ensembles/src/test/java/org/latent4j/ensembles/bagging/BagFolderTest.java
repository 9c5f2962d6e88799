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
    /** Reading a network takes some milliseconds: {@code mvn test -Dlatent4j.mutations=10000 -Dtest=BagFolderTest} for as many. */
    private static final int NETWORKS = Integer.getInteger("latent4j.mutations", 100);

    @TempDir
    private Path folder;

    /** What is read says what was written; of 10,000 mutated files each is refused by name, or is the same bag. */
    @Test
    void comesBackAndMutationsAreRefusedOrHarmless() throws IOException {
        Samples samples = Sets.quadrants(13, 3, 1);
        try (Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0))) {
            List<Learner<? extends Model>> learners = List.of(
                    Perceptron.learner(5),
                    LogisticRegression.learner(1),
                    KNearest.learner(3, primitives),
                    DecisionTree.learner(TreeOptions.defaults()),
                    new Dl4jLearner(BagFolderTest::network, 1, 8));
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
                List<String> files = learner instanceof Dl4jLearner
                        ? List.of("bag.json", "member-2.zip")
                        : Files.exists(folder.resolve("members.l4jtrees"))
                                ? List.of("bag.json", "members.l4jtrees")
                                : List.of("bag.json");
                Philox random = new Philox(2, Philox.Purpose.EVALUATION, 0);
                for (String name : files) {
                    Path file = folder.resolve(name);
                    byte[] whole = Files.readAllBytes(file);
                    for (int i = 0; i < 2000 / files.size(); i++) {
                        Files.write(file, mutated(whole, name.endsWith("json"), random));
                        try {
                            Model mutated = BagFolder.read(folder, primitives).bag();
                            assertThat(Points.doubles(mutated.predict(samples.points())))
                                    .isEqualTo(expected);
                            read++;
                        } catch (DataException e) {
                            assertThat(e.getMessage()).contains(name);
                            refused++;
                        }
                    }
                    Files.write(file, whole);
                }
                Files.deleteIfExists(folder.resolve("members.l4jtrees"));
            }
            assertThat(refused + read).isEqualTo(10_000);
            assertThat(refused).isGreaterThan(5000);
            assertThat(read).isGreaterThan(10);
        }
    }

    private static byte[] mutated(byte[] whole, boolean text, Philox random) {
        byte[] changed = whole.clone();
        int at = random.nextInt(changed.length);
        switch (random.nextInt(8)) {
            case 0 -> changed = Arrays.copyOf(changed, random.nextInt(changed.length + 40));
            case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 2, 3 -> changed[at] = (byte) random.nextInt();
            case 4 -> {
                int from = random.nextInt(changed.length);
                int length = random.nextInt(1 + Math.min(20, changed.length - Math.max(at, from)));
                System.arraycopy(whole, from, changed, at, length);
            }
            default ->
                changed[at] =
                        text ? (byte) "0123456789[]{},:\"e-. x".charAt(random.nextInt(22)) : (byte) random.nextInt(3);
        }
        return changed;
    }

    /** Bags of version 1 had no checksums: as a file made on purpose, a mutated one is refused by name, or is a bag that predicts. */
    @Test
    void mutationsWithoutChecksumsAreRefusedOrPredict() throws IOException {
        Samples samples = Sets.quadrants(13, 3, 1);
        try (Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0))) {
            List<Learner<? extends Model>> learners = List.of(
                    Perceptron.learner(5),
                    LogisticRegression.learner(1),
                    KNearest.learner(3, primitives),
                    new Dl4jLearner(BagFolderTest::network, 1, 8));
            int refused = 0;
            int read = 0;
            for (Learner<? extends Model> learner : learners) {
                Bag<? extends Model> bag = Bag.fit(learner, samples, BaggingOptions.bootstrap(2));
                BagFolder.write(folder, bag, List.of("a", "b", "c"), samples.classNames());
                Path json = folder.resolve("bag.json");
                Files.writeString(json, unsealed(Files.readString(json)));
                assertThat(BagFolder.read(folder, primitives).bag().predict(samples.points()))
                        .isEqualTo(bag.predict(samples.points()));
                boolean network = learner instanceof Dl4jLearner;
                Path file = network ? folder.resolve("member-1.zip") : json;
                byte[] whole = Files.readAllBytes(file);
                Philox random = new Philox(3, Philox.Purpose.EVALUATION, 0);
                for (int i = 0; i < (network ? NETWORKS : 400); i++) {
                    Files.write(file, mutated(whole, !network, random));
                    try {
                        Model mutated = BagFolder.read(folder, primitives).bag();
                        assertThat(Points.doubles(mutated.predict(samples.points())))
                                .hasSize(26);
                        read++;
                    } catch (DataException e) {
                        assertThat(e.getMessage()).contains(file.getFileName().toString());
                        refused++;
                    }
                }
            }
            assertThat(refused).isGreaterThan(200);
            assertThat(read).isGreaterThan(200);
        }
    }

    private static String unsealed(String json) {
        return json.replace("\"version\":2", "\"version\":1")
                .replaceAll("\"zips\":[^]]*]", "\"zips\":null")
                .replaceAll("\"checksum\":\\d+", "\"checksum\":null");
    }

    /** DL4J would deserialise a preprocessor of any class, even one that the zip's directory does not name. */
    @Test
    void networksAreReadWithDistrust() throws IOException {
        Samples samples = Sets.quadrants(13, 3, 1);
        Dl4jLearner learner = new Dl4jLearner(BagFolderTest::network, 1, 8);
        Bag<Dl4jLearner.Network> bag = Bag.fit(learner, samples, BaggingOptions.bootstrap(2));
        List<String> names = List.of("a", "b", "c");
        BagFolder.write(folder, bag, names, samples.classNames());
        Path json = folder.resolve("bag.json");
        Files.writeString(json, unsealed(Files.readString(json)));
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
            refuse("{\"format\":\"latent4j bag\",\"version\":3}", "version 3", primitives);
            refuse("{\"format\":\"latent4j bag\",\"version\":2}", "checksum", primitives);
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

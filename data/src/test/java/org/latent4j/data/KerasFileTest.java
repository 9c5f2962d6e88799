package org.latent4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Models as Keras 3.15 saved them, and in the form of Keras 2; {@code make.py} beside them made them and what Keras says of the same pixels. */
class KerasFileTest {
    private static final Path FOLDER = Path.of("src/test/resources/keras");

    /** Images (2, 8, 8, 3) in -1 .. 1. */
    private static INDArray pixels() {
        float[] pixels = new float[2 * 8 * 8 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) (i * 37 % 256 / 127.5 - 1);
        }
        return Nd4j.createFromArray(pixels).reshape(2, 8, 8, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"graph3", "graph2", "chain3", "chain2"})
    void givesWhatKerasGives(String name) {
        Path file = FOLDER.resolve(name + ".h5");
        assertThat(KerasFile.is(file)).isTrue();
        KerasFile model = KerasFile.read(file);
        assertThat(model.input()).containsExactly(8, 8, 3);
        assertThat(model.channelsLast()).isTrue();
        INDArray features =
                model.graph().feedForward(new INDArray[] {pixels()}, false).get("features");
        INDArray expected = Nd4j.createFromNpyFile(
                FOLDER.resolve(name.substring(0, name.length() - 1) + ".npy").toFile());
        assertThat(features.shape()).isEqualTo(expected.shape());
        assertThat(features.distance2(expected)).isLessThan(1e-5);
        assertThat(expected.norm2Number().doubleValue()).isGreaterThan(0.1);
    }

    @Test
    void whatCannotBeReadIsNamed(@TempDir Path folder) throws Exception {
        assertThatThrownBy(() -> KerasFile.read(FOLDER.resolve("groups.h5")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("groups.h5")
                .hasMessageContaining("'grouped'")
                .hasMessageContaining("has groups");
        assertThatThrownBy(() -> KerasFile.read(FOLDER.resolve("bare.weights.h5")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("save the whole model");
        Path cut = folder.resolve("cut.h5");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(FOLDER.resolve("graph3.h5")), 5000));
        assertThatThrownBy(() -> KerasFile.read(cut))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("cut.h5")
                .hasMessageContaining("cut short");
        assertThat(KerasFile.is(folder.resolve("none.h5"))).isFalse();
        Path archive = folder.resolve("m.keras");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("model.weights.h5"));
        }
        assertThatThrownBy(() -> Dl4jZip.open(archive))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("model.save('m.h5')");
    }

    @Test
    void missingWeightsAreNotMadeUp(@TempDir Path folder) throws Exception {
        byte[] bytes = Files.readAllBytes(FOLDER.resolve("graph2.h5"));
        // The layer has another name in the configuration, where names are in quotes, than its weights have.
        String renamed = new String(bytes, StandardCharsets.ISO_8859_1).replace("\"both\"", "\"boat\"");
        Path file = folder.resolve("renamed.h5");
        Files.write(file, renamed.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> KerasFile.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("'boat'")
                .hasMessageContaining("has no weights");
    }

    @Test
    void whatDl4jWouldMisreadIsRefused() throws Exception {
        assertThatThrownBy(() -> KerasConfiguration.of("[]", "3")).hasMessageContaining("no configuration");
        String layers = "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[%s]}}";
        assertThatThrownBy(() -> read(layers, "Functional", "\"layers\":[]"))
                .hasMessageContaining("'inner' (Functional)")
                .hasMessageContaining("a model of its own");
        assertThatThrownBy(() -> read(layers, "UpSampling2D", "\"interpolation\":\"bilinear\""))
                .hasMessageContaining("interpolation bilinear");
        assertThatThrownBy(() -> read(layers, "PReLU", "\"shared_axes\":[1,2]")).hasMessageContaining("shared axes");
        assertThatThrownBy(() -> read(layers, "Dense", "\"activation\":\"hard_sigmoid\""))
                .hasMessageContaining("Keras 3's hard_sigmoid");
        KerasConfiguration rows = read(layers, "InputLayer", "\"batch_shape\":[null,28,28]");
        assertThatThrownBy(rows::input).hasMessageContaining("Input((28, 28, 1))");
    }

    private static KerasConfiguration read(String layers, String type, String setting) throws Exception {
        String layer = "{\"class_name\":\"" + type + "\",\"config\":{\"name\":\"inner\"," + setting + "}}";
        return KerasConfiguration.of(String.format(layers, layer), "3.15.1");
    }
}

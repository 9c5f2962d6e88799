package org.latent4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.data.DataException;
import org.latent4j.data.ImageSet;
import org.latent4j.data.Progress;

class ZipAndIdxTest {
    @TempDir
    Path folder;

    @Test
    void zipsFollowTheRulesOfFolders() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("x/zebra/1.png", Pictures.plain("png", 5, 5, 0x030303));
        entries.put("x/ant/1.png", Pictures.plain("png", 5, 5, 0x020202));
        entries.put("x/ant/0.png", Pictures.plain("png", 5, 5, 0x010101));
        entries.put("x/ant/broken.png", new byte[] {1, 2});
        entries.put("__MACOSX/x/ant/1.png", new byte[1]);
        entries.put("x/Thumbs.db", new byte[1]);
        Images.Opened opened = open(Pictures.zip(folder.resolve("set.zip"), entries));
        ImageSet images = opened.images();
        assertThat(images.name()).isEqualTo("set.zip");
        assertThat(images.classes()).containsExactly("ant", "zebra");
        assertThat(new int[] {images.label(0), images.label(1), images.label(2)})
                .containsExactly(0, 0, 1);
        byte[] image = new byte[75];
        images.read(2, image, 0);
        assertThat(image).containsOnly(3);
        assertThat(opened.report().ignored()).isEqualTo(2);
        assertThat(opened.report().skipped()).hasSize(1);
        assertThat(open(folder.resolve("set.zip")).report().reused()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../x.png", "a/../../x.png", "/etc/x.png", "C:/x.png", "C:\\x.png", "a\\..\\..\\x.png", "a/.."})
    void zipsThatClimbOutAreRefusedWhole(String name) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("good.png", Pictures.plain("png", 5, 5, 0));
        entries.put(name, Pictures.plain("png", 5, 5, 0));
        refused(
                Pictures.zip(folder.resolve("evil.zip"), entries),
                "evil.zip",
                "'" + name + "'",
                "points out of the zip");
    }

    @Test
    void zipBombsAreRefusedByWhatTheyDeclare() throws IOException {
        Path zip = Pictures.zip(folder.resolve("bomb.zip"), Map.of("a.png", new byte[100_000]));
        byte[] bytes = Files.readAllBytes(zip);
        declare(bytes, 600 << 20);
        refused(Files.write(zip, bytes), "a.png", "629145600 bytes in one file");

        Map<String, byte[]> many = new LinkedHashMap<>();
        for (int i = 0; i < 5; i++) {
            many.put(i + ".png", new byte[1000]);
        }
        bytes = Files.readAllBytes(Pictures.zip(zip, many));
        declare(bytes, 400 << 20);
        refused(Files.write(zip, bytes), "2.png", "more than 1073741824 bytes");
    }

    @Test
    void zipEntriesThatLieAboutTheirLengthAreBad() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("a.bmp", Pictures.plain("bmp", 50, 50, 0));
        Path zip = Pictures.zip(folder.resolve("liar.zip"), entries);
        byte[] bytes = Files.readAllBytes(zip);
        declare(bytes, 100);
        refused(Files.write(zip, bytes), "a.bmp: ", "100 bytes are declared, but more");
    }

    @Test
    void whatIsNoZipIsRefused() throws IOException {
        refused(Files.writeString(folder.resolve("text.zip"), "hello"), "text.zip is not a zip");
        refused(Files.write(folder.resolve("empty.zip"), new byte[0]), "(none)");
        Path zip = Pictures.zip(folder.resolve("cut.zip"), Map.of("a.png", Pictures.plain("png", 50, 50, 7)));
        byte[] bytes = Files.readAllBytes(zip);
        refused(Files.write(zip, Arrays.copyOf(bytes, bytes.length - 30)), "cut.zip is a damaged");
        refused(Pictures.zip(folder.resolve("none.zip"), Map.of("a.txt", new byte[1])), "only other files");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".gz"})
    void idxImagesWithLabels(String suffix) throws IOException {
        byte[] pixels = new byte[7 * 15];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 3);
        }
        Path file = idx("t10k-images-idx3-ubyte" + suffix, pixels, 0x803, 7, 5, 3);
        idx("t10k-labels-idx1-ubyte" + suffix, new byte[] {3, 0, 1, 2, 5, 5, 0}, 0x801, 7);
        for (Path source : new Path[] {folder, file}) {
            ImageSet images = open(source).images();
            assertThat(images.size()).isEqualTo(7);
            assertThat(images.shape().height()).isEqualTo(5);
            assertThat(images.shape().width()).isEqualTo(3);
            assertThat(images.classes()).containsExactly("0", "1", "2", "3", "4", "5");
            assertThat(images.label(4)).isEqualTo(5);
            byte[] image = new byte[15];
            images.read(6, image, 0);
            assertThat(image).containsExactly(Arrays.copyOfRange(pixels, 90, 105));
        }
        idx("train-images-idx3-ubyte" + suffix, new byte[4], 0x803, 1, 2, 2);
        assertThat(open(folder).images().size())
                .as("of several, the one for training")
                .isEqualTo(1);
        assertThat(open(folder).images().classes()).isEmpty();
    }

    @Test
    void wrongIdxFilesAreRefused() throws IOException {
        refused(idx("a-images-idx3-ubyte", new byte[12], 0x0D03, 3, 2, 2), "0x00000d03 instead of 0x00000803");
        refused(idx("a-images-idx3-ubyte", new byte[11], 0x803, 3, 2, 2), "wrong length", "27 bytes");
        refused(idx("a-images-idx3-ubyte", new byte[13], 0x803, 3, 2, 2), "wrong length");
        refused(idx("a-images-idx3-ubyte", new byte[0], 0x803, 1 << 30, 1 << 30, 1 << 30), "wrong length");
        refused(idx("a-images-idx3-ubyte", new byte[0], 0x803, -1, 2, 2), "-1");
        refused(idx("a-images-idx3-ubyte", new byte[0], 0x803), "truncated");
        refused(idx("b-images-idx3-ubyte.gz", new byte[11], 0x803, 3, 2, 2), "only 11");
        refused(idx("b-images-idx3-ubyte.gz", new byte[13], 0x803, 3, 2, 2), "more");
        refused(idx("b-images-idx3-ubyte.gz", new byte[13], 0x803, 1000, 1000, 1000), "wrong length");
        refused(idx("c.gz", new byte[13], 0x1234), "c.gz");
        Path images = idx("d-images-idx3-ubyte", new byte[12], 0x803, 3, 2, 2);
        idx("d-labels-idx1-ubyte", new byte[2], 0x801, 2);
        refused(images, "2 labels", "3 images");
        idx("d-labels-idx1-ubyte", new byte[3], 0x803, 3);
        refused(images, "instead of 0x00000801");
    }

    private Path idx(String name, byte[] content, int magic, int... axes) throws IOException {
        ByteBuffer file =
                ByteBuffer.allocate(4 + 4 * axes.length + content.length).putInt(magic);
        for (int axis : axes) {
            file.putInt(axis);
        }
        file.put(content);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (name.endsWith(".gz")) {
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(file.array());
            }
        } else {
            out.writeBytes(file.array());
        }
        return Files.write(folder.resolve(name), out.toByteArray());
    }

    /** Changes the unpacked length that the zip's directory gives for each entry. */
    private static void declare(byte[] zip, int length) {
        for (int i = 0; i + 46 <= zip.length; i++) {
            if (zip[i] == 'P' && zip[i + 1] == 'K' && zip[i + 2] == 1 && zip[i + 3] == 2) {
                ByteBuffer.wrap(zip).putInt(i + 24, Integer.reverseBytes(length));
            }
        }
    }

    private Images.Opened open(Path source) {
        return Images.open(source, ImageOptions.defaults(), folder.resolve("stores"), Progress.NONE);
    }

    private void refused(Path source, String... parts) {
        assertThatThrownBy(() -> open(source)).isInstanceOf(DataException.class).hasMessageContainingAll(parts);
    }
}

package org.latent4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.data.DataException;
import org.latent4j.data.ImageSet;
import org.latent4j.data.Progress;
import org.latent4j.data.SampleShape;
import org.latent4j.data.image.ImageOptions.Size;
import org.latent4j.data.image.Images.Opened;
import org.latent4j.data.npy.Npy;

class ImagesTest {
    private static final ImageOptions DEFAULTS = ImageOptions.defaults();

    @TempDir
    Path folder;

    Path data;
    Path stores;

    @BeforeEach
    void folders() throws IOException {
        data = Files.createDirectory(folder.resolve("my data"));
        stores = folder.resolve("runs/cache");
    }

    @Test
    void classFoldersBecomeLabelsInOrderOfName() throws IOException {
        put("set/dog/b.png", Pictures.plain("png", 13, 7, 0x00FF00));
        put("set/cat/a.png", Pictures.plain("png", 13, 7, 0xFF0000));
        put("set/dog/deeper/a.bmp", Pictures.plain("bmp", 13, 7, 0x0000FF));
        put("set/notes.txt", new byte[] {1});
        put("set/dog/.DS_Store", new byte[] {1});
        put("__MACOSX/set/cat/a.png", new byte[] {1});
        List<String> heard = new ArrayList<>();
        Opened opened =
                Images.open(data, DEFAULTS, stores, (task, done, total) -> heard.add(task + done + "/" + total));
        ImageSet images = opened.images();
        assertThat(images.name()).isEqualTo("my data");
        assertThat(images.size()).isEqualTo(3);
        assertThat(images.shape()).isEqualTo(new SampleShape.Image(3, 7, 13));
        assertThat(images.classes()).containsExactly("cat", "dog");
        assertThat(new int[] {images.label(0), images.label(1), images.label(2)})
                .containsExactly(0, 1, 1);
        assertThat(pixel(images, 0)).containsExactly(255, 0, 0);
        assertThat(pixel(images, 1)).containsExactly(0, 255, 0);
        assertThat(pixel(images, 2)).containsExactly(0, 0, 255);
        float[] scaled = new float[1 + 3 * 91];
        images.readScaled(2, scaled, 1);
        assertThat(scaled[1]).isEqualTo(-1);
        assertThat(scaled[1 + 91]).isEqualTo(-1);
        assertThat(scaled[1 + 2 * 91]).isEqualTo(1);
        assertThat(opened.report().found()).isEqualTo(3);
        assertThat(opened.report().ignored()).isEqualTo(3);
        assertThat(heard).contains("decoding images3/3");
        assertThatThrownBy(() -> images.read(3, new byte[273], 0)).isInstanceOf(IndexOutOfBoundsException.class);
        images.close();
        assertThatThrownBy(() -> images.read(0, new byte[273], 0)).hasMessageContaining("closed");
    }

    @Test
    void oneFolderOrFilesBesideFoldersGiveNoLabels() throws IOException {
        put("photos/a.png", Pictures.plain("png", 4, 4, 0));
        assertThat(open(DEFAULTS).images().classes()).isEmpty();
        put("b.png", Pictures.plain("png", 4, 4, 0));
        ImageSet images = open(DEFAULTS).images();
        assertThat(images.classes()).isEmpty();
        assertThat(images.label(1)).isEqualTo(-1);
    }

    @Test
    void badFilesAreNamedCountedAndSkippedOrFailStrictly() throws IOException {
        byte[] jpeg = Pictures.plain("jpg", 40, 40, 0x123456);
        put("good.jpg", jpeg);
        put("cut.jpg", Arrays.copyOf(jpeg, jpeg.length - 10));
        put("empty.png", new byte[0]);
        put("mislabelled.jpg", Pictures.plain("png", 40, 40, 0));
        put("text.png", "no image".getBytes(StandardCharsets.UTF_8));
        Files.createSymbolicLink(data.resolve("broken.png"), data.resolve("nowhere"));
        Opened opened = open(DEFAULTS);
        assertThat(opened.images().size()).isEqualTo(1);
        assertThat(opened.report().found()).isEqualTo(6);
        assertThat(opened.report().skipped())
                .extracting(Object::toString)
                .satisfiesExactly(
                        s -> assertThat(s).startsWith("broken.png: a symbolic link that leads nowhere"),
                        s -> assertThat(s).startsWith("cut.jpg: truncated"),
                        s -> assertThat(s).startsWith("empty.png: the file is empty"),
                        s -> assertThat(s).startsWith("mislabelled.jpg: mislabelled"),
                        s -> assertThat(s).startsWith("text.png: not an image"));
        // Strictly, the store that is there already does not hide the bad files.
        for (Path parent : List.of(stores, folder.resolve("fresh"))) {
            assertThatThrownBy(() -> Images.open(data, DEFAULTS.withStrict(true), parent, Progress.NONE))
                    .isInstanceOf(DataException.class)
                    .hasMessageContainingAll(
                            "5 bad of 6", "broken.png", "cut.jpg", "empty.png", "mislabelled.jpg", "text.png");
        }
        assertThat(folder.resolve("fresh")).isEmptyDirectory();
        Files.delete(data.resolve("good.jpg"));
        refused("no usable image; 5 bad: broken.png");
    }

    @Test
    void strictNamesTheFirstTwentyAndCountsTheRest() throws IOException {
        for (int i = 0; i < 23; i++) {
            put(String.format("%02d.png", i), new byte[] {9});
        }
        refused("23 bad: 00.png", "; 19.png: ", "and 3 more");
    }

    @Test
    void mixedSizesAndKindsAreReportedAndBroughtToOneShape() throws IOException {
        put("a.png", Pictures.plain("png", 30, 50, 0x404040));
        put("b.jpg", Pictures.plain("jpg", 300, 43, 0x404040));
        put("c.gif", Pictures.plain("gif", 500, 500, 0x404040));
        Opened opened = open(DEFAULTS);
        assertThat(opened.images().shape()).isEqualTo(new SampleShape.Image(3, 40, 40)); // median short side 43
        ImageReport report = opened.report();
        assertThat(report.distinctSizes()).isEqualTo(3);
        assertThat(report.smallest()).isEqualTo(new Size(30, 50));
        assertThat(report.largest()).isEqualTo(new Size(500, 500));
        assertThat(report.kinds()).containsOnlyKeys("RGB", "PALETTE").containsEntry("RGB", 2);
        assertThat(report.sizing()).startsWith("40x40, as the sizes are mixed").contains("43");
        assertThat(open(DEFAULTS.withSize(new Size(48, 32)).withChannels(1))
                        .images()
                        .shape())
                .isEqualTo(new SampleShape.Image(1, 32, 48));
    }

    @Test
    void storesAreUsedAgainUntilSourceOrOptionsChange() throws IOException {
        put("a.png", Pictures.plain("png", 8, 8, 0x0000FF));
        Opened first = open(DEFAULTS);
        Opened second = open(DEFAULTS.withStrict(true));
        assertThat(first.report().reused()).isFalse();
        assertThat(second.report().reused()).isTrue();
        assertThat(second.report().kinds()).isEqualTo(first.report().kinds());
        assertThat(pixel(second.images(), 0)).containsExactly(0, 0, 255);
        assertThat(open(DEFAULTS.withSize(new Size(4, 4))).report().reused()).isFalse();
        assertThat(open(DEFAULTS.withBackground(0)).report().reused()).isFalse();
        put("a.png", Pictures.plain("png", 8, 8, 0x00FF00));
        Files.setLastModifiedTime(data.resolve("a.png"), FileTime.fromMillis(1_000_000_000_000L));
        Opened changed = open(DEFAULTS);
        assertThat(changed.report().reused()).isFalse();
        assertThat(pixel(changed.images(), 0)).containsExactly(0, 255, 0);
    }

    @Test
    void damagedStoresAreMadeAgain() throws IOException {
        put("a.png", Pictures.plain("png", 8, 8, 0x0000FF));
        open(DEFAULTS);
        Path store = onlyStore();
        byte[] images = Files.readAllBytes(store.resolve(ImageSet.IMAGES_FILE));
        Files.write(store.resolve(ImageSet.IMAGES_FILE), Arrays.copyOf(images, images.length - 1));
        assertThatThrownBy(() -> ImageSet.open(store)).isInstanceOf(DataException.class);
        assertThat(open(DEFAULTS).report().reused()).isFalse();
        Files.delete(onlyStore().resolve(ImageSet.STORE_FILE));
        assertThat(open(DEFAULTS).report().reused()).isFalse();
        assertThat(open(DEFAULTS).report().reused()).isTrue();
    }

    @Test
    void manyMayOpenOneSourceAtOnce() throws IOException {
        for (int i = 0; i < 9; i++) {
            put(i + ".png", Pictures.plain("png", 30, 30, i));
        }
        List<Integer> sizes = IntStream.range(0, 6)
                .parallel()
                .mapToObj(i -> open(DEFAULTS).images().size())
                .toList();
        assertThat(sizes).hasSize(6).containsOnly(9);
        onlyStore();
    }

    @Test
    void orderDoesNotDependOnThreads() throws IOException {
        int n = 613; // several batches, the last one not full
        for (int i = 0; i < n; i++) {
            put(String.format("%04d.png", i), i % 50 == 7 ? new byte[] {1} : Pictures.plain("png", 2, 1, i));
        }
        ImageSet images = open(DEFAULTS).images();
        for (int i = 0, at = 0; i < n; i++) {
            if (i % 50 != 7) {
                assertThat(pixel(images, at++)).containsExactly(0, i >> 8, i & 255);
            }
        }
        assertThat(images.size()).isEqualTo(n - 13);
    }

    @Test
    @Timeout(20)
    void unusableFoldersAreRefused() throws IOException {
        refused("holds no images: it is empty");
        put("readme.txt", new byte[] {1});
        refused("only other files");
        Files.createDirectory(data.resolve("sub"));
        Files.createSymbolicLink(data.resolve("sub/up"), data);
        refused("symbolic link", "loop");
        assertThatThrownBy(() -> Images.open(folder.resolve("none"), DEFAULTS, stores, Progress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none is not there");
        Path text = Files.writeString(folder.resolve("data.bin"), "hello");
        assertThatThrownBy(() -> Images.open(text, DEFAULTS, stores, Progress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("68656c6c6f");
    }

    @Test
    void npyImagesOfBytesAndFloats() throws IOException {
        byte[] bytes = {0, 1, 2, 3, 4, (byte) 255};
        Npy.write(data.resolve("u1.npy"), bytes, 2, 1, 3);
        Npy.write(data.resolve("rgb.npy"), bytes, 2, 1, 1, 3);
        Npy.write(data.resolve("unit.npy"), new float[] {0, 0.5f, 1, 1 / 255f}, 1, 2, 2);
        Npy.write(data.resolve("signed.npy"), new double[] {-1, 0.0, 1, 2 / 255f - 1}, 1, 2, 2);
        assertThat(all("u1.npy")).containsExactly(bytes);
        assertThat(Images.open(data.resolve("rgb.npy"), DEFAULTS, stores, Progress.NONE)
                        .images()
                        .shape())
                .isEqualTo(new SampleShape.Image(3, 1, 1));
        assertThat(all("unit.npy")).containsExactly(0, 128, 255, 1);
        assertThat(all("signed.npy")).containsExactly(0, 128, 255, 1);
        Npy.write(data.resolve("wide.npy"), new float[] {0, 200}, 1, 1, 2);
        refusedFile("wide.npy", "from 0.0 to 200.0", "0 .. 1 or -1 .. 1");
        Npy.write(data.resolve("nan.npy"), new float[] {0, Float.NaN}, 1, 1, 2);
        refusedFile("nan.npy", "NaN");
        Npy.write(data.resolve("ints.npy"), new int[] {0, 1}, 1, 1, 2);
        refusedFile("ints.npy", "I4", "astype('uint8')");
        Npy.write(data.resolve("first.npy"), new byte[3 * 20], 1, 3, 4, 5);
        refusedFile("first.npy", "transpose(0, 2, 3, 1)");
        Npy.write(data.resolve("flat.npy"), new byte[6], 2, 3);
        refusedFile("flat.npy", "[2, 3]", "(n, h, w)");
        Npy.write(data.resolve("none.npy"), new byte[0], 0, 3, 3);
        refusedFile("none.npy", "0 images");
    }

    @Test
    void optionsSayWhatTheyTake() {
        assertThat(Size.parse("32")).isEqualTo(new Size(32, 32));
        assertThat(Size.parse(" 48x32 ")).isEqualTo(new Size(48, 32));
        for (String bad : List.of("", "0", "-4", "32x", "axb", "32x0", "9999", "99999999999", "3.5")) {
            assertThatThrownBy(() -> Size.parse(bad))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("'" + bad + "'");
        }
        assertThatThrownBy(() -> DEFAULTS.withChannels(2))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("1 (grey), 3");
        assertThat(ImageOptions.parseColour("#FF8000")).isEqualTo(0xFF8000);
        assertThat(ImageOptions.parseColour("black")).isZero();
        assertThatThrownBy(() -> ImageOptions.parseColour("mauve"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("mauve");
    }

    private byte[] all(String file) {
        ImageSet images =
                Images.open(data.resolve(file), DEFAULTS, stores, Progress.NONE).images();
        byte[] all = new byte[images.size() * images.shape().elements()];
        for (int i = 0; i < images.size(); i++) {
            images.read(i, all, i * images.shape().elements());
        }
        return all;
    }

    private void refused(String... parts) {
        assertThatThrownBy(() -> open(DEFAULTS))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(parts);
    }

    private void refusedFile(String file, String... parts) {
        assertThatThrownBy(() -> Images.open(data.resolve(file), DEFAULTS, stores, Progress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file)
                .hasMessageContainingAll(parts);
    }

    private Opened open(ImageOptions options) {
        return Images.open(data, options, stores, Progress.NONE);
    }

    private Path onlyStore() throws IOException {
        try (Stream<Path> list = Files.list(stores)) {
            List<Path> all = list.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private void put(String name, byte[] content) throws IOException {
        Path file = data.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** The first pixel as unsigned numbers. */
    private static int[] pixel(ImageSet images, int index) {
        byte[] image = new byte[images.shape().elements()];
        images.read(index, image, 0);
        int[] pixel = new int[images.shape().channels()];
        for (int c = 0; c < pixel.length; c++) {
            pixel[c] = image[c] & 0xFF;
        }
        return pixel;
    }
}

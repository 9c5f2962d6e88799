package org.latent4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.data.DataException;
import org.latent4j.data.ImageSet;
import org.latent4j.data.SampleShape;
import org.latent4j.data.npy.NpyHeader;
import org.latent4j.data.npy.NpyType;

class ImageStoreTest {
    private static final SampleShape.Image SHAPE = new SampleShape.Image(1, 3, 5);

    @TempDir
    Path folder;

    @Test
    void madeImagesAreWrittenFromManyThreadsAndUsedAgain() {
        int n = 207;
        ImageStore.Filler filler = sink -> IntStream.range(0, n).parallel().forEach(i -> {
            byte[] pixels = new byte[16];
            Arrays.fill(pixels, (byte) i);
            try {
                sink.put(i, pixels, 1, i % 2);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        ImageSet made = ImageStore.reuseOrWrite(folder, "spins", "ising", SHAPE, n, List.of("up", "down"), filler);
        ImageSet again = ImageStore.reuseOrWrite(folder, "spins", "ising", SHAPE, n, List.of("up", "down"), sink -> {
            throw new AssertionError("made again");
        });
        for (ImageSet images : List.of(made, again)) {
            assertThat(images.name()).isEqualTo("ising");
            assertThat(images.size()).isEqualTo(n);
            assertThat(images.shape()).isEqualTo(SHAPE);
            byte[] image = new byte[15];
            for (int i = 0; i < n; i++) {
                images.read(i, image, 0);
                assertThat(image).containsOnly((byte) i);
                assertThat(images.label(i)).isEqualTo(i % 2);
            }
        }
        ImageSet other = ImageStore.reuseOrWrite(
                folder, "spins 2", "ising", SHAPE, 1, List.of(), sink -> sink.put(0, new byte[15], 0, 0));
        assertThat(other.classes()).isEmpty();
        assertThat(other.label(0)).isEqualTo(-1);
    }

    @Test
    void failedAndIncompleteStoresLeaveNothing() {
        assertThatThrownBy(() -> ImageStore.reuseOrWrite(
                        folder, "x", "x", SHAPE, 3, List.of(), sink -> sink.put(1, new byte[15], 0, 0)))
                .hasMessageContaining("1 of 3 images");
        assertThatThrownBy(() -> ImageStore.reuseOrWrite(folder, "x", "x", SHAPE, 3, List.of(), sink -> {
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("No space left");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void fullDisksAreToldBeforeWriting() {
        SampleShape.Image large = new SampleShape.Image(4, 8192, 8192);
        assertThatThrownBy(() -> ImageStore.reuseOrWrite(folder, "x", "x", large, 2_000_000_000, List.of(), sink -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("needs 536,870,912,017 MB", folder.toString(), "are free");
        assertThat(folder).isEmptyDirectory();
        Path file = folder.resolve("file");
        assertThatThrownBy(() -> ImageStore.reuseOrWrite(
                        Files.writeString(file, ""),
                        "x",
                        "x",
                        SHAPE,
                        1,
                        List.of(),
                        sink -> sink.put(0, new byte[15], 0, 0)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("can't write the image store in " + file);
    }

    /** The file is sparse: only the images that are looked at take room on the disk. */
    @Test
    void imagesBeyondTwoGibibytesAreFound() throws IOException {
        SampleShape.Image shape = new SampleShape.Image(3, 333, 1001); // 999,999 bytes: no divisor of a map's length
        int n = 2_300;
        int[] looked = {0, 1072, 1073, 1074, 2146, 2147, 2148, 2299};
        try (FileChannel out = FileChannel.open(
                folder.resolve(ImageSet.IMAGES_FILE),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.SPARSE,
                StandardOpenOption.WRITE)) {
            byte[] header = NpyHeader.encode(NpyType.U1, n, 333, 1001, 3);
            out.write(ByteBuffer.wrap(header));
            for (int i : looked) {
                long at = header.length + (long) i * shape.elements();
                out.write(ByteBuffer.wrap(new byte[] {(byte) i, 1, 2}), at);
                out.write(ByteBuffer.wrap(new byte[] {3, 4, (byte) (i >> 8)}), at + shape.elements() - 3);
            }
        }
        Files.writeString(folder.resolve(ImageSet.STORE_FILE), "{\"name\": \"large\", \"classes\": []}");
        ImageSet images = ImageSet.open(folder);
        byte[] image = new byte[shape.elements()];
        float[] scaled = new float[shape.elements()];
        for (int i : looked) {
            images.read(i, image, 0);
            assertThat(image).startsWith(i, 1, 2).endsWith(3, 4, i >> 8);
            images.readScaled(i, scaled, 0);
            assertThat(scaled[0]).isEqualTo((i & 255) / 127.5f - 1);
            assertThat(scaled[shape.elements() - 1]).isEqualTo((i >> 8) / 127.5f - 1);
        }
    }
}

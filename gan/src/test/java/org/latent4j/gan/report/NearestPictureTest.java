package org.latent4j.gan.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataSource;
import org.latent4j.data.ImageSet;
import org.latent4j.data.Progress;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.npy.NpyType;
import org.latent4j.gan.evaluate.NearestImages;
import org.latent4j.gan.evaluate.RealRows;
import org.latent4j.gan.evaluate.Rows;

class NearestPictureTest {
    private static final int SIDE = 7;
    private static final int ELEMENTS = SIDE * SIDE * 3;

    @TempDir
    Path folder;

    /** Sample 1 is a copy of training image 4: it comes first, above what it was copied from; below come the samples in their order. */
    @Test
    void copiesComeFirst() throws IOException {
        byte[] pixels = new byte[13 * ELEMENTS];
        Philox random = new Philox(3, Philox.Purpose.EVALUATION, 9);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.nextInt(256);
        }
        Path file = folder.resolve("images.npy");
        Npy.write(file, NpyType.U1, new long[] {13, SIDE, SIDE, 3}, out -> out.put(pixels, 0, pixels.length));
        try (ImageSet images =
                (ImageSet) DataSource.of(file + "").open(folder, Progress.NONE).data()) {
            Rows real = RealRows.of(images, 0, 1);
            float[] generated = new float[3 * ELEMENTS];
            new Philox(4, Philox.Purpose.EVALUATION, 9).fillNormal(generated, 0, generated.length);
            images.readScaled(4, generated, ELEMENTS);
            NearestImages found = NearestImages.of(
                    Rows.of(generated, ELEMENTS),
                    real,
                    1,
                    Devices.primitives(new Device(Device.Kind.CPU, 0)),
                    Progress.NONE);
            assertThat(found.nearest()[1]).isEqualTo(4);
            BufferedImage picture = NearestPicture.draw(generated, images, found);
            int cell = (picture.getWidth() - 2) / 3;
            assertThat((picture.getHeight() - 2) / 4).isEqualTo(cell);
            int scale = (cell - 2) / SIDE;
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    int at = ((4 * SIDE + y) * SIDE + x) * 3;
                    int expected = (pixels[at] & 255) << 16 | (pixels[at + 1] & 255) << 8 | pixels[at + 2] & 255;
                    assertThat(rgb(picture, 0, 0, x, y, cell, scale)).isEqualTo(expected);
                    assertThat(rgb(picture, 0, 1, x, y, cell, scale)).isEqualTo(expected);
                    assertThat(rgb(picture, 1, 2, x, y, cell, scale)).isEqualTo(expected);
                    assertThat(rgb(picture, 1, 3, x, y, cell, scale)).isEqualTo(expected);
                }
            }
        }
    }

    private static int rgb(BufferedImage picture, int column, int row, int x, int y, int cell, int scale) {
        return picture.getRGB(2 + column * cell + x * scale, 2 + row * cell + y * scale) & 0xFFFFFF;
    }
}

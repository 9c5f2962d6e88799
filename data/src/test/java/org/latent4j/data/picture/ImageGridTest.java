package org.latent4j.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;

class ImageGridTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "64, 40, 40, 8, 8, 2",
        "100, 40, 40, 10, 10, 2",
        "64, 28, 28, 8, 8, 3",
        "24, 28, 28, 4, 6, 5",
        "7, 13, 13, 3, 3, 8",
        "1, 300, 300, 1, 1, 2",
        "12, 20, 10, 4, 3, 8",
        "13, 512, 512, 4, 4, 1"
    })
    void layoutIsNearSquareAndComfortable(int n, int width, int height, int rows, int columns, int scale) {
        ImageGrid grid = ImageGrid.forSamples(n, new SampleShape.Image(1, height, width));
        assertThat(grid).isEqualTo(new ImageGrid(new SampleShape.Image(1, height, width), rows, columns, scale));
    }

    /** Every pixel of the file is either the sample's value, by the channel's own arithmetic, or a gap. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void fileHoldsTheSamplesExactly(int channels) throws Exception {
        SampleShape.Image shape = new SampleShape.Image(channels, 3, 5);
        byte[] samples = new byte[5 * shape.elements()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i * 37 + 11);
        }
        Path file = folder.resolve("grid.png");
        PngFile.write(file, new ImageGrid(shape, 2, 3, 2).draw(samples));

        BufferedImage read = ImageIO.read(file.toFile());
        assertThat(read.getWidth()).isEqualTo(3 * (5 * 2 + 2) + 2);
        assertThat(read.getHeight()).isEqualTo(2 * (3 * 2 + 2) + 2);
        assertThat(read.getRaster().getNumBands()).isEqualTo(channels);
        for (int y = 0; y < read.getHeight(); y++) {
            for (int x = 0; x < read.getWidth(); x++) {
                int column = Math.floorDiv(x - 2, 12);
                int row = Math.floorDiv(y - 2, 8);
                boolean inside = x >= 2 && y >= 2 && (x - 2) % 12 < 10 && (y - 2) % 8 < 6 && row * 3 + column < 5;
                for (int band = 0; band < channels; band++) {
                    int expected = channels == 4 ? 0 : 128;
                    if (inside) {
                        int pixel = ((row * 3 + column) * 3 + (y - 2) % 8 / 2) * 5 + (x - 2) % 12 / 2;
                        expected = samples[pixel * channels + band] & 255;
                    }
                    assertThat(read.getRaster().getSample(x, y, band))
                            .as("band %d of pixel (%d, %d)", band, x, y)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void refusesWhatItCannotDraw() {
        assertThatThrownBy(() -> ImageGrid.forSamples(4, new SampleShape.Image(2, 3, 3)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2 channels")
                .hasMessageContaining("NPY");
        ImageGrid grid = ImageGrid.of(new SampleShape.Image(1, 3, 3), 1, 2);
        assertThatThrownBy(() -> grid.draw(new byte[27])).hasMessageContaining("27 bytes");
        assertThatThrownBy(() -> grid.draw(new byte[10])).hasMessageContaining("10 bytes");
    }
}

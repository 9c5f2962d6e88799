package org.latent4j.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latent4j.data.SampleShape;

class AnimatedGifTest {
    @TempDir
    Path folder;

    @Test
    void greyComesBackExactly() throws Exception {
        List<BufferedImage> frames = new ArrayList<>();
        for (int f = 0; f < 3; f++) {
            byte[] ramp = new byte[256];
            for (int i = 0; i < 256; i++) {
                ramp[i] = (byte) (i * (2 * f + 1));
            }
            frames.add(new ImageGrid(new SampleShape.Image(1, 16, 16), 1, 1, 1).draw(ramp));
        }
        List<BufferedImage> read = roundTrip(frames);
        assertThat(read).hasSize(3);
        for (int f = 0; f < 3; f++) {
            for (int y = 0; y < 20; y++) {
                for (int x = 0; x < 20; x++) {
                    int grey = frames.get(f).getRaster().getSample(x, y, 0);
                    assertThat(read.get(f).getRGB(x, y) & 0xFFFFFF).isEqualTo(grey * 0x010101);
                }
            }
        }
    }

    /** A smooth picture of 60,000 colours: the error of single pixels, and of 5 x 5 means, which diffusion keeps near. */
    @Test
    void manyColoursAreKeptClosely() throws Exception {
        int size = 245;
        BufferedImage smooth = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                smooth.setRGB(x, y, x << 16 | y << 8 | 255 - (x + y) / 2);
            }
        }
        BufferedImage read = roundTrip(List.of(smooth)).get(0);
        double square = 0;
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                for (int shift = 0; shift <= 16; shift += 8) {
                    double difference = (smooth.getRGB(x, y) >> shift & 255) - (read.getRGB(x, y) >> shift & 255);
                    square += difference * difference;
                }
            }
        }
        // A fixed palette of 6 x 6 x 6 has a root mean square error of 51 / sqrt(12) = 14.7 before diffusion.
        assertThat(Math.sqrt(square / (3.0 * size * size))).isBetween(1.0, 10.0);
        double worst = 0;
        for (int y = 0; y + 5 <= size; y += 5) {
            for (int x = 0; x + 5 <= size; x += 5) {
                for (int shift = 0; shift <= 16; shift += 8) {
                    worst = Math.max(worst, Math.abs(mean(smooth, x, y, shift) - mean(read, x, y, shift)));
                }
            }
        }
        assertThat(worst).isLessThan(10);
    }

    @Test
    void repeatsForEverAtTheAskedPace() throws Exception {
        Path file = folder.resolve("a.gif");
        AnimatedGif.write(file, List.of(grey(0), grey(255)), 83);
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(bytes).startsWith("GIF89a").contains("NETSCAPE2.0\3\1\0\0\0");
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            ImageReader reader = ImageIO.getImageReaders(in).next();
            reader.setInput(in);
            for (int frame = 0; frame < 2; frame++) {
                IIOMetadataNode root =
                        (IIOMetadataNode) reader.getImageMetadata(frame).getAsTree("javax_imageio_gif_image_1.0");
                IIOMetadataNode control = (IIOMetadataNode)
                        root.getElementsByTagName("GraphicControlExtension").item(0);
                assertThat(control.getAttribute("delayTime")).isEqualTo("8");
            }
        }
    }

    @Test
    void transparentPartsAreWhite() throws Exception {
        BufferedImage clear = new BufferedImage(3, 3, BufferedImage.TYPE_4BYTE_ABGR);
        clear.setRGB(1, 1, 0x80FF0000);
        BufferedImage read = roundTrip(List.of(clear)).get(0);
        assertThat(read.getRGB(0, 0)).isEqualTo(0xFFFFFFFF);
        assertThat(read.getRGB(1, 1) >> 16 & 255).isEqualTo(255);
        assertThat(read.getRGB(1, 1) & 255).isBetween(126, 128);
    }

    @Test
    void refusesWhatIsNoAnimation() {
        Path file = folder.resolve("a.gif");
        assertThatThrownBy(() -> AnimatedGif.write(file, List.of(), 50)).hasMessageContaining("one frame");
        assertThatThrownBy(() -> AnimatedGif.write(file, List.of(grey(1)), 9)).hasMessageContaining("is 9");
        assertThatThrownBy(() -> AnimatedGif.write(file, List.of(grey(1), new BufferedImage(2, 1, 1)), 50))
                .hasMessageContaining("2x1");
        assertThat(file).doesNotExist();
    }

    private List<BufferedImage> roundTrip(List<BufferedImage> frames) throws Exception {
        Path file = folder.resolve("a.gif");
        AnimatedGif.write(file, frames, 50);
        List<BufferedImage> read = new ArrayList<>();
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            ImageReader reader = ImageIO.getImageReaders(in).next();
            reader.setInput(in);
            for (int i = 0; i < reader.getNumImages(true); i++) {
                read.add(reader.read(i));
            }
        }
        return read;
    }

    private static BufferedImage grey(int value) {
        BufferedImage picture = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 16; i++) {
            picture.getRaster().setSample(i % 4, i / 4, 0, value);
        }
        return picture;
    }

    private static double mean(BufferedImage picture, int left, int top, int shift) {
        double sum = 0;
        for (int i = 0; i < 25; i++) {
            sum += picture.getRGB(left + i % 5, top + i / 5) >> shift & 255;
        }
        return sum / 25;
    }
}

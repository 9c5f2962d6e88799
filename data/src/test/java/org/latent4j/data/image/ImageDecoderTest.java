package org.latent4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.data.image.ImageHeader.Kind;

class ImageDecoderTest {

    /** Java takes grey for linear light and brightens it when it converts to RGB: the samples must come through as they are. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp"})
    void greySamplesAreUnchanged(String format) throws Exception {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 256; i++) {
            image.getRaster().setSample(i % 16, i / 16, 0, i);
        }
        assertThat(image.getRGB(4, 3) & 0xFF).as("the trap is there").isGreaterThan(52 + 50);
        Pixels rgb = Pictures.decode(Pictures.encode(image, format)).toChannels(3, 0);
        Pixels grey = rgb.toChannels(1, 0);
        for (int i = 0; i < 256; i++) {
            assertThat(rgb.data()[3 * i + 1] & 0xFF).isEqualTo(i);
            assertThat(grey.data()[i] & 0xFF).isEqualTo(i);
        }
    }

    @Test
    void greyJpegSamplesAreUnchanged() throws Exception {
        BufferedImage image = new BufferedImage(64, 8, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 512; i++) {
            image.getRaster().setSample(i % 64, i / 64, 0, 30 * (i % 64 / 8));
        }
        byte[] file = Pictures.encode(image, "jpg");
        Pixels pixels = Pictures.decode(file);
        assertThat(pixels.channels()).isEqualTo(1);
        for (int block = 0; block < 8; block++) {
            assertThat(pixels.data()[8 * block + 4] & 0xFF).isBetween(30 * block - 2, 30 * block + 2);
        }
    }

    @Test
    void sixteenBitSamplesAreRoundedToTheNearestLevel() throws Exception {
        int[] samples = {0, 128, 129, 255, 256, 257, 385, 386, 32767, 32768, 0x1280, 0xFEFF, 0xFF7E, 0xFF7F, 65535};
        BufferedImage image = new BufferedImage(samples.length, 1, BufferedImage.TYPE_USHORT_GRAY);
        for (int i = 0; i < samples.length; i++) {
            image.getRaster().setSample(i, 0, 0, samples[i]);
        }
        Pixels grey = Pictures.decode(Pictures.encode(image, "png"));
        Pixels rgb = Pictures.decode(png(samples.length, 1, 16, 2, null, bytes -> {
            bytes.write(0);
            for (int sample : samples) {
                bytes.writeShort(sample);
                bytes.writeShort(65535 - sample);
                bytes.writeShort(sample);
            }
        }));
        for (int i = 0; i < samples.length; i++) {
            int nearest = (int) Math.round(samples[i] / 257.0);
            assertThat(grey.data()[i] & 0xFF).isEqualTo(nearest);
            assertThat(rgb.data()[3 * i] & 0xFF).isEqualTo(nearest);
            assertThat(rgb.data()[3 * i + 1] & 0xFF).isEqualTo((int) Math.round((65535 - samples[i]) / 257.0));
        }
    }

    @Test
    void paletteTransparencyAndAlphaShowTheBackground() throws Exception {
        byte[] channel = {0, (byte) 200, 40};
        IndexColorModel palette = new IndexColorModel(
                2, 3, channel, channel, new byte[] {9, 9, 9}, new byte[] {(byte) 255, 0, (byte) 128});
        BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
        image.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 1, 2});
        byte[] file = Pictures.encode(image, "png");
        assertThat(ImageHeader.read(new ByteArrayInputStream(file), "x.png").kind())
                .isEqualTo(Kind.PALETTE);
        Pixels decoded = Pictures.decode(file);
        assertThat(decoded.toChannels(3, 0xFF8000).data())
                .containsExactly(0, 0, 9, 255, 128, 0, (40 * 128 + 255 * 127 + 127) / 255, 84, 4 + 1);
        assertThat(decoded.toChannels(4, 0).data()).containsExactly(0, 0, 9, 255, 200, 200, 9, 0, 40, 40, 9, 128);
    }

    @Test
    void alphaColourKeysAndOpaqueImages() throws Exception {
        BufferedImage rgba = new BufferedImage(2, 1, BufferedImage.TYPE_4BYTE_ABGR);
        rgba.setRGB(0, 0, 0x80FF0000);
        rgba.setRGB(1, 0, 0x0000FF00);
        Pixels decoded = Pictures.decode(Pictures.encode(rgba, "png"));
        assertThat(decoded.data()).containsExactly(255, 0, 0, 128, 0, 255, 0, 0);
        assertThat(decoded.toChannels(3, 0xFFFFFF).data()).containsExactly(255, 127, 127, 255, 255, 255);
        assertThat(decoded.toChannels(1, 0xFFFFFF).data()).containsExactly((299 * 255 + 701 * 127 + 500) / 1000, 255);

        byte[] greyAlpha = png(2, 1, 8, 4, null, bytes -> bytes.write(new byte[] {0, 50, (byte) 255, 60, 0}));
        assertThat(Pictures.decode(greyAlpha).toChannels(3, 0x010203).data()).containsExactly(50, 50, 50, 1, 2, 3);
        byte[] key = png(2, 1, 8, 0, new byte[] {0, 60}, bytes -> bytes.write(new byte[] {0, 50, 60}));
        assertThat(ImageHeader.read(new ByteArrayInputStream(key), "").kind()).isEqualTo(Kind.GREY_ALPHA);
        assertThat(Pictures.decode(key).toChannels(3, 0x010203).data()).containsExactly(50, 50, 50, 1, 2, 3);
        byte[] oneBit = png(9, 1, 1, 0, null, bytes -> bytes.write(new byte[] {0, (byte) 0b10100000, (byte) 0x80}));
        assertThat(Pictures.decode(oneBit).data()).containsExactly(255, 0, 255, 0, 0, 0, 0, 0, 255);
        assertThat(Pictures.decode(Pictures.plain("png", 1, 1, 0x112233))
                        .toChannels(4, 0)
                        .data())
                .containsExactly(0x11, 0x22, 0x33, 255);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "png", "gif", "bmp"})
    void coloursOfEveryFormat(String format) throws Exception {
        byte[] file = Pictures.plain(format, 13, 7, 0xCC6633);
        ImageHeader header = ImageHeader.read(new ByteArrayInputStream(file), "x." + format);
        assertThat(header.width()).isEqualTo(13);
        assertThat(header.height()).isEqualTo(7);
        assertThat(header.kind().hasColour()).isTrue();
        byte[] data = Pictures.decode(file).toChannels(3, 0).data();
        assertThat(data).hasSize(13 * 7 * 3);
        for (int i = 0; i < data.length; i++) {
            int wanted = new int[] {0xCC, 0x66, 0x33}[i % 3];
            int loss = format.equals("jpg") ? 3 : 0;
            assertThat(data[i] & 0xFF).isBetween(wanted - loss, wanted + loss);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "png", "gif", "bmp"})
    void truncatedFilesAreBadWhereverTheyEnd(String format) {
        byte[] file = noise(format);
        for (int length : new int[] {
            1,
            2,
            9,
            20,
            30,
            file.length / 4,
            file.length / 2,
            file.length - file.length / 8,
            file.length - (format.equals("gif") ? 9 : 2)
        }) {
            byte[] part = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> Pictures.decode(part))
                    .as(format + " of " + length)
                    .isInstanceOf(BadImageException.class);
        }
    }

    @Test
    void refusesBombsByTheirHeader() throws Exception {
        byte[] bomb = png(50_000, 50_000, 8, 2, null, bytes -> bytes.write(0));
        assertThatThrownBy(() -> Pictures.decode(bomb))
                .isInstanceOf(BadImageException.class)
                .hasMessageContaining("50000x50000 pixels; at most 100 megapixels");
        byte[] negative = png(-1, 5, 8, 2, null, bytes -> bytes.write(0));
        assertThatThrownBy(() -> Pictures.decode(negative)).hasMessageContaining("-1x5");
    }

    @Test
    void refusesCmykAndMislabelledFiles() {
        byte[] cmyk = Pictures.plain("jpg", 8, 8, 0x808080);
        for (int i = 0; i < cmyk.length; i++) {
            if ((cmyk[i] & 0xFF) == 0xFF && (cmyk[i + 1] & 0xFF) == 0xC0) {
                cmyk[i + 9] = 4;
                break;
            }
        }
        assertThatThrownBy(() -> Pictures.decode(cmyk))
                .hasMessageContaining("CMYK")
                .hasMessageContaining("convert");
        byte[] png = Pictures.plain("png", 2, 2, 0);
        assertThatThrownBy(() -> ImageHeader.read(new ByteArrayInputStream(png), "a.JPG"))
                .hasMessageContaining("mislabelled: named as JPEG, but the content is PNG");
        assertThatThrownBy(() -> ImageHeader.read(new ByteArrayInputStream("hello".getBytes()), "a.jpg"))
                .hasMessageContaining("not an image");
        assertThatThrownBy(() -> ImageHeader.read(new ByteArrayInputStream(new byte[0]), "a.jpg"))
                .hasMessageContaining("0 bytes");
    }

    private static byte[] noise(String format) {
        BufferedImage image = new BufferedImage(37, 41, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 37 * 41; i++) {
            image.setRGB(i % 37, i / 37, i * 0x9E3779B1 >>> 8);
        }
        return Pictures.encode(image, format);
    }

    @FunctionalInterface
    private interface Bytes {
        void writeTo(DataOutputStream out) throws IOException;
    }

    /** A PNG by hand, for what ImageIO doesn't write. */
    private static byte[] png(int width, int height, int depth, int type, byte[] transparency, Bytes rows)
            throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(file);
        out.writeLong(0x89504E470D0A1A0AL);
        chunk(out, "IHDR", bytes -> {
            bytes.writeInt(width);
            bytes.writeInt(height);
            bytes.write(new byte[] {(byte) depth, (byte) type, 0, 0, 0});
        });
        if (transparency != null) {
            chunk(out, "tRNS", bytes -> bytes.write(transparency));
        }
        chunk(out, "IDAT", bytes -> {
            DataOutputStream packed = new DataOutputStream(new DeflaterOutputStream(bytes));
            rows.writeTo(packed);
            packed.close();
        });
        chunk(out, "IEND", bytes -> {});
        return file.toByteArray();
    }

    private static void chunk(DataOutputStream out, String type, Bytes content) throws IOException {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(type.getBytes());
        content.writeTo(new DataOutputStream(chunk));
        CRC32 crc = new CRC32();
        crc.update(chunk.toByteArray());
        out.writeInt(chunk.size() - 4);
        out.write(chunk.toByteArray());
        out.writeInt((int) crc.getValue());
    }
}

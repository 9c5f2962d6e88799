package org.latent4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizeTest {

    /** Every source pixel split into target x target parts, every target pixel the plain mean of its source x source parts. */
    @ParameterizedTest
    @CsvSource({"13,13,5,5", "7,7,7,7", "9,9,2,2", "6,6,3,3", "10,5,4,2", "13,13,1,1", "12,12,11,11"})
    void shrinkingIsTheExactAreaAverage(int width, int height, int toWidth, int toHeight) {
        Pixels in = noise(width, height, 3, 1);
        byte[] out = new byte[toWidth * toHeight * 3 + 5];
        Resize.fit(in, toWidth, toHeight, out, 5);
        for (int y = 0; y < toHeight; y++) {
            for (int x = 0; x < toWidth; x++) {
                for (int c = 0; c < 3; c++) {
                    long sum = 0;
                    for (int v = 0; v < height; v++) {
                        for (int u = 0; u < width; u++) {
                            int fineX = (x * width + u) / toWidth;
                            int fineY = (y * height + v) / toHeight;
                            sum += in.data()[(fineY * width + fineX) * 3 + c] & 0xFF;
                        }
                    }
                    long total = (long) width * height;
                    assertThat(out[5 + (y * toWidth + x) * 3 + c] & 0xFF)
                            .isEqualTo((int) ((2 * sum + total) / (2 * total)));
                }
            }
        }
    }

    @Test
    void cropsTheCentre() {
        byte[] data = new byte[11 * 3]; // wide: columns 4 .. 6 of 11 stay
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i % 11);
        }
        byte[] out = new byte[9];
        Resize.fit(new Pixels(11, 3, 1, data), 3, 3, out, 0);
        assertThat(out).containsExactly(4, 5, 6, 4, 5, 6, 4, 5, 6);
        byte[] tall = new byte[2];
        Resize.fit(new Pixels(1, 6, 1, new byte[] {0, 10, 20, 40, 50, 60}), 1, 2, tall, 0);
        assertThat(tall).containsExactly(20, 40);
    }

    @Test
    void growingIsBilinear() {
        byte[] out = new byte[16];
        Resize.fit(new Pixels(2, 2, 1, new byte[] {0, 100, 100, (byte) 200}), 4, 4, out, 0);
        assertThat(out).containsExactly(0, 25, 75, 100, 25, 50, 100, 125, 75, 100, 150, 175, 100, 125, 175, (byte) 200);
        byte[] one = new byte[9];
        Resize.fit(new Pixels(1, 1, 1, new byte[] {7}), 3, 3, one, 0);
        assertThat(one).containsOnly(7);
    }

    @Test
    void transparentPixelsLendNoColour() {
        byte[] data = {(byte) 255, 0, 0, (byte) 255, 0, (byte) 255, 0, 0};
        byte[] out = new byte[4];
        Resize.fit(new Pixels(2, 1, 4, new byte[] {10, 20, 30, 100, 50, 60, 70, 0}), 1, 1, out, 0);
        assertThat(out).as("cropped to the left pixel").containsExactly(10, 20, 30, 100);
        byte[] square = new byte[16];
        System.arraycopy(data, 0, square, 0, 8);
        System.arraycopy(data, 0, square, 8, 8);
        Resize.fit(new Pixels(2, 2, 4, square), 1, 1, out, 0);
        assertThat(out).containsExactly((byte) 255, 0, 0, (byte) 128);
    }

    private static Pixels noise(int width, int height, int channels, long seed) {
        byte[] data = new byte[width * height * channels];
        new Random(seed).nextBytes(data);
        return new Pixels(width, height, channels, data);
    }
}

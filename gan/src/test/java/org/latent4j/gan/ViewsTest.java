package org.latent4j.gan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;
import org.latent4j.data.SampleShape;

class ViewsTest {
    private static final int M = 13;

    private static float[] normals(int n, int stream) {
        float[] values = new float[n];
        new Philox(5, Philox.Purpose.SYNTHETIC, stream).fillNormal(values, 0, n);
        return values;
    }

    private static float[] shown(Views views, float[] images, long pass) {
        float[] seen = images.clone();
        views.show(seen, pass);
        return seen;
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** Each view is A x + b; gradients go back by the transpose of A, whatever the order in memory. */
    @ParameterizedTest
    @CsvSource({
        "colour, 3, 7, 5",
        "translation, 3, 7, 5",
        "cutout, 3, 7, 5",
        "cutout, 1, 8, 8",
        "roll, 3, 7, 5",
        "colour+roll+translation+cutout, 2, 4, 13",
        "colour+translation+cutout, 1, 1, 1",
        "colour+translation+cutout, 1, 28, 28",
        "colour+translation+cutout, 4, 3, 17",
        "colour+translation+cutout, 3, 16, 9"
    })
    void gradientsGoBackByTheTranspose(String kinds, int channels, int height, int width) {
        SampleShape.Image shape = new SampleShape.Image(channels, height, width);
        int n = M * shape.elements();
        for (boolean channelsLast : new boolean[] {false, true}) {
            Views views = new Views(Augmentation.of(kinds), shape, channelsLast, 3);
            for (long pass = 0; pass < 5; pass++) {
                float[] x = normals(n, 1);
                float[] y = normals(n, 2);
                float[] offset = shown(views, new float[n], pass);
                float[] back = y.clone();
                views.back(back, pass);
                double forward = product(shown(views, x, pass), y) - product(offset, y);
                assertThat(product(x, back)).isCloseTo(forward, within(1e-4 * Math.sqrt(n)));
            }
        }
    }

    /** About half of the images stay, the others are cyclic shifts by any distance. */
    @Test
    void rollsAreCyclicShiftsOfEveryOtherImage() {
        SampleShape.Image shape = new SampleShape.Image(1, 5, 3);
        int n = 4000;
        float[] images = new float[n * 15];
        for (int i = 0; i < images.length; i++) {
            images[i] = i % 15;
        }
        float[] seen = shown(new Views(Augmentation.of("roll"), shape, false, 3), images, 0);
        int[] distances = new int[15];
        for (int from = 0; from < seen.length; from += 15) {
            int origin = 0;
            while (seen[from + origin] != 0) {
                origin++;
            }
            distances[origin]++;
            for (int y = 0; y < 5; y++) {
                for (int x = 0; x < 3; x++) {
                    int to = (y + origin / 3) % 5 * 3 + (x + origin % 3) % 3;
                    assertThat(seen[from + to]).isEqualTo(y * 3 + x);
                }
            }
        }
        assertThat(distances[0] / (double) n).isCloseTo(0.5 + 0.5 / 15, within(0.03));
        for (int distance = 1; distance < 15; distance++) {
            assertThat(distances[distance] / (double) n).isCloseTo(0.5 / 15, within(0.012));
        }
    }

    @Test
    void bothOrdersInMemoryShowTheSame() {
        SampleShape.Image shape = new SampleShape.Image(3, 7, 5);
        float[] planes = normals(M * shape.elements(), 1);
        Augmentation all = Augmentation.of("cutout+colour+roll+translation");
        float[] seen = shown(new Views(all, shape, false, 3), planes, 9);
        float[] other = shown(new Views(all, shape, true, 3), pixels(planes, shape), 9);
        assertThat(other).containsExactly(pixels(seen, shape), within(1e-5f));
        assertThat(shown(new Views(all, shape, false, 3), planes, 9)).isEqualTo(seen);
        assertThat(shown(new Views(all, shape, false, 3), planes, 10)).isNotEqualTo(seen);
    }

    private static float[] pixels(float[] planes, SampleShape.Image shape) {
        float[] pixels = new float[planes.length];
        int area = shape.height() * shape.width();
        for (int i = 0; i < planes.length; i++) {
            int image = i / shape.elements();
            int c = i % shape.elements() / area;
            pixels[image * shape.elements() + i % area * shape.channels() + c] = planes[i];
        }
        return pixels;
    }

    @Test
    void shiftsReachAnEighthOfEachSide() {
        SampleShape.Image shape = new SampleShape.Image(1, 16, 24);
        Views views = new Views(Augmentation.of("translation"), shape, false, 1);
        Set<Integer> down = new HashSet<>();
        Set<Integer> right = new HashSet<>();
        for (int pass = 0; pass < 300; pass++) {
            float[] image = new float[shape.elements()];
            image[8 * 24 + 12] = 1; // one bright pixel in the middle
            views.show(image, pass);
            int at = 0;
            while (image[at] == 0) {
                at++;
            }
            assertThat(image[at]).isEqualTo(1);
            down.add(at / 24 - 8);
            right.add(at % 24 - 12);
        }
        assertThat(down).containsExactlyInAnyOrder(-2, -1, 0, 1, 2);
        assertThat(right).containsExactlyInAnyOrder(-3, -2, -1, 0, 1, 2, 3);
    }

    @Test
    void windowsAreCutOutEverywhere() {
        SampleShape.Image shape = new SampleShape.Image(2, 8, 6);
        Views views = new Views(Augmentation.of("cutout"), shape, false, 1);
        boolean[] everCut = new boolean[48];
        int whole = 0;
        for (int pass = 0; pass < 300; pass++) {
            float[] image = new float[96];
            java.util.Arrays.fill(image, 1);
            views.show(image, pass);
            int cut = 0;
            for (int i = 0; i < 48; i++) {
                assertThat(image[48 + i]).isEqualTo(image[i]); // all channels alike
                everCut[i] |= image[i] == 0;
                cut += image[i] == 0 ? 1 : 0;
            }
            assertThat(cut).isBetween(1, 12);
            whole += cut == 12 ? 1 : 0;
        }
        assertThat(everCut).containsOnly(true);
        assertThat(whole).isGreaterThan(30);
    }

    /** Saturation leaves each pixel's mean alone and contrast that of the image, so that only brightness moves it. */
    @Test
    void coloursKeepMeansButForBrightness() {
        SampleShape.Image shape = new SampleShape.Image(3, 6, 5);
        Views views = new Views(Augmentation.of("colour"), shape, false, 1);
        double least = 1;
        double most = -1;
        for (int pass = 0; pass < 300; pass++) {
            float[] image = normals(90, 1);
            float[] grey = new float[90];
            for (int i = 0; i < 90; i++) {
                grey[i] = (image[i % 30] + image[30 + i % 30] + image[60 + i % 30]) / 3;
            }
            float[] seen = shown(views, image, pass);
            float[] seenGrey = shown(views, grey, pass);
            double shift = mean(seen) - mean(image);
            least = Math.min(least, shift);
            most = Math.max(most, shift);
            double ratio = deviation(seenGrey) / deviation(grey);
            assertThat(ratio).isBetween(0.4999, 1.5001);
            for (int i = 0; i < 30; i++) {
                assertThat((seen[i] + seen[30 + i] + seen[60 + i]) / 3).isCloseTo(seenGrey[i], within(1e-5f));
            }
        }
        assertThat(least).isBetween(-0.5001, -0.48);
        assertThat(most).isBetween(0.48, 0.5001);
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double deviation(float[] values) {
        double mean = mean(values);
        double sum = 0;
        for (float value : values) {
            sum += (value - mean) * (value - mean);
        }
        return Math.sqrt(sum / values.length);
    }

    @Test
    void augmentationsHaveNames() {
        Augmentation augmentation = Augmentation.of("cutout+Colour");
        assertThat(augmentation + "").isEqualTo("colour+cutout");
        assertThat(Augmentation.of(augmentation + "")).isEqualTo(augmentation);
        assertThat(Augmentation.of("none")).isEqualTo(Augmentation.NONE);
        assertThatThrownBy(() -> Augmentation.of("colour+transation"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("--augment")
                .hasMessageContaining("translation");
        assertThatThrownBy(() -> new Views(augmentation, new SampleShape.Point(2), false, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("--augment colour+cutout changes images");
    }
}

package org.latent4j.gan.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;

class NearestImagesTest {
    private static final Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0));

    /** With an offset of 3000 a float product loses all digits of the distances: the exact index must not suffer. */
    @ParameterizedTest
    @CsvSource({"13, 0", "207, 0", "13, 3000", "1, 0"})
    void agreesWithBruteForceInDoublePrecision(int features, float offset) {
        float[] real = normals(4211, features, 0, offset); // a tile and a part
        float[] generated = normals(57, features, 1, offset);
        NearestImages result = of(generated, real, features);
        for (int i = 0; i < 57; i++) {
            int nearest = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < 4211; j++) {
                double sum = 0;
                for (int k = 0; k < features; k++) {
                    sum += Math.pow((double) generated[i * features + k] - real[j * features + k], 2);
                }
                if (sum < least) {
                    least = sum;
                    nearest = j;
                }
            }
            assertThat(result.nearest()[i]).isEqualTo(nearest);
            assertThat(result.distance()[i]).isCloseTo(Math.sqrt(least / features), within(1e-12));
        }
        assertThat(result.reference()).hasSize(57);
        assertThat(result.medianDistance() / result.medianReference()).isBetween(0.5, 2.0);
    }

    @Test
    void copiesAreFoundAtDistanceZeroAndTheLowestIndexWins() {
        float[] real = normals(1300, 48, 0, 0);
        System.arraycopy(real, 7 * 48, real, 1200 * 48, 48);
        float[] generated = normals(3, 48, 1, 0);
        System.arraycopy(real, 7 * 48, generated, 48, 48);
        System.arraycopy(real, 1299 * 48, generated, 96, 48);
        NearestImages result = of(generated, real, 48);
        assertThat(result.nearest()[1]).isEqualTo(7);
        assertThat(result.nearest()[2]).isEqualTo(1299);
        assertThat(result.distance()[0]).isPositive();
        assertThat(result.distance()[1]).isZero();
        assertThat(result.minDistance()).isZero();
        assertThat(result.minReference()).isPositive();
    }

    /** Points 0, 1, 2, ... on a line: the nearest other one is at 1, or farther where it is held out too. */
    @Test
    void heldOutSamplesFindNeitherThemselvesNorEachOther() {
        int n = 40;
        float[] line = new float[n];
        for (int i = 0; i < n; i++) {
            line[i] = i;
        }
        double sum = 0;
        for (int seed = 0; seed < 200; seed++) {
            NearestImages result =
                    NearestImages.of(Rows.of(line, 1), Rows.of(line, 1), seed, primitives, Progress.NONE);
            assertThat(java.util.Arrays.stream(result.reference()).boxed())
                    .hasSize(4)
                    .allMatch(d -> d >= 1 && d == Math.rint(d));
            assertThat(result.distance()).containsOnly(0);
            for (double d : result.reference()) {
                sum += d;
            }
        }
        // At 1 unless all neighbours are held out: in the middle with probability 3/39 * 2/38, at the ends with 3/39.
        double expected = 1 + 38.0 / 40 * 6 / (39 * 38) + 2.0 / 40 * 3 / 39;
        assertThat(sum / 800).isCloseTo(expected, within(0.015));
    }

    /** Where nothing is copied, one sample in a hundred is nearer than 99 of 100 held-out ones; with copies it is their share. */
    @Test
    void copiesAreCounted() {
        float[] real = normals(4000, 8, 0, 0);
        float[] generated = normals(1000, 8, 1, 0);
        assertThat(of(generated, real, 8).copies()).isBetween(0.0, 0.03);
        System.arraycopy(real, 800, generated, 0, 8 * 300);
        assertThat(of(generated, real, 8).copies()).isBetween(0.3, 0.33);
    }

    @Test
    void valuesWhoseSquaresOverflowAreStillCompared() {
        NearestImages result = of(new float[] {1e30f, 1e30f}, new float[] {0, 0, 2e30f, 2e30f, 1.1e30f, 1e30f}, 2);
        assertThat(result.nearest()).containsExactly(2);
    }

    @Test
    void badInputIsRefused() {
        assertThatThrownBy(() -> NearestImages.of(
                        Rows.of(new float[4], 2), Rows.of(new float[3], 3), 1, primitives, Progress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2 and of 3 values");
        assertThatThrownBy(() -> of(new float[2], new float[2], 2)).hasMessageContaining("at least 2");
        assertThatThrownBy(() -> of(new float[2], new float[] {0, 0, 0, Float.POSITIVE_INFINITY}, 2))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Infinity");
    }

    private static NearestImages of(float[] generated, float[] real, int features) {
        return NearestImages.of(Rows.of(generated, features), Rows.of(real, features), 1, primitives, Progress.NONE);
    }

    private static float[] normals(int n, int features, int index, float offset) {
        float[] values = new float[n * features];
        new Philox(6, Philox.Purpose.DATA_SAMPLE, index).fillNormal(values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] += offset;
        }
        return values;
    }
}

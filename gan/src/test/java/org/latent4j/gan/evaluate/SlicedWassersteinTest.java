package org.latent4j.gan.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;

class SlicedWassersteinTest {

    @Test
    void oneDimensionWithUnequalCounts() {
        assertThat(SlicedWasserstein.wasserstein(new float[] {0}, new float[] {1, 2}))
                .isEqualTo(1.5);
        // Both repeated to six values: 0 0 0 3 3 3 and 1 1 2 2 5 5.
        assertThat(SlicedWasserstein.wasserstein(new float[] {0, 3}, new float[] {1, 2, 5}))
                .isEqualTo(9.0 / 6);
        assertThat(SlicedWasserstein.wasserstein(new float[] {1, 2, 5}, new float[] {0, 3}))
                .isEqualTo(9.0 / 6);
    }

    /** A shift by v moves each projection by v.u; the mean of |u_1| over the unit sphere is known. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 0.6366197723675814", "3, 0.5", "5, 0.375"})
    void shiftedSamples(int features, double meanOfAxis) {
        float[] a = normals(1301, features, 1, 0); // more than a tile
        float[] b = a.clone();
        for (int i = 0; i < b.length; i += features) {
            b[i] += 3;
        }
        double distance = SlicedWasserstein.distance(Rows.of(a, features), Rows.of(b, features), 3000, 1);
        assertThat(distance).isCloseTo(3 * meanOfAxis, within(features == 1 ? 1e-5 : 0.08));
    }

    @Test
    void gaussiansOfTwoWidths() {
        double distance = SlicedWasserstein.distance(
                Rows.of(normals(40_000, 1, 1, 0), 1), Rows.of(normals(30_001, 1, 3, 1), 1), 1, 1);
        assertThat(distance).isCloseTo(2 * Math.sqrt(2 / Math.PI), within(0.04));
    }

    @Test
    void aPerfectGeneratorScoresTheFloorAndOthersMore() {
        Rows real = Rows.of(normals(2001, 7, 1, 0), 7);
        SlicedWasserstein perfect = SlicedWasserstein.of(Rows.of(normals(5000, 7, 1, 1), 7), real, 200, 1);
        assertThat(perfect.samples()).isEqualTo(1000);
        assertThat(perfect.distance() / perfect.floor()).isBetween(0.8, 1.25);
        SlicedWasserstein wide = SlicedWasserstein.of(Rows.of(normals(700, 7, 1.3, 1), 7), real, 200, 1);
        assertThat(wide.samples()).isEqualTo(700);
        assertThat(wide.distance()).isGreaterThan(3 * wide.floor());
        assertThat(SlicedWasserstein.of(Rows.of(normals(5000, 7, 1, 1), 7), real, 200, 1))
                .isEqualTo(perfect);
        assertThat(SlicedWasserstein.of(Rows.of(normals(5000, 7, 1, 1), 7), real, 200, 2))
                .isNotEqualTo(perfect);
    }

    @Test
    void badInputIsRefused() {
        Rows two = Rows.of(new float[4], 2);
        assertThatThrownBy(() -> SlicedWasserstein.of(two, Rows.of(new float[6], 3), 5, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2 and of 3 values");
        assertThatThrownBy(() -> SlicedWasserstein.of(two, two, 0, 1)).hasMessageContaining("directions");
        assertThatThrownBy(() -> SlicedWasserstein.of(two, Rows.of(new float[2], 2), 3, 1))
                .hasMessageContaining("at least 2 real");
        assertThatThrownBy(() -> SlicedWasserstein.of(Rows.of(new float[] {1, Float.NaN}, 2), two, 3, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("sample 0 holds NaN at value 1");
        assertThatThrownBy(() -> Rows.of(new float[3], 2)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> Rows.of(new float[0], 2)).isInstanceOf(DataException.class);
    }

    private static float[] normals(int n, int features, double sigma, int index) {
        float[] values = new float[n * features];
        new Philox(6, Philox.Purpose.DATA_SAMPLE, index).fillNormal(values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) sigma;
        }
        return values;
    }
}

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
import org.nd4j.linalg.api.ndarray.INDArray;

class SlicedWassersteinTest {
    private static final Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0));

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
        double distance = distance(a, b, features, 3000, 1);
        assertThat(distance).isCloseTo(3 * meanOfAxis, within(features == 1 ? 1e-5 : 0.08));
    }

    @Test
    void gaussiansOfTwoWidths() {
        double distance = distance(normals(40_000, 1, 1, 0), normals(30_001, 1, 3, 1), 1, 1, 1);
        assertThat(distance).isCloseTo(2 * Math.sqrt(2 / Math.PI), within(0.04));
    }

    @Test
    void theSeedDecidesTheDirections() {
        float[] a = normals(1001, 7, 1, 0);
        float[] b = normals(700, 7, 1.3, 1);
        double first = distance(a, b, 7, 200, 1);
        assertThat(distance(a, b, 7, 200, 1)).isEqualTo(first);
        assertThat(distance(a, b, 7, 200, 2)).isNotEqualTo(first).isCloseTo(first, within(0.05 * first));
    }

    @Test
    void badInputIsRefused() {
        assertThatThrownBy(() -> SlicedWasserstein.of(array(new float[4], 2), array(new float[6], 3), 5, 1, primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("real samples have 2 features, but generated ones 3");
        assertThatThrownBy(() -> distance(new float[4], new float[4], 2, 0, 1)).hasMessageContaining("directions");
        assertThatThrownBy(() -> distance(new float[4], new float[] {1, Float.NaN}, 2, 3, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("sample 0 holds NaN at value 1");
        assertThatThrownBy(() -> Rows.of(new float[3], 2)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> Rows.of(new float[0], 2)).isInstanceOf(DataException.class);
    }

    private static double distance(float[] real, float[] generated, int features, int directions, long seed) {
        return SlicedWasserstein.of(array(real, features), array(generated, features), directions, seed, primitives)
                .distance();
    }

    private static INDArray array(float[] rows, int features) {
        return Rows.of(rows, features).toArray();
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

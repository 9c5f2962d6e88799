package org.latent4j.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Numbers of scikit-learn 1.2.1, sklearn.metrics. */
class ScoresTest {
    private static final double CLOSE = 1e-12;

    private final Primitives primitives = Clouds.primitives();
    private final INDArray points = Clouds.array(
            new double[][] {{1, 2}, {1.5, 1.8}, {5, 8}, {8, 8}, {1, 0.6}, {9, 11}, {8, 2}, {10, 2}, {9, 3}});

    @Test
    void agreementOfPartitions() {
        Agreement found = Agreement.of(
                new int[] {0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 0}, new int[] {0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 0, 4});
        assertThat(found.adjustedRand()).isCloseTo(0.11267605633802817, within(CLOSE));
        assertThat(found.adjustedMutualInformation()).isCloseTo(0.18083417427600582, within(CLOSE));
        assertThat(found.homogeneity()).isCloseTo(0.5459803275134042, within(CLOSE));
        assertThat(found.completeness()).isCloseTo(0.48402161932307497, within(CLOSE));
        assertThat(found.vMeasure()).isCloseTo(0.5131374422218157, within(CLOSE));
    }

    @Test
    void agreementAtItsEnds() {
        Agreement renamed = Agreement.of(new int[] {5, 5, 1, 1, 9}, new int[] {0, 0, 7, 7, 2});
        assertThat(renamed.adjustedRand()).isEqualTo(1);
        assertThat(renamed.adjustedMutualInformation()).isCloseTo(1, within(CLOSE));
        assertThat(renamed.vMeasure()).isCloseTo(1, within(CLOSE));
        assertThat(Agreement.of(new int[] {0, 0, 0}, new int[] {1, 1, 1}).adjustedMutualInformation())
                .isEqualTo(1);
        Agreement one = Agreement.of(new int[] {0, 0, 1, 1}, new int[] {0, 0, 0, 0});
        assertThat(one.adjustedRand()).isZero();
        assertThat(one.adjustedMutualInformation()).isCloseTo(0, within(CLOSE));
        assertThat(one.vMeasure()).isZero();
    }

    @Test
    void silhouettesAndDispersion() {
        int[] labels = {0, 0, 1, 1, 0, 1, 2, 2, 2};
        Silhouette silhouette = Silhouette.of(points, labels, 100, 1, primitives);
        assertThat(silhouette.mean()).isCloseTo(0.7036685297515942, within(CLOSE));
        assertThat(silhouette.values()[0]).isCloseTo(0.8791561975818422, within(CLOSE));
        Dispersion dispersion = Dispersion.of(points, labels, primitives);
        assertThat(dispersion.calinskiHarabasz()).isCloseTo(32.83911333571683, within(1e-11));
        assertThat(dispersion.daviesBouldin()).isCloseTo(0.38911432521724043, within(CLOSE));

        int[] alone = {0, 0, 1, 1, 0, 1, 2, 2, 3};
        assertThat(Silhouette.of(points, alone, 100, 1, primitives).mean())
                .isCloseTo(0.3628053907256062, within(CLOSE));
        assertThat(Silhouette.of(points, alone, 100, 1, primitives).values()[8]).isZero();
        assertThat(Dispersion.of(points, alone, primitives).calinskiHarabasz())
                .isCloseTo(18.982202447163512, within(1e-11));
        assertThat(Dispersion.of(points, alone, primitives).daviesBouldin())
                .isCloseTo(0.6788860120800451, within(CLOSE));
    }

    @Test
    void aSampleHoldsExactSilhouettes() {
        INDArray x = Clouds.array(Clouds.blobs(207, 3, 4, 1));
        int[] labels = IntStream.range(0, 207).map(i -> i % 4).toArray();
        Silhouette all = Silhouette.of(x, labels, 207, 1, primitives);
        Silhouette some = Silhouette.of(x, labels, 50, 1, primitives);
        assertThat(some.values()).hasSize(50);
        for (int i = 0; i < 50; i++) {
            assertThat(some.values()[i]).isCloseTo(all.values()[some.points()[i]], within(CLOSE));
            assertThat(some.labels()[i]).isEqualTo(some.points()[i] % 4);
        }
    }

    @Test
    void oneClusterHasNoScore() {
        assertThatThrownBy(() -> Silhouette.of(points, new int[9], 10, 1, primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at least two clusters");
        assertThatThrownBy(() -> Dispersion.of(points, new int[9], primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2 to 8 clusters");
        assertThatThrownBy(() -> Dispersion.of(points, new int[3], primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("3 labels for 9 points");
        assertThatThrownBy(() -> Agreement.of(new int[2], new int[3])).isInstanceOf(DataException.class);
    }
}

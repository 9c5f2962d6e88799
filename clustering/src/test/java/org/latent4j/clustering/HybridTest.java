package org.latent4j.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.latent4j.compute.Device;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

class HybridTest {
    private final Primitives primitives = Clouds.primitives();

    private HybridModel fit(INDArray x, HybridOptions options) {
        return Hybrid.fit(x, options, primitives, IterationListener.NONE);
    }

    @ParameterizedTest
    @EnumSource(Linkage.class)
    void asManySmallClustersAsPointsAreTheHierarchyOfThePoints(Linkage linkage) {
        INDArray x = Clouds.array(Clouds.normal(207, 3, 1));
        HybridModel model = fit(x, HybridOptions.of(207).withLinkage(linkage));
        LinkageTable whole = Agglomerative.fit(x, linkage);
        assertThat(model.table().height()).containsExactly(whole.height());
        assertThat(model.table().left()).containsExactly(whole.left());
        assertThat(model.table().right()).containsExactly(whole.right());
        assertThat(model.cutInto(9)).containsExactly(whole.cutInto(9));
    }

    /** A weight of w is the point w times, after w - 1 merges at height 0. */
    @ParameterizedTest
    @EnumSource(
            value = Linkage.class,
            names = {"WEIGHTED", "MEDIAN"},
            mode = Mode.EXCLUDE)
    void weightsEqualRepetition(Linkage linkage) {
        double[][] x = Clouds.normal(40, 3, 2);
        double[] weights = new double[40];
        List<double[]> repeated = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            weights[i] = 1 + i % 4;
            for (int copy = 0; copy < weights[i]; copy++) {
                repeated.add(x[i]);
            }
        }
        double[] all = Agglomerative.fit(Clouds.array(repeated.toArray(double[][]::new)), linkage)
                .height();
        for (int few : new int[] {40, 0}) {
            assertThat(Agglomerative.fit(Clouds.array(x), weights, linkage, Metric.EUCLIDEAN, few)
                            .height())
                    .containsExactly(Arrays.copyOfRange(all, all.length - 39, all.length), within(1e-9));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Device.Kind.class, names = "CUDA", mode = Mode.EXCLUDE)
    void findsBlobsThroughSmallClusters(Device.Kind kind) {
        int n = 2000;
        INDArray x = Clouds.floats(Clouds.array(Clouds.blobs(n, 3, 5, 7)));
        int[] truth = IntStream.range(0, n).map(i -> i % 5).toArray();
        Primitives own = Clouds.primitives(kind);
        for (Linkage linkage : new Linkage[] {Linkage.WARD, Linkage.SINGLE, Linkage.AVERAGE}) {
            HybridModel model = Hybrid.fit(x, HybridOptions.of(50).withLinkage(linkage), own, IterationListener.NONE);
            assertThat(model.m()).isEqualTo(50);
            assertThat(Arrays.stream(model.weights()).sum()).isEqualTo(n);
            int[] labels = model.cutInto(5);
            assertThat(labels).containsExactly(truth); // both are numbered by their first points
            KMeansModel end = model.consolidate(x, 5, own, IterationListener.NONE);
            assertThat(Agreement.of(truth, end.labels()).adjustedRand()).isEqualTo(1);
        }
    }

    @Test
    void consolidationNeverRaisesTheCost() {
        INDArray x = Clouds.array(Clouds.normal(600, 4, 3));
        HybridModel model = fit(x, HybridOptions.of(30));
        KMeansModel end = model.consolidate(x, 6, primitives, IterationListener.NONE);
        assertThat(end.inertia()).isLessThanOrEqualTo(end.costHistory()[0]);
        assertThat(model.inertia()).isLessThan(end.inertia());
    }

    @Test
    void fewDistinctPointsGiveFewSmallClusters() {
        INDArray x = Clouds.array(Clouds.grid(500, 2, 3, 1));
        HybridModel model = fit(x, HybridOptions.of(40));
        assertThat(model.m()).isEqualTo(9);
        assertThat(model.inertia()).isZero();
        assertThat(model.cutInto(9)).hasSize(500);
    }

    @Test
    void onePointIsAHierarchy() {
        HybridModel model = fit(Clouds.array(new double[][] {{1, 2}}), HybridOptions.of(10));
        assertThat(model.cutInto(1)).containsExactly(0);
    }

    @Test
    void badInputIsNamed() {
        INDArray x = Clouds.array(Clouds.normal(50, 2, 3));
        assertThatThrownBy(() -> HybridOptions.of(0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at least 1, but is 0");
        assertThatThrownBy(() -> fit(x, HybridOptions.of(10)).cutInto(11))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("k is 11")
                .hasMessageContaining("10 small clusters");
        assertThatThrownBy(() -> fit(Clouds.array(new double[][] {{1, Double.NaN}}), HybridOptions.of(3)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("row 1, column 2");
        assertThatThrownBy(() -> Agglomerative.fit(x, new double[50], Linkage.WARD, Metric.EUCLIDEAN))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("all weights are 0");
    }
}

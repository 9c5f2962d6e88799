package org.latent4j.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.latent4j.compute.Metric;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Numbers of SciPy 1.10.1, scipy.cluster.hierarchy, of {@link Clouds#waves}(13, 3). */
class LinkageTableTest {
    private final double[][] x = Clouds.waves(13, 3);
    private final LinkageTable average = Agglomerative.fit(Clouds.array(x), Linkage.AVERAGE);
    private final LinkageTable centroid = Agglomerative.fit(Clouds.array(x), Linkage.CENTROID);

    @Test
    void cutsOfFcluster() {
        assertSamePartition(average.cutInto(4), 3, 1, 4, 2, 3, 1, 3, 2, 3, 2, 3, 2, 3);
        assertSamePartition(average.cutAt(9.0), 4, 1, 6, 2, 5, 1, 4, 2, 5, 2, 4, 3, 4);
        assertSamePartition(centroid.cutAt(9.0), 4, 2, 6, 1, 5, 2, 4, 1, 5, 1, 4, 3, 4);
        assertThat(average.cutInto(4)[0]).isZero();
        assertThat(average.cutInto(13)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(average.cutInto(1)).containsOnly(0);
        assertThat(average.cutAt(average.height()[12 - 1])).containsOnly(0);
    }

    @Test
    void leavesOfLeavesList() {
        assertThat(average.leafOrder()).containsExactly(1, 5, 11, 7, 3, 9, 2, 0, 6, 10, 12, 4, 8);
        assertThat(centroid.leafOrder()).containsExactly(11, 7, 3, 9, 1, 5, 2, 0, 6, 10, 12, 4, 8);
    }

    @Test
    void copheneticDistancesAndCorrelation() {
        double[] distances = BruteForce.distances(x, Metric.EUCLIDEAN);
        assertThat(average.copheneticCorrelation(distances)).isCloseTo(0.7301152468293908, within(1e-12));
        double[] cophenetic = Agglomerative.fit(Clouds.array(x), Linkage.SINGLE).copheneticDistances();
        for (int i = 0; i < distances.length; i++) {
            assertThat(cophenetic[i]).isLessThanOrEqualTo(distances[i] + 1e-12); // the subdominant ultrametric
        }
    }

    /** 129 points: more than two tiles of rows, the last of one. */
    @ParameterizedTest
    @CsvSource({"EUCLIDEAN,2", "EUCLIDEAN,13", "MANHATTAN,64", "CHEBYSHEV,65", "COSINE,129"})
    void distancesOfAllPairs(Metric metric, int n) {
        double[][] points = Clouds.waves(n, 3);
        assertThat(Agglomerative.distances(Clouds.array(points), metric, Clouds.primitives()))
                .containsExactly(BruteForce.distances(points, metric), within(1e-12));
        assertThat(Agglomerative.distances(Clouds.array(new double[][] {{1, 2}}), metric, Clouds.primitives()))
                .isEmpty();
    }

    /** 2,600 points: more than those that need no progress; the same table with and without it. */
    @ParameterizedTest
    @EnumSource(
            value = Linkage.class,
            names = {"SINGLE", "AVERAGE", "WARD", "CENTROID"})
    void progressCountsMerges(Linkage linkage) {
        INDArray points = Clouds.array(Clouds.normal(2600, 2, 4));
        List<Long> heard = new ArrayList<>();
        LinkageTable table = Agglomerative.fit(
                points, linkage, Metric.EUCLIDEAN, Clouds.primitives(), (task, done, total) -> heard.add(done));
        assertThat(heard).isSorted().hasSizeGreaterThan(3).allMatch(done -> done < 2600);
        assertThat(table.height()).isEqualTo(Agglomerative.fit(points, linkage).height());
    }

    @Test
    void arrayIsSciPysTable() {
        assertThat(average.toArray().shape()).containsExactly(12, 4);
        assertThat(average.toArray().getRow(0).toDoubleVector()[2]).isCloseTo(4.037254799601, within(1e-11));
        assertThat(average.toArray().getDouble(11, 3)).isEqualTo(13);
    }

    @Test
    void deepTreesDoNotOverflowTheStack() {
        int n = 100_000;
        int[] a = new int[n - 1];
        int[] b = new int[n - 1];
        double[] heights = new double[n - 1];
        for (int i = 0; i < n - 1; i++) {
            a[i] = i;
            b[i] = i + 1;
            heights[i] = i + 1;
        }
        LinkageTable chain = LinkageTable.sorted(n, a, b, heights);
        assertThat(chain.cutInto(2)[n - 1]).isEqualTo(1);
        assertThat(chain.leafOrder()).hasSize(n);
    }

    private static void assertSamePartition(int[] actual, int... expected) {
        assertThat(Agreement.of(expected, actual).adjustedRand()).isEqualTo(1);
    }
}

package org.latent4j.clustering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.latent4j.compute.Metric;

/** Enough points that rows move together, and rows of single points become rows of clusters. */
class RowClustersTest {
    private static final double TOLERANCE = 1e-11;

    /** Clusters of many sizes, in one cloud one of them large. */
    @ParameterizedTest
    @EnumSource(names = {"COMPLETE", "AVERAGE", "WEIGHTED"})
    void manyPointsEqualAMatrixBroughtUpToDate(Linkage linkage) {
        double[][] clump = Clouds.normal(700, 6, 5);
        for (int i = 0; i < 300; i++) {
            for (int j = 0; j < 6; j++) {
                clump[i][j] = 3 + clump[i][j] * 1e-3 * (1 + i % 7);
            }
        }
        double[] ones = new double[700];
        Arrays.fill(ones, 1);
        double[] weights = ones.clone();
        Arrays.setAll(weights, i -> 1 + i % 5);
        for (double[][] x : List.of(Clouds.normal(700, 16, 3), Clouds.blobs(700, 2, 9, 4), clump)) {
            double[] expected = BruteForce.heights(x, ones, linkage);
            assertThat(Agglomerative.fit(Clouds.array(x), null, linkage, Metric.EUCLIDEAN, 0)
                            .height())
                    .containsExactly(expected, Offset.offset(TOLERANCE));
            double[] given = BruteForce.distances(x, Metric.EUCLIDEAN);
            assertThat(Agglomerative.fitDistances(given, linkage, 0).height())
                    .containsExactly(expected, Offset.offset(TOLERANCE));
            assertThat(Agglomerative.fit(Clouds.array(x), weights, linkage, Metric.EUCLIDEAN, 0)
                            .height())
                    .containsExactly(BruteForce.heights(x, weights, linkage), Offset.offset(TOLERANCE));
        }
    }

    /** In a mean of means the first of a chain of points weighs nothing in the end. */
    @Test
    void longChainsOfMeansOfMeans() {
        int n = 3400;
        double[] condensed = new double[n * (n - 1) / 2];
        for (int i = 0, at = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                condensed[at++] = j;
            }
        }
        double[] heights =
                Agglomerative.fitDistances(condensed, Linkage.WEIGHTED).height();
        assertThat(heights)
                .containsExactly(IntStream.range(1, n).asDoubleStream().toArray());
    }
}

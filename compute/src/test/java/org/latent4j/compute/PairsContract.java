package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Distances, neighbours and merges of points, as every backend gives them. */
abstract class PairsContract extends PrimitivesContract {
    @ParameterizedTest
    @CsvSource({"1,1,FLOAT", "3,7,DOUBLE", "300,13,FLOAT"})
    void distancesAreThoseOfTheDefinitions(int n, int p, DataType type) {
        INDArray x = normal(type, 16, n, p).add(0.1);
        INDArray y = normal(type, 17, n + 7, p);
        int from = n / 2;
        int rows = n - from;
        try (Matrix a = primitives.matrix(x);
                Matrix b = primitives.matrix(y)) {
            for (Metric metric : Metric.values()) {
                double[] tile = new double[rows * 7];
                primitives.distances(a, from, rows, b, n, 7, metric, tile);
                for (int i = 0; i < tile.length; i++) {
                    double expected = distance(metric, x.getRow(from + i / 7), y.getRow(n + i % 7));
                    assertThat(tile[i]).as(metric.name()).isCloseTo(expected, within(1e-13 * (1 + expected)));
                }
                double[] own = new double[1];
                primitives.distances(a, 0, 1, a, 0, 1, metric, own);
                assertThat(own[0]).isCloseTo(0, within(1e-15));
            }
        }
    }

    private static double distance(Metric metric, INDArray x, INDArray y) {
        INDArray a = x.castTo(DataType.DOUBLE);
        INDArray b = y.castTo(DataType.DOUBLE);
        return switch (metric) {
            case EUCLIDEAN -> a.distance2(b);
            case SQUARED_EUCLIDEAN -> a.squaredDistance(b);
            case MANHATTAN -> a.distance1(b);
            case CHEBYSHEV -> Transforms.abs(a.sub(b)).maxNumber().doubleValue();
            case COSINE ->
                1
                        - a.mul(b).sumNumber().doubleValue()
                                / (a.norm2Number().doubleValue()
                                        * b.norm2Number().doubleValue());
        };
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,FLOAT", "13,2,13,DOUBLE", "700,3,7,FLOAT", "300,1,5,FLOAT"})
    void neighboursAreThoseOfSorting(int n, int p, int k, DataType type) {
        INDArray x = Transforms.round(normal(type, 18, n, p).mul(10)); // ties
        INDArray q = Transforms.round(normal(type, 19, 35, p).mul(10));
        try (Matrix points = primitives.matrix(x);
                Matrix queries = primitives.matrix(q)) {
            Primitives.Neighbours found = primitives.neighbours(points, queries, k);
            for (int i = 0; i < 35; i++) {
                double[] squared = squaredToAll(rows(x), rows(q)[i]);
                int[] expected = nearestOf(squared, k);
                assertThat(Arrays.copyOfRange(found.indices(), i * k, (i + 1) * k))
                        .isEqualTo(expected);
                assertThat(Arrays.copyOfRange(found.distances(), i * k, (i + 1) * k))
                        .containsExactly(Arrays.stream(expected)
                                .mapToDouble(j -> Math.sqrt(squared[j]))
                                .toArray());
            }
        }
    }

    /** Much work, for which backends have ways of their own: ties, far offsets, outliers, points that are queries. */
    @ParameterizedTest
    @CsvSource({"5000,13,260,7,FLOAT", "3001,31,300,1,DOUBLE", "2100,9,600,300,FLOAT"})
    void manyNeighboursAreThoseOfSorting(int n, int p, int queries, int k, DataType type) {
        INDArray plain = normal(type, 26, n, p);
        INDArray whole = Transforms.round(plain.mul(0.7));
        INDArray far = plain.add(3e4);
        far.putScalar(17, 3, type == DataType.FLOAT ? 1e19 : 1e200);
        far.putScalar(17, 2, -1e10);
        for (INDArray x : new INDArray[] {plain, whole, far}) {
            double[][] rows = rows(x);
            try (Matrix points = primitives.matrix(x);
                    Matrix asked = primitives.matrix(x.get(NDArrayIndex.interval(n - queries, n)))) {
                Primitives.Neighbours found = primitives.neighbours(points, asked, k);
                for (int query = 0; query < queries; query += 37) {
                    double[] squared = squaredToAll(rows, rows[n - queries + query]);
                    int[] expected = nearestOf(squared, k);
                    assertThat(Arrays.copyOfRange(found.indices(), query * k, (query + 1) * k))
                            .isEqualTo(expected);
                    assertThat(found.distances()[query * k + k - 1]).isEqualTo(Math.sqrt(squared[expected[k - 1]]));
                }
            }
        }
    }

    private static double[] squaredToAll(double[][] rows, double[] query) {
        return Arrays.stream(rows)
                .mapToDouble(row -> SquaredDistance.of(query, row))
                .toArray();
    }

    private static int[] nearestOf(double[] squared, int k) {
        return IntStream.range(0, squared.length)
                .boxed()
                .sorted(Comparator.comparingDouble(j -> squared[j]))
                .mapToInt(j -> j)
                .limit(k)
                .toArray();
    }

    /** Where there are any: heights are distances as they are defined, and the clusters are those of always merging the closest pair. */
    @ParameterizedTest
    @CsvSource({"1,3", "2,1", "3,2", "7,3", "65,2", "207,5"})
    void mergesAreThoseOfTheDefinition(int n, int p) {
        for (Primitives.Merging rule : Primitives.Merging.values()) {
            INDArray points = normal(n % 2 == 0 ? DataType.DOUBLE : DataType.FLOAT, n, n, p);
            try (Matrix matrix = primitives.matrix(points)) {
                if (!primitives.hasMerges(n, rule)) {
                    assertThatThrownBy(() -> primitives.merges(matrix, Metric.EUCLIDEAN, rule))
                            .isInstanceOf(IllegalArgumentException.class);
                    continue;
                }
                Primitives.Merges merges = primitives.merges(matrix, Metric.EUCLIDEAN, rule);
                new MergesByDefinition(points, Metric.EUCLIDEAN, rule).requireSame(merges);
                Metric other = n == 65 ? Metric.COSINE : Metric.MANHATTAN;
                if (rule != Primitives.Merging.WARD) {
                    new MergesByDefinition(points, other, rule).requireSame(primitives.merges(matrix, other, rule));
                }
            }
        }
    }

    /** Points on a grid, of which most are equally near to several: each merge must be of clusters as far apart as it says. */
    @Test
    void mergesOfEquallyNearPoints() {
        INDArray grid = Nd4j.create(DataType.FLOAT, new long[] {48, 2}, 'c');
        for (int i = 0; i < 48; i++) {
            grid.putScalar(i, 0, i % 7);
            grid.putScalar(i, 1, i / 7);
        }
        for (Primitives.Merging rule : Primitives.Merging.values()) {
            if (primitives.hasMerges(48, rule)) {
                try (Matrix matrix = primitives.matrix(grid)) {
                    new MergesByDefinition(grid, Metric.EUCLIDEAN, rule)
                            .requireTrue(primitives.merges(matrix, Metric.EUCLIDEAN, rule));
                }
            }
        }
    }
}

package org.latent4j.clustering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.cuda.CudaUnderTest;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AgglomerativeTest {
    private static final double[] PUBLISHED_DISTANCES = {
        662, 877, 255, 412, 996, 295, 468, 268, 400, 754, 564, 138, 219, 869, 669
    };
    private static final double[][] PUBLISHED_POINTS = {
        {1.43054825, -7.5693489},
        {6.95887839, 6.82293382},
        {2.87137846, -9.68248579},
        {7.87974764, -6.05485803},
        {8.24018364, -6.09495602},
        {7.39020262, 8.54004355}
    };

    /** By the algorithms for few points, and by those for many. */
    private static final int[] WAYS = {Integer.MAX_VALUE, 0};

    private static List<LinkageTable> ofPoints(double[][] x, Linkage linkage, Metric metric) {
        INDArray points = Clouds.array(x);
        return Arrays.stream(WAYS)
                .mapToObj(few -> Agglomerative.fit(points, null, linkage, metric, few))
                .toList();
    }

    private static List<LinkageTable> ofDistances(double[] condensed, Linkage linkage) {
        return Arrays.stream(WAYS)
                .mapToObj(few -> Agglomerative.fitDistances(condensed, linkage, few))
                .toList();
    }

    private static List<LinkageTable> ofBoth(double[][] x, Linkage linkage, Metric metric) {
        List<LinkageTable> all = new ArrayList<>(ofPoints(x, linkage, metric));
        all.addAll(ofDistances(BruteForce.distances(x, metric), linkage));
        return all;
    }

    /** SciPy, scipy/cluster/tests/hierarchy_test_data.py, ytdist and linkage_ytdist_*. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            SINGLE   | 138 219 255 268 295
            COMPLETE | 138 219 400 412 996
            AVERAGE  | 138 219 333.5 347.5 680.77777777777777
            WEIGHTED | 138 219 333.5 347.5 670.125
            """)
    void publishedDistances(Linkage linkage, String heights) {
        for (LinkageTable table : ofDistances(PUBLISHED_DISTANCES, linkage)) {
            assertClose(table.height(), numbers(heights), 1e-9);
            assertThat(table.left()).startsWith(2, 3);
            assertThat(table.right()).startsWith(5, 4);
            assertThat(table.size()[4]).isEqualTo(6);
        }
    }

    /** SciPy, linkage_X_*. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            WARD     | 9.10208346 24.7784379
            COMPLETE | 6.96742194 18.77445997
            AVERAGE  | 6.55832839 15.44089605
            CENTROID | 6.43614494 15.17363237
            MEDIAN   | 6.43614494 15.17363237
            """)
    void publishedPoints(Linkage linkage, String lastTwo) {
        double[] expected = numbers("0.36265956 1.77045373 2.55760419 " + lastTwo);
        for (LinkageTable table : ofBoth(PUBLISHED_POINTS, linkage, Metric.EUCLIDEAN)) {
            assertClose(table.height(), expected, 5e-9 * 10);
        }
    }

    /** Rows of distances are the largest thing here; threads that live on must not keep them. */
    @Test
    void nothingStaysInMemory() {
        int n = 1500;
        INDArray points = Clouds.array(Clouds.waves(n, 3));
        Agglomerative.fit(points, null, Linkage.COMPLETE, Metric.EUCLIDEAN, 0);
        long before = held();
        int calls = 8;
        for (int call = 0; call < calls; call++) {
            Agglomerative.fit(points, null, Linkage.COMPLETE, Metric.EUCLIDEAN, 0);
        }
        assertThat(held() - before).isLessThan(calls * RowClusters.bytes(n) / 4);
    }

    private static long held() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** scikit-learn and SciPy: three points on a line, the first two merges tie. */
    @ParameterizedTest
    @CsvSource({
        "SINGLE, 1.41421356",
        "COMPLETE, 2.82842712",
        "AVERAGE, 2.12132034",
        "WARD, 2.44948974",
        "WEIGHTED, 2.12132034",
        "CENTROID, 2.12132034",
        "MEDIAN, 2.12132034"
    })
    void publishedTies(Linkage linkage, double second) {
        for (LinkageTable table : ofPoints(new double[][] {{-1, -1}, {0, 0}, {1, 1}}, linkage, Metric.EUCLIDEAN)) {
            assertClose(table.height(), new double[] {1.41421356, second}, 5e-9);
            assertThat(table.left()).containsExactly(0, 2);
            assertThat(table.right()).containsExactly(1, 3);
            assertThat(table.size()).containsExactly(2, 3);
        }
    }

    /** SciPy 1.10.1: linkage(X, method) of {@link Clouds#waves}(13, 3). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            SINGLE   | 4.037254799601 4.869660283743 5.685529487733 5.962153350631 6.270788791279 7.572322793044 7.704602082183 7.934588183005 8.441469909625 8.585073534845 9.224860029569 9.289387361993     | 0 6 3 9 12 13 10 15 7 14 4 16 1 17 8 18 5 19 2 20 11 21 22 23
            COMPLETE | 4.037254799601 4.869660283743 5.962153350631 7.124280651749 7.811342060174 8.441469909625 12.976678656114 13.227424074015 13.849801526698 17.736036215501 21.764110473318 41.341907007966 | 0 6 3 9 10 12 7 14 4 13 1 5 11 16 8 17 15 20 18 19 2 21 22 23
            AVERAGE  | 4.037254799601 4.869660283743 5.962153350631 6.697534721514 7.634393180175 7.934588183005 8.441469909625 10.590012997363 10.636360387629 12.534577067845 15.611102767002 22.530580003702 | 0 6 3 9 10 12 7 14 13 15 4 8 1 5 11 16 17 18 19 20 2 21 22 23
            WEIGHTED | 4.037254799601 4.869660283743 5.962153350631 6.697534721514 7.634393180175 7.934588183005 8.441469909625 10.248724755414 10.636360387629 13.747374133046 14.49182636915 29.36320521323   | 0 6 3 9 10 12 7 14 13 15 4 8 1 5 11 16 17 18 19 20 2 21 22 23
            CENTROID | 4.037254799601 4.869660283743 5.962153350631 6.253853661151 6.9785746137 7.934588183005 8.441469909625 9.199120613984 9.977180488211 12.116339094417 14.97284840813 21.296382663659     | 0 6 3 9 10 12 7 14 13 15 4 8 1 5 17 18 16 19 11 21 2 20 22 23
            MEDIAN   | 4.037254799601 4.869660283743 5.962153350631 6.253853661151 6.9785746137 7.934588183005 8.441469909625 9.199120613984 9.268447084026 12.748027910149 13.775649810072 26.233960247642   | 0 6 3 9 10 12 7 14 13 15 4 8 1 5 17 18 16 19 11 21 2 20 22 23
            WARD     | 4.037254799601 4.869660283743 5.962153350631 7.221328189476 7.934588183005 8.441469909625 9.869194864727 12.367887581635 12.391889355003 18.166538281997 21.377980701542 54.134459964047 | 0 6 3 9 10 12 7 14 4 8 1 5 13 15 2 17 11 16 18 21 19 20 22 23
            """)
    void tablesOfSciPy(Linkage linkage, String heights, String pairs) {
        double[] ids = numbers(pairs);
        for (LinkageTable table : ofBoth(Clouds.waves(13, 3), linkage, Metric.EUCLIDEAN)) {
            assertClose(table.height(), numbers(heights), 1e-11);
            for (int i = 0; i < 12; i++) {
                assertThat(table.left()[i]).isEqualTo((int) ids[2 * i]);
                assertThat(table.right()[i]).isEqualTo((int) ids[2 * i + 1]);
            }
        }
    }

    /** SciPy 1.10.1: the last two heights of linkage(X, method, metric) of {@link Clouds#waves}(13, 3). */
    @ParameterizedTest
    @CsvSource({
        "MANHATTAN, SINGLE, 13.761350215128, 14.368861734658",
        "MANHATTAN, COMPLETE, 37.041779056287, 69.096074068242",
        "MANHATTAN, AVERAGE, 25.689514416759, 35.39442286701",
        "MANHATTAN, WEIGHTED, 23.60510372506, 47.062906330382",
        "COSINE, SINGLE, 0.089505260657, 1.025031435721",
        "COSINE, COMPLETE, 1.065312656268, 1.995923411161",
        "COSINE, AVERAGE, 0.46035265659, 1.776401842952",
        "COSINE, WEIGHTED, 0.542219694573, 1.743228446073",
        "CHEBYSHEV, SINGLE, 6.941212180277, 7.834046940364",
        "CHEBYSHEV, COMPLETE, 15.50426524488, 29.277405155654",
        "CHEBYSHEV, AVERAGE, 10.676273339577, 17.318000200653",
        "CHEBYSHEV, WEIGHTED, 12.106402881854, 20.419041138337"
    })
    void otherMetricsOfSciPy(Metric metric, Linkage linkage, double last, double top) {
        for (LinkageTable table : ofPoints(Clouds.waves(13, 3), linkage, metric)) {
            assertThat(table.height()[10]).isCloseTo(last, within(1e-11));
            assertThat(table.height()[11]).isCloseTo(top, within(1e-11));
        }
    }

    static Stream<Linkage> linkages() {
        return Arrays.stream(Linkage.values());
    }

    @ParameterizedTest
    @MethodSource("linkages")
    void equalsBruteForce(Linkage linkage) {
        for (int n : new int[] {2, 3, 7, 13, 29, 40}) {
            for (int p : new int[] {1, 2, 5, 7}) {
                for (Metric metric : Metric.values()) {
                    if (metric != Metric.EUCLIDEAN && linkage.isEuclidean()) {
                        continue;
                    }
                    if (metric == Metric.COSINE && p == 1) {
                        continue; // on a line there are two directions: all distances tie
                    }
                    double[][] x = Clouds.normal(n, p, 1000 * n + p);
                    LinkageTable expected = BruteForce.of(x, linkage, metric);
                    ofBoth(x, linkage, metric).forEach(table -> assertSame(table, expected));
                }
            }
        }
    }

    /** Sizes at which rows move together several times and searches go in groups. */
    @ParameterizedTest
    @EnumSource(Linkage.class)
    void pointsAndDistancesAgree(Linkage linkage) {
        for (int n : new int[] {207, 600}) {
            for (double[][] x : List.of(Clouds.normal(n, 3, n), Clouds.blobs(n, 4, 5, n))) {
                List<LinkageTable> tables = ofBoth(x, linkage, Metric.EUCLIDEAN);
                tables.forEach(table -> assertSame(table, tables.get(0)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Linkage.class)
    void tiesEndInAWholeHierarchy(Linkage linkage) {
        for (int side : new int[] {1, 2, 3, 6}) {
            double[][] x = Clouds.grid(150, 2, side, side);
            for (LinkageTable table : ofBoth(x, linkage, Metric.EUCLIDEAN)) {
                assertThat(table.size()[148]).isEqualTo(150);
                for (int i = 1; i < 149 && !linkage.canInvert(); i++) {
                    assertThat(table.height()[i]).isGreaterThanOrEqualTo(table.height()[i - 1]);
                }
                assertThat(IntStream.concat(Arrays.stream(table.left()), Arrays.stream(table.right())))
                        .doesNotHaveDuplicates()
                        .hasSize(298);
            }
        }
    }

    /** Lists of nearest points run out within blobs, and blocks of points are passed over: Prim's algorithm on distances is the judge. */
    @Test
    void singleLinkageOfManyBlocksEqualsThatOfDistances() {
        for (double[][] x : List.of(
                Clouds.blobs(1500, 3, 4, 1),
                Clouds.normal(1100, 13, 2),
                Clouds.normal(700, 1, 3),
                Clouds.grid(900, 2, 9, 4))) {
            for (Metric metric : new Metric[] {Metric.EUCLIDEAN, Metric.MANHATTAN, Metric.CHEBYSHEV}) {
                double[] expected = Agglomerative.fitDistances(BruteForce.distances(x, metric), Linkage.SINGLE)
                        .height();
                ofPoints(x, Linkage.SINGLE, metric).forEach(table -> assertClose(table.height(), expected, 1e-9));
            }
        }
    }

    /** One cluster takes in the others one by one, and pairs far apart: rounds of a single merge. */
    @Test
    void chainsOfGrowingGaps() {
        double[][] x = new double[300][1];
        for (int i = 1; i < 300; i++) {
            x[i][0] = x[i - 1][0] + 1 + 0.001 * i;
        }
        for (Linkage linkage : Linkage.values()) {
            List<LinkageTable> tables = ofBoth(x, linkage, Metric.EUCLIDEAN);
            tables.forEach(table -> assertClose(table.height(), tables.get(0).height(), 1e-9));
        }
        double[] single = Agglomerative.fit(Clouds.array(x), Linkage.SINGLE).height();
        assertThat(single[0]).isCloseTo(1.001, within(1e-9));
        assertThat(single[298]).isCloseTo(1.299, within(1e-9));
    }

    @Test
    void resultsDoNotDependOnTheNumberOfThreads() throws Exception {
        INDArray x = Clouds.array(Clouds.normal(400, 5, 1));
        for (Linkage linkage : Linkage.values()) {
            LinkageTable many = Agglomerative.fit(x, null, linkage, Metric.EUCLIDEAN, 0);
            LinkageTable one = new ForkJoinPool(1)
                    .submit(() -> Agglomerative.fit(x, null, linkage, Metric.EUCLIDEAN, 0))
                    .get();
            assertThat(one.height()).containsExactly(many.height());
            assertThat(one.left()).containsExactly(many.left());
        }
    }

    @ParameterizedTest
    @EnumSource(Linkage.class)
    void distancesBeyondTheLargestNumberAreRefused(Linkage linkage) {
        INDArray wide = Clouds.array(new double[][] {{0, 1}, {3, 1e160}, {2, -1e160}, {5, 5}});
        assertThatThrownBy(() -> Agglomerative.fit(wide, linkage))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("column 2 is 2.00e+160 wide")
                .hasMessageContaining("divide all columns");
        INDArray justSo = Clouds.array(new double[][] {{0, 1}, {3, 1e150}, {2, -1e150}, {5, 5}});
        assertThat(Agglomerative.fit(justSo, linkage).height()[2]).isBetween(1e150, 3e150);
        double[] distances = {1, 2, linkage.isEuclidean() ? 1e160 : 1.5e308};
        assertThatThrownBy(() -> Agglomerative.fitDistances(distances, linkage))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("a distance is 1.");
    }

    @Test
    void onePointHasNoMerges() {
        LinkageTable table = Agglomerative.fit(Clouds.array(new double[][] {{1, 2}}), Linkage.WARD);
        assertThat(table.n()).isEqualTo(1);
        assertThat(table.cutInto(1)).containsExactly(0);
        assertThat(table.leafOrder()).containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 5, 7, 14})
    void oddNumbersOfDistancesAreNamed(int length) {
        assertThatThrownBy(() -> Agglomerative.fitDistances(new double[length], Linkage.SINGLE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(length + " distances");
    }

    @Test
    void badInputIsNamed() {
        INDArray x = Clouds.array(new double[][] {{1, 2}, {0, 0}, {3, 4}});
        assertThatThrownBy(() -> Agglomerative.fit(x, Linkage.WARD, Metric.MANHATTAN))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("ward")
                .hasMessageContaining("manhattan");
        assertThatThrownBy(() -> Agglomerative.fit(x, Linkage.AVERAGE, Metric.COSINE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("row 2");
        assertThatThrownBy(() -> Agglomerative.fitDistances(new double[] {1, -2, Double.NaN}, Linkage.AVERAGE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("points 1 and 3 is -2.0")
                .hasMessageContaining("points 2 and 3 is NaN");
        assertThatThrownBy(() -> Agglomerative.fitDistances(new double[][] {{0, 1}, {1, 0}, {2, 2}}, Linkage.AVERAGE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("square");
        assertThatThrownBy(() -> Agglomerative.fitDistances(new double[][] {{0, 1}, {2, 0}}, Linkage.AVERAGE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("rows 1 and 2 are 1.0 and 2.0 apart");
        assertThatThrownBy(() -> Agglomerative.fit(Clouds.array(new double[][] {{1, Double.NaN}}), Linkage.SINGLE))
                .hasMessageContaining("row 1, column 2");
        LinkageTable table = Agglomerative.fit(x, Linkage.SINGLE);
        assertThatThrownBy(() -> table.cutInto(4))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("1 to 3 clusters, but 4");
    }

    @Test
    void tooLargeAMatrixIsRefusedWithItsBytes() {
        INDArray x = Nd4j.zeros(200_000, 1);
        assertThatThrownBy(() -> Agglomerative.fit(x, Linkage.COMPLETE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("160,000,000,000 bytes")
                .hasMessageContaining("complete");
    }

    private static void assertSame(LinkageTable actual, LinkageTable expected) {
        assertClose(actual.height(), expected.height(), 1e-9);
        assertThat(actual.left()).containsExactly(expected.left());
        assertThat(actual.right()).containsExactly(expected.right());
        assertThat(actual.size()).containsExactly(expected.size());
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).containsExactly(expected, Offset.offset(tolerance));
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.strip().split(" +"))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    /** Merged on an emulated card: the tables of merging here, for points whose distances differ. */
    @ParameterizedTest
    @EnumSource(Linkage.class)
    void mergesOnACard(Linkage linkage) {
        String problem = CudaUnderTest.problem("emulated");
        assumeTrue(problem.isEmpty(), problem);
        INDArray points = Clouds.array(Clouds.waves(67, 3));
        try (Primitives card = CudaUnderTest.primitives("emulated")) {
            boolean there = linkage != Linkage.CENTROID && linkage != Linkage.MEDIAN;
            assertThat(DeviceMerges.offeredBy(card, linkage, 67)).isEqualTo(there);
            LinkageTable expected = Agglomerative.fit(points, linkage, Metric.EUCLIDEAN);
            LinkageTable found = Agglomerative.fit(points, linkage, Metric.EUCLIDEAN, card);
            assertClose(found.height(), expected.height(), 1e-9);
            assertThat(found.left()).isEqualTo(expected.left());
            assertThat(found.right()).isEqualTo(expected.right());
            if (!linkage.isEuclidean()) {
                assertClose(
                        Agglomerative.fit(points, linkage, Metric.COSINE, card).height(),
                        Agglomerative.fit(points, linkage, Metric.COSINE).height(),
                        1e-9);
            } else {
                assertThatThrownBy(() -> Agglomerative.fit(points, linkage, Metric.COSINE, card))
                        .isInstanceOf(DataException.class)
                        .hasMessageContaining("defined by means");
            }
        }
    }
}

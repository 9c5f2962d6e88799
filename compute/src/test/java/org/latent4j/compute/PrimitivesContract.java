package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What every backend's primitives hold to. */
abstract class PrimitivesContract {
    private Primitives primitives;

    abstract Primitives create();

    @BeforeEach
    void open() {
        primitives = create();
    }

    @AfterEach
    void close() {
        if (primitives != null) {
            primitives.close();
        }
    }

    static INDArray normal(DataType type, long seed, long... shape) {
        float[] values = new float[(int) ArrayUtil.prodLong(shape)];
        new Philox(seed, Philox.Purpose.SYNTHETIC, 0).fillNormal(values, 0, values.length);
        return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
    }

    private static double tolerance(DataType type) {
        return type == DataType.FLOAT ? 2e-5 : 1e-12;
    }

    /** Fewer, as many, and more points than a block; centres up to more than a chunk; narrow and wide. */
    @ParameterizedTest
    @CsvSource({
        "1,1,1,FLOAT",
        "7,1,3,DOUBLE",
        "13,7,13,FLOAT",
        "207,13,7,DOUBLE",
        "207,65,31,FLOAT",
        "513,3,300,FLOAT",
        "1300,17,2,FLOAT",
        "700,5,700,DOUBLE",
        "31,207,13,FLOAT",
        "600,64,300,FLOAT",
        "513,33,17,DOUBLE"
    })
    void nearestCentresAreThoseOfBruteForce(int n, int p, int k, DataType type) {
        checkNearest(normal(type, 1, n, p), normal(type, 2, k, p));
    }

    /** Small whole numbers: many exact ties, duplicates, points on centres. */
    @ParameterizedTest
    @CsvSource({"1300,2,5,FLOAT", "700,3,300,FLOAT", "513,1,600,DOUBLE", "600,7,1,FLOAT"})
    void tiesGoToTheLowestIndex(int n, int p, int k, DataType type) {
        INDArray points = Transforms.round(normal(type, 8, n, p).mul(2));
        INDArray centres = Transforms.round(normal(type, 9, k, p));
        checkNearest(points, centres);
        checkNearest(points.add(1e6), centres.add(1e6));
    }

    /** Distances that differ in the last digits only; doubles that no float tells apart; sizes that overflow when squared as floats. */
    @Test
    void closeCallsAreDecidedExactly() {
        INDArray points = normal(DataType.DOUBLE, 10, 700, 5);
        INDArray centre = normal(DataType.DOUBLE, 11, 1, 5);
        INDArray centres = Nd4j.vstack(centre.add(1e-13), centre.add(1e-15), centre, centre.sub(1e-14), centre);
        checkNearest(points, centres);
        checkNearest(points.mul(1e30), centres.mul(1e30));
        checkNearest(points.mul(1e-30), centres.mul(1e-30));
        INDArray floats = points.castTo(DataType.FLOAT);
        INDArray near = centre.castTo(DataType.FLOAT);
        checkNearest(floats, Nd4j.vstack(near.mul(1 + 0x1p-22), near, near.mul(1 - 0x1p-23)));
        checkNearest(floats.mul(1e-30), near.mul(1e-30));
    }

    @Test
    void farOffsetsAndOutliersDoNotSpoilLabels() {
        INDArray points = normal(DataType.FLOAT, 12, 1300, 3);
        INDArray centres = normal(DataType.FLOAT, 13, 40, 3);
        checkNearest(
                points.addColumnVector(Nd4j.zeros(1300, 1)).addRowVector(Nd4j.createFromArray(1e8f, 0f, -3e5f)),
                centres.addRowVector(Nd4j.createFromArray(1e8f, 0f, -3e5f)));
        INDArray exact = points.castTo(DataType.DOUBLE).addRowVector(Nd4j.createFromArray(1e8, 0, -1e12));
        checkNearest(exact, exact.get(NDArrayIndex.interval(100, 140)).dup());
        points.putScalar(600, 0, -4e13);
        checkNearest(points, centres);
        points.putScalar(5, 1, 1.9e18);
        centres.putScalar(7, 1, 2e18);
        checkNearest(points, centres);
        checkNearest(Nd4j.zeros(700, 3), Nd4j.zeros(30, 3));
    }

    /** Centres that lie much nearer to each other than to the mean, as products in few digits don't tell apart; one of them far away. */
    @ParameterizedTest
    @CsvSource({"1e-6,FLOAT", "1,FLOAT", "100,FLOAT", "1,DOUBLE", "1e4,DOUBLE"})
    void centresInTightGroupsAreToldApart(double apart, DataType type) {
        INDArray points = normal(type, 14, 700, 40);
        INDArray centres = normal(type, 15, 20, 40);
        for (int i = 0; i < 700; i++) {
            points.getRow(i).addi(i % 4 * apart);
        }
        for (int c = 0; c < 20; c++) {
            centres.getRow(c).addi(c % 4 * apart);
        }
        checkNearest(points, centres);
        checkNearest(points.add(1000), centres.add(1000));
        centres.getRow(9).muli(50);
        checkNearest(points, centres);
        checkNearest(points.mul(1e-20), centres.mul(1e-20));
    }

    /** Labels and distances have the bits that a search without memory gives. */
    @ParameterizedTest
    @CsvSource({"FLOAT,5,30", "DOUBLE,5,30", "FLOAT,270,9", "FLOAT,1,3"})
    void movingCentresGiveWhatASingleSearchDoes(DataType type, int k, int p) {
        int n = 5001;
        INDArray x = normal(type, 50, n, p);
        INDArray centres = normal(type, 51, k, p).muli(3);
        for (int i = 0; i < n; i++) {
            if (i % 4 > 0) {
                x.getRow(i).addi(centres.getRow(i % k));
            }
        }
        x.getRow(17).assign(centres.getRow(0));
        int[] labels = new int[n];
        int[] expected = new int[n];
        double[] squared = new double[n];
        double[] expectedSquared = new double[n];
        try (Matrix points = primitives.matrix(x)) {
            Primitives.MovingCentres moving = primitives.movingCentres(points);
            for (int step = 0; step < 9; step++) {
                boolean measured = step % 3 == 0;
                moving.nearest(centres, labels, measured ? squared : null);
                primitives.nearest(points, centres, expected, measured ? expectedSquared : null);
                assertThat(labels).as("step %d", step).isEqualTo(expected);
                assertThat(squared).isEqualTo(expectedSquared);
                Arrays.fill(labels, -1); // what the caller does with them does not matter
                centres = centres.add(normal(type, 52 + step, k, p).muli(step == 5 ? 1 : 0.03 / (1 + step)));
                if (step == 3) {
                    centres.getRow(k - 1).assign(x.getRow(3000)); // one jumps
                }
                if (step == 6) {
                    centres.putScalar(k / 2, 0, Float.NaN);
                }
                if (step == 7) {
                    centres.putScalar(k / 2, 0, 1);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3,1,2,FLOAT", "207,13,7,DOUBLE", "20011,5,30,FLOAT"})
    void changedSumsAreThoseOfChangedLabels(int n, int p, int k, DataType type) {
        INDArray x = normal(type, 60, n, p);
        int[] before = new int[n];
        int[] now = new int[n];
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            before[i] = i * 7 % k;
            now[i] = i % 5 == 0 ? i * 11 % k : before[i];
            weights[i] = 1 + i % 3;
        }
        for (double[] w : new double[][] {null, weights}) {
            double[] added = new double[k * p];
            double[] taken = new double[k * p];
            for (int i = 0; i < n; i++) {
                for (int f = 0; f < p && before[i] != now[i]; f++) {
                    double number = (w == null ? 1 : w[i]) * x.getDouble(i, f);
                    added[now[i] * p + f] += number;
                    taken[before[i] * p + f] += number;
                }
            }
            try (Matrix points = primitives.matrix(x)) {
                Primitives.ChangedSums sums = primitives.changedSums(points, before, now, w, k);
                assertThat(sums.added()).containsExactly(added, within(1e-9));
                assertThat(sums.taken()).containsExactly(taken, within(1e-9));
                assertRefused(() -> primitives.changedSums(points, now, new int[n + 1], null, k), "now must have");
            }
        }
    }

    private void checkNearest(INDArray x, INDArray c) {
        int n = (int) x.size(0);
        int[] labels = new int[n];
        double[] squared = new double[n];
        try (Matrix points = primitives.matrix(x)) {
            primitives.nearest(points, c, labels, null);
            int[] again = new int[n];
            primitives.nearest(points, c, again, squared);
            assertThat(again).isEqualTo(labels);
        }
        for (int i = 0; i < n; i++) {
            int best = 0;
            double least = squared(x, i, c, 0);
            for (int j = 1; j < c.size(0); j++) {
                double distance = squared(x, i, c, j);
                if (distance < least * (1 - 1e-13) || distance < least * (1 + 1e-13) && isNearer(x, i, c, j, best)) {
                    least = distance;
                    best = j;
                }
            }
            assertThat(labels[i])
                    .as("label of point %d of %s", i, x.shapeInfoToString())
                    .isEqualTo(best);
            assertThat(squared[i]).isCloseTo(least, within(1e-13 * least));
        }
    }

    private static double squared(INDArray x, int i, INDArray y, int j) {
        double sum = 0;
        for (int f = 0; f < x.size(1); f++) {
            double difference = x.getDouble(i, f) - y.getDouble(j, f);
            sum += difference * difference;
        }
        return sum;
    }

    private static boolean isNearer(INDArray x, int i, INDArray c, int one, int other) {
        return exactlySquared(x, i, c, one).compareTo(exactlySquared(x, i, c, other)) < 0;
    }

    private static BigDecimal exactlySquared(INDArray x, int i, INDArray y, int j) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int f = 0; f < x.size(1); f++) {
            BigDecimal difference = new BigDecimal(x.getDouble(i, f)).subtract(new BigDecimal(y.getDouble(j, f)));
            sum = sum.add(difference.multiply(difference));
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,FLOAT", "13,3,2,DOUBLE", "20000,7,3,FLOAT"})
    void segmentSumsAreSumsByLabel(int n, int p, int k, DataType type) {
        INDArray x = normal(type, 14, n, p);
        int[] labels = new int[n];
        double[] weights = new double[n];
        double[] sums = new double[k * p];
        double[] weighted = new double[k * p];
        double[] totals = new double[k];
        long[] counts = new long[k];
        Philox random = new Philox(15, Philox.Purpose.SYNTHETIC, 0);
        for (int i = 0; i < n; i++) {
            labels[i] = random.nextInt(k + 1) - 1;
            weights[i] = random.nextDouble();
            for (int f = 0; f < p && labels[i] >= 0; f++) {
                sums[labels[i] * p + f] += x.getDouble(i, f);
                weighted[labels[i] * p + f] += weights[i] * x.getDouble(i, f);
            }
            if (labels[i] >= 0) {
                totals[labels[i]] += weights[i];
                counts[labels[i]]++;
            }
        }
        try (Matrix points = primitives.matrix(x)) {
            Primitives.SegmentSums plain = primitives.segmentSums(points, labels, null, k);
            assertThat(plain.sums()).containsExactly(sums, within(1e-9));
            assertThat(plain.counts()).isEqualTo(counts);
            assertThat(plain.weights())
                    .isEqualTo(Arrays.stream(counts).asDoubleStream().toArray());
            Primitives.SegmentSums withWeights = primitives.segmentSums(points, labels, weights, k);
            assertThat(withWeights.sums()).containsExactly(weighted, within(1e-9));
            assertThat(withWeights.weights()).containsExactly(totals, within(1e-9));
            assertThat(withWeights.counts()).isEqualTo(counts);
        }
    }

    /** Sums in float would stop at 2^24. */
    @Test
    void sumsDoNotSaturate() {
        int n = (1 << 24) + 100;
        try (Matrix ones = primitives.matrix(Nd4j.ones(DataType.FLOAT, n, 1))) {
            Primitives.SegmentSums sums = primitives.segmentSums(ones, new int[n], null, 1);
            assertThat(sums.sums()).containsExactly(n);
            assertThat(sums.weights()).containsExactly(n);
            assertThat(sums.counts()).containsExactly(n);
        }
    }

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
                int query = i;
                double[] squared = IntStream.range(0, n)
                        .mapToDouble(j -> squared(q, query, x, j))
                        .toArray();
                int[] expected = IntStream.range(0, n)
                        .boxed()
                        .sorted(Comparator.comparingDouble(j -> squared[j]))
                        .mapToInt(j -> j)
                        .limit(k)
                        .toArray();
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
            try (Matrix points = primitives.matrix(x);
                    Matrix asked = primitives.matrix(x.get(NDArrayIndex.interval(n - queries, n)))) {
                Primitives.Neighbours found = primitives.neighbours(points, asked, k);
                for (int query = 0; query < queries; query += 37) {
                    double[] squared = squaredToAll(x, n - queries + query);
                    int[] expected = IntStream.range(0, n)
                            .boxed()
                            .sorted(Comparator.comparingDouble(j -> squared[j]))
                            .mapToInt(j -> j)
                            .limit(k)
                            .toArray();
                    assertThat(Arrays.copyOfRange(found.indices(), query * k, (query + 1) * k))
                            .isEqualTo(expected);
                    assertThat(found.distances()[query * k + k - 1]).isEqualTo(Math.sqrt(squared[expected[k - 1]]));
                }
            }
        }
    }

    private static double[] squaredToAll(INDArray x, int query) {
        double[][] rows = x.castTo(DataType.DOUBLE).toDoubleMatrix();
        return Arrays.stream(rows)
                .mapToDouble(row -> SquaredDistance.of(rows[query], row))
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "1,1,1,FLOAT",
        "3,13,7,DOUBLE",
        "300,7,1030,FLOAT",
        "13,207,3,FLOAT",
        "2100,5,13,FLOAT",
        "1030,3,1,DOUBLE"
    })
    void productsAreSumsOfProducts(int m, int k, int n, DataType type) {
        INDArray a = normal(type, 20, m, k);
        INDArray b = normal(type, 21, k, n);
        INDArray expected =
                a.castTo(DataType.DOUBLE).mmul(b.castTo(DataType.DOUBLE)).castTo(type);
        double within = tolerance(type) * Math.sqrt(k);
        near(primitives.product(a, false, b, false), expected, within);
        near(primitives.product(a.dup('f'), false, b.dup('f'), false), expected, within);
        near(primitives.product(a.transpose(), true, b, false), expected, within);
        near(primitives.product(a.transpose().dup(), true, b.transpose().dup(), true), expected, within);
        INDArray gram = primitives.product(a, true, a, false);
        near(
                gram,
                a.castTo(DataType.DOUBLE)
                        .transpose()
                        .mmul(a.castTo(DataType.DOUBLE))
                        .castTo(type),
                Math.max(20 * within, m * tolerance(type))); // its diagonal grows with m
        assertThat(gram.ordering()).isEqualTo('c');
    }

    /** The longest are cut into parts. */
    @ParameterizedTest
    @CsvSource({
        "1,1,1,FLOAT",
        "3,13,7,DOUBLE",
        "207,13,5,FLOAT",
        "9001,7,3,FLOAT",
        "2100,33,20,DOUBLE",
        "3,4100,2,FLOAT"
    })
    void longProductsAreAddedInDouble(int n, int p, int w, DataType type) {
        INDArray x = normal(type, 23, n, p);
        INDArray q = normal(type, 24, p, w);
        INDArray exact = x.castTo(DataType.DOUBLE);
        INDArray image = exact.mmul(q.castTo(DataType.DOUBLE));
        for (INDArray view : new INDArray[] {x, x.dup('f')}) {
            INDArray sum = Nd4j.ones(DataType.DOUBLE, p, p);
            primitives.addScatter(sum, view);
            INDArray expected = exact.transpose().mmul(exact).addi(1);
            double[][] lower = sum.toDoubleMatrix();
            double[][] wanted = expected.toDoubleMatrix();
            double worst = 0;
            for (int i = 0; i < p; i++) {
                for (int j = 0; j <= i; j++) {
                    worst = Math.max(worst, Math.abs(lower[i][j] - wanted[i][j]));
                }
            }
            assertThat(worst).isLessThanOrEqualTo(2 * tolerance(type) * n);
            INDArray back = Nd4j.ones(DataType.DOUBLE, w, p);
            near(primitives.addImages(back, view, q.dup('f')), image.castTo(type), tolerance(type) * Math.sqrt(p));
            near(back.sub(1), image.transpose().mmul(exact), 4 * tolerance(type) * (n + Math.sqrt(p)));
        }
    }

    /** Parts of larger arrays, columns first, every other row. */
    @Test
    void viewsAreReadAsTheyLookAndNothingIsOverwritten() {
        INDArray large = normal(DataType.FLOAT, 22, 40, 12);
        INDArray before = large.dup();
        INDArray[] views = {
            large.get(NDArrayIndex.interval(3, 16), NDArrayIndex.interval(2, 9)),
            large.get(NDArrayIndex.interval(5, 18)),
            large.transpose().get(NDArrayIndex.interval(0, 7)),
            large.get(NDArrayIndex.interval(0, 2, 26), NDArrayIndex.all())
        };
        for (INDArray view : views) {
            INDArray copy = view.dup('c');
            int n = (int) view.size(0);
            checkNearest(view, view.dup('f'));
            int[] labels = new int[n];
            try (Matrix points = primitives.matrix(view);
                    Matrix copied = primitives.matrix(copy)) {
                assertThat(primitives.segmentSums(points, labels, null, 1).sums())
                        .isEqualTo(
                                primitives.segmentSums(copied, labels, null, 1).sums());
            }
            assertThat(primitives.svd(view).s()).isEqualTo(primitives.svd(copy).s());
            INDArray gram = primitives.product(view, true, view, false);
            near(gram, copy.transpose().mmul(copy), 1e-4);
            assertThat(primitives.symmetricEigen(gram.dup('f')).values())
                    .isEqualTo(primitives.symmetricEigen(gram).values());
            if (n >= view.size(1)) {
                near(primitives.orthonormal(view), primitives.orthonormal(copy), 0);
            }
        }
        assertThat(large).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"1,1,FLOAT", "7,7,DOUBLE", "207,13,FLOAT", "2300,3,DOUBLE", "5000,1,FLOAT"})
    void orthonormalFactorsSpanTheColumns(int m, int n, DataType type) {
        INDArray a = normal(type, 23, m, n);
        INDArray q = primitives.orthonormal(a);
        near(q.transpose().mmul(q), Nd4j.eye(n).castTo(type), tolerance(type));
        INDArray r = q.transpose().mmul(a);
        near(q.mmul(r), a, 10 * tolerance(type));
        for (int i = 0; i < n; i++) {
            assertThat(r.getDouble(i, i)).isPositive();
            for (int j = 0; j < i; j++) {
                assertThat(r.getDouble(i, j)).isCloseTo(0, within(tolerance(type) * Math.sqrt(m)));
            }
        }
    }

    @Test
    void badArgumentsAreRefusedByName() {
        INDArray x = normal(DataType.FLOAT, 24, 3, 2);
        assertRefused(
                () -> primitives.matrix(Nd4j.zeros(DataType.INT, 3, 2)), "rows must be FLOAT or DOUBLE, but is INT");
        assertRefused(() -> primitives.matrix(Nd4j.zeros(3)), "rows must be of shape (n, p), but is of shape [3]");
        assertRefused(() -> primitives.matrix(Nd4j.empty(DataType.FLOAT)), "rows must hold numbers, but is empty");
        assertRefused(() -> primitives.matrix(null), "rows must be an array (n, p), but is null");
        assertRefused(() -> primitives.product(x, false, x, false), "b must have 2 rows, but is of shape [3, 2]");
        assertRefused(() -> primitives.symmetricEigen(x), "as many columns as rows");
        assertRefused(() -> primitives.orthonormal(x.transpose()), "at least as many rows as columns");
        assertRefused(() -> primitives.batchedSvd(x), "(b, m, n)");
        assertRefused(() -> primitives.resampleCounts(1, 0, 0, 3), "resamples must be at least 1, but is 0");
        Matrix closed = primitives.matrix(x.dup());
        try (Matrix points = primitives.matrix(x)) {
            INDArray wide = normal(DataType.DOUBLE, 25, 2, 3);
            assertRefused(
                    () -> primitives.nearest(points, wide, new int[2], new double[3]),
                    "centres must have 2 columns as the points have, but is of shape [2, 3]",
                    "centres must be FLOAT as the points are, but is DOUBLE",
                    "labels must have 3 elements, but is 2");
            assertRefused(
                    () -> primitives.segmentSums(points, new int[] {0, 5, 0}, null, 2),
                    "labels[1] must be less than k = 2, but is 5");
            assertRefused(() -> primitives.neighbours(points, points, 4), "k must be in 1 ... 3");
            assertRefused(
                    () -> primitives.distances(points, 2, 2, points, 0, 1, Metric.COSINE, new double[1]),
                    "rows of a must lie in 0 ... 2, but is 2 ... 3",
                    "out must have 2 elements");
            closed.close();
            assertRefused(() -> primitives.segmentSums(closed, new int[3], null, 1), "closed");
        }
    }

    @Test
    void decompositionsRefuseNumbersThatAreNotFinite() {
        INDArray x = normal(DataType.FLOAT, 27, 9, 7);
        x.putScalar(5, 3, Float.NaN);
        assertRefused(() -> primitives.svd(x), "matrix must hold finite numbers, but is NaN at [5, 3]");
        assertRefused(() -> primitives.orthonormal(x), "NaN at [5, 3]");
        assertRefused(() -> primitives.symmetricEigen(x.get(NDArrayIndex.interval(2, 9))), "NaN at [3, 3]");
        INDArray batch = normal(DataType.DOUBLE, 28, 3, 2, 2);
        batch.putScalar(new int[] {2, 0, 1}, Double.NEGATIVE_INFINITY);
        assertRefused(
                () -> primitives.batchedSvd(batch), "matrices must hold finite numbers, but is -Infinity at [2, 0, 1]");
    }

    /** A point that is NaN must not disturb the others. */
    @Test
    void pointsThatAreNotANumberLeaveOthersAlone() {
        INDArray x = normal(DataType.FLOAT, 29, 700, 9);
        INDArray c = normal(DataType.FLOAT, 30, 13, 9);
        int[] before = new int[700];
        int[] after = new int[700];
        double[] squared = new double[700];
        try (Matrix points = primitives.matrix(x.dup())) {
            primitives.nearest(points, c, before, null);
        }
        x.putScalar(300, 4, Float.NaN);
        try (Matrix points = primitives.matrix(x)) {
            primitives.nearest(points, c, after, squared);
        }
        after[300] = before[300];
        assertThat(after).isEqualTo(before);
        assertThat(squared[300]).isNaN();
        assertThat(Arrays.stream(squared).filter(Double::isNaN)).hasSize(1);
    }

    private static void assertRefused(ThrowingCallable call, String... problems) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).satisfies(e -> assertThat(e.getMessage())
                .contains(problems));
    }

    @ParameterizedTest
    @CsvSource({"1,1,FLOAT", "3,3,DOUBLE", "13,7,FLOAT", "7,13,DOUBLE", "207,13,DOUBLE", "13,207,FLOAT", "31,31,DOUBLE"
    })
    void svdReproducesTheMatrix(int m, int n, DataType type) {
        INDArray a = normal(type, 3, m, n);
        INDArray before = a.dup();
        Primitives.Svd svd = primitives.svd(a);
        assertThat(a).isEqualTo(before);
        int r = Math.min(m, n);
        INDArray s = Nd4j.diag(Nd4j.createFromArray(svd.s()).castTo(type));
        near(svd.u().mmul(s).mmul(svd.vt()), a, 10 * tolerance(type));
        near(svd.u().transpose().mmul(svd.u()), Nd4j.eye(r).castTo(type), tolerance(type));
        near(svd.vt().mmul(svd.vt().transpose()), Nd4j.eye(r).castTo(type), tolerance(type));
        for (int i = 0; i < r; i++) {
            assertThat(svd.s()[i]).isLessThanOrEqualTo(i == 0 ? Double.MAX_VALUE : svd.s()[i - 1]);
            assertThat(largest(svd.vt().getRow(i))).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({"1,FLOAT", "2,DOUBLE", "3,FLOAT", "13,DOUBLE", "207,DOUBLE", "64,FLOAT"})
    void eigenvectorsReproduceTheMatrix(int n, DataType type) {
        INDArray b = normal(type, 4, n, n);
        INDArray a = b.add(b.transpose());
        Primitives.Eigen eigen = primitives.symmetricEigen(a);
        INDArray values = Nd4j.diag(Nd4j.createFromArray(eigen.values()).castTo(type));
        near(eigen.vectors().mmul(values).mmul(eigen.vectors().transpose()), a, 20 * tolerance(type));
        near(eigen.vectors().transpose().mmul(eigen.vectors()), Nd4j.eye(n).castTo(type), tolerance(type));
        for (int i = 0; i < n; i++) {
            assertThat(eigen.values()[i]).isLessThanOrEqualTo(i == 0 ? Double.MAX_VALUE : eigen.values()[i - 1]);
            assertThat(largest(eigen.vectors().getColumn(i))).isPositive();
        }
    }

    /** Squares of these numbers overflow, or vanish. */
    @ParameterizedTest
    @CsvSource({"1e30", "1e-30", "0"})
    void eigenvaluesOfExtremeNumbers(float scale) {
        INDArray b = normal(DataType.FLOAT, 4, 13, 13);
        INDArray a = b.add(b.transpose());
        double[] values = primitives.symmetricEigen(a.mul(scale)).values();
        double[] expected = primitives.symmetricEigen(a).values();
        for (int i = 0; i < 13; i++) {
            assertThat(values[i]).isCloseTo(expected[i] * scale, within(1e-5 * scale));
        }
    }

    /** The discrete Laplacian, whose eigenvalues are 2 - 2 cos(pi k / (n + 1)). */
    @Test
    void eigenvaluesOfTheLaplacian() {
        int n = 31;
        INDArray a = Nd4j.zeros(DataType.DOUBLE, n, n);
        for (int i = 0; i < n; i++) {
            a.putScalar(i, i, 2);
            if (i > 0) {
                a.putScalar(i, i - 1, -1);
                a.putScalar(i - 1, i, 99); // not read
            }
        }
        double[] values = primitives.symmetricEigen(a).values();
        for (int i = 0; i < n; i++) {
            assertThat(values[i]).isCloseTo(2 - 2 * Math.cos(Math.PI * (n - i) / (n + 1)), within(1e-13));
        }
    }

    @Test
    void ranksBelowFullGiveOrthonormalFactors() {
        INDArray a = normal(DataType.DOUBLE, 5, 13, 2).mmul(normal(DataType.DOUBLE, 6, 2, 7));
        Primitives.Svd svd = primitives.svd(a);
        assertThat(svd.s()[1]).isGreaterThan(0.1);
        assertThat(svd.s()[2]).isLessThan(1e-13);
        near(svd.u().transpose().mmul(svd.u()), Nd4j.eye(7).castTo(DataType.DOUBLE), 1e-12);
        near(svd.vt().mmul(svd.vt().transpose()), Nd4j.eye(7).castTo(DataType.DOUBLE), 1e-12);
        INDArray q = primitives.orthonormal(a);
        near(q.transpose().mmul(q), Nd4j.eye(7).castTo(DataType.DOUBLE), 1e-12);
        near(q.mmul(q.transpose().mmul(a)), a, 1e-12);
        Primitives.Svd zero = primitives.svd(Nd4j.zeros(DataType.FLOAT, 3, 2));
        assertThat(zero.s()).containsOnly(0);
        near(zero.u().transpose().mmul(zero.u()), Nd4j.eye(2), 1e-6);
    }

    @Test
    void batchesAreSingleDecompositions() {
        INDArray a = normal(DataType.FLOAT, 7, 5, 7, 3);
        Primitives.BatchedSvd batch = primitives.batchedSvd(a);
        for (int i = 0; i < 5; i++) {
            Primitives.Svd one = primitives.svd(a.slice(i));
            near(batch.u().slice(i), one.u(), 2e-5);
            near(batch.s().slice(i), Nd4j.createFromArray(one.s()).castTo(DataType.FLOAT), 2e-5);
            near(batch.vt().slice(i), one.vt(), 2e-5);
        }
    }

    /** Many small matrices, for which backends have ways of their own; some of them zero, of rank 1, or with columns of very different size. */
    @ParameterizedTest
    @CsvSource({"130,32,32,FLOAT", "70,3,7,FLOAT", "300,13,2,FLOAT", "64,1,5,FLOAT", "67,13,13,DOUBLE", "65,70,3,FLOAT"
    })
    void manySmallMatricesAreDecomposed(int b, int m, int n, DataType type) {
        INDArray a = normal(type, 31, b, m, n);
        a.slice(3).assign(0);
        a.slice(5).assign(2);
        double[] falling =
                IntStream.range(0, n).mapToDouble(j -> Math.pow(10, -j / 8.0)).toArray();
        a.slice(7).muliRowVector(Nd4j.createFromArray(falling).castTo(type));
        a.slice(8).muli(1e15);
        a.slice(9).putRow(0, a.slice(9).getRow(m - 1));
        Primitives.BatchedSvd batch = primitives.batchedSvd(a);
        int r = Math.min(m, n);
        for (int i = 0; i < b; i++) {
            INDArray u = batch.u().slice(i);
            INDArray vt = batch.vt().slice(i);
            double[] s = new double[r];
            for (int j = 0; j < r; j++) {
                s[j] = batch.s().getDouble(i, j);
                assertThat(s[j]).isBetween(0.0, j == 0 ? Double.MAX_VALUE : s[j - 1]);
                assertThat(SignRule.isNegative(vt.getRow(j).toDoubleVector(), type))
                        .isFalse();
            }
            double largest = Math.max(s[0], 1e-30);
            INDArray scaled = u.mulRowVector(Nd4j.createFromArray(s).castTo(type));
            near(scaled.mmul(vt).div(largest), a.slice(i).div(largest), 2 * tolerance(type));
            near(u.transpose().mmul(u), Nd4j.eye(r).castTo(type), 2 * tolerance(type));
            near(vt.mmul(vt.transpose()), Nd4j.eye(r).castTo(type), 2 * tolerance(type));
        }
    }

    /** More matrices than fit side by side; square, tall, wide, wide beyond the fast way, one column; of full and of low rank, centred, zero. */
    @ParameterizedTest
    @CsvSource({"5,7,3", "70,13,13", "3,3,7", "2,70,66", "131,2,1", "67,32,32"})
    void rightSingularVectorsOfBatches(int b, int m, int n) {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            INDArray a = normal(type, 8, b, m, n);
            a.slice(0).assign(0);
            a.slice(1).putColumn(0, Nd4j.zeros(type, m));
            a.slice(b - 1).muli(1e15);
            double tolerance = type == DataType.FLOAT ? 5e-6 : 1e-12;
            Primitives.RightSvd batch = primitives.batchedRightSvd(a);
            int r = Math.min(m, n);
            assertThat(batch.s().shape()).containsExactly(b, r);
            assertThat(batch.vt().shape()).containsExactly(b, r, n);
            for (int i = 0; i < b; i++) {
                INDArray one = a.slice(i).dup('c').castTo(DataType.DOUBLE);
                INDArray v = batch.vt().slice(i).castTo(DataType.DOUBLE);
                near(v.mmul(v.transpose()), Nd4j.eye(r).castTo(DataType.DOUBLE), tolerance);
                double[] expected = primitives.svd(one).s();
                INDArray images = one.mmul(v.transpose());
                for (int j = 0; j < r; j++) {
                    double s = batch.s().getDouble(i, j);
                    assertThat(s).isCloseTo(expected[j], within(tolerance * (expected[0] + 1e-30)));
                    assertThat(images.getColumn(j).norm2Number().doubleValue())
                            .isCloseTo(s, within(tolerance * (expected[0] + 1e-30)));
                    assertThat(largest(v.getRow(j))).isPositive();
                }
            }
        }
    }

    @Test
    void resamplesAreCountedAsTheyAreDefined() {
        for (int n : new int[] {1, 13, 207, 5001}) {
            INDArray counts = primitives.resampleCounts(9, 4, 3, n);
            int[] draws = new int[n];
            new Resamples(9, 0, n).draw(6, draws);
            int[] expected = new int[n];
            Arrays.stream(draws).forEach(i -> expected[i]++);
            assertThat(counts.shape()).containsExactly(3, n);
            assertThat(counts.getRow(2).toIntVector()).isEqualTo(expected);
        }
    }

    @Test
    void sumsOverResamplesAreCountsTimesData() {
        for (int p : new int[] {1, 5, 13}) {
            INDArray data = normal(DataType.DOUBLE, 30 + p, 207, p);
            INDArray counts = primitives.resampleCounts(9, 4, 301, 207).castTo(DataType.DOUBLE);
            near(primitives.resampleSums(9, 4, 301, data), counts.mmul(data), 1e-4);
        }
        assertRefused(
                () -> primitives.resampleSums(1, 0, 0, normal(DataType.FLOAT, 1, 3, 1)),
                "resamples must be at least 1, but is 0");
    }

    private static double largest(INDArray vector) {
        double largest = 0;
        for (double x : vector.toDoubleVector()) {
            largest = Math.abs(x) > Math.abs(largest) ? x : largest;
        }
        return largest;
    }

    private static void near(INDArray actual, INDArray expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.dataType()).isEqualTo(expected.dataType());
        double[] a = actual.dup('c').data().asDouble();
        double[] b = expected.dup('c').data().asDouble();
        int worst = IntStream.range(0, a.length)
                .boxed()
                .max(Comparator.comparingDouble(i -> Math.abs(a[i] - b[i])))
                .orElseThrow();
        assertThat(a[worst]).as("number %d", worst).isCloseTo(b[worst], within(tolerance));
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

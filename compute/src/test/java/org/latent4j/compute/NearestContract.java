package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The search for nearest centres, and sums over the points of each, as every backend gives them. */
abstract class NearestContract extends PrimitivesContract {
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
        "513,33,17,DOUBLE",
        "1025,4,4,FLOAT",
        "2000,16,60,FLOAT",
        "700,22,21,DOUBLE"
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

    /**
     * Distances that differ in the last digits only; doubles that no float tells apart; sizes that overflow when squared as floats. Of few centres and
     * of many, as backends may search these otherwise.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 300})
    void closeCallsAreDecidedExactly(int others) {
        INDArray points = normal(DataType.DOUBLE, 10, 700, 5);
        INDArray centre = normal(DataType.DOUBLE, 11, 1, 5);
        INDArray centres = besides(
                Nd4j.vstack(centre.add(1e-13), centre.add(1e-15), centre, centre.sub(1e-14), centre), points, others);
        checkNearest(points, centres);
        checkNearest(points.mul(1e30), centres.mul(1e30));
        checkNearest(points.mul(1e-30), centres.mul(1e-30));
        INDArray floats = points.castTo(DataType.FLOAT);
        INDArray near = centre.castTo(DataType.FLOAT);
        checkNearest(floats, besides(Nd4j.vstack(near.mul(1 + 0x1p-22), near, near.mul(1 - 0x1p-23)), floats, others));
        checkNearest(floats.mul(1e-30), besides(near, floats, others).mul(1e-30));
    }

    /** Some centres and others, which lie where some points do, but farther out. */
    private static INDArray besides(INDArray centres, INDArray points, int others) {
        return others == 0
                ? centres
                : Nd4j.vstack(
                        centres, points.get(NDArrayIndex.interval(0, others)).mul(1.5));
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 300})
    void farOffsetsAndOutliersDoNotSpoilLabels(int k) {
        INDArray points = normal(DataType.FLOAT, 12, 1300, 3);
        INDArray centres = normal(DataType.FLOAT, 13, k, 3);
        checkNearest(
                points.addColumnVector(Nd4j.zeros(1300, 1)).addRowVector(Nd4j.createFromArray(1e8f, 0f, -3e5f)),
                centres.addRowVector(Nd4j.createFromArray(1e8f, 0f, -3e5f)));
        INDArray exact = points.castTo(DataType.DOUBLE).addRowVector(Nd4j.createFromArray(1e8, 0, -1e12));
        checkNearest(exact, exact.get(NDArrayIndex.interval(100, 100 + k)).dup());
        points.putScalar(600, 0, -4e13);
        checkNearest(points, centres);
        points.putScalar(5, 1, 1.9e18);
        centres.putScalar(7, 1, 2e18);
        checkNearest(points, centres);
        checkNearest(Nd4j.zeros(700, 3), Nd4j.zeros(k, 3));
    }

    /** Centres that lie much nearer to each other than to the mean, as products in few digits don't tell apart; one of them far away. */
    @ParameterizedTest
    @CsvSource({
        "1e-6,FLOAT,60",
        "1,FLOAT,60",
        "1,FLOAT,20",
        "100,FLOAT,60",
        "100,FLOAT,20",
        "1,DOUBLE,60",
        "1e4,DOUBLE,60",
        "1e6,DOUBLE,60",
        "1e6,DOUBLE,20"
    })
    void centresInTightGroupsAreToldApart(double apart, DataType type, int k) {
        INDArray points = normal(type, 14, 700, 40);
        INDArray centres = normal(type, 15, k, 40);
        for (int i = 0; i < 700; i++) {
            points.getRow(i).addi(i % 4 * apart);
        }
        for (int c = 0; c < k; c++) {
            centres.getRow(c).addi(c % 4 * apart);
        }
        checkNearest(points, centres);
        checkNearest(points.add(1000), centres.add(1000));
        centres.getRow(9).muli(50);
        checkNearest(points, centres);
        checkNearest(points.mul(1e-20), centres.mul(1e-20));
    }

    /** Centres whose distances from a point differ by less than a float of these distances does. */
    @ParameterizedTest
    @ValueSource(ints = {30, 300})
    void centresFarFromAllPointsAreToldApart(int k) {
        INDArray points = normal(DataType.DOUBLE, 31, 700, 3);
        checkNearest(points, normal(DataType.DOUBLE, 32, k, 3).add(1e7));
        checkNearest(
                points.castTo(DataType.FLOAT), normal(DataType.FLOAT, 33, k, 3).add(1e6));
    }

    /** Centres that are nearer to each other than squares of floats can tell, in the middle of points that are not. */
    @ParameterizedTest
    @ValueSource(ints = {30, 300})
    void tinyDistancesAmongLargeOnesAreToldApart(int k) {
        INDArray half = Transforms.round(normal(DataType.DOUBLE, 34, 350, 3).mul(3));
        half.get(NDArrayIndex.interval(0, 100), NDArrayIndex.all()).muli(1e-21);
        INDArray points = Nd4j.create(DataType.DOUBLE, 700, 3);
        for (int i = 0; i < 350; i++) { // so that their mean is 0
            points.putRow(2 * i, half.getRow(i));
            points.putRow(2 * i + 1, half.getRow(i).neg());
        }
        checkNearest(points, normal(DataType.DOUBLE, 35, k, 3).mul(1e-21));
    }

    /** A point that is NaN must not disturb the others. */
    @ParameterizedTest
    @ValueSource(ints = {13, 130})
    void pointsThatAreNotANumberLeaveOthersAlone(int k) {
        INDArray x = normal(DataType.FLOAT, 29, 700, 9);
        INDArray c = normal(DataType.FLOAT, 30, k, 9);
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

    /** Labels and distances have the bits that a search without memory gives; in two groups that lie so far apart that floats lose digits. */
    @ParameterizedTest
    @CsvSource({
        "FLOAT,5,30,0",
        "DOUBLE,5,30,0",
        "FLOAT,20,7,0",
        "DOUBLE,64,8,0",
        "FLOAT,70,30,0",
        "DOUBLE,70,30,0",
        "FLOAT,270,9,0",
        "FLOAT,1,3,0",
        "DOUBLE,20,7,1e5",
        "DOUBLE,40,7,1e4",
        "DOUBLE,200,7,1e5"
    })
    void movingCentresGiveWhatASingleSearchDoes(DataType type, int k, int p, double apart) {
        int n = 5001;
        INDArray x = normal(type, 50, n, p);
        INDArray centres = normal(type, 51, k, p).muli(3);
        for (int i = 0; i < n; i++) {
            if (i % 4 > 0) {
                x.getRow(i).addi(centres.getRow(i % k));
            }
            x.getRow(i).addi(i % 2 * apart);
        }
        for (int c = 0; c < k; c++) {
            centres.getRow(c).addi(c % 2 * apart);
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
    @CsvSource({
        "1,1,1,FLOAT",
        "13,3,2,DOUBLE",
        "20000,7,3,FLOAT",
        "20000,9,3,FLOAT",
        "5000,8,30,DOUBLE",
        "5000,11,2,DOUBLE"
    })
    void segmentSumsAreSumsByLabel(int n, int p, int k, DataType type) {
        INDArray x = normal(type, 14, n, p);
        double[][] rows = rows(x);
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
                sums[labels[i] * p + f] += rows[i][f];
                weighted[labels[i] * p + f] += weights[i] * rows[i][f];
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
    @CsvSource({"3,1,2,FLOAT", "207,13,7,DOUBLE", "20011,5,30,FLOAT"})
    void changedSumsAreThoseOfChangedLabels(int n, int p, int k, DataType type) {
        INDArray x = normal(type, 60, n, p);
        double[][] rows = rows(x);
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
            long[] counts = new long[k];
            for (int i = 0; i < n; i++) {
                counts[now[i]]++;
                counts[before[i]]--;
                for (int f = 0; f < p && before[i] != now[i]; f++) {
                    double number = (w == null ? 1 : w[i]) * rows[i][f];
                    added[now[i] * p + f] += number;
                    taken[before[i] * p + f] += number;
                }
            }
            try (Matrix points = primitives.matrix(x)) {
                Primitives.ChangedSums sums = primitives.changedSums(points, before, now, w, k);
                assertThat(sums.added()).containsExactly(added, within(1e-9));
                assertThat(sums.taken()).containsExactly(taken, within(1e-9));
                assertThat(sums.counts()).isEqualTo(counts);
                assertRefused(() -> primitives.changedSums(points, now, new int[n + 1], null, k), "now must have");
                int[] wrong = now.clone();
                for (int label : new int[] {-1, k, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                    wrong[n - 1] = label;
                    assertRefused(
                            () -> primitives.changedSums(points, before, wrong, null, k), "now[" + (n - 1) + "] must");
                }
            }
        }
    }

    final void checkNearest(INDArray x, INDArray c) {
        int n = (int) x.size(0);
        int[] labels = new int[n];
        double[] squared = new double[n];
        try (Matrix points = primitives.matrix(x)) {
            primitives.nearest(points, c, labels, null);
            int[] again = new int[n];
            primitives.nearest(points, c, again, squared);
            assertThat(again).isEqualTo(labels);
        }
        double[][] rows = rows(x);
        double[][] centres = rows(c);
        for (int i = 0; i < n; i++) {
            int best = 0;
            double least = squared(rows[i], centres[0]);
            for (int j = 1; j < centres.length; j++) {
                double distance = squared(rows[i], centres[j]);
                if (distance < least * (1 - 1e-13)
                        || distance < least * (1 + 1e-13) && isNearer(rows[i], centres[j], centres[best])) {
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

    private static boolean isNearer(double[] x, double[] one, double[] other) {
        return exactlySquared(x, one).compareTo(exactlySquared(x, other)) < 0;
    }

    private static BigDecimal exactlySquared(double[] x, double[] y) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int f = 0; f < x.length; f++) {
            BigDecimal difference = new BigDecimal(x[f]).subtract(new BigDecimal(y[f]));
            sum = sum.add(difference.multiply(difference));
        }
        return sum;
    }
}

package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Products, sums over resamples, and how arguments are read, on every backend. */
abstract class ProductsContract extends PrimitivesContract {
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
            int[] labels = new int[n];
            int[] ofCopy = new int[n];
            try (Matrix points = primitives.matrix(view);
                    Matrix copied = primitives.matrix(copy)) {
                primitives.nearest(points, view.dup('f'), labels, null);
                primitives.nearest(copied, copy, ofCopy, null);
                assertThat(labels)
                        .isEqualTo(ofCopy)
                        .isEqualTo(IntStream.range(0, n).toArray());
                assertThat(primitives.segmentSums(points, labels, null, n).sums())
                        .isEqualTo(
                                primitives.segmentSums(copied, labels, null, n).sums());
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
}

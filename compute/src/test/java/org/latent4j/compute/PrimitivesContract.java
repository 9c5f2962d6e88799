package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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

    @ParameterizedTest
    @CsvSource({"1,1,1,FLOAT", "7,1,3,DOUBLE", "13,7,13,FLOAT", "207,13,7,DOUBLE", "207,65,31,FLOAT"})
    void nearestCentresAreThoseOfBruteForce(int n, int p, int k, DataType type) {
        INDArray x = normal(type, 1, n, p);
        INDArray c = normal(type, 2, k, p);
        int[] labels = new int[n];
        double[] squared = new double[n];
        try (Matrix points = primitives.matrix(x)) {
            primitives.nearest(points, c, labels, squared);
        }
        for (int i = 0; i < n; i++) {
            int best = -1;
            double least = Double.MAX_VALUE;
            for (int j = 0; j < k; j++) {
                double sum = 0;
                for (int f = 0; f < p; f++) {
                    double difference = x.getDouble(i, f) - c.getDouble(j, f);
                    sum += difference * difference;
                }
                if (sum < least) {
                    least = sum;
                    best = j;
                }
            }
            assertThat(labels[i]).isEqualTo(best);
            assertThat(squared[i]).isCloseTo(least, within(1e-13 * least));
        }
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

    @Test
    void resamplesAreDrawsOfThePhiloxStream() {
        INDArray counts = primitives.resampleCounts(9, 4, 3, 207);
        int[] expected = new int[207];
        Philox random = new Philox(9, Philox.Purpose.RESAMPLE, 6);
        for (int i = 0; i < 207; i++) {
            expected[random.nextInt(207)]++;
        }
        assertThat(counts.shape()).containsExactly(3, 207);
        assertThat(counts.getRow(2).toIntVector()).isEqualTo(expected);
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
        assertThat(a).containsExactly(b, within(tolerance));
    }
}

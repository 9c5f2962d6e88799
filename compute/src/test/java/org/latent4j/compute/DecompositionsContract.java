package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Decompositions, as every backend gives them. */
abstract class DecompositionsContract extends PrimitivesContract {
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

    private static double largest(INDArray vector) {
        double largest = 0;
        for (double x : vector.toDoubleVector()) {
            largest = Math.abs(x) > Math.abs(largest) ? x : largest;
        }
        return largest;
    }
}

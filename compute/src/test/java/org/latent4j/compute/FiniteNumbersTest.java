package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class FiniteNumbersTest {
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE", "HALF"})
    void eachPlaceIsLookedAt(DataType type) {
        INDArray x = Nd4j.ones(type, 111, 97).muli(-6e4);
        assertThat(FiniteNumbers.all(x)).isTrue();
        for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            for (int[] place : new int[][] {{0, 0}, {110, 96}, {42, 22}, {42, 23}, {55, 5}}) {
                x.putScalar(place, odd);
                assertThat(FiniteNumbers.all(x)).isFalse();
                assertThat(FiniteNumbers.all(x.transpose())).isFalse();
                x.putScalar(place, 0);
            }
        }
    }

    /** What lies beside the numbers of a view does not matter. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void viewsAreLookedAtAlone(DataType type) {
        INDArray x = Nd4j.zeros(type, 30, 7);
        x.putScalar(9, 6, Double.NaN);
        x.putScalar(20, 0, Double.NaN);
        assertThat(FiniteNumbers.all(x.get(NDArrayIndex.interval(10, 20)))).isTrue();
        assertThat(FiniteNumbers.all(x.get(NDArrayIndex.interval(9, 20)))).isFalse();
        assertThat(FiniteNumbers.all(x.get(NDArrayIndex.interval(10, 21)))).isFalse();
        assertThat(FiniteNumbers.all(x.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 6))))
                .isTrue();
        assertThat(FiniteNumbers.all(x.getColumn(6))).isFalse();
        assertThat(FiniteNumbers.all(x.getColumn(5))).isTrue();
    }
}

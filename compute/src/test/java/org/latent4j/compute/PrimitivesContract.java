package org.latent4j.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every backend's primitives hold to: what these contracts share. */
abstract class PrimitivesContract {
    Primitives primitives;

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

    /** One read of a number of an array costs more than many sums of them. */
    static double[][] rows(INDArray x) {
        return x.castTo(DataType.DOUBLE).toDoubleMatrix();
    }

    static double tolerance(DataType type) {
        return type == DataType.FLOAT ? 2e-5 : 1e-12;
    }

    static double squared(double[] x, double[] y) {
        double sum = 0;
        for (int f = 0; f < x.length; f++) {
            double difference = x[f] - y[f];
            sum += difference * difference;
        }
        return sum;
    }

    static void near(INDArray actual, INDArray expected, double tolerance) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.dataType()).isEqualTo(expected.dataType());
        double[] a = actual.dup('c').data().asDouble();
        double[] b = expected.dup('c').data().asDouble();
        for (int i = 0; i < a.length; i++) {
            if (!(Math.abs(a[i] - b[i]) <= tolerance)) {
                assertThat(a[i]).as("number %d", i).isCloseTo(b[i], within(tolerance));
            }
        }
    }

    static void assertRefused(ThrowingCallable call, String... problems) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).satisfies(e -> assertThat(e.getMessage())
                .contains(problems));
    }
}

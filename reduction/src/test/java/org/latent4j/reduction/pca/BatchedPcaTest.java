package org.latent4j.reduction.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class BatchedPcaTest {
    private final Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0));

    @Test
    void batchedIsOneAfterTheOther() {
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
            double tolerance = type == DataType.FLOAT ? 1e-5 : 1e-11;
            INDArray x = PcaSolversTest.mixed(5 * 9, 4, type).reshape('c', new long[] {5, 9, 4});
            BatchedPca batched = BatchedPca.fit(x, 3, primitives);
            for (int i = 0; i < 5; i++) {
                PcaModel one = Pca.fit(x.slice(i).dup('c'), PcaOptions.components(3), primitives);
                for (int k = 0; k < 3; k++) {
                    assertThat(batched.explainedVariance().getDouble(i, k) / one.explainedVariance()[k])
                            .isCloseTo(1, within(tolerance));
                }
                assertThat(batched.mean().getRow(i).toDoubleVector())
                        .containsExactly(one.mean(), within(tolerance * 10));
                assertThat(batched.components()
                                .slice(i)
                                .sub(one.components())
                                .amaxNumber()
                                .doubleValue())
                        .isLessThan(tolerance * 100);
            }
        }
    }

    @Test
    void badShapesAreNamed() {
        INDArray x = PcaSolversTest.mixed(5 * 9, 4, DataType.DOUBLE).reshape('c', new long[] {5, 9, 4});
        assertThatThrownBy(() -> BatchedPca.fit(x, 5, primitives))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("9 rows, 4 columns and 5 components");
        assertThatThrownBy(() -> BatchedPca.fit(x.slice(0), 2, primitives)).hasMessageContaining("(b, n, p)");
    }
}

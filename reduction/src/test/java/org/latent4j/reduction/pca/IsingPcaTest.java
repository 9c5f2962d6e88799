package org.latent4j.reduction.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.data.Progress;
import org.latent4j.data.ising.IsingMethod;
import org.latent4j.data.ising.IsingOptions;
import org.latent4j.data.ising.IsingSampler;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The first component over a scan of temperatures is the magnetisation, and its share of the variance the mean of m^2. */
class IsingPcaTest {
    private static final int SIZE = 40;
    private static final int STEPS = 16;
    private static final int EACH = 64;

    @Test
    void theFirstComponentIsTheMagnetisation() {
        int p = SIZE * SIZE;
        float[] values = new float[STEPS * EACH * p];
        double[] m = new double[STEPS * EACH];
        int row = 0;
        for (int step = 0; step < STEPS; step++) {
            IsingOptions options = IsingOptions.of(SIZE, 0.25 * (step + 1), EACH, IsingMethod.AUTO, 3 * STEPS + step);
            for (byte[] spins : IsingSampler.sample(options, Progress.NONE).configurations()) {
                for (int j = 0; j < p; j++) {
                    values[row * p + j] = spins[j];
                    m[row] += spins[j] / (double) p;
                }
                row++;
            }
        }
        double meanSquare = Arrays.stream(m).map(x -> x * x).average().orElseThrow();
        try (Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0));
                INDArray x = Nd4j.create(values, new long[] {row, p}, 'c')) {
            PcaModel model = Pca.fit(x, PcaOptions.components(2), primitives);
            assertThat(model.explainedVarianceRatio()[0]).isGreaterThan(0.5).isCloseTo(meanSquare, within(0.02));
            assertThat(model.explainedVarianceRatio()[1]).isLessThan(0.02);
            double[] scores = model.transform(x, primitives)
                    .getColumn(0)
                    .castTo(DataType.DOUBLE)
                    .toDoubleVector();
            assertThat(Math.abs(correlation(scores, m))).isGreaterThan(0.999);
        }
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }
}

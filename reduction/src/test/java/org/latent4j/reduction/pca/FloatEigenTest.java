package org.latent4j.reduction.pca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.cpu.CpuPrimitives;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The eigenproblem of large float data is solved in float where, and only where, the variances that are wanted bear it. */
class FloatEigenTest {
    private static final int P = 520;
    private static final int ROWS = 5001;

    private final Primitives primitives = new CpuPrimitives();

    /** The scatter matrix of data with such variances: a diagonal matrix between two reflections. */
    private static INDArray scatter(IntToDoubleFunction variance) {
        double[] v = new double[P];
        Philox random = new Philox(5, Philox.Purpose.SYNTHETIC, 0);
        double norm = 0;
        for (int i = 0; i < P; i++) {
            v[i] = random.nextGaussian();
            norm += v[i] * v[i];
        }
        INDArray column = Nd4j.createFromArray(v).reshape(new long[] {P, 1}).mul(Math.sqrt(2 / norm));
        INDArray reflection = Nd4j.eye(P).castTo(DataType.DOUBLE).sub(column.mmul(column.transpose()));
        double[] diagonal = new double[P];
        for (int i = 0; i < P; i++) {
            diagonal[i] = variance.applyAsDouble(i) * (ROWS - 1);
        }
        return reflection
                .mulRowVector(Nd4j.createFromArray(diagonal))
                .mmul(reflection)
                .dup('c');
    }

    private double worst(IntToDoubleFunction variance, int count, PcaOptions options) {
        Spectrum found = ExactSolvers.ofScatter(scatter(variance), ROWS, options, DataType.FLOAT, primitives);
        INDArray directions = found.directions().castTo(DataType.DOUBLE);
        INDArray products = directions.mmul(directions.transpose());
        assertThat(products.sub(Nd4j.eye(P).castTo(DataType.DOUBLE))
                        .amaxNumber()
                        .doubleValue())
                .isLessThan(1e-5);
        double worst = 0;
        for (int i = 0; i < count; i++) {
            worst = Math.max(worst, Math.abs(found.variances()[i] / variance.applyAsDouble(i) - 1));
        }
        return worst;
    }

    @Test
    void variancesOfOneOrderAreFoundInFloat() {
        double worst = worst(i -> 100 - 0.15 * i, P, PcaOptions.defaults());
        assertThat(worst).isBetween(1e-11, 1e-5); // in double it is smaller
    }

    @Test
    void smallVariancesThatAreWantedAreFoundInDouble() {
        assertThat(worst(i -> Math.pow(10, -7.0 * i / P), P, PcaOptions.defaults()))
                .isLessThan(1e-6);
    }

    @Test
    void smallVariancesThatAreNotWantedDoNotMatter() {
        double worst = worst(i -> Math.pow(10, -7.0 * i / P), 10, PcaOptions.components(10));
        assertThat(worst).isCloseTo(0, within(1e-5)).isGreaterThan(1e-11);
    }

    @Test
    void numbersNearTheEndsOfTheRangeOfFloatsAreFoundInDouble() {
        assertThat(worst(i -> 1e38 * (2 - i / (double) P), P, PcaOptions.defaults()))
                .isLessThan(1e-9);
        assertThat(worst(i -> 1e-42 * (2 - i / (double) P), P, PcaOptions.defaults()))
                .isLessThan(1e-9);
    }
}

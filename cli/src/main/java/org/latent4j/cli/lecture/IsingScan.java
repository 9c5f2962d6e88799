package org.latent4j.cli.lecture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.latent4j.data.Progress;
import org.latent4j.data.ising.IsingMethod;
import org.latent4j.data.ising.IsingObservables;
import org.latent4j.data.ising.IsingOptions;
import org.latent4j.data.ising.IsingSampler;
import org.latent4j.data.ising.IsingSamples;
import org.latent4j.data.ising.IsingSeries;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Samples of the 40 by 40 lattice at temperatures 0.25, 0.5, ... 4.
 *
 * @param samples of each temperature
 * @param series what they measure
 * @param observables their means
 */
record IsingScan(List<IsingSamples> samples, List<IsingSeries> series, List<IsingObservables> observables) {
    static final int SIZE = 40;
    static final int STEPS = 16;
    static final int EACH = 1000;

    static double temperature(int step) {
        return 0.25 * (step + 1);
    }

    static IsingScan run(long seed) {
        List<IsingSamples> samples = new ArrayList<>();
        List<IsingSeries> series = new ArrayList<>();
        List<IsingObservables> observables = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            IsingOptions options =
                    IsingOptions.of(SIZE, temperature(step), EACH, IsingMethod.AUTO, seed * STEPS + step);
            samples.add(IsingSampler.sample(options, Progress.NONE));
            series.add(IsingSeries.of(samples.get(step).configurations(), SIZE));
            observables.add(IsingObservables.of(series.get(step), temperature(step)));
        }
        return new IsingScan(samples, series, observables);
    }

    /** All configurations as rows of +1 and -1, temperature after temperature. */
    INDArray rows() {
        int p = SIZE * SIZE;
        float[] values = new float[STEPS * EACH * p];
        int at = 0;
        for (IsingSamples one : samples) {
            for (byte[] configuration : one.configurations()) {
                for (byte spin : configuration) {
                    values[at++] = spin;
                }
            }
        }
        return Nd4j.create(values, new long[] {(long) STEPS * EACH, p}, 'c');
    }

    /** Magnetisation per spin of each row. */
    double[] magnetisation() {
        return series.stream()
                .flatMapToDouble(s -> Arrays.stream(s.magnetisation()))
                .toArray();
    }

    /** Temperature of each row. */
    double[] temperatures() {
        double[] temperatures = new double[STEPS * EACH];
        for (int i = 0; i < temperatures.length; i++) {
            temperatures[i] = temperature(i / EACH);
        }
        return temperatures;
    }
}

package org.latent4j.ensembles;

import java.util.Arrays;
import org.latent4j.compute.Philox;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Samples that tests share. */
public final class Sets {
    public static final int REFERENCE_POINTS = 207;
    public static final int REFERENCE_FEATURES = 4;

    private Sets() {}

    /** 207 points of 4 features, from the generator s -> (1103515245 s + 12345) mod 2^31 with s = 12345 at first. */
    public static INDArray referencePoints() {
        long s = 12345;
        float[] values = new float[REFERENCE_POINTS * REFERENCE_FEATURES];
        for (int i = 0; i < values.length; i++) {
            s = (s * 1103515245 + 12345) % (1L << 31);
            values[i] = (float) (s / (double) (1L << 31));
        }
        return Nd4j.create(values, new long[] {REFERENCE_POINTS, REFERENCE_FEATURES}, 'c');
    }

    /** 3 x1 x2 + [x3 > 0.6] - x4^2 of the reference points. */
    public static double[] referenceValues() {
        double[] x = Points.doubles(referencePoints());
        double[] values = new double[REFERENCE_POINTS];
        Arrays.setAll(
                values, i -> 3 * x[4 * i] * x[4 * i + 1] + (x[4 * i + 2] > 0.6 ? 1 : 0) - x[4 * i + 3] * x[4 * i + 3]);
        return values;
    }

    /** 0 below 0.3, 1 below 0.9, else 2. */
    public static int[] referenceLabels() {
        return Arrays.stream(referenceValues())
                .mapToInt(r -> r < 0.3 ? 0 : r < 0.9 ? 1 : 2)
                .toArray();
    }

    /** 1, 2, 3, 1, 2, 3, ... */
    public static double[] referenceWeights() {
        double[] weights = new double[REFERENCE_POINTS];
        Arrays.setAll(weights, i -> 1 + i % 3);
        return weights;
    }

    /** n normal points of p features; the label is whether the first two agree in sign, the third adds noise. */
    public static Samples quadrants(int n, int p, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 0);
        float[] values = new float[n * p];
        random.fillNormal(values, 0, values.length);
        int[] labels = new int[n];
        Arrays.setAll(labels, i -> values[i * p] * values[i * p + 1] + 0.1 * values[i * p + 2] > 0 ? 1 : 0);
        return Samples.ofClasses(Nd4j.create(values, new long[] {n, p}, 'c'), labels);
    }

    /** n uniform points of p >= 5 features with Friedman's first function and noise of deviation 1. */
    public static Samples friedman(int n, int p, long seed) {
        Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC, 1);
        float[] x = new float[n * p];
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < p; j++) {
                x[i * p + j] = random.nextFloat();
            }
            int a = i * p;
            y[i] = 10 * Math.sin(Math.PI * x[a] * x[a + 1])
                    + 20 * (x[a + 2] - 0.5) * (x[a + 2] - 0.5)
                    + 10 * x[a + 3]
                    + 5 * x[a + 4]
                    + random.nextGaussian();
        }
        return Samples.ofValues(Nd4j.create(x, new long[] {n, p}, 'c'), y);
    }
}

package org.latent4j.bench;

import org.latent4j.compute.Philox;

/** Points to be clustered, (n, p) row by row. */
final class PointClouds {
    private PointClouds() {}

    /** Standard normal: no clusters, the hardest case for methods that skip what is far away. */
    static float[] normal(int n, int p, long index) {
        Philox random = new Philox(1, Philox.Purpose.EVALUATION, index);
        float[] values = new float[n * p];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Normal around k means that are normal themselves, three times as wide. */
    static float[] blobs(int n, int p, int k, long index) {
        float[] means = normal(k, p, index + 1);
        float[] values = normal(n, p, index);
        Philox random = new Philox(1, Philox.Purpose.EVALUATION, index + 2);
        for (int i = 0; i < n; i++) {
            int mean = random.nextInt(k);
            for (int f = 0; f < p; f++) {
                values[i * p + f] += 3 * means[mean * p + f];
            }
        }
        return values;
    }
}

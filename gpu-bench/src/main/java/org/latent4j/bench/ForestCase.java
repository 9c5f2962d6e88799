package org.latent4j.bench;

import java.util.List;
import java.util.Locale;
import org.latent4j.compute.Philox;
import org.latent4j.ensembles.Samples;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A forest to be grown.
 *
 * @param classes 2 or more, or 0 for numbers
 * @param featuresPerSplit drawn at each split, by both sides
 * @param predicted points of a prediction that is measured, too; 0 for none
 */
record ForestCase(int classes, int points, int tested, int features, int trees, int featuresPerSplit, int predicted) {
    private static final int INFORMATIVE = 10;
    private static final double SWAPPED = 0.05;

    static List<ForestCase> all() {
        return List.of(
                new ForestCase(2, 50_000, 20_000, 30, 100, 5, 1_000_000),
                new ForestCase(7, 50_000, 20_000, 30, 100, 5, 0),
                new ForestCase(0, 50_000, 20_000, 30, 100, 10, 0));
    }

    String name() {
        return String.format(
                Locale.ROOT,
                "training, %,d x %d, %d unlimited trees, %s",
                points,
                features,
                trees,
                classes > 0 ? classes + " classes" : "numbers");
    }

    /** Normal points. Classes: the bands of a curved function of 10 features, 5 % of them swapped. Numbers: that function and noise. */
    Samples samples(int n, long stream) {
        Philox random = new Philox(17, Philox.Purpose.SYNTHETIC, stream);
        float[] x = new float[n * features];
        random.fillNormal(x, 0, x.length);
        double[] values = new double[n];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            int at = i * features;
            double height = 0.5 * x[at] * x[at + 1] + Math.sin(2 * x[at + 2]) + Math.abs(x[at + 3]);
            for (int j = 4; j < INFORMATIVE; j++) {
                height += 0.8 * x[at + j];
            }
            values[i] = height + 0.5 * random.nextGaussian();
            if (classes > 0) {
                double band = (height + 4) / 8 * classes; // most heights lie between -4 and 4
                labels[i] = classes == 2 ? (height > 0.8 ? 1 : 0) : (int) Math.max(0, Math.min(classes - 1, band));
                labels[i] = random.nextDouble() < SWAPPED ? random.nextInt(classes) : labels[i];
            }
        }
        var points = Nd4j.create(x, new long[] {n, features}, 'c');
        return classes > 0 ? Samples.ofClasses(points, labels) : Samples.ofValues(points, values);
    }
}

package org.latent4j.gan.watch;

import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.gan.evaluate.Manifolds;
import org.latent4j.gan.evaluate.NetworkOutputs;
import org.latent4j.gan.evaluate.Rows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Takes the looks at a run that {@link Watch} judges: distances between samples as they are, and the discriminator's logits in inference mode.
 *
 * <p>Samples are (n, elements) in the networks' scale, at least 16 training ones. Not thread-safe.
 */
public final class Lookout {
    private static final int LEAST = 16;
    private static final int BATCH = 64;

    private final INDArray training;
    private final Rows trainingRows;
    private final int[] trainingLabels;
    private final Rows heldOut; // null without any
    private final int[] heldOutLabels;
    private final NetworkOutputs discriminator;
    private final Primitives primitives = Devices.primitives(new Device(Device.Kind.CPU, 0));
    private final double realDistance;

    /**
     * Samples (n, elements).
     *
     * @param labels their classes, which choose among a discriminator's logits; none where it has one
     */
    public record Samples(float[] values, int[] labels) {}

    /**
     * Prepares.
     *
     * @param discriminator in the state of the moment of each look
     * @param device that looks at them, as in {@link NetworkOutputs}
     * @param sampleShape of its input, (features) or (channels, height, width)
     * @param training real samples that it learns from
     * @param heldOut real samples that it never sees, or none
     */
    public Lookout(
            ComputationGraph discriminator, String device, long[] sampleShape, Samples training, Samples heldOut) {
        int elements = (int) Arrays.stream(sampleShape).reduce(1, Math::multiplyExact);
        this.trainingRows = Rows.of(training.values(), elements);
        this.trainingLabels = training.labels();
        this.training = trainingRows.toArray();
        this.heldOut = heldOut.values().length == 0 ? null : Rows.of(heldOut.values(), elements);
        this.heldOutLabels = heldOut.labels();
        this.discriminator = new NetworkOutputs(discriminator, device, BATCH, sampleShape);
        this.realDistance = meanDistance(training.values(), elements);
    }

    /** Whether there are enough real samples for looks that mean something. */
    public static boolean enough(int training) {
        return training >= LEAST;
    }

    /** Looks at generated samples, (n, elements). */
    public Sight look(Samples samples) {
        discriminator.refresh();
        Rows rows = Rows.of(samples.values(), trainingRows.features());
        double[] ofGenerated = discriminator.logits(rows, samples.labels());
        double[] ofTraining = discriminator.logits(trainingRows, trainingLabels);
        double[] ofHeldOut = heldOut == null ? new double[0] : discriminator.logits(heldOut, heldOutLabels);
        return new Sight(
                meanDistance(samples.values(), rows.features()) / realDistance,
                Manifolds.of(training, rows.toArray(), Manifolds.DEFAULT_K, primitives)
                        .coverage(),
                separation(ofTraining, ofGenerated),
                mean(ofTraining),
                mean(ofHeldOut),
                mean(ofGenerated),
                Math.sqrt(varianceOfMean(ofTraining) + varianceOfMean(ofHeldOut)));
    }

    /** Mean Euclidean distance of neighbours in order, the last to the first: as many pairs as samples, each sample in two. */
    private static double meanDistance(float[] rows, int elements) {
        int n = rows.length / elements;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            int other = (i + 1) % n * elements;
            double square = 0;
            for (int j = 0; j < elements; j++) {
                double difference = (double) rows[i * elements + j] - rows[other + j];
                square += difference * difference;
            }
            sum += Math.sqrt(square);
        }
        return sum / n;
    }

    /** Share of pairs with the larger real logit; equal ones count half (the Mann-Whitney statistic). */
    private static double separation(double[] real, double[] fake) {
        double sum = 0;
        for (double a : real) {
            for (double b : fake) {
                sum += a > b ? 1 : a == b ? 0.5 : 0;
            }
        }
        return sum / real.length / fake.length;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static double varianceOfMean(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(Double.NaN) / values.length;
    }
}

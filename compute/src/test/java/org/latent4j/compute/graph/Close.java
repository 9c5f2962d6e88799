package org.latent4j.compute.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The one measure of agreement between tensors: relative L2 distance, |a - b| / |b|. */
public final class Close {
    private Close() {}

    public static double distance(INDArray actual, INDArray expected) {
        return distance(
                actual.dup('c').data().asFloat(), expected.dup('c').data().asFloat());
    }

    public static double distance(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < actual.length; i++) {
            difference += Math.pow((double) actual[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference) / Math.max(Math.sqrt(norm), 1e-30);
    }

    /**
     * Requires agreement.
     *
     * @param noise norm below which a tensor counts as rounding noise of larger numbers and is compared absolutely
     */
    static void require(String what, float[] actual, float[] expected, double tolerance, double noise) {
        double norm = 0;
        for (float value : expected) {
            norm += (double) value * value;
        }
        double distance = distance(actual, expected);
        double allowed = tolerance * Math.max(1, noise / Math.max(Math.sqrt(norm), 1e-30));
        assertThat(distance).as(what + ": relative L2 distance").isLessThanOrEqualTo(allowed);
    }
}

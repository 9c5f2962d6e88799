package org.latent4j.gan.evaluate;

import java.util.Optional;
import org.latent4j.data.Progress;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where samples are compared: a fixed map from samples to features whose Euclidean distances mean something.
 *
 * <p>Samples are rows in the networks' order, images (c, h, w) in -1 .. 1. Not thread-safe.
 */
public interface FeatureSpace {

    /** What it is, for a person. */
    String description();

    /** What the space sees in some samples. */
    Seen see(Rows samples, Progress progress);

    /**
     * Features, and classes where the space has them.
     *
     * @param features (n, d) of FLOAT
     * @param probabilities of classes, (n, classes) row by row, if the space is a classifier's
     */
    record Seen(INDArray features, Optional<float[]> probabilities) {}

    /** Classes of the space's classifier; 0 without one. */
    default int classes() {
        return 0;
    }

    /** The values themselves: pixels, or coordinates in the data's units. */
    static FeatureSpace values(String what) {
        return new FeatureSpace() {
            @Override
            public String description() {
                return what;
            }

            @Override
            public Seen see(Rows samples, Progress progress) {
                return new Seen(samples.toArray(), Optional.empty());
            }
        };
    }
}

package org.latent4j.data;

/** Real samples to learn from: stored images, stored points, or a distribution that gives fresh points for ever. */
public sealed interface Dataset permits ImageSet, PointSet, PointDistribution {

    /** What a person calls it: the file or folder name, or the synthetic set with its options. */
    String name();

    SampleShape shape();
}

package org.latent4j.cli.lecture;

import java.util.List;

/** All lectures, in the order of the gallery. */
public final class Lectures {
    private static final List<Lecture> ALL = List.of(
            new KMeansLecture(),
            new KMeansCaveatLecture(),
            new HierarchicalLecture(),
            new HybridLecture(),
            new BootstrapLecture(),
            new BaggingLinesLecture(),
            new ForestVsTreeLecture(),
            new EnsembleVarianceLecture(),
            new BallInCubeLecture(),
            new IsingLecture(),
            new TheoryCovarianceLecture(),
            new KlAsymmetryLecture(),
            new JsBoundLecture(),
            new GanTrainingLecture());

    private Lectures() {}

    public static List<Lecture> all() {
        return ALL;
    }
}

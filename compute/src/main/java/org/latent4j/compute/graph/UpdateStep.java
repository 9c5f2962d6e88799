package org.latent4j.compute.graph;

import org.deeplearning4j.nn.conf.GradientNormalization;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/** One step of an update of parameters w by gradients g, on ranges of the flat views. */
public sealed interface UpdateStep {

    /** Counted in floats. */
    record Range(long offset, long count) {}

    /** g = g / minibatch. */
    record Average(Range range) implements UpdateStep {}

    /** Scales or clips g. */
    record Normalize(GradientNormalization kind, double threshold, Range range) implements UpdateStep {}

    /** g = g + c w. */
    record L2(ISchedule coefficient, Range range) implements UpdateStep {}

    /** g = g + c sign(w). */
    record L1(ISchedule coefficient, Range range) implements UpdateStep {}

    /** w = w - c [learning rate] w. */
    record WeightDecay(ISchedule coefficient, boolean timesLearningRate, IUpdater updater, Range range)
            implements UpdateStep {}

    /** w = w - the updater's step for g; its state begins at an offset of the flat state, one array after the other. */
    record Apply(IUpdater updater, Range range, long stateOffset) implements UpdateStep {}
}

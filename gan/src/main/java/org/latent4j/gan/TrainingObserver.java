package org.latent4j.gan;

import java.nio.file.Path;

/** Hears what happens in a training run, on the training thread. */
public interface TrainingObserver {

    /** Everything is checked and ready; {@code firstStep} steps were done before (a resumed run). */
    default void started(TrainingPlan plan, long firstStep) {}

    /** One adversarial step more is done. */
    default void step(long step) {}

    default void statistics(TrainingStatistics statistics) {}

    /** Samples (n, elements) of the run's fixed latents, in the data's scale for points and -1 .. 1 for images. */
    default void samples(long step, float[] samples) {}

    /** A checkpoint has been written. */
    default void checkpoint(long step, Path folder) {}
}

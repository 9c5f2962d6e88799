package org.latent4j.gan;

/** Hears what happens in a training run, on the training thread. */
public interface TrainingObserver {

    /** Everything is checked and ready; {@code firstStep} steps were done before (a resumed run). */
    default void started(TrainingPlan plan, long firstStep) {}

    /** One adversarial step more is done. */
    default void step(long step) {}

    default void statistics(TrainingStatistics statistics) {}

    /** Samples (n, elements) of the run's fixed latents, in the data's scale for points and -1 .. 1 for images. */
    default void samples(long step, float[] samples) {}

    /**
     * The graphs hold the state of this step: the moment to save them.
     *
     * @param seconds training time so far, over all parts of the run
     */
    default void checkpoint(long step, double seconds) {}
}

package org.latent4j.compute.graph;

/** What changes of an updater from one update to the next beyond the schedules that it has itself. */
public interface UpdatePace {

    /** Everything as the updaters say. */
    UpdatePace STEADY = new UpdatePace() {};

    /** Multiplies the learning rate at update number {@code iteration}, counted from 0. */
    default double rateFactor(int iteration) {
        return 1;
    }

    /** Whether Adam's second decay is another at each update. */
    default boolean changesBeta2() {
        return false;
    }

    /** Adam's second decay at an update, if it changes. */
    default double beta2(int iteration) {
        throw new IllegalStateException("this pace leaves beta2 to the updater");
    }
}

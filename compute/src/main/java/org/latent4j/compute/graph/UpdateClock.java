package org.latent4j.compute.graph;

/** What the kernels of an update read anew each time: schedules depend on it. */
public final class UpdateClock {
    private final UpdatePace pace;
    private int iteration;
    private int epoch;
    private int minibatch = 1;

    public UpdateClock(UpdatePace pace) {
        this.pace = pace;
    }

    public UpdatePace pace() {
        return pace;
    }

    void set(int newIteration, int newEpoch, int newMinibatch) {
        this.iteration = newIteration;
        this.epoch = newEpoch;
        this.minibatch = newMinibatch;
    }

    public int iteration() {
        return iteration;
    }

    public int epoch() {
        return epoch;
    }

    public int minibatch() {
        return minibatch;
    }
}

package org.latent4j.clustering;

/** Hears of each iteration: its number from 1 and its cost. */
@FunctionalInterface
public interface IterationListener {
    IterationListener NONE = (iteration, cost) -> {};

    void iteration(int iteration, double cost);
}

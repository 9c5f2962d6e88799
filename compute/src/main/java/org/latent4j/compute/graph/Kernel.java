package org.latent4j.compute.graph;

/** One prepared operation: all descriptors, buffers and look-ups are made; running it allocates nothing. */
@FunctionalInterface
public interface Kernel {
    void run();
}

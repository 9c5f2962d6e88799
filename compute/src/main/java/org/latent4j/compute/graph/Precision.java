package org.latent4j.compute.graph;

/**
 * Numbers between the borders of a network. Parameters, their gradients, statistics, borders and updates are 32-bit floats always; with
 * {@code BF16}, activations, gradients with respect to them, and the copies of weights that products read have 16 bits, 8 of them
 * significant.
 */
public enum Precision {
    F32,
    BF16
}

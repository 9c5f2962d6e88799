package org.latent4j.compute.graph;

/**
 * Penalties on a discriminator's slopes |v|, v = dD/dx of each sample.
 *
 * <p>Source: Mescheder, Geiger, Nowozin, "Which training methods for GANs do actually converge?", ICML 2018 (R1, R2); Gulrajani et al.,
 * "Improved training of Wasserstein GANs", NeurIPS 2017.
 */
public enum Penalty {
    NONE,
    /** weight / 2 |v|^2: R1 on real samples, R2 on generated ones. */
    ZERO_CENTRED,
    /** weight (|v| - 1)^2. */
    ONE_CENTRED
}

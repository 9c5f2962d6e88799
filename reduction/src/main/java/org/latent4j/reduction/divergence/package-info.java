/** Entropies and divergences of distributions, closed forms, and of samples. */
package org.latent4j.reduction.divergence;

/** Mixtures of generators, with weights fitted to real samples. */
package org.latent4j.ensembles.mixture;

/** The bootstrap and the jackknife: standard errors, biases and intervals of statistics. */
package org.latent4j.ensembles.bootstrap;

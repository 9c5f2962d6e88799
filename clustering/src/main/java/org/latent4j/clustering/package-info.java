/** Clustering: k-means, Gaussian mixtures, agglomerative hierarchies, and k-means combined with hierarchies. */
package org.latent4j.clustering;

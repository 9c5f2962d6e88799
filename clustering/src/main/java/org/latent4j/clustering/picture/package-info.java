/** Pictures of clusterings: scatter plots with Voronoi cells, dendrograms, silhouettes, and curves over the number of clusters. */
package org.latent4j.clustering.picture;

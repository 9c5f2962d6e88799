/** Pictures of samples: grids of images, animations, scatter plots. All of it works without a screen. */
package org.latent4j.data.picture;

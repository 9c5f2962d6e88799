/** Dimensional reduction: principal components, intrinsic dimension, and divergences between distributions. */
package org.latent4j.reduction;

/** Pictures of ensembles. */
package org.latent4j.ensembles.picture;

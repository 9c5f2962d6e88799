/** How many dimensions data have, and what an embedding in fewer keeps. */
package org.latent4j.reduction.dimension;

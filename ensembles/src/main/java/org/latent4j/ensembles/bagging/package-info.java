/** Bagging by partition and by bootstrap, of any learner, and simple learners for it. */
package org.latent4j.ensembles.bagging;

/** Random forests and extremely randomised trees: growing, predicting, out-of-bag estimates, importances, files. */
package org.latent4j.ensembles.forest;

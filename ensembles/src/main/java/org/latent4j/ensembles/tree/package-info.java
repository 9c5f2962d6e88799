/** Classification and regression trees on quantised features. */
package org.latent4j.ensembles.tree;

/** Ensembles: the bootstrap, bagging, decision trees and forests, and what correlation of members costs. */
package org.latent4j.ensembles;

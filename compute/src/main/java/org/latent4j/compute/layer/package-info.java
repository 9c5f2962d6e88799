/**
 * What DL4J lacks, as DL4J vertices: networks with them are saved, loaded and run by DL4J where this library is on the class path, and are
 * compiled like any other.
 */
package org.latent4j.compute.layer;

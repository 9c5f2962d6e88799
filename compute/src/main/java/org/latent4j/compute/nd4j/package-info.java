/**
 * The reference: primitives in plain Java doubles on arrays of ND4J, written to be read and believed. Other backends are held to it by one
 * contract suite.
 */
package org.latent4j.compute.nd4j;

/** Benchmarks: ours and a peer's measured alternately in one run, after both were seen to compute the same. */
package org.latent4j.bench;

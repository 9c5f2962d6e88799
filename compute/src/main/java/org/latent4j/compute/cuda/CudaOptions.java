package org.latent4j.compute.cuda;

/**
 * How a card computes.
 *
 * @param tf32 whether products of 32-bit numbers may round their factors to 11 significant bits, which tensor cores want
 * @param deterministic whether only algorithms are taken that repeat bit for bit
 */
public record CudaOptions(boolean tf32, boolean deterministic) {
    /** Full 32-bit products. */
    public static final CudaOptions DEFAULT = new CudaOptions(false, false);
}

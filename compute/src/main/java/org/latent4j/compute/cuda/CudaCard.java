package org.latent4j.compute.cuda;

import java.util.Locale;

/**
 * One card.
 *
 * @param sm compute capability, 90 for 9.0
 * @param multiprocessors how many blocks of threads run at the same time, at least
 */
public record CudaCard(int index, String name, int sm, int multiprocessors, long bytes) {
    /** Turing; the CUDA 13 libraries have no code for older cards. */
    public static final int OLDEST = 75;

    public boolean isSupported() {
        return sm >= OLDEST;
    }

    /** Whether matrix products of bf16 numbers run on tensor cores. */
    public boolean hasBf16() {
        return sm >= 80;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "cuda:%d %s, sm_%d, %d multiprocessors, %.1f GiB",
                index,
                name,
                sm,
                multiprocessors,
                bytes / (double) (1L << 30));
    }
}

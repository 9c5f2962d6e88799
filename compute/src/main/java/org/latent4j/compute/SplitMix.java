package org.latent4j.compute;

/**
 * SplitMix64, a counter-based random number generator that computes several times faster than {@link Philox}: word i is a bijection of
 * {@code start + (i + 1) gamma}.
 *
 * <p>For resamples alone, which take random words by the hundred million and are nothing but sums over them. All else is drawn by Philox, and so
 * is the start.
 *
 * <p>Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, with the finaliser "variant 13" of Stafford
 * (2011).
 */
final class SplitMix {
    static final long GAMMA = 0x9E3779B97F4A7C15L;

    private SplitMix() {}

    /** {@code words[i] = mix(before + steps[i])} with steps (i + 1) gamma. Nothing but long arithmetic on arrays, which compiles to vectors. */
    static void fill(long before, long[] steps, long[] words, int count) {
        for (int i = 0; i < count; i++) {
            long z = before + steps[i];
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            words[i] = z ^ (z >>> 31);
        }
    }

    static long mix(long state) {
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}

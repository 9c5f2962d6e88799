package org.latent4j.compute;

import java.util.random.RandomGenerator;

/**
 * Philox4x32-10, a counter-based random number generator: word i of a stream is a pure function of (seed, purpose, index, i).
 *
 * <p>The seed is the 64-bit key. The 128-bit counter is (block, purpose, index low, index high), so that every purpose and every index
 * (a step, a chain, a resample) owns a stream of 2^34 words that overlaps no other, on every device and at any number of threads.
 * Nothing but counters has to be saved to repeat a run. Instances are not thread-safe; give each thread its own stream.
 *
 * <p>Throws {@link IllegalArgumentException} for bounds that are not positive.
 *
 * <p>Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; normals by Box and Muller (1958) in
 * double arithmetic that is the same everywhere.
 */
public final class Philox implements RandomGenerator {

    /** What a stream is for. The one list keeps the streams of all modules apart; a code never changes once runs depend on it. */
    public enum Purpose {
        LATENT(1),
        DATA_ORDER(2),
        DATA_SAMPLE(3),
        WEIGHTS(4),
        NETWORK_NOISE(5),
        SYNTHETIC(6),
        ISING(7),
        EVALUATION(8),
        SAMPLE_GRID(9),
        GENERATE(10),
        RESAMPLE(11),
        CLUSTER_START(12),
        TREE(13),
        PROJECTION(14),
        RESAMPLE_START(15),
        AUGMENTATION(20),
        PENALTY(21),
        VIEW(22),
        SPECTRAL(23);

        private final int code;

        Purpose(int code) {
            this.code = code;
        }

        /** Word 1 of the counter. */
        public int code() {
            return code;
        }
    }

    private static final int M0 = 0xD2511F53;
    private static final int M1 = 0xCD9E8D57;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final long WORD = 0xFFFFFFFFL;

    /** So many normals are worth preparing for. */
    private static final int MANY = 64;

    private final int key0;
    private final int key1;
    private final int purpose;
    private int index0;
    private int index1;
    private final int[] block = new int[4];
    private int nextBlock;
    private int used = 4;
    private BoxMuller normals; // made when many are asked for
    private int[] words;

    public Philox(long seed, Purpose purpose, long index) {
        this.key0 = (int) seed;
        this.key1 = (int) (seed >>> 32);
        this.purpose = purpose.code;
        restart(index);
    }

    /** Goes to the beginning of another stream of the same seed and purpose: what a new instance would give, without one. */
    public Philox restart(long index) {
        index0 = (int) index;
        index1 = (int) (index >>> 32);
        nextBlock = 0;
        used = 4;
        return this;
    }

    /** The ten rounds: encrypts counter (c0, c1, c2, c3) under key (k0, k1) into {@code out[at .. at + 3]}. */
    static void encrypt(int c0, int c1, int c2, int c3, int k0, int k1, int[] out, int at) {
        // Words stay in the lower half of longs: going back to ints each time takes a fifth longer.
        long x0 = c0 & WORD;
        long x1 = c1 & WORD;
        long x2 = c2 & WORD;
        long x3 = c3 & WORD;
        long y0 = k0 & WORD;
        long y1 = k1 & WORD;
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = (M0 & WORD) * x0;
            long p1 = (M1 & WORD) * x2;
            x0 = p1 >>> 32 ^ x1 ^ y0;
            x1 = p1 & WORD;
            x2 = p0 >>> 32 ^ x3 ^ y1;
            x3 = p0 & WORD;
            y0 = y0 + W0 & WORD;
            y1 = y1 + W1 & WORD;
        }
        out[at] = (int) x0;
        out[at + 1] = (int) x1;
        out[at + 2] = (int) x2;
        out[at + 3] = (int) x3;
    }

    @Override
    public int nextInt() {
        if (used == 4) {
            encrypt(nextBlock++, purpose, index0, index1, key0, key1, block, 0);
            used = 0;
        }
        return block[used++];
    }

    @Override
    public long nextLong() {
        long low = nextInt() & 0xFFFFFFFFL;
        return (long) nextInt() << 32 | low;
    }

    /** Uniform in [0, bound), without bias (Lemire's multiply-and-reject). */
    @Override
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be positive, but is " + bound);
        }
        long product = (nextInt() & 0xFFFFFFFFL) * bound;
        if ((product & 0xFFFFFFFFL) < bound) {
            long threshold = (1L << 32) % bound;
            while ((product & 0xFFFFFFFFL) < threshold) {
                product = (nextInt() & 0xFFFFFFFFL) * bound;
            }
        }
        return (int) (product >>> 32);
    }

    /** Uniform in [0, 1), 24 bits. */
    @Override
    public float nextFloat() {
        return (nextInt() >>> 8) * 0x1.0p-24f;
    }

    /** Uniform in [0, 1), 53 bits. */
    @Override
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    @Override
    public boolean nextBoolean() {
        return nextInt() < 0;
    }

    /** Fills {@code out[from .. from + count)} with the next words of the stream: those that {@link #nextInt()} would give, but faster. */
    public void fill(int[] out, int from, int count) {
        int i = from;
        int end = from + count;
        while (i < end && used < 4) {
            out[i++] = block[used++];
        }
        for (; i + 4 <= end; i += 4) {
            encrypt(nextBlock++, purpose, index0, index1, key0, key1, out, i);
        }
        while (i < end) {
            out[i++] = nextInt();
        }
    }

    /** Standard normal; takes two words. */
    @Override
    public double nextGaussian() {
        double radius = BoxMuller.radius(nextInt());
        return radius * BoxMuller.cosine(nextInt());
    }

    /** Fills {@code out[from .. from + count)} with standard normals, two for each pair of words: what {@link #nextGaussian} gives, and its twin. */
    public void fillNormal(float[] out, int from, int count) {
        int end = from + count;
        int i = from;
        while (end - i >= MANY) {
            if (normals == null) {
                normals = new BoxMuller();
                words = new int[2 * BoxMuller.PAIRS];
            }
            int pairs = Math.min(BoxMuller.PAIRS, (end - i) / 2);
            fill(words, 0, 2 * pairs);
            normals.fill(words, pairs, out, i);
            i += 2 * pairs;
        }
        for (; i < end; i += 2) {
            double radius = BoxMuller.radius(nextInt());
            int angle = nextInt();
            out[i] = (float) (radius * BoxMuller.cosine(angle));
            if (i + 1 < end) {
                out[i + 1] = (float) (radius * BoxMuller.sine(angle));
            }
        }
    }

    /**
     * Fills {@code out[from .. from + count)} with 1 where {@link #fillNormal} would give a number of at least 0, and with -1 elsewhere, from
     * the same words.
     */
    public void fillSigns(float[] out, int from, int count) {
        int end = from + count;
        for (int i = from; i < end; i += 2) {
            int isNotZero = nextInt() == -1 ? 0 : 1; // the radius of the last word is 0
            int angle = nextInt();
            out[i] = 1 - 2 * (isNotZero & BoxMuller.cosineIsNegative(angle));
            if (i + 1 < end) {
                out[i + 1] = 1 - 2 * (isNotZero & BoxMuller.sineIsNegative(angle));
            }
        }
    }

    /** Shuffles in place (Fisher and Yates); every permutation is equally likely. */
    public void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }
    }
}

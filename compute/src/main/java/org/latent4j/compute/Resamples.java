package org.latent4j.compute;

/**
 * Bootstrap resamples: number r of a stream is n draws of 0 ... n - 1 with replacement, the same on every device and at any number of threads.
 *
 * <p>Resample r takes words r w ... (r + 1) w - 1 of {@link SplitMix}, w just enough of them, begun where {@code Philox(seed, RESAMPLE_START,
 * stream)} says. A word has 4 lanes of 16 bits, or 2 of 32 where n is more than {@value #MOST_NARROW}, the low ones first. A lane x gives {@code
 * x n / 2^bits}, without bias: where the rest of that division is below {@code 2^bits mod n}, the draw is made by further words instead, {@code
 * v' = mix(v + (lane + 1) gamma)} of the word v, by their upper 32 bits.
 *
 * <p>Holds scratch memory: one for each thread. Arguments are the caller's care.
 *
 * <p>Source of multiply-and-reject: Lemire, "Fast random integer generation in an interval", ACM Trans. Model. Comput. Simul. 29 (2019) 3.
 */
public final class Resamples {
    static final int MOST_NARROW = 4096;
    /** Words of a piece of work: four arrays of them stay in the first cache beside some columns. */
    private static final int WORDS = 1024;
    /** Words among which rejections are looked for one by one, where there are any. */
    private static final int PART = 64;

    private static final long[] STEPS = new long[WORDS];

    static {
        for (int i = 0; i < WORDS; i++) {
            STEPS[i] = (i + 1) * SplitMix.GAMMA;
        }
    }

    private final int n;
    private final long start;
    private final long wordsEach;
    private final int bits;
    private final int lanes;
    /** The lower half of every 2 lanes. */
    private final long mask;
    /** In every pair of lanes 2^bits + 2^bits mod n - 1: less a rest, its upper lane is odd for those that are rejected. */
    private final long edge;

    private final long odd;
    private final long[] words = new long[WORDS];
    /** n times the lanes 0, 2 of each word, and n times 1, 3: draws are in their upper halves. */
    private final long[] evens = new long[WORDS];

    private final long[] odds = new long[WORDS];
    private final long[] rejected = new long[WORDS];

    /** @param stream of this seed; such as the number of a sample among several */
    public Resamples(long seed, long stream, int n) {
        this.n = n;
        start = start(seed, stream);
        bits = bits(n);
        lanes = 64 / bits;
        wordsEach = (n + lanes - 1) / lanes;
        mask = bits == 16 ? 0x0000FFFF0000FFFFL : 0xFFFFFFFFL;
        odd = bits == 16 ? 0x0001000000010000L : 1L << 32;
        long least = (1L << bits) % n;
        edge = odd + (bits == 16 ? least - 1 + (least - 1 << 32) : least - 1);
    }

    /** Where the words of a stream begin. */
    public static long start(long seed, long stream) {
        return new Philox(seed, Philox.Purpose.RESAMPLE_START, stream).nextLong();
    }

    /** Bits of a lane. */
    public static int bits(int n) {
        return n <= MOST_NARROW ? 16 : 32;
    }

    /** The draws of a resample, n. */
    public void draw(long resample, int[] draws) {
        for (int done = 0; done < n; done += WORDS * lanes) {
            int count = (int) Math.min(WORDS, wordsEach - done / lanes);
            prepare(resample * wordsEach + done / lanes, count);
            for (int i = 0; i < count; i++) {
                int at = done + i * lanes;
                for (int lane = 0; lane < lanes && at + lane < n; lane++) {
                    draws[at + lane] = lane(i, lane);
                }
            }
        }
    }

    /** Adds 1 to {@code counts[at + draw]} for each draw of a resample. */
    public void count(long resample, float[] counts, int at) {
        for (int done = 0; done < n; done += WORDS * lanes) {
            int count = (int) Math.min(WORDS, wordsEach - done / lanes);
            prepare(resample * wordsEach + done / lanes, count);
            for (int i = 0; i < count; i++) {
                int used = Math.min(lanes, n - done - i * lanes);
                for (int lane = 0; lane < used; lane++) {
                    counts[at + lane(i, lane)]++;
                }
            }
        }
    }

    /**
     * Sums over the draws of several resamples.
     *
     * @param columns p of n numbers each
     * @param sums overwritten from {@code at} on: p for each of resamples first ... first + count - 1
     */
    public void sums(long first, int count, double[][] columns, double[] sums, int at) {
        int p = columns.length;
        if (wordsEach > WORDS) {
            for (int r = 0; r < count; r++) {
                sumsInPieces(first + r, columns, sums, at + r * p);
            }
            return;
        }
        int each = (int) wordsEach;
        int perPiece = WORDS / each;
        for (int done = 0; done < count; done += perPiece) {
            int some = Math.min(perPiece, count - done);
            prepare((first + done) * wordsEach, some * each);
            for (int r = 0; r < some; r++) {
                for (int j = 0; j < p; j++) {
                    sums[at + (done + r) * p + j] = sum(columns[j], r * each, n);
                }
            }
        }
    }

    private void sumsInPieces(long resample, double[][] columns, double[] sums, int at) {
        for (int j = 0; j < columns.length; j++) {
            sums[at + j] = 0;
        }
        for (int done = 0; done < n; done += WORDS * lanes) {
            int draws = Math.min(WORDS * lanes, n - done);
            prepare(resample * wordsEach + done / lanes, (draws + lanes - 1) / lanes);
            for (int j = 0; j < columns.length; j++) {
                sums[at + j] += sum(columns[j], 0, draws);
            }
        }
    }

    /** Draws of words {@code first ...} into {@link #evens} and {@link #odds}. */
    private void prepare(long first, int count) {
        SplitMix.fill(start + first * SplitMix.GAMMA, STEPS, words, count);
        products(words, evens, n, mask, 0, count);
        products(words, odds, n, mask, bits, count);
        rests(evens, odds, rejected, mask, edge, count);
        for (int from = 0; from < count; from += PART) {
            int to = Math.min(count, from + PART);
            if ((any(rejected, from, to) & odd) != 0) {
                drawAgain(from, to);
            }
        }
    }

    // Loops of one result and nothing but long arithmetic on arrays: the compiler makes vectors of these, and not of
    // two in one.

    /** n times every second lane, from the one at {@code shift} on. */
    static void products(long[] words, long[] products, long n, long mask, int shift, int count) {
        for (int i = 0; i < count; i++) {
            products[i] = ((words[i] >>> shift) & mask) * n;
        }
    }

    static void rests(long[] evens, long[] odds, long[] rejected, long mask, long edge, int count) {
        for (int i = 0; i < count; i++) {
            rejected[i] = (edge - (evens[i] & mask)) | (edge - (odds[i] & mask));
        }
    }

    private static long any(long[] values, int from, int to) {
        long any = 0;
        for (int i = from; i < to; i++) {
            any |= values[i];
        }
        return any;
    }

    private void drawAgain(int from, int to) {
        for (int i = from; i < to; i++) {
            if ((rejected[i] & odd) != 0) {
                drawAgain(i);
            }
        }
    }

    /** The draws of a word of which one at least was rejected. */
    private void drawAgain(int at) {
        long word = words[at];
        long laneMask = (1L << bits) - 1;
        evens[at] = 0;
        odds[at] = 0;
        for (int lane = 0; lane < lanes; lane++) {
            long product = (word >>> lane * bits & laneMask) * n;
            long index = product >>> bits;
            if ((product & laneMask) < (1L << bits) % n) {
                long other = word;
                do {
                    other = SplitMix.mix(other + (lane + 1) * SplitMix.GAMMA);
                    product = (other >>> 32) * n;
                } while ((product & 0xFFFFFFFFL) < (1L << 32) % n);
                index = product >>> 32;
            }
            (lane % 2 == 0 ? evens : odds)[at] |= index << upperHalf(lane);
        }
    }

    /** Where a lane's draw begins in its product. */
    private int upperHalf(int lane) {
        return (lane / 2 * 2 + 1) * bits;
    }

    private int lane(int word, int lane) {
        long draw = (lane % 2 == 0 ? evens : odds)[word] >>> upperHalf(lane);
        return bits == 16 ? (int) draw & 0xFFFF : (int) draw;
    }

    /** Of the first {@code draws} draws from word {@code from} on. */
    private double sum(double[] column, int from, int draws) {
        int full = draws / lanes;
        double sum = bits == 16 ? narrow(evens, odds, from, full, column) : wide(evens, odds, from, full, column);
        for (int lane = 0; lane < draws % lanes; lane++) {
            sum += column[lane(from + full, lane)];
        }
        return sum;
    }

    // Four sums, so that none waits for the one before it; eight are slower.

    private static double narrow(long[] evens, long[] odds, int from, int count, double[] column) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        for (int i = from; i < from + count; i++) {
            long even = evens[i];
            long odd = odds[i];
            a += column[(int) even >>> 16];
            b += column[(int) odd >>> 16];
            c += column[(int) (even >>> 48)];
            d += column[(int) (odd >>> 48)];
        }
        return (a + b) + (c + d);
    }

    private static double wide(long[] evens, long[] odds, int from, int count, double[] column) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = from;
        for (; i + 1 < from + count; i += 2) {
            a += column[(int) (evens[i] >>> 32)];
            b += column[(int) (odds[i] >>> 32)];
            c += column[(int) (evens[i + 1] >>> 32)];
            d += column[(int) (odds[i + 1] >>> 32)];
        }
        if (i < from + count) {
            a += column[(int) (evens[i] >>> 32)];
            b += column[(int) (odds[i] >>> 32)];
        }
        return (a + b) + (c + d);
    }
}

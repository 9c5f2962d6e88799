package org.latent4j.compute;

/**
 * The functions that turn random words into standard normals, in plain double arithmetic: the same bits in every virtual machine, on
 * every processor, and several times as fast as {@link StrictMath}'s. Logarithms are accurate to 1e-14, sines and cosines to 2e-15.
 *
 * <p>Source: Box and Muller (1958); logarithm by a table as in Tang, ACM TOMS 16 (1990) 378.
 */
final class BoxMuller {
    /** Pairs that are made together. */
    static final int PAIRS = 256;

    private static final int BITS = 7;
    private static final int ENTRIES = 1 << BITS;
    private static final long FRACTION = (1L << 52) - 1;
    private static final double LN2 = 0.6931471805599453;
    private static final double UNIT = 2 * Math.PI * 0x1.0p-32;

    /** Whole numbers lie next to each other here, so that adding one to the bits adds 1. */
    private static final double CONVERTER = 0x1.8p52;

    private static final long CONVERTER_BITS = Double.doubleToRawLongBits(CONVERTER);

    /** 1 / c and log c for a number c in the middle of each piece of [1, 2); the upper half is taken as [0.75, 1). */
    private static final double[] INVERSE = new double[ENTRIES];

    private static final double[] LOG = new double[ENTRIES];

    /** Numbers from 2^-32 on. */
    private static final int SMALLEST_EXPONENT = -32;

    /** k log 2, from the smallest exponent on. */
    private static final double[] OF_EXPONENT = new double[1 - SMALLEST_EXPONENT];

    static {
        for (int i = 0; i < OF_EXPONENT.length; i++) {
            OF_EXPONENT[i] = (SMALLEST_EXPONENT + i) * LN2;
        }
        for (int i = 0; i < ENTRIES; i++) {
            double middle = (1 + (i + 0.5) / ENTRIES) * (i < ENTRIES / 2 ? 1 : 0.5);
            // At both sides of 1 the logarithm itself is small: its table has to give nothing there.
            double c = i == 0 || i == ENTRIES - 1 ? 1 : middle;
            INVERSE[i] = 1 / c;
            LOG[i] = -StrictMath.log(INVERSE[i]);
        }
    }

    private final double[] whole = new double[PAIRS];
    private final double[] ofTable = new double[PAIRS];
    private final double[] rest = new double[PAIRS];
    private final double[] angle = new double[PAIRS];
    private final double[] radius = new double[PAIRS];
    private final double[] sine = new double[PAIRS];
    private final double[] cosine = new double[PAIRS];

    /**
     * Two normals of each pair of words, at most {@value #PAIRS} pairs: what one pair after the other gives, in loops that the virtual
     * machine turns into vector instructions, but for the look-ups.
     */
    void fill(int[] words, int pairs, float[] out, int from) {
        for (int i = 0; i < pairs; i++) {
            long bits = Double.doubleToRawLongBits(unit(words[2 * i]));
            int piece = piece(bits);
            whole[i] = OF_EXPONENT[exponent(bits, piece) - SMALLEST_EXPONENT];
            ofTable[i] = LOG[piece];
            rest[i] = mantissa(bits, piece) * INVERSE[piece] - 1;
            int word = words[2 * i + 1];
            angle[i] = offset(word, quadrant(word));
        }
        for (int i = 0; i < pairs; i++) {
            radius[i] = Math.sqrt(-2 * (whole[i] + (ofTable[i] + log1p(rest[i]))));
        }
        for (int i = 0; i < pairs; i++) {
            sine[i] = SineCosine.sine(angle[i]);
            cosine[i] = SineCosine.cosine(angle[i]);
        }
        for (int i = 0; i < pairs; i++) {
            int quadrant = quadrant(words[2 * i + 1]);
            out[from + 2 * i] = (float) (radius[i] * SineCosine.turned(sine[i], cosine[i], quadrant + 1));
            out[from + 2 * i + 1] = (float) (radius[i] * SineCosine.turned(sine[i], cosine[i], quadrant));
        }
    }

    /** (word + 1) / 2^32, in (0, 1]: its logarithm is finite. */
    private static double unit(int word) {
        return converted((word & 0xFFFFFFFFL) + 1) * 0x1.0p-32;
    }

    /** What a cast gives, for whole numbers below 2^51 and in a third of the time. */
    private static double converted(long whole) {
        return Double.longBitsToDouble(CONVERTER_BITS + whole) - CONVERTER;
    }

    /** sqrt(-2 log u) of a random word's u in (0, 1]. */
    static double radius(int word) {
        return Math.sqrt(-2 * log(unit(word)));
    }

    /** Of a number from 2^-32 to 1. */
    static double log(double u) {
        long bits = Double.doubleToRawLongBits(u);
        int piece = piece(bits);
        double r = mantissa(bits, piece) * INVERSE[piece] - 1;
        return OF_EXPONENT[exponent(bits, piece) - SMALLEST_EXPONENT] + (LOG[piece] + log1p(r));
    }

    private static int piece(long bits) {
        return (int) (bits >>> 52 - BITS) & ENTRIES - 1;
    }

    private static int exponent(long bits, int piece) {
        return (int) (bits >>> 52) - 1023 + (piece >>> BITS - 1);
    }

    /** In [0.75, 1.5): of the upper pieces, half. */
    private static double mantissa(long bits, int piece) {
        return Double.longBitsToDouble(bits & FRACTION | (1023L - (piece >>> BITS - 1)) << 52);
    }

    /** log(1 + r) for small r. */
    private static double log1p(double r) {
        double square = r * r;
        return r + square * (-1.0 / 2 + r * (1.0 / 3 - r * (1.0 / 4 - r * (1.0 / 5 - r * (1.0 / 6 - r / 7)))));
    }

    /** cos(2 pi word / 2^32), the word unsigned. */
    static double cosine(int word) {
        double x = offset(word, quadrant(word));
        return SineCosine.turned(SineCosine.sine(x), SineCosine.cosine(x), quadrant(word) + 1);
    }

    /** sin(2 pi word / 2^32), the word unsigned. */
    static double sine(int word) {
        double x = offset(word, quadrant(word));
        return SineCosine.turned(SineCosine.sine(x), SineCosine.cosine(x), quadrant(word));
    }

    /** Whether the cosine is below 0, told from the word alone: as 1 or 0, without a branch. */
    static int cosineIsNegative(int word) {
        return isBelow(word - (1 << 30) - 1);
    }

    /** Likewise of the sine. */
    static int sineIsNegative(int word) {
        return isBelow(word - (1 << 31) - 1);
    }

    /** Whether a word, unsigned, is less than half a turn less one step: both ends of the half are zeros. */
    private static int isBelow(int word) {
        return (int) ((word & 0xFFFFFFFFL) - ((1L << 31) - 1) >>> 63);
    }

    /** The nearest multiple of a quarter turn. */
    private static int quadrant(int word) {
        return word + (1 << 29) >>> 30;
    }

    /** The angle from there. */
    private static double offset(int word, int quadrant) {
        return converted(word - (quadrant << 30)) * UNIT;
    }
}

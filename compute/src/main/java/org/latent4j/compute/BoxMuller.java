package org.latent4j.compute;

/**
 * The two functions that turn random words into standard normals, in plain double arithmetic: the same bits in every virtual machine, on
 * every processor, and several times as fast as {@link StrictMath}'s. Logarithms are accurate to 1e-14, sines and cosines to 2e-15.
 *
 * <p>Source: Box and Muller (1958); logarithm by a table as in Tang, ACM TOMS 16 (1990) 378; the polynomials of sine and cosine on
 * [-pi/4, pi/4] are those of fdlibm.
 */
final class BoxMuller {
    private static final int BITS = 7;
    private static final int ENTRIES = 1 << BITS;
    private static final long FRACTION = (1L << 52) - 1;
    private static final double LN2 = 0.6931471805599453;
    private static final double UNIT = 2 * Math.PI * 0x1.0p-32;

    private static final double[] SINE = {
        -1.66666666666666324348e-01,
        8.33333333332248946124e-03,
        -1.98412698298579493134e-04,
        2.75573137070700676789e-06,
        -2.50507602534068634195e-08,
        1.58969099521155010221e-10
    };
    private static final double[] COSINE = {
        4.16666666666666019037e-02,
        -1.38888888888741095749e-03,
        2.48015872894767294178e-05,
        -2.75573143513906633035e-07,
        2.08757232129817482790e-09,
        -1.13596475577881948265e-11
    };

    /** 1 / c and log c for a number c in the middle of each piece of [1, 2); the upper half is taken as [0.75, 1). */
    private static final double[] INVERSE = new double[ENTRIES];

    private static final double[] LOG = new double[ENTRIES];

    static {
        for (int i = 0; i < ENTRIES; i++) {
            double middle = (1 + (i + 0.5) / ENTRIES) * (i < ENTRIES / 2 ? 1 : 0.5);
            // At both sides of 1 the logarithm itself is small: its table has to give nothing there.
            double c = i == 0 || i == ENTRIES - 1 ? 1 : middle;
            INVERSE[i] = 1 / c;
            LOG[i] = -StrictMath.log(INVERSE[i]);
        }
    }

    private BoxMuller() {}

    /** sqrt(-2 log u) for u = (word + 1) / 2^32 in (0, 1]: the logarithm stays finite. */
    static double radius(int word) {
        return Math.sqrt(-2 * log(((word & 0xFFFFFFFFL) + 1) * 0x1.0p-32));
    }

    /** Of a normal number in (0, 1]. */
    static double log(double u) {
        long bits = Double.doubleToRawLongBits(u);
        int exponent = (int) (bits >>> 52) - 1023;
        int piece = (int) (bits >>> 52 - BITS) & ENTRIES - 1;
        boolean upper = piece >= ENTRIES / 2;
        double mantissa = Double.longBitsToDouble(bits & FRACTION | (upper ? 1022L : 1023L) << 52);
        double r = mantissa * INVERSE[piece] - 1;
        double square = r * r;
        double tail = square * (-1.0 / 2 + r * (1.0 / 3 - r * (1.0 / 4 - r * (1.0 / 5 - r * (1.0 / 6 - r / 7)))));
        return (upper ? exponent + 1 : exponent) * LN2 + (LOG[piece] + (r + tail));
    }

    /** cos(2 pi word / 2^32), the word unsigned. */
    static double cosine(int word) {
        return quarter(word, quadrant(word) + 1);
    }

    /** sin(2 pi word / 2^32), the word unsigned. */
    static double sine(int word) {
        return quarter(word, quadrant(word));
    }

    /** Of the nearest multiple of a quarter turn. */
    private static int quadrant(int word) {
        return word + (1 << 29) >>> 30;
    }

    /** sin of the angle left and a number of quarter turns. */
    private static double quarter(int word, int quarters) {
        double x = (word - (quadrant(word) << 30)) * UNIT;
        double z = x * x;
        double value =
                (quarters & 1) == 0 ? x + x * polynomial(SINE, z) * z : 1 - z / 2 + z * z * polynomial(COSINE, z);
        return (quarters & 2) == 0 ? value : -value;
    }

    private static double polynomial(double[] c, double z) {
        return c[0] + z * (c[1] + z * (c[2] + z * (c[3] + z * (c[4] + z * c[5]))));
    }
}

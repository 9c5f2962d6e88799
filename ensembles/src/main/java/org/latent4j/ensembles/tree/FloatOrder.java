package org.latent4j.ensembles.tree;

/** Floats as whole numbers in the same order, which compare without branches; both zeros are one. */
public final class FloatOrder {
    /** Of NaN, which stands for a missing value: above all others. */
    static final int MISSING = Float.floatToIntBits(Float.NaN);

    private FloatOrder() {}

    public static int key(float value) {
        int bits = Float.floatToIntBits(value + 0.0f);
        return bits ^ (bits >> 31 & 0x7FFFFFFF);
    }

    static float value(int key) {
        return Float.intBitsToFloat(key ^ (key >> 31 & 0x7FFFFFFF));
    }

    /** A number t with low <= t < high, halfway where floats allow. */
    static float between(float low, float high) {
        float middle = (float) (((double) low + high) / 2);
        return middle < high ? middle : low;
    }
}

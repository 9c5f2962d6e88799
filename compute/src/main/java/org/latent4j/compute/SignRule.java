package org.latent4j.compute;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * The sign of directions that have none: their number of largest magnitude is positive. Among several of one magnitude up to rounding (1e-6 of it
 * for FLOAT, 1e-12 for DOUBLE), the first counts, so that backends agree.
 */
public final class SignRule {
    private SignRule() {}

    /** Whether a direction of numbers of a type has to be turned. */
    public static boolean isNegative(double[] direction, DataType type) {
        double largest = 0;
        for (double x : direction) {
            largest = Math.max(largest, Math.abs(x));
        }
        double least = largest * (1 - (type == DataType.FLOAT ? 1e-6 : 1e-12));
        for (double x : direction) {
            if (Math.abs(x) >= least) {
                return x < 0;
            }
        }
        return false;
    }

    /** The same of floats among others. */
    public static boolean isNegative(float[] numbers, int from, int count) {
        float largest = 0;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, Math.abs(numbers[i]));
        }
        return isNegative(numbers, from, count, largest);
    }

    /** The same where the largest magnitude is known. */
    public static boolean isNegative(float[] numbers, int from, int count, float largest) {
        double least = largest * (1 - 1e-6);
        for (int i = from; i < from + count; i++) {
            if (Math.abs(numbers[i]) >= least) {
                return numbers[i] < 0;
            }
        }
        return false;
    }
}

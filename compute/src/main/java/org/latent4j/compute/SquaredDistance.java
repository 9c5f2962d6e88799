package org.latent4j.compute;

/**
 * Squared Euclidean distances: sums in double in the order of the index, and the nearest of several by exact arithmetic where such sums are too
 * close to call. Backends share it, so that they agree on labels and distances to the last bit.
 *
 * <p>Source: Dekker, "A floating-point technique for extending the available precision", 1971; Ogita, Rump, Oishi, "Accurate sum and dot
 * product", 2005.
 */
public final class SquaredDistance {
    private static final double ROUNDING = 0x1p-53;
    /** Of a sum of less than 2^16 terms in twice the precision. */
    private static final double TWOFOLD_ROUNDING = 0x1p-86;

    private SquaredDistance() {}

    public static double of(double[] x, double[] y) {
        return of(x, 0, y);
    }

    /** Between x[from ...] and y. */
    public static double of(double[] x, int from, double[] y) {
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            double difference = x[from + i] - y[i];
            sum += difference * difference;
        }
        return sum;
    }

    /** Of four points one after the other, each with its own centre, into out[at ... at + 3]: the same sums, several times as fast. */
    public static void ofFour(double[] x, int from, double[][] centres, double[] out, int at) {
        double[] c0 = centres[0];
        double[] c1 = centres[1];
        double[] c2 = centres[2];
        double[] c3 = centres[3];
        int p = c0.length;
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        for (int i = 0; i < p; i++) {
            double d0 = x[from + i] - c0[i];
            double d1 = x[from + p + i] - c1[i];
            double d2 = x[from + 2 * p + i] - c2[i];
            double d3 = x[from + 3 * p + i] - c3[i];
            sum0 += d0 * d0;
            sum1 += d1 * d1;
            sum2 += d2 * d2;
            sum3 += d3 * d3;
        }
        out[at] = sum0;
        out[at + 1] = sum1;
        out[at + 2] = sum2;
        out[at + 3] = sum3;
    }

    /** {@link #ofFour(double[], int, double[][], double[], int)} of floats. */
    public static void ofFour(float[] x, int from, double[][] centres, double[] out, int at) {
        double[] c0 = centres[0];
        double[] c1 = centres[1];
        double[] c2 = centres[2];
        double[] c3 = centres[3];
        int p = c0.length;
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        for (int i = 0; i < p; i++) {
            double d0 = x[from + i] - c0[i];
            double d1 = x[from + p + i] - c1[i];
            double d2 = x[from + 2 * p + i] - c2[i];
            double d3 = x[from + 3 * p + i] - c3[i];
            sum0 += d0 * d0;
            sum1 += d1 * d1;
            sum2 += d2 * d2;
            sum3 += d3 * d3;
        }
        out[at] = sum0;
        out[at + 1] = sum1;
        out[at + 2] = sum2;
        out[at + 3] = sum3;
    }

    /**
     * The candidate nearest to x[from ...], the first of equally near ones. Centres with a distance that is not a number are never nearest, unless
     * all are.
     *
     * @param candidates indices of centres, ascending; the first {@code count} are read
     */
    public static int nearest(double[] x, int from, double[][] centres, int[] candidates, int count) {
        int nearest = candidates[0];
        double least = Double.POSITIVE_INFINITY;
        double second = Double.POSITIVE_INFINITY;
        for (int i = 0; i < count; i += 2) {
            // Four sums side by side: each waits for its own last addition only.
            double[] one = centres[candidates[i]];
            double[] other = centres[candidates[Math.min(i + 1, count - 1)]];
            int p = one.length;
            double even = 0;
            double odd = 0;
            double otherEven = 0;
            double otherOdd = 0;
            for (int f = 0; f + 1 < p; f += 2) {
                double a = x[from + f] - one[f];
                double b = x[from + f + 1] - one[f + 1];
                double c = x[from + f] - other[f];
                double d = x[from + f + 1] - other[f + 1];
                even += a * a;
                odd += b * b;
                otherEven += c * c;
                otherOdd += d * d;
            }
            if (p % 2 == 1) {
                double a = x[from + p - 1] - one[p - 1];
                double c = x[from + p - 1] - other[p - 1];
                even += a * a;
                otherEven += c * c;
            }
            double sum = even + odd;
            double otherSum = otherEven + otherOdd;
            for (int j = i; j < Math.min(i + 2, count); j++) {
                double distance = j == i ? sum : otherSum;
                if (distance < least) {
                    second = least;
                    least = distance;
                    nearest = candidates[j];
                } else if (distance < second) {
                    second = distance;
                }
            }
        }
        double close = least * (1 + 4 * (centres[0].length + 2) * ROUNDING);
        return second <= close && close < Double.POSITIVE_INFINITY
                ? nearestOfClose(x, from, centres, candidates, count, close)
                : nearest;
    }

    private static int nearestOfClose(
            double[] x, int from, double[][] centres, int[] candidates, int count, double close) {
        double[] least = {Double.POSITIVE_INFINITY, 0};
        double[] sum = new double[2];
        int nearest = candidates[0];
        for (int i = 0; i < count; i++) {
            double[] centre = centres[candidates[i]];
            if (of(x, from, centre) <= close) {
                twofold(x, from, centre, sum);
                double less = least[0] - sum[0] + (least[1] - sum[1]);
                if (less > TWOFOLD_ROUNDING * sum[0]) {
                    least = sum.clone();
                    nearest = candidates[i];
                }
            }
        }
        return nearest;
    }

    /** The sum in twice the precision: high part, low part. */
    private static void twofold(double[] x, int from, double[] y, double[] sum) {
        double high = 0;
        double low = 0;
        for (int i = 0; i < y.length; i++) {
            double difference = x[from + i] - y[i];
            double taken = difference - x[from + i];
            double rest = x[from + i] - (difference - taken) - (y[i] + taken);
            double square = difference * difference;
            double squareRest = Math.fma(difference, difference, -square) + 2 * difference * rest;
            double total = high + square;
            double added = total - high;
            low += high - (total - added) + (square - added) + squareRest;
            high = total;
        }
        sum[0] = high + low;
        sum[1] = low - (sum[0] - high);
    }
}

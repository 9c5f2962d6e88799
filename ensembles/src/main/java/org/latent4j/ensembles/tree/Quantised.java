package org.latent4j.ensembles.tree;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.latent4j.compute.Histograms;
import org.latent4j.data.DataException;
import org.latent4j.ensembles.Points;
import org.latent4j.ensembles.Samples;

/**
 * Features of training points as codes in the order of their values: bytes, or ranks where exact cuts need more than 255.
 *
 * <p>Numbers of one code can't be separated. Code {@link #MISSING} of bytes, and the number of codes of ranks, stands for a missing value (NaN).
 * Bytes that are bins of many values may have finer codes beside them; there {@link #FINE_MISSING} stands for a missing value.
 */
public final class Quantised {
    static final int MISSING = 255;

    static final int FINE_MISSING = Short.MAX_VALUE;
    /** Quantiles of more points than this are those of a sample of so many. */
    private static final int SAMPLE = 1 << 18;

    final int rows;
    final int features;
    /** p columns of n codes; null for a feature of ranks. */
    final byte[][] codes;
    /** p columns of n ranks; null for a feature of bytes. */
    final int[][] ranks;
    /** Least and largest value of each code. */
    final float[][] low;

    final float[][] high;
    /** p columns of n finer codes; null where nobody asks for them, or the other codes tell all values apart. */
    final short[][] fine;
    /** Least and largest value of each fine code. */
    final float[][] fineLow;

    final float[][] fineHigh;
    final boolean[] categorical;

    private Quantised(int rows, int features) {
        this.rows = rows;
        this.features = features;
        codes = new byte[features][];
        ranks = new int[features][];
        low = new float[features][];
        high = new float[features][];
        fine = new short[features][];
        fineLow = new float[features][];
        fineHigh = new float[features][];
        categorical = new boolean[features];
    }

    /** @throws DataException for infinite values, and categories that are none of 0 ... 254 */
    public static Quantised of(Samples samples, TreeOptions options, int threads) {
        float[] points = Points.floats(samples.points());
        int features = samples.features();
        int rows = samples.size();
        boolean finer = !options.randomCuts()
                && Impurity.of(options.criterionFor(samples.classified()), samples.outputs())
                        .sortsLargeNodes();
        Quantised quantised = new Quantised(rows, features);
        for (int feature : options.categorical()) {
            if (feature >= features) {
                throw new DataException("feature " + feature + " can't be categorical: there are " + features
                        + " features, 0 ... " + (features - 1));
            }
            quantised.categorical[feature] = true;
        }
        Workers.run(threads, features, () -> new int[rows], (keys, feature) -> {
            for (int i = 0; i < rows; i++) {
                float value = points[i * features + feature];
                if (Float.isInfinite(value)) {
                    throw new DataException("feature " + feature + " of point " + (i + 1) + " is " + value
                            + "; a finite number is needed, or NaN where it is missing");
                }
                keys[i] = FloatOrder.key(value);
            }
            if (quantised.categorical[feature]) {
                quantised.takeCategories(feature, keys);
            } else {
                quantised.takeNumbers(feature, keys, options.bins(), finer);
            }
        });
        return quantised;
    }

    /**
     * Histograms of the codes, for growing trees; null where ranks are among them.
     *
     * @param made of columns of codes
     */
    public Histograms histograms(Function<byte[][], Histograms> made) {
        return allBytes() ? made.apply(codes) : null;
    }

    boolean allBytes() {
        return Arrays.stream(codes).allMatch(column -> column != null);
    }

    private void takeCategories(int feature, int[] keys) {
        byte[] column = new byte[rows];
        for (int i = 0; i < rows; i++) {
            float value = FloatOrder.value(keys[i]);
            if (value >= 0 && value < MISSING && value == (int) value) {
                column[i] = (byte) (int) value;
            } else if (Float.isNaN(value)) {
                column[i] = (byte) MISSING;
            } else {
                throw new DataException("feature " + feature + " of point " + (i + 1) + " is " + value
                        + ", but categories are whole numbers 0 ... " + (MISSING - 1));
            }
        }
        codes[feature] = column;
        low[feature] = new float[MISSING];
        high[feature] = new float[MISSING];
    }

    private void takeNumbers(int feature, int[] keys, int bins, boolean finer) {
        int[] distinct = bins == 0 ? distinct(keys) : fewDistinct(keys);
        boolean each = distinct != null && (bins == 0 || distinct.length <= bins);
        int[] sample = each ? null : sample(keys);
        int[] upper = each ? distinct : quantiles(sample, bins);
        low[feature] = new float[upper.length];
        high[feature] = new float[upper.length];
        boolean bytes = upper.length <= MISSING;
        int[] coded = coded(keys, upper, low[feature], high[feature], bytes ? MISSING : upper.length);
        if (!bytes) {
            ranks[feature] = coded;
            return;
        }
        codes[feature] = new byte[rows];
        for (int i = 0; i < rows; i++) {
            codes[feature][i] = (byte) coded[i];
        }
        if (finer && !each) {
            int[] finest = quantiles(sample, FINE_MISSING);
            fineLow[feature] = new float[finest.length];
            fineHigh[feature] = new float[finest.length];
            coded = coded(keys, finest, fineLow[feature], fineHigh[feature], FINE_MISSING);
            fine[feature] = new short[rows];
            for (int i = 0; i < rows; i++) {
                fine[feature][i] = (short) coded[i];
            }
        }
    }

    /** Codes by the largest key of each; {@code low} and {@code high} become the least and largest value of each. */
    private static int[] coded(int[] keys, int[] upper, float[] low, float[] high, int missing) {
        int count = upper.length;
        Arrays.fill(low, Float.POSITIVE_INFINITY);
        Arrays.fill(high, Float.NEGATIVE_INFINITY);
        int[] coded = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] == FloatOrder.MISSING) {
                coded[i] = missing;
                continue;
            }
            int code = Math.min(count - 1, firstNotBelow(upper, keys[i]));
            float value = FloatOrder.value(keys[i]);
            low[code] = Math.min(low[code], value);
            high[code] = Math.max(high[code], value);
            coded[i] = code;
        }
        for (int code = 0; code < count; code++) {
            if (low[code] > high[code]) { // a quantile of the sample that no point is in
                low[code] = FloatOrder.value(upper[code]);
                high[code] = low[code];
            }
        }
        return coded;
    }

    /** The distinct keys, ascending, without that of missing values. */
    private static int[] distinct(int[] keys) {
        int[] sorted = keys.clone();
        Arrays.sort(sorted);
        int count = 0;
        for (int i = 0; i < sorted.length && sorted[i] != FloatOrder.MISSING; i++) {
            if (count == 0 || sorted[count - 1] != sorted[i]) {
                sorted[count++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, count);
    }

    /** The same, or null where they are more than 255; without sorting. */
    private static int[] fewDistinct(int[] keys) {
        int[] seen = new int[MISSING];
        int count = 0;
        for (int key : keys) {
            int at = key == FloatOrder.MISSING ? 0 : Arrays.binarySearch(seen, 0, count, key);
            if (at < 0) {
                if (count == MISSING) {
                    return null;
                }
                System.arraycopy(seen, -at - 1, seen, -at, count + at + 1);
                seen[-at - 1] = key;
                count++;
            }
        }
        return Arrays.copyOf(seen, count);
    }

    private static int[] sample(int[] keys) {
        int size = Math.min(SAMPLE, keys.length);
        int[] sample = IntStream.range(0, size)
                .map(i -> keys[(int) ((long) i * keys.length / size)])
                .filter(key -> key != FloatOrder.MISSING)
                .toArray();
        Arrays.sort(sample);
        return sample;
    }

    /** The largest keys of at most so many bins of about equally many points; equal keys share one. */
    private static int[] quantiles(int[] sorted, int bins) {
        int[] upper = new int[bins];
        int used = 0;
        int taken = 0;
        while (taken < sorted.length && used < bins) {
            int end = taken + Math.max(1, (sorted.length - taken) / (bins - used));
            end = Math.min(end, sorted.length);
            int key = sorted[end - 1];
            while (end < sorted.length && sorted[end] == key) {
                end++;
            }
            upper[used++] = key;
            taken = end;
        }
        return Arrays.copyOf(upper, used);
    }

    private static int firstNotBelow(int[] ascending, int key) {
        int from = 0;
        int length = ascending.length;
        while (length > 0) {
            int half = length >>> 1;
            boolean below = ascending[from + half] < key;
            from = below ? from + half + 1 : from;
            length = below ? length - half - 1 : half;
        }
        return from;
    }
}

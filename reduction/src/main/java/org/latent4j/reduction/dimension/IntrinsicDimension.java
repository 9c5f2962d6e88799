package org.latent4j.reduction.dimension;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.reduction.FinitePoints;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How many dimensions the points of a sample (n, p) fill locally.
 *
 * <p>Both estimators take the density as constant among a point's nearest neighbours. Where it is not, and above about ten dimensions, where no
 * sample is dense enough, they come out too low. Points that repeat are left out and counted.
 *
 * <p>Throws {@link DataException} for fewer points than neighbours and for numbers that are not finite (rows and columns named).
 *
 * <p>Sources: Facco, d'Errico, Rodriguez, Laio, Scientific Reports 7 (2017) 12140; Levina, Bickel, NIPS 2004, with the mean of inverses of
 * MacKay, Ghahramani, 2005.
 */
public final class IntrinsicDimension {
    private static final int BLOCKS = 40;

    private IntrinsicDimension() {}

    /**
     * An estimate.
     *
     * @param standardError of the scatter from sample to sample; biases are not in it
     * @param points that were used
     * @param repeated points left out, as they have a neighbour at distance 0
     */
    public record Estimate(double dimension, double standardError, int points, int repeated) {}

    /**
     * From the ratios mu of the distances to the second and first neighbour, which follow 1 - mu^-d: the most likely d without bias,
     * (n - 1) / sum ln mu, with the standard error d / sqrt(n - 2).
     */
    public static Estimate twoNn(INDArray x, Primitives primitives) {
        Neighbourhoods all = Neighbourhoods.of(x, 2, primitives);
        double[] logs = all.logRatiosOfFirstTwo();
        return ofTwoNn(logs, all.repeated());
    }

    private static Estimate ofTwoNn(double[] logs, int repeated) {
        double d = (logs.length - 1) / Arrays.stream(logs).sum();
        return new Estimate(d, d / Math.sqrt(logs.length - 2.0), logs.length, repeated);
    }

    /**
     * Facco's own way: the slope through the origin of -ln(1 - F) over ln mu, without the tenth of the largest ratios; robust where few points
     * lie far from all others. The standard error comes from leaving out one of {@value #BLOCKS} blocks of points after the other.
     */
    public static Estimate twoNnFit(INDArray x, Primitives primitives) {
        Neighbourhoods all = Neighbourhoods.of(x, 2, primitives);
        double[] logs = all.logRatiosOfFirstTwo();
        double[] without = new double[BLOCKS];
        for (int block = 0; block < BLOCKS; block++) {
            int left = block;
            without[block] = slope(IntStream.range(0, logs.length)
                    .filter(i -> i % BLOCKS != left)
                    .mapToDouble(i -> logs[i])
                    .toArray());
        }
        return new Estimate(slope(logs), jackknife(without), logs.length, all.repeated());
    }

    private static double slope(double[] logs) {
        double[] sorted = logs.clone();
        Arrays.sort(sorted);
        int kept = Math.max(1, (int) (0.9 * sorted.length));
        double product = 0;
        double square = 0;
        for (int i = 0; i < kept; i++) {
            double cumulative =
                    -Math.log1p(-(double) (i + 1) / (sorted.length + 1)); // i / n would be biased at both ends
            product += sorted[i] * cumulative;
            square += sorted[i] * sorted[i];
        }
        return product / square;
    }

    /**
     * The most likely d from the distances to the first k neighbours, of all points together: for each k the inverse of the mean inverse, then the
     * mean over k from {@code fewest} to {@code most}. The standard error leaves out blocks of points.
     */
    public static Estimate levinaBickel(INDArray x, int fewest, int most, Primitives primitives) {
        if (fewest < 2 || most < fewest) {
            throw new DataException("Levina and Bickel's estimate needs 2 <= fewest <= most neighbours, but got "
                    + fewest + " and " + most);
        }
        Neighbourhoods all = Neighbourhoods.of(x, most, primitives);
        int n = all.distances().length;
        double[][] inverses = new double[most - fewest + 1][n]; // for each k the point's mean of ln(T_k / T_j), j < k
        for (int i = 0; i < n; i++) {
            double[] distances = all.distances()[i];
            double sum = 0;
            for (int k = 1; k <= most; k++) {
                double log = Math.log(distances[k - 1]);
                if (k >= fewest) {
                    inverses[k - fewest][i] = ((k - 1) * log - sum) / (k - 1);
                }
                sum += log;
            }
        }
        double[] without = new double[BLOCKS];
        for (int block = 0; block < BLOCKS; block++) {
            without[block] = meanOfInverses(inverses, block);
        }
        return new Estimate(meanOfInverses(inverses, -1), jackknife(without), n, all.repeated());
    }

    private static double meanOfInverses(double[][] inverses, int leftOut) {
        double sum = 0;
        for (double[] ofK : inverses) {
            double total = 0;
            int count = 0;
            for (int i = 0; i < ofK.length; i++) {
                if (i % BLOCKS != leftOut) {
                    total += ofK[i];
                    count++;
                }
            }
            sum += count / total / inverses.length;
        }
        return sum;
    }

    private static double jackknife(double[] without) {
        double mean = Arrays.stream(without).average().orElseThrow();
        double squares =
                Arrays.stream(without).map(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares * (without.length - 1) / without.length);
    }

    /** TwoNN of ever smaller random parts of the sample: what grows as neighbours come closer is noise. */
    public static List<Estimate> byScale(INDArray x, int halvings, long seed, Primitives primitives) {
        int n = Math.toIntExact(x.size(0));
        int[] order = IntStream.range(0, n).toArray();
        new Philox(seed, Philox.Purpose.PROJECTION, 1).shuffle(order);
        List<Estimate> estimates = new ArrayList<>();
        for (int halving = 0; halving <= halvings && n >> halving >= 10; halving++) {
            try (INDArray some = x.getRows(Arrays.copyOf(order, n >> halving))) {
                estimates.add(twoNn(some, primitives));
            }
        }
        return estimates;
    }

    /** Distances (n, k) to the nearest neighbours, ascending, none 0. */
    private record Neighbourhoods(double[][] distances, int repeated) {

        static Neighbourhoods of(INDArray x, int k, Primitives primitives) {
            if (x.rank() != 2 || x.size(0) < k + 3) {
                throw new DataException(k + " neighbours of each point need an array (n, p) with at least " + (k + 3)
                        + " rows, but the shape is " + Arrays.toString(x.shape()));
            }
            FinitePoints.require(x, "the points");
            try (Matrix points = primitives.matrix(x)) {
                Primitives.Neighbours found = primitives.neighbours(points, points, k + 1);
                double[][] all = new double[Math.toIntExact(points.rows())][];
                Arrays.setAll(all, i -> Arrays.copyOfRange(found.distances(), i * (k + 1) + 1, (i + 1) * (k + 1)));
                double[][] apart = Arrays.stream(all).filter(d -> d[0] > 0).toArray(double[][]::new);
                if (apart.length < Math.max(BLOCKS / 10, k + 3)) {
                    throw new DataException(all.length - apart.length + " of " + all.length
                            + " points repeat, which leaves too few; remove repeated rows");
                }
                return new Neighbourhoods(apart, all.length - apart.length);
            }
        }

        double[] logRatiosOfFirstTwo() {
            return Arrays.stream(distances)
                    .mapToDouble(d -> Math.log(d[1] / d[0]))
                    .toArray();
        }
    }
}

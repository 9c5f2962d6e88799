package org.latent4j.reduction.divergence;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Gamma;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The Jensen-Shannon divergence of two samples as the mutual information, in nats, of a point and of which sample it is from: Ross' estimator for
 * samples of one size, and its mean over parts of the larger sample otherwise.
 *
 * <p>Around each point lies a ball that reaches to its k-th neighbour of its own sample. With T points of both samples in it, the centre left
 * out, psi(k) - psi(T) estimates ln of the share n p / (n p + m q) that its own sample has there, without bias where p and q are constant within
 * the ball: T counts the draws until k successes.
 *
 * <p>The divergence has p / (p + q) instead, which is the same only if n = m; shares of other weights have no such estimate from T. So the larger
 * sample, in an order drawn once with a fixed seed, is cut into ceil(m / n) parts of n points, evenly placed, so that each point is in one or two of
 * them; each part is compared with the whole smaller sample. Parts are samples of q themselves: the mean has the bias of samples of n
 * points, and less scatter.
 *
 * <p>Source: Ross, PLoS ONE 9 (2014) e87357. Neighbours at one distance count all or none, as in Gao, Kannan, Oh, Viswanath, NIPS 2017: it
 * matters for rounded numbers only.
 */
final class MixtureNeighbours {
    /** Distances within this factor are the same: those of numbers that were rounded to decimals differ by less, others hardly ever. */
    private static final double SAME = 1 + 1e-9;

    private static final int TILE_ROWS = 256;
    private static final int TILE_COLUMNS = 4096;

    private final INDArray smaller;
    private final INDArray larger;
    private final String smallerName; // in messages
    private final String largerName;
    private final int k;
    private final Primitives primitives;
    private final int n;
    private final int m;
    private final double[] tile;

    MixtureNeighbours(INDArray p, INDArray q, int k, Primitives primitives) {
        boolean isInOrder = p.size(0) <= q.size(0);
        this.smaller = isInOrder ? p : q;
        this.larger = isInOrder ? q : p;
        this.smallerName = isInOrder ? "p" : "q";
        this.largerName = isInOrder ? "q" : "p";
        this.k = k;
        this.primitives = primitives;
        this.n = Math.toIntExact(smaller.size(0));
        this.m = Math.toIntExact(larger.size(0));
        this.tile = new double[Math.min(TILE_ROWS, n) * Math.min(TILE_COLUMNS, n)];
    }

    NearestNeighbours.Estimate js() {
        int parts = (m + n - 1) / n;
        int[] order = new int[m];
        Arrays.setAll(order, i -> i);
        if (parts > 1) {
            new Philox(0, Philox.Purpose.EVALUATION, 0).shuffle(order);
        }
        double[] ours = new double[n]; // sums of terms over the parts
        double[] theirs = new double[m];
        int[] uses = new int[m];
        try (Matrix one = primitives.matrix(smaller)) {
            Balls around = balls(one, smallerName);
            for (int part = 0; part < parts; part++) {
                int from = parts == 1 ? 0 : (int) ((long) part * (m - n) / (parts - 1));
                try (INDArray rows = larger.getRows(Arrays.copyOfRange(order, from, from + n));
                        Matrix other = primitives.matrix(rows)) {
                    Balls aroundOther = balls(other, largerName);
                    int[] strangers = new int[n];
                    int[] strangersOfOther = new int[n];
                    count(one, around.radii(), strangers, other, aroundOther.radii(), strangersOfOther);
                    add(around, strangers, ours, 0);
                    add(aroundOther, strangersOfOther, theirs, from);
                }
                for (int i = from; i < from + n; i++) {
                    uses[i]++;
                }
            }
        }
        int[] always = new int[n];
        Arrays.fill(always, parts);
        NearestNeighbours.Estimate p = mean(ours, always);
        NearestNeighbours.Estimate q = mean(theirs, uses);
        // Of samples that don't overlap it would be ln 2 + 1 / 4n.
        double value = Gamma.digamma(2.0 * n) - Gamma.digamma(n) + (p.value() + q.value()) / 2;
        return new NearestNeighbours.Estimate(
                Math.min(Math.log(2), value), Math.hypot(p.standardError(), q.standardError()) / 2);
    }

    /**
     * Around the points of a sample, as far as their k-th neighbours in it.
     *
     * @param counts of points of that sample within, the centres left out: k, or more where several are as far
     */
    private record Balls(double[] radii, int[] counts) {}

    private Balls balls(Matrix points, String name) {
        int asked = Math.min(k + 2, n); // itself, k neighbours, and one more that tells whether others are as far
        double[] distances = primitives.neighbours(points, points, asked).distances();
        double[] radii = new double[n];
        Arrays.setAll(radii, i -> distances[i * asked + k]);
        NearestNeighbours.requireDistinct(radii, name, k);
        int[] counts = new int[n];
        if (IntStream.range(0, n).anyMatch(i -> k + 1 < asked && distances[i * asked + k + 1] <= radii[i] * SAME)) {
            double[] none = new double[n];
            Arrays.fill(none, -1);
            count(points, radii, counts, points, none, new int[n]);
            Arrays.setAll(counts, i -> counts[i] - 1);
        } else {
            Arrays.fill(counts, k);
        }
        return new Balls(radii, counts);
    }

    private void add(Balls balls, int[] strangers, double[] terms, int from) {
        for (int i = 0; i < n; i++) {
            int own = balls.counts()[i];
            terms[from + i] += Gamma.digamma(own) - Gamma.digamma(own + strangers[i]);
        }
    }

    /** Adds to the counts of n points of a how many of n points of b are within their radii, and the other way round; tile by tile. */
    private void count(Matrix a, double[] radiiA, int[] countsA, Matrix b, double[] radiiB, int[] countsB) {
        double[] reachB = Arrays.stream(radiiB).map(r -> r * SAME).toArray();
        for (int row = 0; row < n; row += TILE_ROWS) {
            int rows = Math.min(TILE_ROWS, n - row);
            for (int column = 0; column < n; column += TILE_COLUMNS) {
                int columns = Math.min(TILE_COLUMNS, n - column);
                primitives.distances(a, row, rows, b, column, columns, Metric.EUCLIDEAN, tile);
                for (int i = 0; i < rows; i++) {
                    double reach = radiiA[row + i] * SAME;
                    int within = 0;
                    for (int j = 0; j < columns; j++) {
                        double distance = tile[i * columns + j];
                        within += distance <= reach ? 1 : 0;
                        countsB[column + j] += distance <= reachB[column + j] ? 1 : 0;
                    }
                    countsA[row + i] += within;
                }
            }
        }
    }

    /** The mean of all terms, and its standard error if those of different points are independent. */
    private static NearestNeighbours.Estimate mean(double[] sums, int[] uses) {
        double terms = Arrays.stream(uses).sum();
        double mean = Arrays.stream(sums).sum() / terms;
        double squares = 0;
        for (int i = 0; i < sums.length; i++) {
            squares += (sums[i] - uses[i] * mean) * (sums[i] - uses[i] * mean);
        }
        double unbiased = (double) sums.length / (sums.length - 1);
        return new NearestNeighbours.Estimate(mean, Math.sqrt(squares * unbiased) / terms);
    }
}

package org.latent4j.clustering;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.Philox;

/**
 * First centres for k-means among the points themselves.
 *
 * <p>k-means++ draws each next centre with probability proportional to weight times squared distance from the nearest centre so far; of
 * 2 + ln k such candidates the one that lowers the sum of these most is taken. Distances are sums of squared differences in double.
 *
 * <p>Source: Arthur, Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007, with the greedy candidates of its section 5.
 */
final class PlusPlus {
    private final Columns points;
    private final double[] weights; // null: 1 each
    private final Philox random;
    private final double[] squared; // to the nearest centre so far
    private final int blocks;

    private PlusPlus(Columns points, double[] weights, Philox random) {
        this.points = points;
        this.weights = weights;
        this.random = random;
        this.squared = new double[points.n()];
        this.blocks = points.blocks();
        Arrays.fill(squared, Double.POSITIVE_INFINITY);
    }

    /** Row indices of k centres; a point is drawn again only when all points lie on centres. */
    static int[] draw(Columns points, double[] weights, int k, Philox random) {
        return new PlusPlus(points, weights, random).draw(k);
    }

    /** k different points, each as likely as its weight. */
    static int[] drawRandom(int n, double[] weights, int k, Philox random) {
        double[] left = new double[n];
        Arrays.setAll(left, i -> weights == null ? 1 : weights[i]);
        int[] drawn = new int[k];
        boolean[] taken = new boolean[n];
        double total = Arrays.stream(left).sum();
        for (int c = 0; c < k; c++) {
            double at = random.nextDouble() * total;
            int i = 0;
            int lastFree = -1;
            for (; i < n; i++) {
                lastFree = taken[i] ? lastFree : i;
                at -= left[i];
                if (at < 0 && !taken[i]) {
                    break;
                }
            }
            int chosen = i < n ? i : lastFree;
            drawn[c] = chosen;
            taken[chosen] = true;
            total -= left[chosen];
            left[chosen] = 0;
        }
        return drawn;
    }

    private int[] draw(int k) {
        int[] centres = new int[k];
        double[] masses = new double[blocks];
        for (int block = 0; block < blocks; block++) {
            for (int i = start(block); i < end(block); i++) {
                masses[block] += weight(i);
            }
        }
        centres[0] = sample(masses, false);
        masses = take(centres[0]);
        int candidates = 2 + (int) Math.log(k);
        for (int c = 1; c < k; c++) {
            int[] tried = new int[candidates];
            for (int t = 0; t < candidates; t++) {
                tried[t] = sample(masses, true);
            }
            centres[c] = best(tried);
            masses = take(centres[c]);
        }
        return centres;
    }

    private int start(int block) {
        return Columns.first(block);
    }

    private int end(int block) {
        return start(block) + points.size(block);
    }

    private double weight(int i) {
        return weights == null ? 1 : weights[i];
    }

    /** A point with probability proportional to its weight, or to weight times squared distance. */
    private int sample(double[] masses, boolean byDistance) {
        double total = Arrays.stream(masses).sum();
        if (!(total > 0)) {
            return random.nextInt(points.n());
        }
        double at = random.nextDouble() * total;
        int block = 0;
        while (block < blocks - 1 && at >= masses[block]) {
            at -= masses[block++];
        }
        int last = -1;
        for (int i = start(block); i < end(block); i++) {
            double mass = byDistance ? weight(i) * squared[i] : weight(i);
            last = mass > 0 ? i : last;
            at -= mass;
            if (at < 0 && mass > 0) {
                return i;
            }
        }
        // Rounding went past the last point of the block.
        return last >= 0 ? last : random.nextInt(points.n());
    }

    /** The candidate that leaves the smallest sum of weighted squared distances. */
    private int best(int[] tried) {
        double[][] rows = new double[tried.length][];
        Arrays.setAll(rows, t -> points.row(tried[t]));
        double[][] sums = new double[blocks][tried.length];
        IntStream.range(0, blocks).parallel().forEach(block -> {
            double[] distances = new double[Columns.BLOCK];
            for (int t = 0; t < tried.length; t++) {
                points.squared(rows[t], block, distances);
                double sum = 0;
                for (int i = start(block), j = 0; i < end(block); i++, j++) {
                    sum += weight(i) * Math.min(squared[i], distances[j]);
                }
                sums[block][t] = sum;
            }
        });
        double[] totals = new double[tried.length];
        for (double[] block : sums) {
            for (int t = 0; t < tried.length; t++) {
                totals[t] += block[t];
            }
        }
        int best = 0;
        for (int t = 1; t < tried.length; t++) {
            best = totals[t] < totals[best] ? t : best;
        }
        return tried[best];
    }

    /** Adds a centre: the weighted squared distances, summed by block. */
    private double[] take(int centre) {
        double[] row = points.row(centre);
        double[] masses = new double[blocks];
        IntStream.range(0, blocks).parallel().forEach(block -> {
            double[] distances = new double[Columns.BLOCK];
            points.squared(row, block, distances);
            for (int i = start(block), j = 0; i < end(block); i++, j++) {
                squared[i] = Math.min(squared[i], distances[j]);
                masses[block] += weight(i) * squared[i];
            }
        });
        return masses;
    }
}

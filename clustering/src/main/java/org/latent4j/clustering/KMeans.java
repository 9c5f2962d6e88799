package org.latent4j.clustering;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * k-means: k centres that lower the sum of weighted squared distances from each point to its nearest centre.
 *
 * <p>Points are (n, p), weights n numbers of at least 0. Labels are exact: the nearest centre in double arithmetic, the lowest index among
 * equals; the same bits at any number of threads. Throws {@link DataException} for NaN or infinite values, k above n, and weights or
 * centres that don't fit.
 *
 * <p>Sources: Lloyd (1982); Arthur, Vassilvitskii (2007) for the start.
 */
public final class KMeans {
    private KMeans() {}

    public static KMeansModel fit(INDArray points, KMeansOptions options, Primitives primitives) {
        return fit(points, null, options, primitives, IterationListener.NONE);
    }

    /** With a weight for each point, or null for 1 each: a weight of 3 does what the point three times would do. */
    public static KMeansModel fit(
            INDArray points,
            double[] weights,
            KMeansOptions options,
            Primitives primitives,
            IterationListener listener) {
        Points checked = Points.of(points).requireSquares();
        check(checked, weights, options);
        boolean drawn = options.centres() == null;
        Columns columns =
                drawn && options.start() == KMeansOptions.Start.PLUS_PLUS && options.k() > 1 ? checked.columns() : null;
        double meanVariance = options.stop() == KMeansOptions.Stop.CENTRES ? meanVariance(checked) : 0;
        double[] costs = new double[options.restarts()];
        Lloyd.Run best = null;
        try (Matrix matrix = primitives.matrix(checked.array())) {
            for (int restart = 0; restart < costs.length; restart++) {
                Philox random = new Philox(options.seed(), Philox.Purpose.CLUSTER_START, restart);
                double[] start =
                        drawn ? start(checked, columns, weights, options, random) : flat(Points.of(options.centres()));
                Lloyd.Run run =
                        new Lloyd(checked, matrix, weights, options, primitives).from(start, meanVariance, listener);
                costs[restart] = run.inertia();
                if (best == null || run.inertia() < best.inertia()) {
                    best = run;
                }
            }
            long[] sizes = new long[options.k()];
            double[] clusterWeights = new double[options.k()];
            for (int i = 0; i < best.labels().length; i++) {
                sizes[best.labels()[i]]++;
                clusterWeights[best.labels()[i]] += weights == null ? 1 : weights[i];
            }
            return new KMeansModel(
                    best.centres(),
                    best.labels(),
                    best.inertia(),
                    best.costHistory(),
                    best.iterations(),
                    best.stopped(),
                    sizes,
                    clusterWeights,
                    best.reseeded(),
                    distinct(best.centres()),
                    costs,
                    options.seed(),
                    primitives.device());
        }
    }

    /** The nearest of these centres (k, p) for each point. */
    public static int[] assign(INDArray points, INDArray centres, Primitives primitives) {
        return KMeansModel.predict(Points.of(centres).array(), points, primitives);
    }

    private static double[] start(
            Points points, Columns columns, double[] weights, KMeansOptions options, Philox random) {
        int k = options.k();
        int[] drawn = columns == null
                ? PlusPlus.drawRandom(points.n(), weights, k, random)
                : PlusPlus.draw(columns, weights, k, random);
        double[] start = new double[k * points.features()];
        for (int c = 0; c < k; c++) {
            System.arraycopy(points.row(drawn[c]), 0, start, c * points.features(), points.features());
        }
        return start;
    }

    private static double[] flat(Points points) {
        double[] values = new double[points.n() * points.features()];
        points.read(0, points.n(), values);
        return values;
    }

    static void check(Points points, double[] weights, KMeansOptions options) {
        if (options.k() > points.n()) {
            throw new DataException("k is " + options.k() + ", but there are only " + points.n()
                    + " points; ask for at most as many clusters as points");
        }
        if ((long) options.k() * points.features() > Integer.MAX_VALUE - 8) {
            throw new DataException(options.k() + " centres of " + points.features()
                    + " features are more than 2^31 numbers; ask for fewer clusters");
        }
        if (options.centres() != null && options.centres().size(1) != points.features()) {
            throw new DataException("the given start has " + options.centres().size(1)
                    + " features, but the points have " + points.features());
        }
        Weights.check(weights, points.n());
    }

    static int distinct(INDArray centres) {
        Points rows = Points.of(centres);
        Set<String> seen = new HashSet<>();
        for (int c = 0; c < rows.n(); c++) {
            seen.add(Arrays.toString(rows.row(c)));
        }
        return seen.size();
    }

    private static double meanVariance(Points points) {
        double sum = 0;
        Columns columns = points.columns();
        for (int f = 0; f < points.features(); f++) {
            double[] column = columns.column(f);
            double mean = Arrays.stream(column).sum() / column.length;
            double squares = 0;
            for (double value : column) {
                squares += (value - mean) * (value - mean);
            }
            sum += squares / column.length;
        }
        return sum / points.features();
    }
}

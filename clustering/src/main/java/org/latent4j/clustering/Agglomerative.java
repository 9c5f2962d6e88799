package org.latent4j.clustering;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Agglomerative clustering: from single points, the closest two clusters are merged until one is left.
 *
 * <p>Points are (n, p). Single, centroid, median and Ward linkage of points take O(n p) memory; complete, average and weighted linkage, and
 * all of given distances, up to 4 n^2 bytes (8 n^2 for few points, and for centroid and median of given distances). All cores are used for many points;
 * the result does not depend on how many there are. Distances are computed in double.
 *
 * <p>Throws {@link DataException} for NaN and infinite values, distances whose squares would be infinite, distances that are negative or
 * not those of all pairs, a metric that the linkage does not allow, points of length 0 in cosine distance, and more memory than there is.
 */
public final class Agglomerative {
    /** Up to so many points, one thread that has nothing to prepare is as fast as two that have, and twice as fast before Java has compiled either. */
    private static final int FEW = 2500;

    private static final int TILE_ROWS = 64;

    /** Of a distance or its square: sums of some of them are numbers. */
    private static final double MOST = Double.MAX_VALUE / 16;

    private Agglomerative() {}

    /** Of points in Euclidean distance. */
    public static LinkageTable fit(INDArray points, Linkage linkage) {
        return fit(points, linkage, Metric.EUCLIDEAN);
    }

    public static LinkageTable fit(INDArray points, Linkage linkage, Metric metric) {
        return fit(points, null, linkage, metric);
    }

    /**
     * With a weight above 0 for each point, or null for 1 each: a weight of 3 is what the point three times would be, once these were merged.
     * The table counts points, whatever they weigh.
     */
    public static LinkageTable fit(INDArray points, double[] weights, Linkage linkage, Metric metric) {
        return fit(points, weights, linkage, metric, FEW, Progress.NONE);
    }

    /** @param few points up to which the algorithms for few of them are taken */
    static LinkageTable fit(INDArray points, double[] weights, Linkage linkage, Metric metric, int few) {
        return fit(points, weights, linkage, metric, few, Progress.NONE);
    }

    private static LinkageTable fit(
            INDArray points, double[] weights, Linkage linkage, Metric metric, int few, Progress progress) {
        Points checked = Points.of(points);
        Weights.checkPositive(weights, checked.n());
        requireSuited(linkage, metric);
        int n = checked.n();
        if (n == 1) {
            return new LinkageTable(new int[0], new int[0], new double[0], new int[0]);
        }
        Columns columns = metric == Metric.COSINE ? UnitLength.of(checked) : checked.columns();
        double total = weights == null ? n : Arrays.stream(weights).sum();
        requireNumbers(columns, metric, linkage.isEuclidean() ? total : 1);
        return switch (linkage) {
            case SINGLE -> {
                boolean squares = metric == Metric.EUCLIDEAN;
                Metric compared = squares ? Metric.SQUARED_EUCLIDEAN : metric;
                yield n <= few
                        ? PrimTree.of(columns, compared, squares)
                        : SpanningTree.of(columns, compared, squares, progress);
            }
            case COMPLETE, AVERAGE, WEIGHTED -> {
                // The largest distance is the root of the largest square.
                boolean squares = metric == Metric.EUCLIDEAN && linkage == Linkage.COMPLETE;
                Metric inRows = squares ? Metric.SQUARED_EUCLIDEAN : metric;
                if (n <= few) {
                    refuseTooMuch(n, linkage, MatrixRows.bytes(n));
                    yield ChainMerges.of(
                            n, new MatrixRows(PointRows.plain(columns, inRows), linkage, weights), squares);
                }
                refuseTooMuch(n, linkage, RowClusters.bytes(n));
                yield ReciprocalMerges.of(
                        new RowClusters(PointRows.of(columns, inRows), linkage, squares, weights), progress);
            }
            case CENTROID, MEDIAN -> NearestMerges.of(n, new CentroidRows(columns, linkage, weights), true, progress);
            case WARD ->
                n <= few
                        ? ChainMerges.of(n, new CentroidRows(columns, linkage, weights), true)
                        : ReciprocalMerges.of(new WardClusters(columns, weights), progress);
        };
    }

    /** The same, merged by a device where that has merges of its own: other heights in the last digits, other choices among equal ones. */
    public static LinkageTable fit(INDArray points, Linkage linkage, Metric metric, Primitives primitives) {
        return fit(points, linkage, metric, primitives, Progress.NONE);
    }

    /** @param progress counts merges of more than 2,500 points, and all of centroid and median linkage; a device's own are not counted */
    public static LinkageTable fit(
            INDArray points, Linkage linkage, Metric metric, Primitives primitives, Progress progress) {
        return DeviceMerges.offeredBy(primitives, linkage, points.rank() == 2 ? points.size(0) : 0)
                ? DeviceMerges.of(points, linkage, metric, primitives)
                : fit(points, null, linkage, metric, FEW, progress);
    }

    /**
     * Of distances of all pairs in condensed form: (0,1), (0,2), ..., (0,n-1), (1,2), .... For centroid, median and Ward they are taken for
     * Euclidean ones.
     */
    public static LinkageTable fitDistances(double[] condensed, Linkage linkage) {
        return fitDistances(condensed, linkage, FEW, Progress.NONE);
    }

    /** @param progress as for points; nothing is counted for single linkage */
    public static LinkageTable fitDistances(double[] condensed, Linkage linkage, Progress progress) {
        return fitDistances(condensed, linkage, FEW, progress);
    }

    static LinkageTable fitDistances(double[] condensed, Linkage linkage, int few) {
        return fitDistances(condensed, linkage, few, Progress.NONE);
    }

    private static LinkageTable fitDistances(double[] condensed, Linkage linkage, int few, Progress progress) {
        int n = Condensed.check(condensed);
        boolean squares = linkage.isEuclidean();
        double largest = Arrays.stream(condensed).max().orElse(0);
        if (!(squares ? largest * largest * n <= MOST : largest <= MOST)) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "a distance is %.3g: %s are beyond the largest number, %.2g; divide all distances by a power of 10",
                    largest,
                    squares ? "squares of such distances" : "sums of such distances",
                    Double.MAX_VALUE));
        }
        RowSource source = new CondensedRows(condensed, n, squares, ReciprocalMerges.all(n));
        if (linkage == Linkage.SINGLE) {
            return SingleLinkage.of(source);
        }
        if (n <= few || linkage.canInvert()) {
            refuseTooMuch(n, linkage, MatrixRows.bytes(n));
            MatrixRows rows = new MatrixRows(source, linkage, null);
            return linkage.canInvert()
                    ? NearestMerges.of(n, rows, squares, progress)
                    : ChainMerges.of(n, rows, squares);
        }
        refuseTooMuch(n, linkage, RowClusters.bytes(n));
        return ReciprocalMerges.of(new RowClusters(source, linkage, squares), progress);
    }

    /** Of a square, symmetric matrix of distances with 0 on its diagonal. */
    public static LinkageTable fitDistances(double[][] square, Linkage linkage) {
        return fitDistances(condensed(square), linkage);
    }

    /** The condensed form of a square matrix of distances. */
    public static double[] condensed(double[][] square) {
        if (square.length < 2) {
            throw new DataException(
                    "a matrix of distances needs at least two points, but has " + square.length + " rows");
        }
        return Condensed.ofSquare(square);
    }

    /**
     * Distances of all pairs of points (n, p) in condensed form, to be compared with {@link LinkageTable#copheneticDistances}: n (n - 1) / 2
     * numbers. Throws for more than 65,536 points.
     */
    public static double[] distances(INDArray points, Metric metric, Primitives primitives) {
        Points checked = Points.of(points);
        if (metric == Metric.COSINE) {
            UnitLength.of(checked); // refuses points without a direction
        }
        int n = checked.n();
        double[] condensed = new double[Condensed.length(n)];
        double[] tile = new double[TILE_ROWS * n];
        try (Matrix matrix = primitives.matrix(checked.array())) {
            for (int from = 0; from < n - 1; from += TILE_ROWS) {
                int rows = Math.min(TILE_ROWS, n - from);
                int columns = n - from; // those before have been paired
                primitives.distances(matrix, from, rows, matrix, from, columns, metric, tile);
                for (int i = 0; i < rows && from + i < n - 1; i++) {
                    int at = Condensed.index(n, from + i, from + i + 1);
                    System.arraycopy(tile, i * columns + i + 1, condensed, at, columns - i - 1);
                }
            }
        }
        return condensed;
    }

    static void requireSuited(Linkage linkage, Metric metric) {
        if (linkage.isEuclidean() && metric != Metric.EUCLIDEAN) {
            throw new DataException(linkage.name().toLowerCase(Locale.ROOT)
                    + " linkage is defined by means of points in Euclidean distance, but the metric is "
                    + metric.name().toLowerCase(Locale.ROOT)
                    + "; use single, complete, average or weighted linkage");
        }
    }

    /** Distances and their squares, times so much, have to be numbers: infinite ones have no order. */
    private static void requireNumbers(Columns columns, Metric metric, double times) {
        boolean squares = metric == Metric.EUCLIDEAN || metric == Metric.SQUARED_EUCLIDEAN;
        double most = 0;
        double widest = 0;
        int feature = 0;
        for (int f = 0; f < columns.features(); f++) {
            DoubleSummaryStatistics values = Arrays.stream(columns.column(f)).summaryStatistics();
            double width = values.getMax() - values.getMin();
            most += squares ? width * width : width;
            feature = width > widest ? f : feature;
            widest = Math.max(widest, width);
        }
        if (!(most * times <= MOST)) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "column %d is %.3g wide: %s such distances are beyond the largest number, %.2g; divide all columns by a power of 10",
                    feature + 1,
                    widest,
                    squares ? "squares of" : "sums of",
                    Double.MAX_VALUE));
        }
    }

    private static void refuseTooMuch(int n, Linkage linkage, long bytes) {
        long free = freeMemory();
        if (bytes > free) { // what earlier calls have left counts as used until it is collected
            System.gc();
            free = freeMemory();
        }
        if (bytes > free) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s linkage of %,d points needs up to %,d bytes for distances, but Java has %,d left; "
                            + "use ward or single linkage, or hybrid, which need none, or more memory: JAVA_OPTS=-Xmx%dg",
                    linkage.name().toLowerCase(Locale.ROOT),
                    n,
                    bytes,
                    free,
                    (bytes >> 30) + 2));
        }
    }

    private static long freeMemory() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }

    /** Rows of given distances. */
    private record CondensedRows(double[] distances, int n, boolean squared, int[] order) implements RowSource {
        @Override
        public boolean scan(int[] which, int from, int to, ShortLists nearest) {
            return false;
        }

        @Override
        public void rows(int[] points, int count, double[][] out) {
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < n; j++) {
                    int point = order[j];
                    double distance = point == points[i] ? 0 : distances[Condensed.index(n, points[i], point)];
                    out[i][j] = squared ? distance * distance : distance;
                }
            }
        }

        @Override
        public CondensedRows inOrder(int[] points) {
            return new CondensedRows(distances, n, squared, points);
        }
    }
}

package org.latent4j.clustering;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.latent4j.compute.Metric;

/**
 * Points put into an order in which those of a block are near each other, with the box around each block: blocks that are too far from a point
 * need not be compared with it.
 *
 * <p>Source of the order: Bentley, "Multidimensional binary search trees used for associative searching", Comm. ACM 18 (1975) 509.
 *
 * @param order by new index: the index of the point as it was given
 * @param columns the points in that order
 * @param low (blocks, p): the least value of each feature
 * @param high (blocks, p)
 * @param the mean of each block
 * @param radius by block: how far its points are from its mean in Euclidean distance, at most
 */
record SpatialBlocks(int[] order, Columns columns, double[][] low, double[][] high, Columns means, double[] radius) {
    /** Of cosine distances by squared ones, against rounding. */
    private static final double SLACK = 1e-12;

    private static final int TWO_MEANS_STEPS = 2;

    static SpatialBlocks of(Columns points) {
        int[] order = ReciprocalMerges.all(points.n());
        sort(points, order);
        Columns columns = new Columns(points.n(), points.features());
        for (int i = 0; i < order.length; i++) {
            for (int f = 0; f < points.features(); f++) {
                columns.set(i, f, points.get(order[i], f));
            }
        }
        double[][] low = new double[columns.blocks()][points.features()];
        double[][] high = new double[columns.blocks()][points.features()];
        for (int block = 0; block < columns.blocks(); block++) {
            for (int f = 0; f < points.features(); f++) {
                limits(columns.values()[block][f], f, low[block], high[block]);
            }
        }
        Columns means = new Columns(columns.blocks(), points.features());
        double[] radius = new double[columns.blocks()];
        double[] squares = new double[Columns.BLOCK];
        for (int block = 0; block < columns.blocks(); block++) {
            for (int f = 0; f < points.features(); f++) {
                double[] values = columns.values()[block][f];
                means.set(block, f, Arrays.stream(values).sum() / values.length);
            }
            columns.squared(means.row(block), block, squares);
            for (int i = 0; i < columns.size(block); i++) {
                radius[block] = Math.max(radius[block], Math.sqrt(squares[i]));
            }
        }
        return new SpatialBlocks(order, columns, low, high, means, radius);
    }

    private static void limits(double[] values, int feature, double[] low, double[] high) {
        low[feature] = values[0];
        high[feature] = values[0];
        for (double value : values) {
            low[feature] = Math.min(low[feature], value);
            high[feature] = Math.max(high[feature], value);
        }
    }

    /**
     * Cuts ranges between whole blocks until a range is one block: at first in halves across the feature of the largest spread, then, as two
     * means say, between them.
     */
    private static void sort(Columns points, int[] order) {
        double[][] rows = new double[points.n()][];
        Arrays.setAll(rows, points::row);
        double[] key = new double[points.n()];
        List<int[]> ranges = List.of(new int[] {0, points.n()});
        while (!ranges.isEmpty()) {
            ranges = ranges.parallelStream()
                    .filter(range -> range[1] - range[0] > Columns.BLOCK)
                    .flatMap(range -> {
                        int middle = cut(rows, order, key, range[0], range[1]);
                        return Stream.of(new int[] {range[0], middle}, new int[] {middle, range[1]});
                    })
                    .toList();
        }
    }

    private static int cut(double[][] rows, int[] order, double[] key, int from, int to) {
        int feature = widest(rows, order, from, to);
        for (int i = from; i < to; i++) {
            key[order[i]] = rows[order[i]][feature];
        }
        int middle = betweenBlocks((from + to) / 2, from, to);
        select(order, key, from, to - 1, middle);
        for (int step = 0; step < TWO_MEANS_STEPS; step++) {
            double[] a = mean(rows, order, from, middle);
            double[] b = mean(rows, order, middle, to);
            int left = 0;
            for (int i = from; i < to; i++) {
                double[] x = rows[order[i]];
                double nearer = 0;
                for (int f = 0; f < a.length; f++) {
                    nearer += (x[f] - a[f] / 2 - b[f] / 2) * (b[f] - a[f]);
                }
                key[order[i]] = nearer; // below 0: to a
                left += nearer < 0 ? 1 : 0;
            }
            middle = betweenBlocks(from + left, from, to);
            select(order, key, from, to - 1, middle);
        }
        return middle;
    }

    /** The nearest multiple of a block's size within a range that has one. */
    private static int betweenBlocks(int at, int from, int to) {
        int nearest = (at + Columns.BLOCK / 2) / Columns.BLOCK * Columns.BLOCK;
        int last = (to - 1) / Columns.BLOCK * Columns.BLOCK;
        return Math.max(from + Columns.BLOCK, Math.min(last, nearest));
    }

    private static double[] mean(double[][] rows, int[] order, int from, int to) {
        double[] mean = new double[rows[0].length];
        for (int i = from; i < to; i++) {
            double[] row = rows[order[i]];
            for (int f = 0; f < mean.length; f++) {
                mean[f] += row[f] / (to - from);
            }
        }
        return mean;
    }

    private static int widest(double[][] rows, int[] order, int from, int to) {
        double[] low = rows[order[from]].clone();
        double[] high = low.clone();
        for (int i = from; i < to; i++) {
            double[] row = rows[order[i]];
            for (int f = 0; f < row.length; f++) {
                low[f] = Math.min(low[f], row[f]);
                high[f] = Math.max(high[f], row[f]);
            }
        }
        int widest = 0;
        for (int f = 0; f < low.length; f++) {
            widest = high[f] - low[f] > high[widest] - low[widest] ? f : widest;
        }
        return widest;
    }

    /** Hoare's selection: afterwards no key before {@code at} is above those from there on. */
    static void select(int[] order, double[] key, int first, int last, int at) {
        int low = first;
        int high = last;
        while (low < high) {
            double pivot = key[order[(low + high) >>> 1]];
            int i = low;
            int j = high;
            while (i <= j) {
                while (key[order[i]] < pivot) {
                    i++;
                }
                while (key[order[j]] > pivot) {
                    j--;
                }
                if (i <= j) {
                    int swapped = order[i];
                    order[i++] = order[j];
                    order[j--] = swapped;
                }
            }
            if (at <= j) {
                high = j;
            } else if (at >= i) {
                low = i;
            } else {
                return;
            }
        }
    }

    int n() {
        return order.length;
    }

    /**
     * No point of the block is nearer than this to one between {@code least} and {@code most}, in the numbers that {@link Columns#distances}
     * gives: rounding can't change the order of sums whose terms are in that order.
     */
    double atLeast(Metric metric, double[] least, double[] most, int block) {
        double[] from = low[block];
        double[] to = high[block];
        double sum = 0;
        double largest = 0;
        for (int f = 0; f < least.length; f++) {
            double gap = Math.max(0, Math.max(from[f] - most[f], least[f] - to[f]));
            largest = Math.max(largest, gap);
            sum += metric == Metric.MANHATTAN ? gap : gap * gap;
        }
        return switch (metric) {
            case SQUARED_EUCLIDEAN, MANHATTAN -> sum;
            case EUCLIDEAN -> Math.sqrt(sum);
            case CHEBYSHEV -> largest;
            case COSINE -> Math.max(0, sum / 2 - SLACK);
        };
    }

    /** No point of a block is nearer to this one than that, by block: the triangle inequality with its mean. */
    double[] atLeast(Metric metric, double[] point) {
        double[] distances = new double[columns.blocks()];
        double rounding = (means.features() + 2) * 0x1p-50;
        double[] some = new double[Columns.BLOCK];
        for (int block = 0; block < means.blocks(); block++) {
            means.squared(point, block, some);
            System.arraycopy(some, 0, distances, Columns.first(block), means.size(block));
        }
        for (int block = 0; block < distances.length; block++) {
            double toMean = Math.sqrt(distances[block]);
            double gap = Math.max(0, toMean - radius[block] - rounding * (toMean + radius[block]));
            distances[block] = metric == Metric.COSINE ? Math.max(0, gap * gap / 2 - SLACK) : gap * gap;
        }
        return distances;
    }

    /** Blocks in ascending order of such distances, by block, up to their rounding to float. */
    static int[] nearestFirst(double[] distances) {
        long[] keys = new long[distances.length];
        for (int block = 0; block < keys.length; block++) {
            keys[block] = (long) Float.floatToIntBits((float) distances[block]) << Integer.SIZE | block;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }
}

package org.latent4j.clustering;

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
 */
record SpatialBlocks(int[] order, Columns columns, double[][] low, double[][] high) {
    /** Of cosine distances by squared ones, against rounding. */
    private static final double SLACK = 1e-12;

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
        return new SpatialBlocks(order, columns, low, high);
    }

    private static void limits(double[] values, int feature, double[] low, double[] high) {
        low[feature] = values[0];
        high[feature] = values[0];
        for (double value : values) {
            low[feature] = Math.min(low[feature], value);
            high[feature] = Math.max(high[feature], value);
        }
    }

    /** Halves ranges of whole blocks at the feature of the largest spread, until a range is one block. */
    private static void sort(Columns points, int[] order) {
        double[] key = new double[points.n()];
        int[][] stack = new int[64][];
        int depth = 0;
        stack[depth++] = new int[] {0, points.n()};
        while (depth > 0) {
            int[] range = stack[--depth];
            int blocks = (range[1] - range[0] + Columns.BLOCK - 1) / Columns.BLOCK;
            if (blocks <= 1) {
                continue;
            }
            int feature = widest(points, order, range[0], range[1]);
            for (int i = range[0]; i < range[1]; i++) {
                key[order[i]] = points.get(order[i], feature);
            }
            int middle = range[0] + blocks / 2 * Columns.BLOCK;
            select(order, key, range[0], range[1] - 1, middle);
            stack[depth++] = new int[] {range[0], middle};
            stack[depth++] = new int[] {middle, range[1]};
        }
    }

    private static int widest(Columns points, int[] order, int from, int to) {
        int widest = 0;
        double most = -1;
        for (int f = 0; f < points.features(); f++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int i = from; i < to; i++) {
                double value = points.get(order[i], f);
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
            if (high - low > most) {
                most = high - low;
                widest = f;
            }
        }
        return widest;
    }

    /** Hoare's selection: afterwards no key before {@code at} is above those from there on. */
    private static void select(int[] order, double[] key, int first, int last, int at) {
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
     * No point of the block is nearer than this, in the numbers that {@link Columns#distances} gives: rounding can't change the order of sums
     * whose terms are in that order.
     */
    double atLeast(Metric metric, double[] point, int block) {
        double[] from = low[block];
        double[] to = high[block];
        double sum = 0;
        double most = 0;
        for (int f = 0; f < point.length; f++) {
            double gap = Math.max(0, Math.max(from[f] - point[f], point[f] - to[f]));
            most = Math.max(most, gap);
            sum += metric == Metric.MANHATTAN ? gap : gap * gap;
        }
        return switch (metric) {
            case SQUARED_EUCLIDEAN, MANHATTAN -> sum;
            case EUCLIDEAN -> Math.sqrt(sum);
            case CHEBYSHEV -> most;
            case COSINE -> Math.max(0, sum / 2 - SLACK);
        };
    }

    /** Blocks in an order that begins at a block and goes away from it. */
    int[] outwards(int block) {
        int[] outwards = new int[columns.blocks()];
        int next = 0;
        for (int away = 0; next < outwards.length; away++) {
            if (block - away >= 0) {
                outwards[next++] = block - away;
            }
            if (away > 0 && block + away < outwards.length) {
                outwards[next++] = block + away;
            }
        }
        return outwards;
    }
}

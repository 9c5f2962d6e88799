package org.latent4j.clustering;

import java.util.Arrays;
import org.latent4j.compute.Metric;

/**
 * Rows of distances of points.
 *
 * @param ordered the same points, as rows go through them
 * @param screen of the squared or cosine distances; null: the metric has none
 */
record PointRows(Columns columns, Columns ordered, Metric metric, FloatScreen screen) implements RowSource {

    static PointRows of(Columns columns, Metric metric) {
        Metric screened = metric == Metric.EUCLIDEAN ? Metric.SQUARED_EUCLIDEAN : metric;
        FloatScreen screen = FloatScreen.serves(screened) ? new FloatScreen(columns, screened, null) : null;
        return new PointRows(columns, columns, metric, screen);
    }

    /** Without a screen. */
    static PointRows plain(Columns columns, Metric metric) {
        return new PointRows(columns, columns, metric, null);
    }

    @Override
    public int n() {
        return columns.n();
    }

    @Override
    public void rows(int[] points, int count, double[][] out) {
        double[] distances = new double[Columns.BLOCK];
        double[][] own = new double[count][];
        for (int i = 0; i < count; i++) {
            own[i] = columns.row(points[i]);
        }
        for (int block = 0; block < ordered.blocks(); block++) {
            for (int i = 0; i < count; i++) {
                ordered.distances(metric, own[i], block, distances);
                System.arraycopy(distances, 0, out[i], Columns.first(block), ordered.size(block));
            }
        }
    }

    @Override
    public PointRows inOrder(int[] points) {
        return new PointRows(columns, columns.inOrder(points), metric, screen);
    }

    @Override
    public boolean scan(int[] which, int from, int to, ShortLists nearest) {
        if (screen == null) {
            return false;
        }
        int[] points = Arrays.copyOfRange(which, from, to);
        double[][] rows = Arrays.stream(points).mapToObj(columns::row).toArray(double[][]::new);
        FloatScreen.Queries queries = screen.new Queries(rows, null, new Search(points, nearest));
        for (int block = 0; block < columns.blocks(); block++) {
            queries.pass(block);
        }
        return true;
    }

    private final class Search implements FloatScreen.Search {
        private final int[] points;
        private final ShortLists nearest;

        Search(int[] points, ShortLists nearest) {
            this.points = points;
            this.nearest = nearest;
        }

        @Override
        public double limit(int query, int block) {
            double last = nearest.last(points[query]);
            return metric == Metric.EUCLIDEAN ? last * last : last;
        }

        @Override
        public void found(int query, int point, double distance) {
            if (point != points[query]) {
                nearest.offer(points[query], metric == Metric.EUCLIDEAN ? Math.sqrt(distance) : distance, point);
            }
        }
    }
}

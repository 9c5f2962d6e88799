package org.latent4j.clustering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latent4j.compute.Metric;

/** The judge is every distance in double. */
class FloatScreenTest {
    private static final int N = 600;
    private static final int P = 7;

    /** What a search was told of, by query. */
    private static final class Told implements FloatScreen.Search {
        private final double[] limits;
        private final boolean[][] points;
        private final double[][] distances;

        Told(double[] limits) {
            this.limits = limits;
            this.points = new boolean[limits.length][N];
            this.distances = new double[limits.length][N];
        }

        @Override
        public double limit(int query, int block) {
            return limits[query];
        }

        @Override
        public void found(int query, int point, double distance) {
            points[query][point] = true;
            distances[query][point] = distance;
        }
    }

    /** Far from the origin, tiny, huge, beyond what a float holds when squared, and as they come. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 1e-30, 1e25, 1e140, 1e-150})
    void missesNoneBelowALimit(double unit) {
        for (double offset : new double[] {0, 1e3, 1e9}) {
            Columns columns = new Columns(N, P);
            double[][] x = Clouds.normal(N, P, 5);
            x[17][2] = 1e6; // an outlier, which widens the scale
            x[18] = x[19].clone();
            double[][] sizes = new double[columns.blocks()][];
            for (int block = 0; block < sizes.length; block++) {
                sizes[block] = new double[columns.size(block)];
                Arrays.setAll(sizes[block], i -> 1 + i % 5);
            }
            for (int i = 0; i < N; i++) {
                for (int f = 0; f < P; f++) {
                    columns.set(i, f, (x[i][f] + offset) * unit);
                }
            }
            int told = check(columns, null) + check(columns, sizes);
            assertThat(told).isPositive();
            if (offset < 1e6 && unit > 1e-100 && unit < 1e100) {
                assertThat(told).isLessThan(2 * 16 * N / 2); // it does spare most
            }
        }
    }

    private static int check(Columns columns, double[][] sizes) {
        FloatScreen screen = new FloatScreen(columns, Metric.SQUARED_EUCLIDEAN, sizes);
        int count = 0;
        for (int first : new int[] {0, 16}) {
            double[][] rows = new double[FloatScreen.TOGETHER][];
            double[] own = new double[rows.length];
            double[] limits = new double[rows.length];
            for (int q = 0; q < rows.length; q++) {
                rows[q] = columns.row(first + q);
                own[q] = sizes == null ? 1 : sizes[0][first + q];
                double[] all = new double[N];
                for (int i = 0; i < N; i++) {
                    all[i] = distance(columns, rows[q], own[q], sizes, i);
                }
                Arrays.sort(all);
                limits[q] = all[2 + 7 * q]; // one is exactly as far: no rounding may hide it by less
            }
            Told told = new Told(limits);
            FloatScreen.Queries queries = screen.new Queries(rows, sizes == null ? null : own, told);
            for (int block = 0; block < columns.blocks(); block++) {
                queries.pass(block);
            }
            for (int q = 0; q < rows.length; q++) {
                for (int i = 0; i < N; i++) {
                    double exact = columns.squared(rows[q], i / Columns.BLOCK, i % Columns.BLOCK);
                    if (distance(columns, rows[q], own[q], sizes, i) < limits[q]) {
                        assertThat(told.points[q][i]).isTrue();
                    }
                    if (told.points[q][i]) {
                        assertThat(told.distances[q][i]).isEqualTo(exact);
                        count++;
                    }
                }
            }
        }
        return count;
    }

    private static double distance(Columns columns, double[] row, double own, double[][] sizes, int i) {
        double squared = columns.squared(row, i / Columns.BLOCK, i % Columns.BLOCK);
        double size = sizes == null ? 1 : sizes[i / Columns.BLOCK][i % Columns.BLOCK];
        return sizes == null ? squared : squared * 2 * own * size / (own + size);
    }

    @Test
    void distancesOfOnePairAreThoseOfABlock() {
        Columns columns = new Columns(N, P);
        double[][] x = Clouds.normal(N, P, 6);
        for (int i = 0; i < N; i++) {
            for (int f = 0; f < P; f++) {
                columns.set(i, f, x[i][f]);
            }
        }
        double[] all = new double[Columns.BLOCK];
        columns.distances(Metric.SQUARED_EUCLIDEAN, x[3], 2, all);
        for (int i = 0; i < columns.size(2); i++) {
            assertThat(columns.squared(x[3], 2, i)).isEqualTo(all[i]);
        }
        columns.distances(Metric.COSINE, x[3], 2, all);
        for (int i = 0; i < columns.size(2); i++) {
            assertThat(columns.cosine(x[3], 2, i)).isEqualTo(all[i]);
        }
    }

    @Test
    void movedPointsAreFoundWhereTheyAreAndRemovedOnesNever() {
        Columns columns = new Columns(N, P);
        double[][] x = Clouds.normal(N, P, 7);
        for (int i = 0; i < N; i++) {
            for (int f = 0; f < P; f++) {
                columns.set(i, f, x[i][f]);
            }
        }
        FloatScreen screen = new FloatScreen(columns, Metric.SQUARED_EUCLIDEAN, null);
        for (int f = 0; f < P; f++) {
            columns.set(300, f, x[1][f] + 1e-5);
            columns.set(301, f, Double.POSITIVE_INFINITY);
        }
        screen.move(300, 1);
        screen.remove(301);
        Told told = new Told(new double[] {1e-3, 1e-3});
        FloatScreen.Queries queries = screen.new Queries(new double[][] {x[1], x[301]}, null, told);
        for (int block = 0; block < columns.blocks(); block++) {
            queries.pass(block);
        }
        assertThat(told.points[0][300]).isTrue();
        assertThat(told.points[1][301]).isFalse();
    }
}

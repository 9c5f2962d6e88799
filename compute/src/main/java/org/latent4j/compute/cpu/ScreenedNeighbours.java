package org.latent4j.compute.cpu;

import java.util.Arrays;
import org.latent4j.compute.SquaredDistance;

/**
 * The nearest points of each query by a fast product and exact sums: only points that a {@link Screen} can't exclude are measured.
 *
 * <p>With d the distance of a point x from a query c, |x| is at most |c| + d, so that the screen's score, negated, is at most
 * d^2 + error (2 |c| + d)^2, which is at most (1 + 2 error) d^2 + 8 error |c|^2: points whose score is higher than that for the k-th nearest so far
 * are no nearer. The others are offered in the order of their index, as the reference does, with the same sums.
 */
final class ScreenedNeighbours {
    /** Fewer features are compared as fast directly. */
    private static final int LEAST_FEATURES = 8;
    /** Of numbers to compare: below it a screen is not worth its making. */
    private static final double LEAST_WORK = 1e7;
    /** Roundings of sums in double, of limits in float, and products below the least float. */
    private static final double SLACK = 1 + 0x1p-20;

    private static final double UNDERFLOW = 0x1p-90;

    private final Points points;
    private final Points queries;
    private final Screen screen;
    private final int k;

    ScreenedNeighbours(Points points, Points queries, int k, Team team) {
        this.points = points;
        this.queries = queries;
        this.screen = points.fineScreen(team);
        this.k = k;
    }

    static boolean pays(Points points, Points queries) {
        return points.columns() >= LEAST_FEATURES
                && (double) points.rows() * queries.rows() * points.columns() >= LEAST_WORK;
    }

    void run(int[] indices, double[] distances, Team team) {
        long each = (queries.rows() + team.workers() - 1) / team.workers();
        int together = (int) Math.max(1, Math.min(Screen.CHUNK, each));
        int chunks = (int) ((queries.rows() + together - 1) / together);
        team.run(chunks, (chunk, worker) -> {
            int from = chunk * together;
            int count = (int) Math.min(together, queries.rows() - from);
            LowestHeap[] nearest = new Chunk(from, count, worker).search();
            for (int i = 0; i < count; i++) {
                int at = (from + i) * k;
                nearest[i].drain(indices, distances, at);
                for (int j = at; j < at + k; j++) {
                    distances[j] = Math.sqrt(distances[j]);
                }
            }
        });
    }

    /** Some queries side by side. */
    private final class Chunk {
        private final int worker;
        private final ScreenProduct product;
        private final ScreenProduct.Native packed;
        private final int rows;
        private final double[][] centres;
        private final LowestHeap[] nearest;
        private final double[] own; // 8 error |c|^2
        private final float[] limits;
        private final float[] scores = new float[Screen.LANES];
        private final Points.Buffer buffer = new Points.Buffer();
        private final boolean tooLong; // a query that no float can hold

        Chunk(int from, int count, int worker) {
            this.worker = worker;
            this.product = screen.product(worker);
            this.centres = queries.toDoubles(from, count);
            this.nearest = new LowestHeap[count];
            Arrays.setAll(nearest, i -> new LowestHeap(k));
            this.own = new double[count];
            this.limits = new float[count];
            boolean far = false;
            for (int i = 0; i < count; i++) {
                double length = screen.length(centres[i]);
                far |= length == Double.POSITIVE_INFINITY;
                own[i] = 8 * screen.error() * length * length;
                limits[i] = Float.POSITIVE_INFINITY;
            }
            this.tooLong = far;
            this.rows = product.rows(count);
            this.packed = new ScreenProduct.Native(
                    (long) rows * screen.depth() * screen.type().bytes());
            if (!tooLong) {
                screen.writeCentres(centres, 0, count, rows, packed.address());
            }
        }

        LowestHeap[] search() {
            for (int block = 0; block < screen.blocks(); block++) {
                int first = block * Screen.LANES;
                int inBlock = screen.pointsIn(block);
                if (tooLong || screen.hasUnpacked(block)) {
                    for (int i = 0; i < centres.length; i++) {
                        for (int point = first; point < first + inBlock; point++) {
                            offer(i, point);
                        }
                    }
                } else {
                    product.multiply(rows, packed.address(), screen.packed(block, worker));
                    for (int i = 0; i < centres.length; i++) {
                        product.scores().get(i * Screen.LANES, scores);
                        offerNear(i, first, inBlock);
                    }
                }
            }
            return nearest;
        }

        private void offerNear(int query, int first, int inBlock) {
            float limit = limits[query];
            for (int lane = 0; lane < inBlock; lane++) {
                if (-scores[lane] <= limit) {
                    offer(query, first + lane);
                    limit = limits[query];
                }
            }
        }

        private void offer(int query, int point) {
            points.read(point, 1, buffer);
            nearest[query].offer(SquaredDistance.of(buffer.doubles, 0, centres[query]), point);
            double highest = nearest[query].highest() * screen.scale() * screen.scale();
            limits[query] = (float) ((highest * (1 + 2 * screen.error()) + own[query] + UNDERFLOW) * SLACK);
        }
    }
}

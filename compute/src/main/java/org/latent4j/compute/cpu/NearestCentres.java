package org.latent4j.compute.cpu;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.latent4j.compute.SquaredDistance;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Nearest centres by a fast product and exact arithmetic.
 *
 * <p>A {@link Screen} gives all scores of a block of points, |x - c|^2 up to a bound that is proved, while they are in the processor's cache;
 * {@link LowestTwo} finds the lowest of each point. If no other score comes as near as the bound, the label is certain. Else the few centres that
 * may be nearest are compared by {@link SquaredDistance}.
 */
final class NearestCentres {
    private static final int MOST_CANDIDATES = 24;
    /** For products below the least float that the processor keeps. */
    private static final double UNDERFLOW = 0x1p-90;

    private final Points points;
    private final Screen screen;
    private final double[][] centres;
    private final int[] labels;
    private final double[] squared;
    private final int[] all;
    private final double longest;
    private final double error;
    private final int[] chunkRows;
    private final ScreenProduct.Native packedCentres;
    private final Worker[] workers;

    NearestCentres(Points points, double[][] centres, int[] labels, double[] squared, Team team) {
        this.points = points;
        this.screen = points.screen(team);
        this.centres = centres;
        this.labels = labels;
        this.squared = squared;
        this.all = IntStream.range(0, centres.length).toArray();
        this.longest = screen.longest(centres);
        this.error = screen.error();
        int chunks = (centres.length + Screen.CHUNK - 1) / Screen.CHUNK;
        this.chunkRows = new int[chunks];
        this.packedCentres = new ScreenProduct.Native(
                (long) chunks * Screen.CHUNK * screen.depth() * screen.type().bytes());
        for (int chunk = 0; chunk < chunks; chunk++) {
            chunkRows[chunk] = screen.product(0).rows(chunkSize(chunk));
            screen.writeCentres(centres, chunk * Screen.CHUNK, chunkSize(chunk), chunkRows[chunk], chunkAddress(chunk));
        }
        this.workers = new Worker[team.workers()];
        Arrays.setAll(workers, i -> new Worker(i));
    }

    private int chunkSize(int chunk) {
        return Math.min(Screen.CHUNK, centres.length - chunk * Screen.CHUNK);
    }

    private long chunkAddress(int chunk) {
        return packedCentres.address()
                + (long) chunk * Screen.CHUNK * screen.depth() * screen.type().bytes();
    }

    void run(Team team) {
        boolean exact = longest == Double.POSITIVE_INFINITY;
        team.run(screen.blocks(), (block, worker) -> workers[worker].run(block, exact));
    }

    /** State of one thread. */
    private final class Worker {
        private final int index;
        private final ScreenProduct product;
        private final FloatBuffer scores;
        private final LowestTwo lowest = new LowestTwo();
        private final Points.Buffer buffer;
        private final float[] least = new float[Screen.LANES]; // upper bounds of the lowest score
        private final float[] limit = new float[Screen.LANES]; // a centre with a higher score is not the nearest
        private final int[] count = new int[Screen.LANES]; // of candidates; negative if there are too many
        private final int[] candidates = new int[Screen.LANES * MOST_CANDIDATES];
        private final float[] lower = new float[Screen.LANES * MOST_CANDIDATES]; // bounds of the candidates' scores
        private final int[] open = new int[MOST_CANDIDATES];
        private final double[][] own = new double[4][]; // the nearest centres of four points

        Worker(int index) {
            this.index = index;
            this.product = screen.product(index);
            this.scores = product.scores();
            this.buffer = product.buffer();
        }

        void run(int block, boolean exact) {
            int inBlock = screen.pointsIn(block);
            long from = (long) block * Screen.LANES;
            Arrays.fill(least, Float.POSITIVE_INFINITY);
            Arrays.fill(limit, Float.POSITIVE_INFINITY);
            Arrays.fill(count, exact ? -1 : 0);
            long packed = exact ? 0 : screen.packed(block, index);
            for (int chunk = 0; chunk < chunkRows.length && !exact; chunk++) {
                product.multiply(chunkRows[chunk], chunkAddress(chunk), packed);
                lowest.scan(product, chunkSize(chunk));
                collect(chunk, from, inBlock);
            }
            for (int i = 0; i < inBlock; i++) {
                labels[(int) from + i] = decide(from, i);
            }
            if (squared != null) {
                measure(from, inBlock);
            }
        }

        private void collect(int chunk, long from, int inBlock) {
            for (int i = 0; i < inBlock; i++) {
                int first = lowest.first(i);
                float atLeast = Float.intBitsToFloat(first & ~LowestTwo.LABEL);
                if (!(atLeast <= limit[i])) {
                    continue;
                }
                float atMost = Float.intBitsToFloat(first | LowestTwo.LABEL);
                if (atMost < least[i]) {
                    least[i] = atMost;
                    limit[i] = limit(atMost, screen.radius(from + i));
                }
                if (Float.intBitsToFloat(lowest.second(i) & ~LowestTwo.LABEL) > limit[i]) {
                    add(i, chunk * Screen.CHUNK + (first & LowestTwo.LABEL), atLeast);
                } else {
                    addAll(i, chunk);
                }
            }
        }

        /**
         * Above this no score belongs to the nearest centre. With d the exact distance, |score - d^2| is at most error (|x| + |c|)^2; |c| is at most
         * that of the longest centre, and at most |x| + d, so that the square is at most 8 |x|^2 + 2 d^2 too.
         */
        private float limit(double least, double radius) {
            double length = radius + longest;
            double byLongest = least + 2 * error * length * length;
            double own = 8 * error * radius * radius;
            double byOwn = (least + own) * (1 + 2 * error) / (1 - 2 * error) + own;
            return (float) ((Math.min(byLongest, byOwn) + UNDERFLOW) * (1 + 0x1p-20));
        }

        private void addAll(int lane, int chunk) {
            int size = chunkSize(chunk);
            for (int k = 0; k < size && count[lane] >= 0; k++) {
                float score = Math.abs(scores.get(k * Screen.LANES + lane));
                if (score <= limit[lane]) {
                    add(lane, chunk * Screen.CHUNK + k, score);
                }
            }
        }

        private void add(int lane, int centre, float score) {
            if (count[lane] == MOST_CANDIDATES) {
                count[lane] = -1;
            }
            if (count[lane] >= 0) {
                int at = lane * MOST_CANDIDATES + count[lane]++;
                candidates[at] = centre;
                lower[at] = score;
            }
        }

        private int decide(long from, int lane) {
            int start = lane * MOST_CANDIDATES;
            if (count[lane] == 1) {
                return candidates[start];
            }
            int left = 0;
            for (int i = start; i < start + count[lane]; i++) {
                if (lower[i] <= limit[lane]) {
                    open[left++] = candidates[i];
                }
            }
            if (left == 1) {
                return open[0];
            }
            points.read(from + lane, 1, buffer);
            return left == 0
                    ? SquaredDistance.nearest(buffer.doubles, 0, centres, all, all.length)
                    : SquaredDistance.nearest(buffer.doubles, 0, centres, open, left);
        }

        /** Sums of four points side by side: each waits for its own last addition only. */
        private void measure(long from, int inBlock) {
            boolean floats = points.type() == DataType.FLOAT;
            if (floats) {
                points.readFloats(from, inBlock, buffer);
            } else {
                points.read(from, inBlock, buffer);
            }
            int p = points.columns();
            int i = 0;
            for (; i + 4 <= inBlock; i += 4) {
                for (int lane = 0; lane < 4; lane++) {
                    own[lane] = centres[labels[(int) from + i + lane]];
                }
                if (floats) {
                    SquaredDistance.ofFour(buffer.floats, i * p, own, squared, (int) from + i);
                } else {
                    SquaredDistance.ofFour(buffer.doubles, i * p, own, squared, (int) from + i);
                }
            }
            for (; i < inBlock; i++) {
                points.read(from + i, 1, buffer);
                squared[(int) from + i] = SquaredDistance.of(buffer.doubles, 0, centres[labels[(int) from + i]]);
            }
        }
    }
}

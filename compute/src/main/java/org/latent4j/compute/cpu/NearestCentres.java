package org.latent4j.compute.cpu;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Nearest centres by a fast product and exact arithmetic.
 *
 * <p>A {@link Screen} gives all scores of a block of points, -|x - c|^2 up to a bound that is proved, while they are in the processor's cache. Of
 * each point's scores, laid out as a grid, only the maxima of rows and columns leave native code: if one row and one column alone come nearer than
 * the bound of the first one's distance, the centre where they cross is certain to be the nearest. Else the few centres that may be nearest are
 * compared by {@link org.latent4j.compute.SquaredDistance}. Points whose label is certain by {@link MovingBounds} are left out.
 */
final class NearestCentres {
    /** Of comparisons for each point that a rough screen may leave open; a fine one costs as much. */
    private static final double MOST_OPEN = 1;

    final Points points;
    final Screen screen;
    final double[][] centres;
    final int[] labels;
    final MovingBounds bounds; // or null
    final int[] all;
    final double longest;
    final float[] perResidual;
    final float[] perRadius;
    final float mostPerResidual;
    final float mostPerRadius;
    private final int[] chunkRows;
    private final ScreenProduct.Native packedCentres;
    private final boolean refinable;
    private final AtomicLong open = new AtomicLong();

    private NearestCentres(
            Points points, Screen screen, double[][] centres, int[] labels, MovingBounds bounds, Team team) {
        this.points = points;
        this.screen = screen;
        this.centres = centres;
        this.labels = labels;
        this.bounds = bounds;
        this.all = IntStream.range(0, centres.length).toArray();
        double most = 0;
        int chunks = (centres.length + Screen.CHUNK - 1) / Screen.CHUNK;
        this.chunkRows = new int[chunks];
        this.perResidual = new float[chunks * Screen.CHUNK];
        this.perRadius = new float[chunks * Screen.CHUNK];
        float mostResidual = 0;
        for (int k = 0; k < centres.length; k++) {
            double length = screen.length(centres[k]);
            most = Math.max(most, length);
            perResidual[k] = screen.perResidual(length);
            perRadius[k] = screen.perRadius(centres[k]);
            mostResidual = Math.max(mostResidual, perRadius[k]);
        }
        this.longest = most;
        this.refinable = screen.form() == ScreenForm.ROUNDED && longest < Double.POSITIVE_INFINITY;
        this.mostPerResidual = screen.perResidual(most);
        this.mostPerRadius = mostResidual;
        this.packedCentres = new ScreenProduct.Native(
                (long) chunks * Screen.CHUNK * screen.depth() * screen.type().bytes());
        team.run(chunks, (chunk, worker) -> {
            chunkRows[chunk] = screen.product(worker).rows(chunkSize(chunk));
            screen.writeCentres(centres, chunk * Screen.CHUNK, chunkSize(chunk), chunkRows[chunk], chunkAddress(chunk));
        });
    }

    /** @param bounds null, or of the same points at other centres */
    static void find(Points points, double[][] centres, int[] labels, MovingBounds bounds, Team team) {
        Screen screen = points.screen(team);
        int[] some = bounds == null ? null : bounds.move(centres, screen.scale(), team);
        MovingBounds kept = bounds == null || bounds.isResting() ? null : bounds;
        NearestCentres search = new NearestCentres(points, screen, centres, labels, kept, team);
        if (!search.run(some, team)) {
            points.refine();
            new NearestCentres(points, points.screen(team), centres, labels, kept, team).run(some, team);
        }
        if (kept != null) {
            kept.finish(centres, labels);
        }
    }

    int chunks() {
        return chunkRows.length;
    }

    int chunkSize(int chunk) {
        return Math.min(Screen.CHUNK, centres.length - chunk * Screen.CHUNK);
    }

    /** As the product takes them. */
    int chunkRows(int chunk) {
        return chunkRows[chunk];
    }

    long chunkAddress(int chunk) {
        return packedCentres.address()
                + (long) chunk * Screen.CHUNK * screen.depth() * screen.type().bytes();
    }

    /** Finds labels of some points, or of all for null; false if it was given up, as too much is left open, which depends on the data alone. */
    private boolean run(int[] some, Team team) {
        NearestInBlock[] workers = new NearestInBlock[team.workers()];
        long mostOpen = (long) (MOST_OPEN * (some == null ? points.rows() : some.length));
        int blocks = some == null ? screen.blocks() : (some.length + Screen.LANES - 1) / Screen.LANES;
        team.run(blocks, (block, worker) -> {
            if (refinable && open.get() > mostOpen) {
                return;
            }
            if (workers[worker] == null) {
                workers[worker] = new NearestInBlock(this, worker);
            }
            open.addAndGet(
                    some == null
                            ? workers[worker].all(block)
                            : workers[worker].some(
                                    some, block * Screen.LANES, Math.min(some.length, (block + 1) * Screen.LANES)));
        });
        return !(refinable && open.get() > mostOpen);
    }
}

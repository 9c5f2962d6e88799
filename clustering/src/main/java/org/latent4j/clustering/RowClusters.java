package org.latent4j.clustering;

import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.IntStream;
import org.latent4j.clustering.RowStore.Row;

/**
 * Clusters known by their distances to all others: any linkage, from points of any metric or from given distances.
 *
 * <p>No matrix is held at first. A single point's row is computed when it is asked for; a merged cluster keeps its own. A row is brought up
 * to date by going through the merges since it was last used, in the row alone: so nothing is ever written across rows, and rows are worked
 * on in parallel. When many of the places are empty, all rows move together; after the first merges there are no rows yet, and that costs
 * nothing. From the move on that leaves half of the points' number, all clusters have a row. At most n^2 / 2 numbers are held at once, as many
 * as in a condensed matrix: before that move a row is kept for no more than each merge, after it for each cluster.
 */
final class RowClusters implements Clusters {
    private static final int PIECE = 128;
    /** So many lowest numbers of a row are kept to find the few lowest of all; a divisor of PIECE. */
    private static final int LANES = 32;
    /** Rows of single points that are made together: the points that they are compared with are read once. */
    private static final int TOGETHER = 4;
    /** Rows move together when no more than this share of their places is in use. */
    private static final double IN_USE = 0.65;
    /** Numbers of a cache line. */
    private static final int LINE = 8;

    private final RowSource source;
    private final boolean squares;
    private final int n;
    private RowStore store;
    private final Row[] rows; // by cluster, by place, and a rest; null: a single point, made when asked for
    private final int[] upTo; // by cluster: how many merges its row knows
    private final double[] sizeOfRow; // by cluster: without the merge that its row does not have yet
    private final int[] place; // by cluster
    private int[] clusterAt; // by place; -1: merged into another
    private double[] sizes; // by place
    private final FoldedRows singles; // while there are clusters without a row
    private boolean allHaveRows;
    private int alive;

    private final MergeLog log; // since the rows last moved together

    /** Not in use at the moment. Threads outlive these clusters: what belonged to a thread would stay, and all rows with it. */
    private final Deque<Work> idle = new ConcurrentLinkedDeque<>();

    /** What a thread works with: rows of single points, and pieces of rows, as Java compiles loops to vector instructions only from 0 on. */
    private static final class Work {
        private final int n;
        private final Row[] buffers = new Row[TOGETHER];
        private final int[] singles = new int[TOGETHER];
        private final double[][] numbers = new double[TOGETHER][];
        private final double[] a = new double[PIECE];
        private final double[] b = new double[PIECE];
        private final double[] nearest = new double[LANES];
        private double read; // so that Java does not leave out what is only read

        Work(int n) {
            this.n = n;
        }

        /** Numbers of a row of so many from a place on, a piece or what is left; how many. */
        static int copy(Row row, int from, double[] to, int length) {
            int count = Math.min(PIECE, length - from);
            System.arraycopy(row.numbers(), row.at() + from, to, 0, count);
            return count;
        }

        Row buffer(int i) {
            if (buffers[i] == null) {
                buffers[i] = new Row(new double[n], 0);
            }
            return buffers[i];
        }
    }

    /** Of clusters of one point each. */
    RowClusters(RowSource source, Linkage linkage, boolean squares) {
        this(source, linkage, squares, null);
    }

    /**
     * @param squares whether the source gives squares of the distances
     * @param sizes of what each of the source's points stands for; null: 1 each
     */
    RowClusters(RowSource source, Linkage linkage, boolean squares, double[] sizes) {
        this.source = source;
        this.squares = squares;
        this.n = source.n();
        this.store = new RowStore(n, n / 2 + 1);
        this.rows = new Row[n];
        this.upTo = new int[n];
        this.clusterAt = ReciprocalMerges.all(n);
        this.place = clusterAt.clone();
        this.sizes = sizes == null ? new double[n] : sizes.clone();
        if (sizes == null) {
            Arrays.fill(this.sizes, 1);
        }
        this.sizeOfRow = this.sizes.clone();
        this.alive = n;
        this.log = new MergeLog(n, linkage);
        this.singles = new FoldedRows(source, linkage, this.sizes);
    }

    /** The most bytes that rows of n points take. */
    static long bytes(int n) {
        return (long) n * n / 2 * Double.BYTES;
    }

    @Override
    public int n() {
        return n;
    }

    @Override
    public double height(double distance) {
        return squares ? Math.sqrt(distance) : distance;
    }

    @Override
    public void scan(int[] which, int first, int end, ShortLists nearest) {
        if (alive == n && source.scan(which, first, end, nearest)) {
            return;
        }
        Work work = work();
        for (int from = first; from < end; from += TOGETHER) {
            int[] some = Arrays.copyOfRange(which, from, Math.min(end, from + TOGETHER));
            Row[] found = rows(work, some);
            for (int i = 0; i < some.length; i++) {
                scan(work, some[i], upToDate(work, some[i], found[i], log.size()), nearest);
            }
        }
        idle.push(work);
    }

    private void scan(Work work, int c, Row row, ShortLists nearest) {
        double[] piece = work.a;
        double most = farthestOfNearest(work, row, nearest.length());
        for (int from = 0; from < sizes.length; from += PIECE) {
            int count = Work.copy(row, from, piece, sizes.length);
            if (Columns.anyBelow(piece, count, Math.min(most, nearest.last(c)))) {
                for (int at = 0; at < count; at++) {
                    if (piece[at] < most) {
                        nearest.offer(c, piece[at], clusterAt[from + at]);
                    }
                }
            }
        }
    }

    /**
     * A limit that at least so many numbers of a row are below, if it has as many, and few more: of the lowest numbers of LANES parts, that
     * many.
     */
    private double farthestOfNearest(Work work, Row row, int many) {
        double[] lowest = work.b;
        Arrays.fill(lowest, MergeLog.FAR);
        for (int from = 0; from < sizes.length; from += PIECE) {
            smallest(lowest, work.a, Work.copy(row, from, work.a, sizes.length));
        }
        double[] nearest = work.nearest;
        Arrays.fill(nearest, MergeLog.FAR);
        for (int lane = 0; lane < LANES; lane++) {
            double x = lowest[lane];
            for (int at = lane + LANES; at < PIECE; at += LANES) {
                x = Math.min(x, lowest[at]);
            }
            if (x < nearest[many - 1]) {
                int at = many - 1;
                for (; at > 0 && nearest[at - 1] > x; at--) {
                    nearest[at] = nearest[at - 1];
                }
                nearest[at] = x;
            }
        }
        return Math.min(MergeLog.FAR, Math.nextUp(nearest[many - 1]));
    }

    /** A loop of its own, that Java compiles to vector instructions. */
    private static void smallest(double[] a, double[] b, int count) {
        for (int j = 0; j < count; j++) {
            a[j] = Math.min(a[j], b[j]);
        }
    }

    private Work work() {
        Work work = idle.poll();
        return work != null ? work : new Work(n);
    }

    @Override
    public double distance(int cluster, int other) {
        // A single point's row is not kept, but nothing has changed since the other's row was made.
        return rows[cluster] == null
                ? at(rows[other], place[cluster])
                : at(upToDate(cluster, rows[cluster], log.size()), place[other]);
    }

    @Override
    public void merge(int[] kept, int[] gone, double[] heights) {
        mergeAndScan(kept, gone, heights, null);
    }

    @Override
    public void mergeAndScan(int[] kept, int[] gone, double[] heights, ShortLists nearest) {
        boolean first = alive == n;
        for (int i = 0; i < kept.length; i++) {
            int a = place[kept[i]];
            int b = place[gone[i]];
            log.add(a, b, sizes[a], sizes[b], heights[i]);
            sizes[a] += sizes[b];
            clusterAt[b] = -1;
            if (!allHaveRows) {
                singles.merge(kept[i], gone[i]);
            }
        }
        alive -= kept.length;
        boolean due =
                alive > 1 && (log.commutes() ? first || alive <= IN_USE * sizes.length : alive <= sizes.length / 2);
        if (due && log.commutes()) {
            moveTogether(kept, gone);
        }
        ReciprocalMerges.inChunks(kept.length, TOGETHER / 2, (from, to) -> {
            Work work = work();
            int[] some = IntStream.range(2 * from, 2 * to)
                    .map(i -> i % 2 == 0 ? kept[i / 2] : gone[i / 2])
                    .toArray();
            Row[] found = rows(work, some);
            for (int i = from; i < to; i++) {
                int at = 2 * (i - from);
                int c = kept[i];
                combine(work, c, gone[i], heights[i], found[at], found[at + 1]);
                if (nearest != null) { // while the row is in the cache
                    scan(work, c, upToDate(work, c, rows[c], log.size()), nearest);
                }
            }
            idle.push(work);
        });
        if (due && !log.commutes()) {
            moveTogether(kept, gone);
        }
    }

    /** The row of two clusters becomes that of one. */
    private void combine(Work work, int a, int b, double between, Row rowA, Row rowB) {
        // Both were searched, or moved, since they were merged themselves: rows know their own merges.
        int known = log.commutes() ? Math.max(upTo[a], upTo[b]) : log.size();
        upToDate(work, a, rowA, known);
        upToDate(work, b, rowB, known);
        Row target = rows[a] != null ? rows[a] : rows[b] != null ? rows[b] : store.take();
        double sizeA = sizeOfRow[a];
        double sizeB = sizeOfRow[b];
        for (int from = 0; from < sizes.length; from += PIECE) {
            int count = Work.copy(rowA, from, work.a, sizes.length);
            Work.copy(rowB, from, work.b, sizes.length);
            log.unite(work.a, work.b, count, sizeA, sizeB, between, sizes, from);
            System.arraycopy(work.a, 0, target.numbers(), target.at() + from, count);
        }
        target.numbers()[target.at() + place[a]] = MergeLog.FAR;
        target.numbers()[target.at() + place[b]] = MergeLog.FAR;
        if (rows[b] != null && rows[b] != target) {
            store.giveBack(rows[b]);
        }
        rows[b] = null;
        rows[a] = target;
        sizeOfRow[a] += sizeB;
        upTo[a] = known;
    }

    private static double at(Row row, int place) {
        return row.numbers()[row.at() + place];
    }

    /** The rows of some clusters; those of single points lie in buffers of {@code work} and know no merges. */
    private Row[] rows(Work work, int[] clusters) {
        Row[] found = new Row[clusters.length];
        int count = 0;
        for (int i = 0; i < clusters.length; i++) {
            found[i] = rows[clusters[i]];
            if (found[i] == null) {
                found[i] = work.buffer(i);
                work.singles[count] = clusters[i];
                work.numbers[count++] = found[i].numbers();
            }
        }
        if (count > 0) {
            singles.rows(work.singles, count, work.numbers);
        }
        for (int i = 0; i < clusters.length; i++) {
            int c = clusters[i];
            if (rows[c] == null) {
                found[i].numbers()[place[c]] = MergeLog.FAR;
                upTo[c] = 0;
            }
        }
        return found;
    }

    /** A row that knows the first so many merges. */
    private Row upToDate(Work work, int c, Row row, int to) {
        if (to - upTo[c] > sizes.length / (4 * LINE)) {
            work.read = readInOrder(row, sizes.length);
        }
        return upToDate(c, row, to);
    }

    private Row upToDate(int c, Row row, int to) {
        log.apply(row.numbers(), row.at(), upTo[c], to, sizeOfRow[c]);
        upTo[c] = to;
        return row;
    }

    /** Something from each cache line: they come quicker in their order than as merges jump about, in most of them. */
    private static double readInOrder(Row row, int length) {
        double sum = 0;
        for (int at = row.at(); at < row.at() + length; at += LINE) {
            sum += row.numbers()[at];
        }
        return sum;
    }

    /** After these merges, or before the rows of the pairs are united: the row of a gone one then is still in use. */
    private void moveTogether(int[] kept, int[] gone) {
        int[] clusters = Arrays.stream(clusterAt).filter(c -> c >= 0).toArray();
        boolean giving = !allHaveRows && alive <= n / 2;
        if (!allHaveRows && log.commutes()) {
            singles.arrange(clusters);
        } else if (giving) {
            giveRows(clusters); // while there is a place for each point
        }
        int[] from = Arrays.stream(clusters).map(c -> place[c]).toArray();
        int[] held = IntStream.range(0, n).filter(c -> rows[c] != null).toArray();
        ReciprocalMerges.inChunks(held.length, TOGETHER, (start, end) -> {
            Work work = work();
            for (int i = start; i < end; i++) {
                move(work, upToDate(work, held[i], rows[held[i]], log.size()), from);
            }
            idle.push(work);
        });
        store = store.shorter(alive);
        double[] allSizes = sizes;
        sizes = Arrays.stream(from).mapToDouble(at -> allSizes[at]).toArray();
        clusterAt = clusters;
        for (int at = 0; at < alive; at++) {
            place[clusters[at]] = at;
        }
        for (int i = 0; i < kept.length; i++) {
            place[gone[i]] = place[kept[i]];
        }
        Arrays.fill(upTo, 0);
        log.clear();
        if (giving && log.commutes()) {
            giveRows(clusters);
        }
        allHaveRows |= giving;
    }

    /** Rows of single points, to keep, where clusters have none. */
    private void giveRows(int[] clusters) {
        int[] which = Arrays.stream(clusters).filter(c -> rows[c] == null).toArray();
        ReciprocalMerges.inChunks(which.length, TOGETHER, (from, to) -> {
            int[] some = Arrays.copyOfRange(which, from, to);
            Work work = work();
            Row[] found = rows(work, some);
            for (int i = 0; i < some.length; i++) {
                Row row = store.take();
                System.arraycopy(found[i].numbers(), 0, row.numbers(), row.at(), sizes.length);
                rows[some[i]] = row;
            }
            idle.push(work);
        });
    }

    private static void move(Work work, Row row, int[] from) {
        double[] together = work.buffer(0).numbers();
        for (int at = 0; at < from.length; at++) {
            together[at] = row.numbers()[row.at() + from[at]];
        }
        System.arraycopy(together, 0, row.numbers(), row.at(), from.length);
    }
}

package org.latent4j.reduction.pca;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Data less their means, and divided by scales if there are any, in blocks of rows: a copy in memory, or made anew for each pass where the copy
 * would be too large.
 *
 * <p>Blocks depend on the sizes alone. Differences are taken in double before they are rounded to the type of the work, which an offset of the
 * columns therefore can't spoil.
 */
final class Centred implements AutoCloseable {
    /** Float sums of products over more rows than this lose digits; blocks are added up in double. */
    private static final int MOST_ROWS = 4096;

    private static final long BLOCK_NUMBERS = 1L << 26;
    private static final long LARGEST_COPY_BYTES = 4L << 30;
    /** A copy saves passes the centring, a small part of their work; a larger one is not worth its memory. */
    private static final long LARGEST_COPY_FOR_PASSES = 1L << 30;

    /** Products of so few operations are cheap enough to be done in double whatever the data are. */
    private static final double SMALL_WORK = 2e9;

    /** Work on one block: the index of its first row, and its numbers (rows, p), which are overwritten or freed afterwards. */
    @FunctionalInterface
    interface BlockWork {
        void accept(long from, INDArray block);
    }

    private final RowSource source;
    private final double[] mean;
    private final double[] scale; // null without
    private final DataType work;
    private final int blockRows;
    private HostArray copy; // null until asked for

    Centred(RowSource source, double[] mean, double[] scale) {
        this.source = source;
        this.mean = mean;
        this.scale = scale;
        this.work = work(source);
        this.blockRows =
                (int) Math.max(1, Math.min(source.rows(), Math.min(MOST_ROWS, BLOCK_NUMBERS / source.columns())));
    }

    long rows() {
        return source.rows();
    }

    int columns() {
        return source.columns();
    }

    /** The type in which products are computed. */
    DataType work() {
        return work;
    }

    /** Whether a copy is made, where one helps. */
    static boolean fitsInMemory(RowSource source) {
        return bytes(source) <= LARGEST_COPY_BYTES;
    }

    private static double bytes(RowSource source) {
        return (double) source.rows() * source.columns() * work(source).width();
    }

    private static DataType work(RowSource source) {
        double operations = 2.0 * source.rows() * source.columns() * Math.min(source.rows(), source.columns());
        return operations < SMALL_WORK ? DataType.DOUBLE : source.type();
    }

    /** All of it, (n, p). */
    INDArray whole() {
        if (copy == null) {
            copy = new HostArray(work, rows(), columns());
            fill(copy.array(), 0, rows());
        }
        return copy.array();
    }

    /** Goes through the rows, as often as it is called: a copy of moderate size is kept. */
    void forEachBlock(BlockWork task) {
        // An interval of the rows of one column comes out empty.
        forEachBlock(task, bytes(source) <= LARGEST_COPY_FOR_PASSES && columns() > 1);
    }

    /** Goes through the rows once and keeps nothing. */
    void forEachPassingBlock(BlockWork task) {
        forEachBlock(task, false);
    }

    private void forEachBlock(BlockWork task, boolean inMemory) {
        if (inMemory) {
            for (long from = 0; from < rows(); from += blockRows) {
                long to = Math.min(rows(), from + blockRows);
                task.accept(from, whole().get(NDArrayIndex.interval(from, to), NDArrayIndex.all()));
            }
            return;
        }
        HostArray block = null; // used again, as fresh memory costs more than filling it
        try {
            for (long from = 0; from < rows(); from += blockRows) {
                long to = Math.min(rows(), from + blockRows);
                if (block != null && block.array().size(0) != to - from) {
                    block.close();
                    block = null;
                }
                block = block == null ? new HostArray(work, to - from, columns()) : block;
                fill(block.array(), from, to);
                task.accept(from, block.array());
            }
        } finally {
            if (block != null) {
                block.close();
            }
        }
    }

    private void fill(INDArray out, long from, long to) {
        Numbers numbers = new Numbers(out);
        int p = columns();
        boolean isFloat = source.type() == DataType.FLOAT && work == DataType.FLOAT;
        Stretch.forEach(source, from, to, (i, stretch) -> {
            long at = (stretch.from() - from) * p;
            if (isFloat) {
                numbers.write(at, stretch.centredFloats(mean, scale), stretch.rows() * p);
                return;
            }
            double[] row = new double[p];
            for (int r = 0; r < stretch.rows(); r++) {
                stretch.difference(r, mean, row);
                for (int j = 0; scale != null && j < p; j++) {
                    row[j] /= scale[j];
                }
                numbers.write(at + (long) r * p, row, p);
            }
        });
    }

    @Override
    public void close() {
        if (copy != null) {
            copy.close();
            copy = null;
        }
    }
}

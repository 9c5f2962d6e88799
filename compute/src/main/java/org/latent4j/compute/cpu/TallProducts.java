package org.latent4j.compute.cpu;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.latent4j.compute.cpu.OpenBlas.Operand;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Products that go once through the rows of a long matrix, in parts of rows that a core multiplies alone: where to cut depends on the shape
 * alone, and the parts are added in double in their order.
 */
final class TallProducts implements AutoCloseable {
    /** Of wider matrices the parts' results would take too much memory, and tiles of one product are large enough for all cores. */
    private static final int MOST_COLUMNS = 4096;

    private static final int SCATTER_ROWS = 1024;
    private static final int IMAGE_ROWS = 512;
    /** Parts whose results are held at once. */
    private static final int PARTS = 8;
    /** Rows of the result that a task adds up. */
    private static final int BAND = 64;

    /** Memory for parts that is kept for the next call: the first touch of new memory costs as much as what is done there. */
    private static final long KEPT_BYTES = 64L << 20;

    private final Team team;
    private Pointer kept;
    private long keptBytes;

    TallProducts(Team team) {
        this.team = team;
    }

    /** Adds x^T x to the lower triangle of a sum. */
    void addScatter(INDArray sum, INDArray rows) {
        INDArray x = RowMajor.of(rows);
        int p = (int) x.size(1);
        if (p > MOST_COLUMNS) {
            INDArray product = Products.product(x, true, x, false, team);
            addParts(sum, product.dataType(), RowMajor.address(product), 1, true);
            product.close();
        } else {
            long n = x.size(0);
            for (long from = 0; from < n; from += (long) PARTS * SCATTER_ROWS) {
                addScatter(sum, x, from, Math.min(n, from + (long) PARTS * SCATTER_ROWS));
            }
        }
        free(x, rows);
    }

    private void addScatter(INDArray sum, INDArray x, long from, long to) {
        DataType type = x.dataType();
        int p = (int) x.size(1);
        long bytes = x.data().getElementSize();
        int parts = (int) ((to - from + SCATTER_ROWS - 1) / SCATTER_ROWS);
        Pointer products = scratch(parts * bytes * p * p);
        OpenBlas.begin();
        try {
            team.run(parts, (part, worker) -> {
                long first = from + (long) part * SCATTER_ROWS;
                OpenBlas.lowerScatter(
                        type,
                        Math.min(SCATTER_ROWS, to - first),
                        p,
                        RowMajor.address(x) + first * p * bytes,
                        products.address() + (long) part * p * p * bytes);
            });
        } finally {
            OpenBlas.end();
        }
        addParts(sum, type, products.address(), parts, true);
        release();
    }

    /** Returns x q, and adds (x q)^T x to a sum. */
    INDArray addImages(INDArray sum, INDArray rows, INDArray q) {
        INDArray x = RowMajor.of(rows);
        if (rows.size(1) > MOST_COLUMNS) {
            INDArray image = Products.product(x, false, q, false, team);
            INDArray back = Products.product(image, true, x, false, team);
            addParts(sum, back.dataType(), RowMajor.address(back), 1, false);
            back.close();
            free(x, rows);
            return image;
        }
        INDArray right = RowMajor.of(q);
        long n = x.size(0);
        INDArray image = RowMajor.empty(x.dataType(), n, q.size(1));
        boolean blas = x.dataType() != DataType.FLOAT;
        if (blas) {
            OpenBlas.begin();
        }
        try {
            for (long from = 0; from < n; from += (long) PARTS * IMAGE_ROWS) {
                addImages(sum, x, right, image, from, Math.min(n, from + (long) PARTS * IMAGE_ROWS));
            }
        } finally {
            if (blas) {
                OpenBlas.end();
            }
        }
        free(x, rows);
        free(right, q);
        return image;
    }

    private void addImages(INDArray sum, INDArray x, INDArray q, INDArray image, long from, long to) {
        DataType type = x.dataType();
        long p = x.size(1);
        long width = q.size(1);
        long bytes = x.data().getElementSize();
        int parts = (int) ((to - from + IMAGE_ROWS - 1) / IMAGE_ROWS);
        Pointer backs = scratch(parts * bytes * width * p);
        team.run(parts, (part, worker) -> {
            long first = from + (long) part * IMAGE_ROWS;
            long count = Math.min(IMAGE_ROWS, to - first);
            long here = RowMajor.address(x) + first * p * bytes;
            long there = RowMajor.address(image) + first * width * bytes;
            product(
                    type,
                    count,
                    width,
                    p,
                    new Operand(here, p, false),
                    new Operand(RowMajor.address(q), width, false),
                    there,
                    width);
            product(
                    type,
                    width,
                    p,
                    count,
                    new Operand(there, width, true),
                    new Operand(here, p, false),
                    backs.address() + part * width * p * bytes,
                    p);
        });
        addParts(sum, type, backs.address(), parts, false);
        release();
    }

    private static void free(INDArray copy, INDArray of) {
        if (copy != of) {
            copy.close();
        }
    }

    /** Memory that its first users touch: that of arrays is touched by one thread when it is made. */
    private Pointer scratch(long bytes) {
        if (kept != null && keptBytes >= bytes) {
            return kept;
        }
        close();
        kept = new BytePointer(bytes);
        keptBytes = bytes;
        return kept;
    }

    private void release() {
        if (keptBytes > KEPT_BYTES) {
            close();
        }
    }

    @Override
    public void close() {
        if (kept != null) {
            kept.close();
            kept = null;
            keptBytes = 0;
        }
    }

    private static void product(DataType type, long m, long n, long k, Operand a, Operand b, long c, long strideC) {
        if (type == DataType.FLOAT) {
            Dnnl.product(m, n, k, a, b, c, strideC);
        } else {
            OpenBlas.product(type, m, n, k, a, b, c, strideC);
        }
    }

    /** Adds (parts, m, n) to (m, n) DOUBLE, part after part, or the lower triangles only. */
    private void addParts(INDArray sum, DataType type, long some, int parts, boolean lower) {
        int m = (int) sum.size(0);
        int n = (int) sum.size(1);
        team.run((m + BAND - 1) / BAND, (band, worker) -> {
            double[] total = new double[n];
            double[] numbers = new double[n];
            float[] floats = new float[n];
            for (int i = band * BAND; i < Math.min(m, (band + 1) * BAND); i++) {
                int count = lower ? i + 1 : n;
                RowMajor.doubles(sum).position((long) i * n).get(total, 0, count);
                for (int part = 0; part < parts; part++) {
                    long at = ((long) part * m + i) * n;
                    if (type == DataType.FLOAT) {
                        RowMajor.floats(some).position(at).get(floats, 0, count);
                        for (int j = 0; j < count; j++) {
                            total[j] += floats[j];
                        }
                    } else {
                        RowMajor.doubles(some).position(at).get(numbers, 0, count);
                        for (int j = 0; j < count; j++) {
                            total[j] += numbers[j];
                        }
                    }
                }
                RowMajor.doubles(sum).position((long) i * n).put(total, 0, count);
            }
        });
    }
}

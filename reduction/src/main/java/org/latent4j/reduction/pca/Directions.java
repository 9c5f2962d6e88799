package org.latent4j.reduction.pca;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Turns eigenvectors into directions: rows whose largest-magnitude loading is positive. */
final class Directions {
    /** Rows of columns that are turned together. */
    private static final int BAND = 64;

    private Directions() {}

    /** The first k columns of (p, r) as rows (k, p) of a type. */
    static INDArray ofColumns(INDArray columns, int k, DataType type) {
        int p = Math.toIntExact(columns.size(0));
        int r = Math.toIntExact(columns.size(1));
        INDArray plain = Numbers.plain(columns);
        Numbers from = new Numbers(plain);
        double[] to = new double[Math.multiplyExact(k, p)];
        IntStream.range(0, (p + BAND - 1) / BAND).parallel().forEach(band -> {
            double[] row = new double[r];
            for (int j = band * BAND; j < Math.min(p, (band + 1) * BAND); j++) {
                from.read((long) j * r, row, k);
                for (int i = 0; i < k; i++) {
                    to[i * p + j] = row[i];
                }
            }
        });
        if (plain != columns) {
            plain.close();
        }
        return signed(to, k, p, type);
    }

    /** The first k of rows (r, p). */
    static INDArray ofRows(INDArray rows, int k, DataType type) {
        return signed(Numbers.of(rows), k, Math.toIntExact(rows.size(1)), type);
    }

    private static INDArray signed(double[] rows, int k, int p, DataType type) {
        INDArray out = Nd4j.createUninitialized(type, new long[] {k, p}, 'c');
        Numbers numbers = new Numbers(out);
        IntStream.range(0, k).parallel().forEach(i -> {
            double[] row = Arrays.copyOfRange(rows, i * p, (i + 1) * p);
            if (isFlipped(row, type)) {
                for (int j = 0; j < p; j++) {
                    row[j] = 0 - row[j];
                }
            }
            numbers.write((long) i * p, row, p);
        });
        return out;
    }

    /** Of loadings that are equally large up to rounding the first decides, so that rounding does not. */
    static boolean isFlipped(double[] row, DataType type) {
        double largest = 0;
        for (double x : row) {
            largest = Math.max(largest, Math.abs(x));
        }
        double least = largest * (1 - (type == DataType.FLOAT ? 1e-5 : 1e-10));
        for (double x : row) {
            if (Math.abs(x) >= least) {
                return x < 0;
            }
        }
        return false;
    }
}

package org.latent4j.compute.cuda;

import java.util.Arrays;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Vectors of decompositions in the order and with the signs that all devices agree on. */
final class Signs {
    private Signs() {}

    /** Descending; the largest-magnitude number of each vector is positive. */
    static Primitives.Eigen eigen(Decompositions.Eigen found, int n, DataType type) {
        double[] values = new double[n];
        double[] vectors = new double[n * n];
        for (int i = 0; i < n; i++) {
            int from = n - 1 - i;
            values[i] = found.values()[from];
            double[] vector = Arrays.copyOfRange(found.vectors(), from * n, (from + 1) * n);
            if (isFlipped(vector, type)) {
                flip(vector);
            }
            System.arraycopy(vector, 0, vectors, i * n, n);
        }
        return new Primitives.Eigen(values, columns(vectors, n, n, type));
    }

    static Primitives.Svd svd(Decompositions.Svd found, int m, int n, DataType type) {
        int r = found.s().length;
        double[] u = found.u().clone();
        double[] v = found.v().clone();
        for (int i = 0; i < r; i++) {
            double[] row = Arrays.copyOfRange(v, i * n, (i + 1) * n);
            if (isFlipped(row, type)) {
                flip(v, i * n, n);
                flip(u, i * m, m);
            }
        }
        return new Primitives.Svd(
                columns(u, m, r, type),
                found.s(),
                columns(v, n, r, type).transpose().dup('c'));
    }

    /** Numbers column by column as an (m, n) array. */
    static INDArray columns(double[] numbers, int m, int n, DataType type) {
        return Nd4j.createFromArray(numbers)
                .reshape('f', new long[] {m, n})
                .dup('c')
                .castTo(type);
    }

    /** Among several of one magnitude up to rounding, the first counts. */
    private static boolean isFlipped(double[] vector, DataType type) {
        double largest = Arrays.stream(vector).map(Math::abs).max().orElse(0);
        double least = largest * (1 - (type == DataType.FLOAT ? 1e-6 : 1e-12));
        return Arrays.stream(vector)
                        .filter(x -> Math.abs(x) >= least)
                        .findFirst()
                        .orElse(0)
                < 0;
    }

    private static void flip(double[] vector) {
        flip(vector, 0, vector.length);
    }

    private static void flip(double[] numbers, int from, int count) {
        for (int i = from; i < from + count; i++) {
            numbers[i] = -numbers[i];
        }
    }
}

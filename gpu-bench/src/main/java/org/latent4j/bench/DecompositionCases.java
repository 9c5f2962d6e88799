package org.latent4j.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.latent4j.bench.PrimCase.Prepared;
import org.latent4j.compute.Primitives;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Products and decompositions. */
final class DecompositionCases {
    private DecompositionCases() {}

    static List<PrimCase> all() {
        return List.of(
                product(2000, 2000, 2000, DataType.FLOAT),
                product(500_000, 64, 64, DataType.FLOAT),
                gram(16_000, 1600),
                eigen(300, DataType.DOUBLE, 5),
                eigen(1600, DataType.FLOAT, 1),
                eigen(1600, DataType.DOUBLE, 1),
                svd(50_000, 64, DataType.FLOAT, 3),
                svd(1000, 800, DataType.FLOAT, 1),
                svd(1000, 800, DataType.DOUBLE, 1),
                batchedSvd("loop", 10_000, 32, 32, DataType.FLOAT),
                batchedSvd("call", 10_000, 32, 32, DataType.FLOAT),
                batchedSvd("call", 10_000, 32, 32, DataType.DOUBLE),
                orthonormal(100_000, 64));
    }

    private static String size(int m, int n) {
        return String.format(Locale.ROOT, "%,d x %,d", m, n);
    }

    private static double tolerance(DataType type) {
        return type == DataType.FLOAT ? 1e-5 : 1e-12;
    }

    private static PrimCase product(int m, int k, int n, DataType type) {
        return new PrimCase(
                "product " + size(m, k) + " x " + n, "product", type, 3, 2.0 * m * n * k, (primitives, exchange) -> {
                    INDArray a = exchange.normal("a", type, m, k);
                    INDArray b = exchange.normal("b", type, k, n);
                    return product(primitives, exchange, a, false, b);
                });
    }

    /** Half of the operations are saved as the result is symmetric. */
    private static PrimCase gram(int m, int n) {
        return new PrimCase(
                "Gram product of " + size(m, n),
                "gram",
                DataType.FLOAT,
                1,
                (double) m * n * n,
                (primitives, exchange) -> {
                    INDArray a = exchange.normal("a", DataType.FLOAT, m, n);
                    return product(primitives, exchange, a, true, a);
                });
    }

    private static Prepared product(
            Primitives primitives, Exchange exchange, INDArray a, boolean transposed, INDArray b) {
        INDArray[] found = new INDArray[1];
        return new Prepared(
                () -> {
                    close(found[0]);
                    found[0] = primitives.product(a, transposed, b, false);
                },
                () -> exchange.close("product", found[0], tolerance(a.dataType())));
    }

    private static void close(INDArray... arrays) {
        for (INDArray array : arrays) {
            if (array != null) {
                array.close();
            }
        }
    }

    /** Of a covariance with a slowly falling spectrum. */
    private static PrimCase eigen(int n, DataType type, int times) {
        return new PrimCase("eigenvectors, " + size(n, n), "eigen", type, times, 0, (primitives, exchange) -> {
            INDArray b = exchange.normal("b", DataType.DOUBLE, n, n);
            INDArray a = b.mmul(b.transpose()).div(n).castTo(type);
            exchange.give("a", a);
            Primitives.Eigen[] found = new Primitives.Eigen[1];
            return new Prepared(
                    () -> found[0] = primitives.symmetricEigen(a),
                    () -> exchange.close("values", found[0].values(), tolerance(type)) + ", "
                            + leading(exchange, found[0].vectors(), type));
        });
    }

    /** Compares the first five vectors, in columns, up to their signs. */
    private static String leading(Exchange exchange, INDArray vectors, DataType type) {
        double[] theirs = exchange.expected("vectors");
        int columns = (int) vectors.size(1);
        double least = 1;
        for (int v = 0; v < Math.min(5, columns); v++) {
            double[] ours = vectors.getColumn(v).toDoubleVector();
            double sum = 0;
            for (int i = 0; i < ours.length; i++) {
                sum += ours[i] * theirs[i * columns + v];
            }
            least = Math.min(least, Math.abs(sum));
        }
        if (!(least > 1 - 100 * tolerance(type))) {
            throw new BenchException("a leading vector's product with the peer's is " + least);
        }
        return "leading vectors too";
    }

    private static PrimCase svd(int m, int n, DataType type, int times) {
        return new PrimCase("SVD, " + size(m, n), "svd", type, times, 0, (primitives, exchange) -> {
            INDArray a = exchange.normal("a", type, m, n);
            Primitives.Svd[] found = new Primitives.Svd[1];
            return new Prepared(
                    () -> found[0] = primitives.svd(a),
                    () -> exchange.close("values", found[0].s(), tolerance(type)) + ", "
                            + leading(exchange, found[0].vt().transpose(), type));
        });
    }

    private static PrimCase batchedSvd(String way, int b, int m, int n, DataType type) {
        return new PrimCase(
                String.format(Locale.ROOT, "SVD of %,d matrices, %s", b, size(m, n)),
                "batched_svd:" + way,
                type,
                1,
                0,
                (primitives, exchange) -> batchedSvd(primitives, exchange, b, m, n, type));
    }

    private static Prepared batchedSvd(Primitives primitives, Exchange exchange, int b, int m, int n, DataType type)
            throws IOException {
        INDArray a = exchange.normal("a", type, b, m, n);
        Primitives.BatchedSvd[] found = new Primitives.BatchedSvd[1];
        return new Prepared(
                () -> {
                    if (found[0] != null) {
                        close(found[0].u(), found[0].s(), found[0].vt());
                    }
                    found[0] = primitives.batchedSvd(a);
                },
                () -> {
                    INDArray product = a.dup();
                    for (int i = 0; i < b; i++) {
                        INDArray scaled =
                                found[0].u().slice(i).mulRowVector(found[0].s().getRow(i));
                        product.slice(i).assign(scaled.mmul(found[0].vt().slice(i)));
                    }
                    return exchange.close("values", found[0].s(), tolerance(type)) + ", "
                            + exchange.close("product", product, tolerance(type));
                });
    }

    private static PrimCase orthonormal(int m, int n) {
        return new PrimCase("orthonormal factor, " + size(m, n), "qr", DataType.FLOAT, 3, 0, (primitives, exchange) -> {
            INDArray a = exchange.normal("a", DataType.FLOAT, m, n);
            INDArray[] found = new INDArray[1];
            return new Prepared(
                    () -> {
                        close(found[0]);
                        found[0] = primitives.orthonormal(a);
                    },
                    () -> exchange.close("q", found[0], 1e-5));
        });
    }
}

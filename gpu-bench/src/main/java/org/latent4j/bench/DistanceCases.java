package org.latent4j.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.latent4j.bench.PrimCase.Prepared;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Metric;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.Primitives.SegmentSums;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Nearest centres, Lloyd's iterations made of them, tiles of distances, nearest neighbours. */
final class DistanceCases {
    private static final int ITERATIONS = 20;

    private DistanceCases() {}

    static List<PrimCase> all() {
        return List.of(
                nearest(200_000, 64, 256, DataType.FLOAT, 5),
                nearest(200_000, 8, 20, DataType.FLOAT, 10),
                nearest(100_000, 16, 64, DataType.DOUBLE, 5),
                lloyd(200_000, 64, 256),
                distances(4000, 16, Metric.EUCLIDEAN, "euclidean"),
                distances(4000, 64, Metric.SQUARED_EUCLIDEAN, "sqeuclidean"),
                distances(4000, 16, Metric.MANHATTAN, "cityblock"),
                distances(4000, 16, Metric.CHEBYSHEV, "chebyshev"),
                distances(4000, 16, Metric.COSINE, "cosine"),
                neighbours(20_000, 2000, 16, 10, DataType.FLOAT),
                neighbours(20_000, 2000, 64, 10, DataType.FLOAT),
                neighbours(20_000, 2000, 16, 10, DataType.DOUBLE));
    }

    private static String size(int n, int p) {
        return String.format(Locale.ROOT, "%,d x %d", n, p);
    }

    private static PrimCase nearest(int n, int p, int k, DataType type, int times) {
        return new PrimCase(
                "nearest of " + k + " centres, " + size(n, p),
                "nearest",
                type,
                times,
                2.0 * n * p * k,
                (primitives, exchange) -> {
                    INDArray x = exchange.normal("x", type, n, p);
                    INDArray c = exchange.normal("c", type, k, p);
                    Matrix points = primitives.matrix(x);
                    int[] labels = new int[n];
                    double[] squared = new double[n];
                    return new Prepared(
                            () -> primitives.nearest(points, c, labels, squared),
                            () -> sameLabels(exchange, x, c, labels, squared));
                });
    }

    /** Other labels are allowed only where the peer's roundings explain them. */
    private static String sameLabels(Exchange exchange, INDArray x, INDArray c, int[] labels, double[] squared) {
        double tolerance = x.dataType() == DataType.FLOAT ? 1e-5 : 1e-12;
        double[] theirs = exchange.expected("labels");
        int others = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] != theirs[i]) {
                others++;
                INDArray point = x.getRow(i).castTo(DataType.DOUBLE);
                double other = point.squaredDistance(c.getRow((int) theirs[i]).castTo(DataType.DOUBLE));
                if (!(other <= squared[i] * (1 + tolerance) && other >= squared[i])) {
                    throw new BenchException("point " + i + ": our centre " + labels[i] + " is at squared distance "
                            + squared[i] + ", the peer's, " + theirs[i] + ", at " + other);
                }
            }
        }
        return others == 0 ? "same labels" : "same labels but " + others + " that rounding explains";
    }

    /**
     * The peer sums centres in float. The few labels that this turns in one iteration move the centres of the next: in points without structure,
     * some percent of the labels differ in the end, at the same inertia.
     */
    private static PrimCase lloyd(int n, int p, int k) {
        return new PrimCase(
                ITERATIONS + " iterations of Lloyd's, " + k + " centres, " + size(n, p),
                "lloyd:" + ITERATIONS,
                DataType.FLOAT,
                1,
                2.0 * n * p * k * (ITERATIONS + 1),
                (primitives, exchange) -> {
                    INDArray x = exchange.normal("x", DataType.FLOAT, n, p);
                    INDArray start = exchange.normal("c", DataType.FLOAT, k, p);
                    int[] labels = new int[n];
                    double[] squared = new double[n];
                    return new Prepared(() -> iterate(primitives, x, start, labels, squared), () -> {
                        double[] theirs = exchange.expected("labels");
                        long others = IntStream.range(0, n)
                                .filter(i -> labels[i] != theirs[i])
                                .count();
                        if (others > n / 10) {
                            throw new BenchException(others + " labels of " + n + " differ from the peer's");
                        }
                        double[] inertia = {Arrays.stream(squared).sum()};
                        return exchange.close("inertia", inertia, 1e-4) + ", " + 100 * others / n + " % other labels";
                    });
                });
    }

    private static void iterate(Primitives primitives, INDArray x, INDArray start, int[] labels, double[] squared) {
        INDArray centres = start;
        int k = (int) start.size(0);
        int p = (int) start.size(1);
        try (Matrix points = primitives.matrix(x)) { // made anew, as the peer prepares its points in each call too
            for (int i = 0; i < ITERATIONS; i++) {
                primitives.nearest(points, centres, labels, squared);
                SegmentSums sums = primitives.segmentSums(points, labels, null, k);
                float[] means = new float[k * p];
                for (int j = 0; j < means.length; j++) {
                    means[j] = (float) (sums.sums()[j] / sums.weights()[j / p]);
                }
                centres = Nd4j.createFromArray(means).reshape('c', new long[] {k, p});
            }
            primitives.nearest(points, centres, labels, squared);
        }
    }

    private static PrimCase distances(int n, int p, Metric metric, String peerName) {
        return new PrimCase(
                "distances, " + peerName + ", " + size(n, p),
                "distances:" + peerName,
                DataType.DOUBLE,
                3,
                0,
                (primitives, exchange) -> {
                    Matrix a = primitives.matrix(exchange.normal("x", DataType.DOUBLE, n, p));
                    Matrix b = primitives.matrix(exchange.normal("y", DataType.DOUBLE, n, p));
                    double[] out = new double[n * n];
                    return new Prepared(
                            () -> primitives.distances(a, 0, n, b, 0, n, metric, out),
                            () -> exchange.close("distances", out, 1e-13));
                });
    }

    private static PrimCase neighbours(int n, int queries, int p, int k, DataType type) {
        return new PrimCase(
                k + " nearest of " + size(n, p) + ", " + queries + " queries",
                "neighbours:" + k,
                type,
                3,
                0,
                (primitives, exchange) -> neighbours(primitives, exchange, n, queries, p, k, type));
    }

    private static Prepared neighbours(
            Primitives primitives, Exchange exchange, int n, int queries, int p, int k, DataType type)
            throws IOException {
        Matrix x = primitives.matrix(exchange.normal("x", type, n, p));
        Matrix q = primitives.matrix(exchange.normal("q", type, queries, p));
        double[][] distances = new double[1][];
        return new Prepared(
                () -> distances[0] = primitives.neighbours(x, q, k).distances(),
                () -> exchange.close("distances", distances[0], type == DataType.FLOAT ? 1e-6 : 1e-12));
    }
}

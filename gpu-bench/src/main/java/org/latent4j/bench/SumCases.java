package org.latent4j.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.latent4j.bench.PrimCase.Prepared;
import org.latent4j.compute.Histograms;
import org.latent4j.compute.Matrix;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.Primitives.SegmentSums;
import org.latent4j.compute.cpu.CpuHistograms;
import org.latent4j.data.npy.Npy;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sums by label and by bin, and means of resamples. */
final class SumCases {
    private static final int BLOCK = 5000;

    private SumCases() {}

    static List<PrimCase> all() {
        return List.of(
                new PrimCase(
                        "sums by 256 labels, 200,000 x 64",
                        "sums:256",
                        DataType.FLOAT,
                        10,
                        0,
                        (primitives, exchange) -> sums(primitives, exchange, 200_000, 64, 256)),
                new PrimCase(
                        "histograms of 30 features, 2 classes, 50,000 rows",
                        "histograms:2",
                        DataType.DOUBLE,
                        20,
                        0,
                        (primitives, exchange) -> histograms(exchange, 50_000, 30, 2)),
                new PrimCase(
                        "means of 20,000 resamples, 500 x 1",
                        "resamples:20000",
                        DataType.FLOAT,
                        3,
                        0,
                        (primitives, exchange) -> resamples(primitives, exchange, 20_000, 500, 1)),
                new PrimCase(
                        "means of 20,000 resamples, 500 x 16",
                        "resamples:20000",
                        DataType.FLOAT,
                        3,
                        0,
                        (primitives, exchange) -> resamples(primitives, exchange, 20_000, 500, 16)));
    }

    private static Prepared sums(Primitives primitives, Exchange exchange, int n, int p, int k) throws IOException {
        Matrix points = primitives.matrix(exchange.normal("x", DataType.FLOAT, n, p));
        Philox random = new Philox(1, Philox.Purpose.EVALUATION, 1);
        int[] labels = new int[n];
        Arrays.setAll(labels, i -> random.nextInt(k));
        Npy.write(exchange.file("labels"), labels, n);
        SegmentSums[] found = new SegmentSums[1];
        return new Prepared(
                () -> found[0] = primitives.segmentSums(points, labels, null, k),
                () -> exchange.close("sums", found[0].sums(), 1e-12)
                        + ", "
                        + exchange.close(
                                "counts",
                                Arrays.stream(found[0].counts())
                                        .asDoubleStream()
                                        .toArray(),
                                0));
    }

    private static Prepared histograms(Exchange exchange, int n, int p, int classes) throws IOException {
        Philox random = new Philox(1, Philox.Purpose.EVALUATION, 2);
        byte[][] columns = new byte[p][n];
        byte[] flat = new byte[p * n];
        for (int f = 0; f < p; f++) {
            random.nextBytes(columns[f]);
            System.arraycopy(columns[f], 0, flat, f * n, n);
        }
        int[] labels = new int[n];
        int[] rows = new int[n];
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            labels[i] = random.nextInt(classes);
            rows[i] = random.nextInt(n); // a bootstrap sample
            weights[i] = 1 + random.nextInt(3);
        }
        Arrays.sort(rows);
        Npy.write(exchange.file("codes"), flat, p, n);
        Npy.write(exchange.file("labels"), labels, n);
        Npy.write(exchange.file("rows"), rows, n);
        Npy.write(exchange.file("weights"), weights, n);
        Histograms histograms = new CpuHistograms(columns);
        int[] features = new int[p];
        Arrays.setAll(features, f -> f);
        Histograms.Nodes all = new Histograms.Nodes(rows, new int[] {0}, new int[] {n}, features, p);
        double[] sums = new double[p * Histograms.BINS * classes];
        return new Prepared(
                () -> histograms.classSums(all, labels, weights, classes, sums), () -> exchange.close("sums", sums, 0));
    }

    private static Prepared resamples(Primitives primitives, Exchange exchange, int count, int n, int p)
            throws IOException {
        INDArray x = exchange.normal("x", DataType.FLOAT, n, p);
        double[] mean = new double[p];
        double[] squares = new double[p];
        Runnable work = () -> {
            Arrays.fill(mean, 0);
            Arrays.fill(squares, 0);
            for (int first = 0; first < count; first += BLOCK) {
                INDArray counts = primitives.resampleCounts(1, first, Math.min(BLOCK, count - first), n);
                INDArray sums = primitives.product(counts, false, x, false);
                float[] values = sums.data().asFloat();
                for (int i = 0; i < values.length; i++) {
                    double value = values[i] / (double) n;
                    mean[i % p] += value / count;
                    squares[i % p] += value * value / count;
                }
                counts.close();
                sums.close();
            }
        };
        return new Prepared(work, () -> {
            double[] error = new double[p];
            Arrays.setAll(error, f -> Math.sqrt(squares[f] - mean[f] * mean[f]));
            double[] theirs = exchange.expected("mean");
            double[] shift = new double[p];
            Arrays.setAll(shift, f -> (mean[f] - theirs[f]) / error[f] * Math.sqrt(count / 2.0));
            double most = Arrays.stream(shift).map(Math::abs).max().orElseThrow();
            if (!(most < 5)) { // of two samples' means, in their standard error
                throw new BenchException("means of resamples differ from the peer's by " + most + " standard errors");
            }
            return "means within Monte-Carlo error, " + exchange.close("error", error, 0.03);
        });
    }
}

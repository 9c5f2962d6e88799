package org.latent4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.latent4j.clustering.KMeans;
import org.latent4j.clustering.KMeansModel;
import org.latent4j.clustering.KMeansOptions;
import org.latent4j.clustering.KMeansOptions.Stop;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.npy.NpyFile;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Lloyd's iterations from the same start as the peers', whole fits in float32. */
final class KMeansSuite implements Suite {
    private static final int N = 200_000;
    private static final int ITERATIONS = 20;
    /** Products of points, columns and centres that one turn takes at least: a turn of few is over before a clock can tell. */
    private static final long LEAST_WORK = 5_000_000;
    /**
     * A point on a border that rounding assigns otherwise moves two means, which assign more points otherwise: without clusters in the data that
     * grows from iteration to iteration. So labels are compared early.
     */
    private static final int COMPARED_ITERATIONS = 1;

    private static final double LEAST_AGREEMENT = 0.999;

    private static final double INERTIA_TOLERANCE = 1e-4;

    @Override
    public String name() {
        return "kmeans";
    }

    @Override
    public String about() {
        return "k-means, " + ITERATIONS
                + " iterations from the same start, against scikit-learn, and PyTorch on a card";
    }

    @Override
    public void run(Bench bench, Consumer<Row> rows) throws IOException {
        try (Primitives primitives = Devices.primitives(bench.device())) {
            for (String library : bench.libraries()) {
                rows.accept(row(bench, primitives, library, "blobs", 1_000, 4, 3));
                rows.accept(row(bench, primitives, library, "blobs", 10_000, 2, 5));
                rows.accept(row(bench, primitives, library, "blobs", 1_000_000, 3, 8));
                rows.accept(row(bench, primitives, library, "blobs", N, 8, 20));
                rows.accept(row(bench, primitives, library, "blobs", N / 2, 16, 64));
                for (int n = N / 8; n <= N; n *= 2) {
                    rows.accept(row(bench, primitives, library, "normal", n, 64, 256));
                }
                rows.accept(row(bench, primitives, library, "blobs", N, 64, 256));
            }
        }
    }

    private static Row row(Bench bench, Primitives primitives, String library, String kind, int n, int p, int k)
            throws IOException {
        String name =
                String.format(Locale.ROOT, "k-means %s %,d x %d, k = %d, %d iterations", kind, n, p, k, ITERATIONS);
        float[] values = kind.equals("blobs") ? PointClouds.blobs(n, p, k, 20) : PointClouds.normal(n, p, 10);
        INDArray x = Nd4j.create(values, new long[] {n, p}, 'c');
        float[] start = Arrays.copyOf(values, k * p);
        int times = (int) Math.max(1, LEAST_WORK / ((long) n * p * k));
        KMeansOptions options = KMeansOptions.of(k)
                .withStart(Nd4j.create(start, new long[] {k, p}, 'c'))
                .withMaxIterations(ITERATIONS)
                .withTolerance(Stop.COST, 0);
        Measured fit = Measured.of(() -> KMeans.fit(x, options, primitives));
        Path folder = Files.createTempDirectory("latent4j-kmeans");
        try {
            Npy.write(folder.resolve("x.npy"), values, n, p);
            Npy.write(folder.resolve("start.npy"), start, k, p);
            Optional<Peer> started =
                    bench.peer("kmeans", library, folder.toString(), String.valueOf(ITERATIONS), bench.deviceName());
            if (started.isEmpty()) {
                return bench.turns(name, fit, times).row(name, bench, "fp32", null, null, null);
            }
            try (Peer peer = started.get()) {
                String verified = verify(peer, folder, x, options, primitives) + "; "
                        + PeakMemory.of(() -> KMeans.fit(x, options, primitives));
                return bench.turns(name, fit, peer, times).row(name, bench, "fp32", peer.name(), null, verified);
            }
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    private static String verify(Peer peer, Path folder, INDArray x, KMeansOptions options, Primitives primitives) {
        double ours = KMeans.fit(x, options, primitives).inertia();
        double theirs = peer.ask("verify " + ITERATIONS).path("inertia").asDouble();
        double apart = Math.abs(ours - theirs) / theirs;
        peer.ask("verify " + COMPARED_ITERATIONS);
        KMeansModel early = KMeans.fit(x, options.withMaxIterations(COMPARED_ITERATIONS), primitives);
        NpyFile labels = NpyFile.open(folder.resolve("labels.npy"));
        float[] one = new float[1];
        int same = 0;
        for (int i = 0; i < early.labels().length; i++) {
            labels.readFloats(i, one, 0);
            same += one[0] == early.labels()[i] ? 1 : 0;
        }
        double agreement = (double) same / early.labels().length;
        if (!(apart <= INERTIA_TOLERANCE && agreement >= LEAST_AGREEMENT)) {
            throw new BenchException("k-means: inertia is " + ours + ", the peer's is " + theirs
                    + "; share of equal labels after " + COMPARED_ITERATIONS + " iterations " + agreement);
        }
        return String.format(
                Locale.ROOT,
                "inertia within %.1e; after %d iteration %.3f %% of labels equal",
                apart,
                COMPARED_ITERATIONS,
                100 * agreement);
    }
}

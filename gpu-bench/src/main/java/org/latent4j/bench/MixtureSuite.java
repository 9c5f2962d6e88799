package org.latent4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.latent4j.clustering.GaussianMixture;
import org.latent4j.clustering.GaussianMixtureModel;
import org.latent4j.clustering.GaussianMixtureOptions;
import org.latent4j.clustering.GaussianMixtureOptions.Covariance;
import org.latent4j.clustering.KMeans;
import org.latent4j.clustering.KMeansOptions;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.npy.Npy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One iteration of expectation maximization, from the same start as scikit-learn's: what more iterations add to a fit. */
final class MixtureSuite implements Suite {
    private static final int N = 100_000;
    private static final int P = 16;
    private static final int K = 16;
    private static final int ITERATIONS = 10;
    private static final long SEED = 1;
    private static final double TOLERANCE = 1e-9;

    @Override
    public String name() {
        return "mixture";
    }

    @Override
    public String about() {
        return "iterations of Gaussian mixtures against scikit-learn";
    }

    @Override
    public void run(Bench bench, Consumer<Row> rows) throws IOException {
        try (Primitives primitives = Devices.primitives(bench.device())) {
            for (Covariance covariance : new Covariance[] {Covariance.FULL, Covariance.DIAGONAL}) {
                rows.accept(row(bench, primitives, covariance, "normal", PointClouds.normal(N, P, 50)));
                rows.accept(row(bench, primitives, covariance, "blobs", PointClouds.blobs(N, P, K, 60)));
            }
        }
    }

    private static Row row(Bench bench, Primitives primitives, Covariance covariance, String kind, float[] values)
            throws IOException {
        String kindOf = covariance == Covariance.FULL ? "full" : "diag";
        String name = String.format(
                Locale.ROOT, "Gaussian mixture %s %,d x %d, k = %d, %s, one iteration", kind, N, P, K, kindOf);
        INDArray x = Nd4j.create(values, new long[] {N, P}, 'c');
        GaussianMixtureOptions options = GaussianMixtureOptions.of(K)
                .withCovariance(covariance)
                .withRegularization(0)
                .withTolerance(0)
                .withSeed(SEED)
                .withMaxIterations(ITERATIONS + 1);
        Measured iteration = times -> millis(x, options, primitives, times);
        Path folder = Files.createTempDirectory("latent4j-mixture");
        try {
            Npy.write(folder.resolve("x.npy"), values, N, P);
            int[] labels = KMeans.fit(x, KMeansOptions.of(K).withRestarts(1).withSeed(SEED), primitives)
                    .labels();
            float[] start = new float[N];
            for (int i = 0; i < N; i++) {
                start[i] = labels[i];
            }
            Npy.write(folder.resolve("labels.npy"), start, N, 1);
            Optional<Peer> started =
                    bench.peer("mixture_sklearn", folder.toString(), kindOf, String.valueOf(K), "" + ITERATIONS);
            if (started.isEmpty()) {
                return bench.turns(name, iteration, 1).row(name, bench, "fp64", null, null, null);
            }
            try (Peer peer = started.get()) {
                String verified = verify(peer, name, GaussianMixture.fit(x, options, primitives));
                return bench.turns(name, iteration, peer, 1).row(name, bench, "fp64", peer.name(), null, verified);
            }
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    /** From the end of the first iteration on. */
    private static double millis(INDArray x, GaussianMixtureOptions options, Primitives primitives, int times) {
        double[] millis = new double[times];
        for (int i = 0; i < times; i++) {
            long[] first = new long[1];
            long[] last = new long[1];
            GaussianMixture.fit(x, options, primitives, (iteration, cost) -> {
                last[0] = System.nanoTime();
                first[0] = iteration == 1 ? last[0] : first[0];
            });
            millis[i] = (last[0] - first[0]) / 1e6 / ITERATIONS;
        }
        return Medians.median(millis);
    }

    private static String verify(Peer peer, String name, GaussianMixtureModel model) {
        double theirs = peer.ask("verify").path("logLikelihood").asDouble();
        double apart = Math.abs(model.logLikelihood() - theirs) / Math.abs(theirs);
        if (!(apart <= TOLERANCE)) {
            throw new BenchException(name + ": the log-likelihood after " + (ITERATIONS + 1) + " iterations is "
                    + model.logLikelihood() + ", the peer's is " + theirs);
        }
        return String.format(Locale.ROOT, "log-likelihood after %d iterations within %.0e", ITERATIONS + 1, apart);
    }
}

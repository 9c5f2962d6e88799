package org.latent4j.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.npy.Npy;
import org.latent4j.ensembles.bootstrap.Bootstrap;
import org.latent4j.ensembles.bootstrap.BootstrapOptions;
import org.latent4j.ensembles.bootstrap.BootstrapResult;
import org.latent4j.ensembles.bootstrap.Interval;
import org.latent4j.ensembles.bootstrap.Moments;

/** Bootstraps with their intervals, against SciPy's. */
final class BootstrapSuite implements Suite {
    private static final int POINTS = 500;
    private static final int RESAMPLES = 100_000;
    private static final int MANY = 1_000_000;
    /** A turn takes the median of so many: 20 ms are short enough for anything else on the machine to double one. */
    private static final int TIMES = 5;

    private static final double LEVEL = 0.95;
    /** Monte-Carlo error of the end of a 95 % interval: 0.0085 standard errors of 100,000 resamples; twice that, and 5 deviations. */
    private static final double TOLERANCE = 0.06;

    @Override
    public String name() {
        return "bootstrap";
    }

    @Override
    public String about() {
        return "95 % intervals by the bootstrap, against scipy.stats.bootstrap";
    }

    @Override
    public void run(Bench bench, Consumer<Row> rows) throws IOException {
        double[] x = new double[POINTS];
        double[] y = new double[POINTS];
        Philox random = new Philox(1, Philox.Purpose.SYNTHETIC, 0);
        for (int i = 0; i < POINTS; i++) {
            x[i] = -Math.log(1 - random.nextDouble());
            y[i] = x[i] + random.nextGaussian();
        }
        BootstrapOptions options = BootstrapOptions.of(RESAMPLES);
        try (Primitives primitives = Devices.primitives(bench.device())) {
            // Elsewhere counts are multiplied with data in float.
            String precision = bench.device().kind() == Device.Kind.CPU ? "fp64" : "fp32";
            Moments moments = new Moments(options, primitives);
            rows.accept(row(bench, "mean", Interval.Kind.PERCENTILE, "fp64", () -> Bootstrap.ofMean(x, options), x));
            rows.accept(row(bench, "mean", Interval.Kind.BCA, "fp64", () -> Bootstrap.ofMean(x, options), x));
            rows.accept(row(bench, "correlation", Interval.Kind.BCA, precision, () -> moments.correlation(x, y), x, y));
            Moments many = new Moments(BootstrapOptions.of(MANY), primitives);
            String name = String.format(Locale.ROOT, "covariance, n = %d, B = %,d", POINTS, MANY);
            rows.accept(bench.turns(name, Measured.of(() -> many.covariance(x, y)), 1)
                    .row(name, bench, precision, null, null, null));
        }
    }

    private static Row row(
            Bench bench,
            String statistic,
            Interval.Kind kind,
            String precision,
            Supplier<BootstrapResult> work,
            double[]... columns)
            throws IOException {
        String method = kind == Interval.Kind.BCA ? "BCa" : kind.name().toLowerCase(Locale.ROOT);
        String name = String.format(Locale.ROOT, "%s, %s, n = %d, B = %,d", statistic, method, POINTS, RESAMPLES);
        AtomicReference<BootstrapResult> last = new AtomicReference<>();
        Measured ours = Measured.of(() -> {
            last.set(work.get());
            last.get().interval(kind, LEVEL);
        });
        Path folder = Files.createTempDirectory("latent4j-bootstrap");
        try {
            double[] data = new double[POINTS * columns.length];
            for (int i = 0; i < data.length; i++) {
                data[i] = columns[i % columns.length][i / columns.length];
            }
            Npy.write(folder.resolve("x.npy"), data, POINTS, columns.length);
            Optional<Peer> started =
                    bench.peer("bootstrap_scipy", folder.toString(), statistic, method, Integer.toString(RESAMPLES));
            if (started.isEmpty()) {
                return bench.turns(name, ours, 5).row(name, bench, precision, null, null, null);
            }
            try (Peer peer = started.get()) {
                ours.millis(1);
                String verified = verify(name, last.get(), last.get().interval(kind, LEVEL), peer.ask("verify"));
                Turns turns = bench.turns(name, ours, peer, TIMES);
                return turns.row(name, bench, precision, peer.name(), null, verified);
            }
        } finally {
            AtomicFiles.deleteTree(folder);
        }
    }

    private static String verify(String name, BootstrapResult result, Interval ours, JsonNode theirs) {
        double error = theirs.path("error").asDouble();
        double far = Math.max(
                        Math.abs(ours.low() - theirs.path("low").asDouble()),
                        Math.abs(ours.high() - theirs.path("high").asDouble()))
                / error;
        double errors = Math.abs(result.standardError() / error - 1);
        if (!(far <= TOLERANCE && errors <= TOLERANCE)) {
            throw new BenchException(name + ": ours is " + ours + " with standard error " + result.standardError()
                    + ", the peer's " + theirs + ", which is more than the drawing explains");
        }
        return String.format(Locale.ROOT, "ends within %.3f standard errors, which agree to %.1e", far, errors);
    }
}

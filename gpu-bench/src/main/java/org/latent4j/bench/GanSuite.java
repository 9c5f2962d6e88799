package org.latent4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Device;
import org.latent4j.compute.DeviceOptions;
import org.latent4j.compute.Devices;
import org.latent4j.compute.graph.DType;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.Dataset;
import org.latent4j.gan.AdversarialGame;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.network.Networks;

/** Whole adversarial steps, k = l = 1: both networks, both updates, data and noise, against PyTorch's best variant. */
final class GanSuite implements Suite {
    /** Biases in front of batch norm, which PyTorch's users leave out, and its running moments, which are no weights. */
    private static final double SAME_SIZE = 0.01;

    @Override
    public String name() {
        return "gan";
    }

    @Override
    public String about() {
        return "whole adversarial steps, k = l = 1, data and noise included, against PyTorch";
    }

    @Override
    public void run(Bench bench, Consumer<Row> rows) throws IOException {
        for (StepCase step : bench.penalties() ? StepCase.penalised() : StepCase.all()) {
            for (String precision : step.precisions()) {
                if (precision.equals("fp32") || bench.device().kind() != Device.Kind.ND4J) {
                    rows.accept(row(bench, step, precision));
                }
            }
        }
    }

    private static Row row(Bench bench, StepCase step, String precision) throws IOException {
        Path folder = Files.createTempDirectory("latent4j-gan");
        Dataset data = step.data().open(folder);
        Networks.Pair pair = step.configure(data.shape());
        ComputationGraph generator = new ComputationGraph(pair.generator());
        ComputationGraph discriminator = new ComputationGraph(pair.discriminator());
        TrainingOptions options = step.game()
                .apply(TrainingOptions.defaults())
                .withBatch(step.batch())
                .withDevice(bench.deviceName())
                .withPrecision(precision);
        try (AdversarialGame game =
                AdversarialGame.open(generator, discriminator, data, options, 0, DeviceOptions.DEFAULT)) {
            long[] next = {0};
            Measured ours = Measured.of(() -> {
                if (step.alone()) {
                    game.updateDiscriminator(next[0]++);
                } else {
                    game.step(next[0]++);
                }
                game.report(update -> {}, update -> {});
            });
            Optional<Peer> started = peer(bench, step, precision);
            if (started.isEmpty()) {
                Turns turns = bench.turns(step.name(), ours, step.times());
                return turns.row(step.name(), bench, precision, null, share(step, game, turns, bench, precision), null)
                        .ofBatch(step.batch());
            }
            try (Peer peer = started.get()) {
                verifySize(step, peer, generator.numParams() + discriminator.numParams());
                String verified = new FirstStep(step, options, game, generator, discriminator, peer).compare();
                Turns turns = bench.turns(step.name(), ours, peer, step.times());
                return turns.row(
                                step.name(),
                                bench,
                                precision,
                                peer.name(),
                                share(step, game, turns, bench, precision),
                                verified)
                        .ofBatch(step.batch());
            }
        } finally {
            if (data instanceof AutoCloseable open) {
                close(open);
            }
            AtomicFiles.deleteTree(folder);
        }
    }

    /** A way in which PyTorch's users run a step. */
    private record Way(String precision, String variant) {}

    /** What may be the fastest: 16 bits are not where small networks lose more by casts than they gain. */
    private static List<Way> ways(Bench bench, StepCase step, String precision) {
        List<String> variants = new ArrayList<>(List.of("eager"));
        if (bench.device().kind() == Device.Kind.CUDA) {
            variants.add("graphs");
            if (!step.differentiatesTwice()) { // torch.compile does not
                variants.add("compiled");
            }
        }
        return Stream.of(precision, "fp32")
                .distinct()
                .flatMap(own -> variants.stream().map(variant -> new Way(own, variant)))
                .toList();
    }

    /** The fastest way that works here, of which the plain one must. */
    private static Optional<Peer> peer(Bench bench, StepCase step, String precision) {
        Peer fastest = null;
        double least = Double.POSITIVE_INFINITY;
        for (Way way : ways(bench, step, precision)) {
            Optional<Peer> started = Optional.empty();
            double millis;
            try {
                started = start(bench, step, way);
                if (started.isEmpty()) {
                    return started;
                }
                millis = warm(started.get(), step.times());
            } catch (BenchException e) {
                started.ifPresent(Peer::close);
                if (way.variant().equals("eager")) {
                    throw e;
                }
                bench.progress().accept("PyTorch, " + way.variant() + ", is left out: " + e.getMessage());
                continue;
            }
            Peer slower = millis < least ? fastest : started.get();
            if (millis < least) {
                fastest = started.get();
                least = millis;
            }
            if (slower != null) {
                slower.close();
            }
        }
        return Optional.of(fastest);
    }

    private static double warm(Peer peer, int times) {
        peer.millis(times);
        return Math.min(peer.millis(times), peer.millis(times));
    }

    private static Optional<Peer> start(Bench bench, StepCase step, Way way) {
        List<String> words = new ArrayList<>(step.peer());
        words.addAll(List.of(
                "--batch",
                String.valueOf(step.batch()),
                "--precision",
                way.precision(),
                "--variant",
                way.variant(),
                "--device",
                bench.deviceName().startsWith("cuda") ? bench.deviceName() : "cpu"));
        return bench.peer("gan_torch", words.toArray(String[]::new));
    }

    /** Of the measured rate of a large product; null where operations are not counted. */
    private static Double share(StepCase step, AdversarialGame game, Turns turns, Bench bench, String precision) {
        if (game.flops() == 0 || step.alone()) { // what is counted are whole steps
            return null;
        }
        double ceiling = Devices.backend(bench.device()).ceiling(precision.equals("bf16") ? DType.BF16 : DType.F32);
        return game.flops() / (turns.oursMs() * 1e-3) / ceiling;
    }

    private static void verifySize(StepCase step, Peer peer, long ours) {
        long theirs = peer.ready().path("parameters").asLong();
        if (Math.abs(ours - theirs) > SAME_SIZE * theirs) {
            throw new BenchException(step.name() + ": ours have " + ours + " parameters and the peer's " + theirs
                    + ", more than rounding apart: these are other networks");
        }
    }

    private static void close(AutoCloseable data) throws IOException {
        try {
            data.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}

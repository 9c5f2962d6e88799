package org.latent4j.cli;

import static org.latent4j.cli.DataOptions.first;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.data.SampleShape;
import org.latent4j.gan.BestSoFar;
import org.latent4j.gan.GanTrainer;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.latent4j.gan.run.ModelZip;
import org.latent4j.gan.run.StoredRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gan train}: real samples in, a trained generator in a run directory out. */
@Command(
        name = "train",
        description = "Train a generator against a discriminator on real samples.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class GanTrainCommand implements Callable<Integer> {
    private static final int STOPPED = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final WatchOptions watch = new WatchOptions();

    @Option(names = "--out", paramLabel = "RUN", description = "Run directory (default: a new one below runs/).")
    private Path out;

    @Option(names = "--resume", description = "Go on from the run directory's last checkpoint, bit for bit.")
    private boolean resume;

    @Option(
            names = "--dry-run",
            description = "Check everything, time one step, print memory and duration, train nothing.")
    private boolean dryRun;

    @Option(
            names = "--profile",
            description =
                    "Time each operation of a step on the device, print the table, and the memory; train nothing.")
    private boolean profile;

    @Option(
            names = "--network",
            paramLabel = "NAME",
            description = "dcgan (default for images), mlp (default for points), r3 (residual) or lattice (periodic).")
    private String network;

    @Option(
            names = "--width",
            paramLabel = "W",
            description = "Channels of images at full size, units of mlp's widest layer.")
    private Integer width;

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Option(
            names = "--updater",
            paramLabel = "U",
            description = "DL4J updater of both networks, as in adam:lr=2e-4,beta1=0.5.")
    private String updater;

    @Option(names = "--generator-updater", paramLabel = "U", description = "Updater of the generator.")
    private String generatorUpdater;

    @Option(names = "--discriminator-updater", paramLabel = "U", description = "Updater of the discriminator.")
    private String discriminatorUpdater;

    @Option(
            names = "--generator",
            paramLabel = "FILE",
            description =
                    "Your own generator: a DL4J ComputationGraphConfiguration or MultiLayerConfiguration as JSON, or a"
                            + " DL4J model's zip to go on from; latents in, samples out.")
    private Path generatorFile;

    @Option(
            names = "--discriminator",
            paramLabel = "FILE",
            description = "Your own discriminator: likewise, samples in, one logit out.")
    private Path discriminatorFile;

    @Mixin
    private final GameOptions game = new GameOptions();

    @Option(names = "--force", description = "Run bf16 also where the processor has no instructions for it, slowly.")
    private boolean force;

    @Override
    public Integer call() {
        PrintWriter screen = spec.commandLine().getErr();
        StoredRun before = storedRun();
        if (!data.given() && before == null) {
            throw new ParameterException(
                    spec.commandLine(), "--data is missing: give the samples to learn from, as in --data ising");
        }
        DataSource source =
                data.over(before == null ? DataSource.of(null) : before.config().data());
        if (out == null) {
            out = freshRun(source.source());
        }
        try (ProgressView progress = new ProgressView(screen)) {
            DataSource.Opened opened = source.open(store(out), progress);
            progress.end();
            opened.notes().forEach(screen::println);
            try {
                return train(source, opened, before, screen, progress);
            } finally {
                if (opened.data() instanceof ImageSet images) {
                    images.close();
                }
            }
        }
    }

    private int train(
            DataSource source, DataSource.Opened opened, StoredRun before, PrintWriter screen, ProgressView progress) {
        Dataset samples = opened.data();
        if (before == null) {
            String preset = recipe.suit(opened.synthetic().orElse(null), saysSomethingOfTheGame());
            if (!preset.isEmpty()) {
                screen.println("preset   " + preset);
            }
        }
        NetworkOptions networks = networks(before, samples);
        TrainingOptions options = watch.over(
                recipe.over(
                        game.over(
                                before == null
                                        ? recipe.training()
                                        : before.config().training(),
                                before == null,
                                samples),
                        networks),
                before == null,
                samples);
        Graphs graphs = graphs(networks, before, samples.shape(), options.seed());
        GanTrainer trainer = new GanTrainer(graphs.generator(), graphs.discriminator(), samples, options)
                .force(force)
                .describe(networks, source);
        if (dryRun) {
            TrainingView.print(screen, trainer.tryOneStep());
            return ExitCode.OK;
        }
        if (profile) {
            trainer.profile().lines().forEach(spec.commandLine().getOut()::println);
            spec.commandLine().getOut().flush();
            return ExitCode.OK;
        }
        watch.evaluator(options, opened, progress).ifPresent(evaluator -> {
            progress.end();
            screen.println("quality  every " + options.evaluateEvery() + " steps; features: "
                    + evaluator.space().description());
            trainer.evaluator(evaluator);
        });
        StopSignal signal = new StopSignal(screen);
        GanTrainer.Result result;
        try (signal) {
            result = trainer.observe(new TrainingView(screen, progress, out))
                    .runDirectory(out)
                    .resume(resume)
                    .stopWhen(signal::received)
                    .train();
            progress.end();
            PrintWriter results = spec.commandLine().getOut();
            results.println((result.finished() ? "done: " : "stopped after ")
                    + String.format(Locale.ROOT, "%,d", result.step()) + " steps; everything is in " + out + ":");
            results.println("  report       " + out.resolve("report.html"));
            results.println("  samples      " + out.resolve("samples"));
            results.println("  checkpoints  " + out.resolve("checkpoints"));
            boolean keepsBest = options.keepBest() != null;
            if (keepsBest) {
                BestSoFar best = StoredRun.open(out).best();
                results.println(String.format(Locale.ROOT, "  best         after %,d steps: ", best.step()) + best);
            }
            results.println(
                    result.finished()
                            ? "next: latent4j gan generate --run " + out + (keepsBest ? " --checkpoint best" : "")
                            : "go on with: latent4j gan train --out " + out + " --resume");
            results.flush();
        }
        return result.finished() ? ExitCode.OK : STOPPED;
    }

    /** Whether networks, loss and updates are left to us, on a device that has exact penalties. */
    private boolean saysSomethingOfTheGame() {
        return !game.isUsual()
                || Stream.of(network, generatorFile, updater, generatorUpdater, discriminatorUpdater)
                        .anyMatch(Objects::nonNull);
    }

    private StoredRun storedRun() {
        if (!resume) {
            return null;
        }
        if (out == null) {
            throw new ParameterException(spec.commandLine(), "--resume needs the run to go on with: give it by --out");
        }
        return Files.exists(out.resolve("config.json")) ? StoredRun.open(out) : null;
    }

    /** Decoded images lie beside the runs, so that the next run on the same data finds them. */
    static Path store(Path run) {
        Path parent = run.toAbsolutePath().normalize().getParent();
        return (parent == null ? run.toAbsolutePath() : parent).resolve(".data");
    }

    /** runs/NAME, or runs/NAME-2 and so on: the first that is free. */
    private static Path freshRun(String source) {
        String last = Path.of(source.split(":", 2)[0].isEmpty() ? source : source.split(":", 2)[0])
                .toAbsolutePath()
                .normalize()
                .getFileName()
                .toString();
        String name = last.replaceAll("\\.[A-Za-z0-9]{1,4}$", "").replaceAll("[^A-Za-z0-9_-]", "-");
        return Stream.iterate(1, i -> i + 1)
                .map(i -> Path.of("runs", i == 1 ? name : name + "-" + i))
                .filter(path -> !Files.exists(path))
                .findFirst()
                .orElseThrow();
    }

    private NetworkOptions networks(StoredRun before, Dataset samples) {
        SampleShape shape = samples.shape();
        if ((generatorFile == null) != (discriminatorFile == null)) {
            throw new ParameterException(
                    spec.commandLine(), "--generator and --discriminator go together: give both files");
        }
        boolean own = generatorFile != null
                || before != null
                        && network == null
                        && before.config().networks().name().equals(Networks.OWN);
        if (own) {
            if (network != null
                    || width != null
                    || recipe.hasNetworkOptions()
                    || updater != null
                    || generatorUpdater != null
                    || discriminatorUpdater != null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--preset, --network, --width, --norm, --fourier and the updaters are for the built-in networks: your own graphs decide them themselves");
            }
            return recipe.own(
                    before == null ? NetworkOptions.own(0) : before.config().networks(), samples);
        }
        NetworkOptions base = before != null
                        && (network == null
                                || network.equals(before.config().networks().name()))
                ? before.config().networks()
                : network == null && recipe.networks(shape) != null
                        ? recipe.networks(shape)
                        : Networks.defaults(network, shape);
        return recipe.over(
                base,
                before == null
                        ? recipe.training().recipe()
                        : before.config().training().recipe(),
                samples,
                width,
                first(generatorUpdater, first(updater, base.generatorUpdater())),
                first(discriminatorUpdater, first(updater, base.discriminatorUpdater())));
    }

    /** The networks to train, those that begin anew without parameters. */
    private record Graphs(ComputationGraph generator, ComputationGraph discriminator) {}

    private Graphs graphs(NetworkOptions networks, StoredRun before, SampleShape shape, long networkSeed) {
        if (!networks.name().equals(Networks.OWN)) {
            Networks.Pair pair = Networks.configure(networks, shape, networkSeed);
            return new Graphs(new ComputationGraph(pair.generator()), new ComputationGraph(pair.discriminator()));
        }
        Path generator = generatorFile != null ? generatorFile : before.folder().resolve("generator.json");
        Path discriminator =
                discriminatorFile != null ? discriminatorFile : before.folder().resolve("discriminator.json");
        ComputationGraph generatorGraph = ModelZip.readToTrain(generator);
        return new Graphs(generatorGraph, ModelZip.readToTrain(discriminator));
    }
}

package org.latent4j.gan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.DeviceOptions;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.gan.evaluate.Evaluator;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.latent4j.gan.run.RunRecorder;

/**
 * Trains a DL4J generator and discriminator against each other on real samples.
 *
 * <p>The generator maps latents (m, latent), standard normal, to samples; the discriminator maps samples to one logit each. Images are
 * (m, c, h, w) in -1 .. 1, points (m, p) are standardised and come back in the data's units. The graphs given are the graphs trained: their
 * parameters and updater state change in place. With a run directory the run is recorded and can be resumed bit for bit.
 *
 * <p>{@link #train} throws {@link org.latent4j.data.DataException} for networks, data or options that don't fit,
 * {@link org.latent4j.compute.ComputeException} for a device that can't be used, {@link TrainingDivergedException} as soon as a number
 * stops being finite.
 *
 * <p>Source: Goodfellow et al., "Generative adversarial nets", NeurIPS 2014, algorithm 1.
 */
public final class GanTrainer {
    private static final int GRID_IMAGES = 64;
    private static final int GRID_POINTS = 2000;
    private static final int PROFILED_STEPS = 31;

    private final ComputationGraph generator;
    private final ComputationGraph discriminator;
    private final Dataset data;
    private final TrainingOptions options;
    private final List<TrainingObserver> observers = new ArrayList<>();
    private NetworkOptions networks = new NetworkOptions(Networks.OWN, 0, 0, null, null);
    private DataSource source;
    private BooleanSupplier stop = () -> false;
    private Path runDirectory;
    private Evaluator evaluator;
    private boolean resume;
    private boolean force;

    public GanTrainer(
            ComputationGraph generator, ComputationGraph discriminator, Dataset data, TrainingOptions options) {
        this.generator = generator;
        this.discriminator = discriminator;
        this.data = data;
        this.options = options;
        this.source = DataSource.of(data.name());
    }

    public GanTrainer observe(TrainingObserver observer) {
        observers.add(observer);
        return this;
    }

    /** Hears each line of statistics. */
    public GanTrainer onStatistics(Consumer<TrainingStatistics> consumer) {
        return observe(new TrainingObserver() {
            @Override
            public void statistics(TrainingStatistics statistics) {
                consumer.accept(statistics);
            }
        });
    }

    /** Hears samples (n, elements) of fixed latents and the step they were made at. */
    public GanTrainer onSamples(ObjLongConsumer<float[]> consumer) {
        return observe(new TrainingObserver() {
            @Override
            public void samples(long step, float[] samples) {
                consumer.accept(samples, step);
            }
        });
    }

    /** Records the run in a folder: configuration, statistics, sample grids, checkpoints, report. */
    public GanTrainer runDirectory(Path folder) {
        this.runDirectory = folder;
        return this;
    }

    /** Goes on from the run directory's last checkpoint; a run that has not begun begins. */
    public GanTrainer resume(boolean value) {
        this.resume = value;
        return this;
    }

    /** Asked after each step; true ends the run after a checkpoint. */
    public GanTrainer stopWhen(BooleanSupplier value) {
        this.stop = value;
        return this;
    }

    /** Whether 16-bit numbers are also used where the device emulates them, slowly. */
    public GanTrainer force(boolean value) {
        this.force = value;
        return this;
    }

    /** Measures the samples' quality every {@link TrainingOptions#evaluateEvery} steps and at the end. */
    public GanTrainer evaluator(Evaluator value) {
        this.evaluator = value;
        return this;
    }

    /** How the networks and the data came about, for {@code config.json}; whoever opens the run needs it to open them again. */
    public GanTrainer describe(NetworkOptions networkOptions, DataSource dataSource) {
        this.networks = networkOptions;
        this.source = dataSource;
        return this;
    }

    /**
     * How a run ended.
     *
     * @param step adversarial steps done, over all parts of the run
     * @param finished false if it was stopped before its last step
     */
    public record Result(long step, boolean finished) {}

    /** Trains to the last step, or until stopped. */
    public Result train() {
        if (options.keepBest() != null) {
            new BestSoFar(options.keepBest()).require(evaluator);
        }
        boolean drawn = generator.getVertices() == null && discriminator.getVertices() == null;
        try (AdversarialGame game = prepare()) {
            if (runDirectory == null) {
                return play(game, 0, 0, new BestSoFar(options.keepBest()));
            }
            try (RunRecorder recorder = RunRecorder.open(
                    runDirectory,
                    resume,
                    generator,
                    discriminator,
                    game.average() == null ? null : game.average().graph(),
                    game.networks().spectralNorm(),
                    data,
                    game.scaling(),
                    options.withDevice(
                            game.plan().device().device().toString()), // what auto chose, so that a resume keeps it
                    networks.withLatent(game.plan().shapes().latent()),
                    source)) {
                observers.add(0, recorder);
                game.networks().load();
                if (!drawn && recorder.isNew()) {
                    recorder.checkpoint(0, 0); // parameters that nothing else in the folder tells
                }
                try {
                    return play(game, recorder.step(), recorder.seconds(), recorder.best());
                } finally {
                    observers.remove(recorder);
                }
            }
        }
    }

    /**
     * What one step costs: runs a step on the checked networks and changes nothing that is kept.
     *
     * @param secondsPerStep of the second of two steps; the first warms up
     * @param parameterBytes parameters, gradients and updater state of both networks
     * @param processBytes what the process holds in all after the step
     */
    public record Trial(TrainingPlan plan, double secondsPerStep, long parameterBytes, long processBytes) {}

    /** Checks everything and times one step; the networks' parameters change, so they should not be used afterwards. */
    public Trial tryOneStep() {
        try (AdversarialGame game = prepare()) {
            game.step(0);
            game.report(update -> {}, update -> {});
            long start = System.nanoTime();
            game.step(1);
            game.report(update -> {}, update -> {});
            double seconds = (System.nanoTime() - start) / 1e9;
            long numbers = 0;
            for (ComputationGraph graph : List.of(generator, discriminator)) {
                numbers += 2 * graph.numParams();
                if (graph.updaterState() != null) {
                    numbers += graph.updaterState().length();
                }
            }
            return new Trial(
                    game.plan(),
                    seconds,
                    numbers * generator.getConfiguration().getDataType().width(),
                    Pointer.physicalBytes());
        }
    }

    /** Where the time and the memory of a step go, in words; the networks change, so they should not be used afterwards. */
    public String profile() {
        try (AdversarialGame game = prepare()) {
            return game.profile(game.warmUp(), PROFILED_STEPS);
        }
    }

    private AdversarialGame prepare() {
        DeviceOptions device = new DeviceOptions(force, options.tf32(), options.deterministic());
        return AdversarialGame.open(generator, discriminator, data, options, networks.latent(), device);
    }

    private Result play(AdversarialGame game, long firstStep, double secondsBefore, BestSoFar best) {
        StatisticsMeter meter = new StatisticsMeter(options, game.plan().size(), secondsBefore, game::waitedNanos);
        observers.forEach(observer -> observer.started(game.plan(), firstStep));
        Supervisor supervisor = new Supervisor(game, discriminator, data, options, evaluator);
        long step = firstStep;
        if (step == 0) {
            show(game, 0);
        }
        boolean stopped = false;
        while (step < options.steps() && !stopped) {
            game.step(step, meter::add, meter::add);
            step++;
            stopped = stop.getAsBoolean();
            boolean last = stopped || step == options.steps();
            boolean checkpoint = last || step % options.checkpointEvery() == 0;
            if (checkpoint || step % options.reportEvery() == 0 || supervisor.evaluates(step, last)) {
                game.report(meter::add, meter::add);
                TrainingStatistics statistics = supervisor.complete(meter.take(step), last, meter);
                observers.forEach(observer -> observer.statistics(statistics));
                checkpoint |= best.improves(statistics);
            }
            if (last || step % options.sampleEvery() == 0 || meter.firstMinuteEnds()) {
                show(game, step);
            }
            if (checkpoint) {
                game.networks().synchronize();
                double seconds = meter.seconds();
                for (TrainingObserver observer : observers) {
                    observer.checkpoint(step, seconds);
                }
            }
            for (TrainingObserver observer : observers) {
                observer.step(step);
            }
        }
        return new Result(step, step == options.steps());
    }

    /** Shows samples of fixed latents. */
    private void show(AdversarialGame game, long step) {
        if (observers.isEmpty()) {
            return;
        }
        int classes = game.plan().shapes().classes();
        int rows = game.scaling() != null
                ? GRID_POINTS
                : classes == 0 ? GRID_IMAGES : classes * Math.max(1, GRID_IMAGES / classes);
        float[] latents = new float[rows * game.plan().shapes().latent()];
        new Philox(options.seed(), Philox.Purpose.SAMPLE_GRID, 0).fillNormal(latents, 0, latents.length);
        if (options.recipe().latents() != null) {
            options.recipe().latents().shape(latents);
            options.recipe()
                    .latents()
                    .label(latents, IntStream.range(0, classes).toArray());
        }
        float[] samples = game.networks().generate(latents);
        if (game.scaling() != null) {
            game.scaling().toData(samples);
        }
        observers.forEach(observer -> observer.samples(step, samples));
    }
}

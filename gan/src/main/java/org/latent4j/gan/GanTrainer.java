package org.latent4j.gan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Device;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Philox;
import org.latent4j.compute.cpu.CpuBackend;
import org.latent4j.compute.cpu.KernelChoices;
import org.latent4j.compute.cuda.CudaBackend;
import org.latent4j.compute.cuda.CudaOptions;
import org.latent4j.compute.graph.Compiler;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.gan.compiled.CompiledNetworks;
import org.latent4j.gan.dl4j.Dl4jNetworks;
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

    private final ComputationGraph generator;
    private final ComputationGraph discriminator;
    private final Dataset data;
    private final TrainingOptions options;
    private final List<TrainingObserver> observers = new ArrayList<>();
    private NetworkOptions networks = new NetworkOptions(Networks.OWN, 0, 0, null, null);
    private DataSource source;
    private BooleanSupplier stop = () -> false;
    private Path runDirectory;
    private boolean resume;
    private boolean force;
    private CudaOptions cuda = CudaOptions.DEFAULT;

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

    /** How a card computes, on device cuda. */
    public GanTrainer cuda(CudaOptions value) {
        this.cuda = value;
        return this;
    }

    /** Runs 16-bit numbers also where the processor emulates them, slowly. */
    public GanTrainer force(boolean value) {
        this.force = value;
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
        try (Game game = prepare()) {
            if (runDirectory == null) {
                return play(game, 0, 0);
            }
            try (RunRecorder recorder = RunRecorder.open(
                    runDirectory,
                    resume,
                    generator,
                    discriminator,
                    game.average == null ? null : game.average.graph(),
                    data,
                    game.scaling,
                    options.withDevice(
                            game.plan.device().device().toString()), // what auto chose, so that a resume keeps it
                    networks.withLatent(game.plan.shapes().latent()),
                    source)) {
                observers.add(0, recorder);
                game.players.load();
                try {
                    return play(game, recorder.step(), recorder.seconds());
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
        try (Game game = prepare()) {
            game.step(0);
            long start = System.nanoTime();
            game.step(1);
            double seconds = (System.nanoTime() - start) / 1e9;
            long numbers = 0;
            for (ComputationGraph graph : List.of(generator, discriminator)) {
                numbers += 2 * graph.numParams();
                if (graph.updaterState() != null) {
                    numbers += graph.updaterState().length();
                }
            }
            return new Trial(
                    game.plan,
                    seconds,
                    numbers * generator.getConfiguration().getDataType().width(),
                    Pointer.physicalBytes());
        }
    }

    private Game prepare() {
        generator.init();
        discriminator.init();
        Devices.Choice device = Devices.choose(options.device(), this::unsupported);
        PointScaling scaling = PointScaling.of(data);
        RealSamples real = new RealSamples(data, scaling, options);
        NetworkShapes shapes = NetworkShapes.check(generator, discriminator, data.shape(), networks.latent());
        if (device.device().kind() == Device.Kind.ND4J && !options.precision().equals("fp32")) {
            throw new DataException("--precision " + options.precision()
                    + ": device nd4j computes in the networks' own data type; leave it out, or use --device cpu");
        }
        return new Game(device, shapes, scaling, real, MovingAverage.of(generator, options.ema()));
    }

    /** What keeps the two networks from being compiled. */
    private List<String> unsupported() {
        List<String> problems = new ArrayList<>();
        Compiler.unsupported(generator).forEach(problem -> problems.add("generator: " + problem));
        Compiler.unsupported(discriminator).forEach(problem -> problems.add("discriminator: " + problem));
        return problems;
    }

    private Result play(Game game, long firstStep, double secondsBefore) {
        StatisticsMeter meter = new StatisticsMeter(options, game.plan.size(), secondsBefore, game.batch::waitedNanos);
        observers.forEach(observer -> observer.started(game.plan, firstStep));
        long step = firstStep;
        if (step == 0) {
            game.show(0);
        }
        boolean stopped = false;
        while (step < options.steps() && !stopped) {
            game.step(step, meter);
            step++;
            stopped = stop.getAsBoolean();
            boolean last = stopped || step == options.steps();
            boolean checkpoint = last || step % options.checkpointEvery() == 0;
            if (checkpoint || step % options.reportEvery() == 0) {
                TrainingStatistics statistics = meter.take(step);
                observers.forEach(observer -> observer.statistics(statistics));
            }
            if (last || step % options.sampleEvery() == 0 || meter.firstMinuteEnds()) {
                game.show(step);
            }
            if (checkpoint) {
                game.players.synchronize();
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

    /** The networks on their device, with data and latents. */
    private final class Game implements AutoCloseable {
        final TrainingPlan plan;
        final PointScaling scaling;
        final MovingAverage average;
        final AdversarialNetworks players;
        private final DrawnMinibatch batch;
        private final float[] fixedLatents;

        Game(
                Devices.Choice device,
                NetworkShapes shapes,
                PointScaling scaling,
                RealSamples real,
                MovingAverage average) {
            this.average = average;
            this.plan = new TrainingPlan(
                    device,
                    data.name(),
                    RealSamples.size(data),
                    shapes,
                    generator.numParams(),
                    discriminator.numParams(),
                    options);
            this.scaling = scaling;
            this.batch = new DrawnMinibatch(real, options.seed());
            this.players = switch (device.device().kind()) {
                case ND4J -> new Dl4jNetworks(generator, discriminator, average, shapes, options);
                case CPU ->
                    new CompiledNetworks(
                            generator,
                            discriminator,
                            average,
                            shapes,
                            options,
                            new CpuBackend(KernelChoices.ofUser(), force));
                case CUDA ->
                    new CompiledNetworks(
                            generator,
                            discriminator,
                            average,
                            shapes,
                            options,
                            new CudaBackend(device.device().index(), cuda));
            };
            this.fixedLatents = new float[(scaling == null ? GRID_IMAGES : GRID_POINTS) * shapes.latent()];
            new Philox(options.seed(), Philox.Purpose.SAMPLE_GRID, 0).fillNormal(fixedLatents, 0, fixedLatents.length);
        }

        void step(long step, StatisticsMeter meter) {
            long draws = options.k() + options.l();
            if (options.update() == UpdateRule.SIMULTANEOUS) {
                meter.add(players.updateBoth(batch.at(step, step * draws)));
                return;
            }
            // The generator's updates take real samples of their own where their loss needs any.
            long reals = step * (options.k() + (options.loss().pairs() ? options.l() : 0));
            for (int i = 0; i < options.k(); i++) {
                meter.add(players.updateDiscriminator(batch.at(reals + i, step * draws + i)));
            }
            for (int i = options.k(); i < draws; i++) {
                meter.add(players.updateGenerator(batch.at(reals + i, step * draws + i)));
            }
        }

        void step(long step) {
            step(step, new StatisticsMeter(options, plan.size(), 0, batch::waitedNanos));
        }

        void show(long step) {
            if (observers.isEmpty()) {
                return;
            }
            float[] samples = players.generate(fixedLatents);
            if (scaling != null) {
                scaling.toData(samples);
            }
            observers.forEach(observer -> observer.samples(step, samples));
        }

        @Override
        public void close() {
            players.close();
        }
    }
}

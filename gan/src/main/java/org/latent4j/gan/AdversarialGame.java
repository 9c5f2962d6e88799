package org.latent4j.gan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Device;
import org.latent4j.compute.DeviceOptions;
import org.latent4j.compute.Devices;
import org.latent4j.compute.graph.Compiler;
import org.latent4j.data.DataException;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.gan.AdversarialNetworks.DiscriminatorUpdate;
import org.latent4j.gan.AdversarialNetworks.GeneratorUpdate;
import org.latent4j.gan.compiled.CompiledNetworks;
import org.latent4j.gan.dl4j.Dl4jNetworks;

/**
 * Two networks, data and latents on a device, ready to play: whole adversarial steps, without a run around them. {@link GanTrainer} plays
 * runs on it; use it for loops of one's own and to time steps:
 *
 * <pre>{@code
 * try (AdversarialGame game = AdversarialGame.open(generator, discriminator, data, options, 0, DeviceOptions.DEFAULT)) {
 *     game.step(0);                     // the first steps warm up
 *     long start = System.nanoTime();
 *     game.step(1);                     // k + l updates: data, noise, both networks, both updaters
 *     game.report(d -> {}, g -> {});    // a card may still be at work
 *     double ms = (System.nanoTime() - start) * 1e-6;
 * }
 * }</pre>
 *
 * <p>A step is finished when {@link #step} returns, on device cuda when {@link #report} does. What a step does is a function of the networks, the options and its number. Not
 * thread-safe.
 */
public final class AdversarialGame implements AutoCloseable {
    private static final long WARM_UP_NANOS = 2_000_000_000L;

    private final TrainingPlan plan;
    private final TrainingOptions options;
    private final PointScaling scaling;
    private final MovingAverage average;
    private final AdversarialNetworks networks;
    private final DrawnMinibatch batch;

    private AdversarialGame(
            TrainingPlan plan,
            PointScaling scaling,
            MovingAverage average,
            AdversarialNetworks networks,
            DrawnMinibatch batch) {
        this.plan = plan;
        this.options = plan.options();
        this.scaling = scaling;
        this.average = average;
        this.networks = networks;
        this.batch = batch;
    }

    /**
     * Checks that networks, data and options fit and brings the networks to the device; the graphs given are the graphs trained. Throws as
     * {@link GanTrainer} does.
     *
     * @param latent numbers in a latent vector, or 0 to take it from the generator's first layer
     * @param deviceOptions how the device computes
     */
    public static AdversarialGame open(
            ComputationGraph generator,
            ComputationGraph discriminator,
            Dataset data,
            TrainingOptions options,
            int latent,
            DeviceOptions deviceOptions) {
        generator.init();
        discriminator.init();
        Devices.Choice device = Devices.choose(options.device(), () -> unsupported(generator, discriminator));
        Latents latents = options.recipe().latents();
        PointScaling scaling = PointScaling.of(data);
        RealSamples real = new RealSamples(data, scaling, options);
        NetworkShapes shapes = NetworkShapes.check(
                generator, discriminator, data.shape(), latent, latents == null ? 0 : latents.classes());
        if (device.device().kind() == Device.Kind.ND4J && !options.precision().equals("fp32")) {
            throw new DataException("--precision " + options.precision()
                    + ": device nd4j computes in the networks' own data type; leave it out, or use --device cpu");
        }
        MovingAverage average = MovingAverage.of(generator, options);
        AdversarialNetworks networks =
                switch (device.device().kind()) {
                    case ND4J -> new Dl4jNetworks(generator, discriminator, average, shapes, options);
                    case CPU, CUDA ->
                        new CompiledNetworks(
                                generator,
                                discriminator,
                                average,
                                shapes,
                                options,
                                Devices.backend(device.device(), deviceOptions));
                };
        TrainingPlan plan = new TrainingPlan(
                device,
                data.name(),
                data instanceof ImageSet images ? networks.hold(images) : "",
                RealSamples.size(data),
                shapes,
                generator.numParams(),
                discriminator.numParams(),
                options);
        return new AdversarialGame(
                plan, scaling, average, networks, new DrawnMinibatch(real, options.batch(), options.seed(), latents));
    }

    /** What keeps the two networks from being compiled. */
    private static List<String> unsupported(ComputationGraph generator, ComputationGraph discriminator) {
        List<String> problems = new ArrayList<>();
        Compiler.unsupported(generator).forEach(problem -> problems.add("generator: " + problem));
        Compiler.unsupported(discriminator).forEach(problem -> problems.add("discriminator: " + problem));
        return problems;
    }

    /** Plays one adversarial step, number 0, 1, ...: k updates of the discriminator and l of the generator. */
    public void step(long step) {
        step(step, update -> {}, update -> {});
    }

    /** Plays one adversarial step and tells of each update, unless the device plays whole steps: then {@link #report} does. */
    public void step(long step, Consumer<DiscriminatorUpdate> ofDiscriminator, Consumer<GeneratorUpdate> ofGenerator) {
        if (networks.playsWholeSteps()) {
            networks.step(() -> play(step, update -> {}, update -> {}));
        } else {
            play(step, ofDiscriminator, ofGenerator);
        }
    }

    /** Updates the discriminator alone, by draw number 0, 1, ... of data and latents; on device cuda it may return before that is done. */
    public DiscriminatorUpdate updateDiscriminator(long number) {
        return networks.updateDiscriminator(batch.at(number, number));
    }

    /** Waits until all steps are done, and tells of the updates of which nothing was told yet. */
    public void report(Consumer<DiscriminatorUpdate> ofDiscriminator, Consumer<GeneratorUpdate> ofGenerator) {
        networks.report(ofDiscriminator, ofGenerator);
    }

    private void play(long step, Consumer<DiscriminatorUpdate> ofDiscriminator, Consumer<GeneratorUpdate> ofGenerator) {
        long draws = options.k() + options.l();
        if (options.update() == UpdateRule.SIMULTANEOUS) {
            AdversarialNetworks.BothUpdates both = networks.updateBoth(batch.at(step, step * draws));
            ofDiscriminator.accept(both.discriminator());
            ofGenerator.accept(both.generator());
            return;
        }
        // The generator's updates take real samples of their own where their loss needs any.
        long reals = step * (options.k() + (options.loss().pairs() ? options.l() : 0));
        for (int i = 0; i < options.k(); i++) {
            ofDiscriminator.accept(networks.updateDiscriminator(batch.at(reals + i, step * draws + i)));
        }
        for (int i = options.k(); i < draws; i++) {
            ofGenerator.accept(networks.updateGenerator(batch.at(reals + i, step * draws + i)));
        }
    }

    /** Plays steps from 0 on until Java has compiled what they run; gives the number of the next one. */
    public long warmUp() {
        timed();
        long begin = System.nanoTime();
        long step = 0;
        while (step == 0 || System.nanoTime() - begin < WARM_UP_NANOS) {
            play(step++, update -> {}, update -> {});
        }
        return step;
    }

    /**
     * Where the time and the memory of a step go, in words: plays steps {@code first} to {@code first + steps - 1}, which learn as they always do, and gives a
     * table of operations, medians. Update by update also where a device plays whole steps: within a recording nothing can be timed.
     */
    public String profile(long first, int steps) {
        CompiledNetworks compiled = timed();
        compiled.watch();
        for (long step = first; step < first + steps; step++) {
            play(step, update -> {}, update -> {});
        }
        return compiled.profile().toString();
    }

    private CompiledNetworks timed() {
        if (networks instanceof CompiledNetworks compiled) {
            return compiled;
        }
        throw new DataException("device " + plan.device().device()
                + " runs DL4J's own layers, which are not timed one by one; use --device cpu");
    }

    /** Floating point operations that the definitions of the layers ask for in a step; 0 on stock DL4J, which does not count them. */
    public double flops() {
        return networks instanceof CompiledNetworks compiled
                ? compiled.flops(options.k(), options.l(), options.update() == UpdateRule.SIMULTANEOUS)
                : 0;
    }

    public TrainingPlan plan() {
        return plan;
    }

    public AdversarialNetworks networks() {
        return networks;
    }

    /** How points come to the networks' scale; null for images. */
    public PointScaling scaling() {
        return scaling;
    }

    /** What follows the generator, or null. */
    public MovingAverage average() {
        return average;
    }

    /** Time spent on reading real samples so far, in nanoseconds. */
    public long waitedNanos() {
        return batch.waitedNanos();
    }

    @Override
    public void close() {
        networks.close();
    }
}

package org.latent4j.gan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.Philox;
import org.latent4j.data.Dataset;
import org.latent4j.data.Progress;
import org.latent4j.gan.evaluate.Evaluator;
import org.latent4j.gan.evaluate.Figure;
import org.latent4j.gan.watch.Alarm;
import org.latent4j.gan.watch.Lookout;
import org.latent4j.gan.watch.Sight;
import org.latent4j.gan.watch.Watch;

/** What is looked at beside the game: alarms with each line of statistics, and the quality of samples now and then. Changes nothing in the game. */
final class Supervisor {
    private static final int LOOK_SAMPLES = 256;
    private static final int LOOKS = 40;
    private static final long LOOK_STREAM = 20;
    private static final long EVALUATION_STREAM = 21;

    private final AdversarialNetworks networks;
    private final NetworkShapes shapes;
    private final PointScaling scaling;
    private final TrainingOptions options;
    private final Evaluator evaluator; // null: no evaluations
    private final RealSamples real;
    private final Watch watch;
    private final Lookout lookout; // null: too few samples
    private final long lookEvery;

    Supervisor(
            AdversarialGame game,
            ComputationGraph discriminator,
            Dataset data,
            TrainingOptions options,
            Evaluator evaluator) {
        this.networks = game.networks();
        this.shapes = game.plan().shapes();
        this.scaling = game.scaling();
        this.options = options;
        this.evaluator = evaluator;
        this.watch = new Watch(options.loss() == Loss.MINIMAX || options.loss() == Loss.NON_SATURATING);
        this.real = new RealSamples(data, scaling, options);
        float[] training = real.some(LOOK_SAMPLES);
        int elements = shapes.sample().elements();
        this.lookout = Lookout.enough(training.length / elements)
                ? new Lookout(
                        discriminator,
                        game.plan().device().device().toString(),
                        shapes.discriminatorInput(),
                        new Lookout.Samples(training, byClass() ? real.labelsOfSome(LOOK_SAMPLES) : new int[0]),
                        new Lookout.Samples(real.heldOut(), byClass() ? real.labelsOfHeldOut() : new int[0]))
                : null;
        this.lookEvery =
                Math.max(TrainingOptions.LEAST_BETWEEN, Math.max(options.reportEvery(), options.steps() / LOOKS));
    }

    private boolean byClass() {
        return shapes.classes() > 0;
    }

    /** Whether samples are measured after a step. */
    boolean evaluates(long step, boolean last) {
        return evaluator != null && options.evaluateEvery() > 0 && (last || step % options.evaluateEvery() == 0);
    }

    /** A line of statistics with the alarms that are on, and with the quality of samples when it is time for that. */
    TrainingStatistics complete(TrainingStatistics line, boolean last, StatisticsMeter meter) {
        long start = System.nanoTime();
        boolean looks = lookout != null && (last || crossed(line.step()));
        Sight sight = null;
        if (looks) {
            networks.synchronize();
            float[] latents = latents(LOOK_STREAM, LOOK_SAMPLES);
            int[] labels = byClass() ? options.recipe().latents().labels(latents) : new int[0];
            sight = lookout.look(new Lookout.Samples(networks.generate(latents), labels));
        }
        List<Alarm> alarms = watch.hear(
                new Watch.Line(line.step(), line.dReal(), line.dFake(), line.lossD(), line.gradientNormG()), sight);
        TrainingStatistics complete = line.with(evaluates(line.step(), last) ? evaluate() : Map.of(), alarms);
        meter.excuse(System.nanoTime() - start);
        return complete;
    }

    /** Whether a look was due within the steps of this line. */
    private boolean crossed(long step) {
        return step / lookEvery > Math.max(0, step - options.reportEvery()) / lookEvery;
    }

    private Map<String, TrainingStatistics.Score> evaluate() {
        float[] samples = networks.generate(latents(EVALUATION_STREAM, evaluator.samples()));
        if (scaling != null) {
            scaling.toData(samples);
        }
        Map<String, TrainingStatistics.Score> scores = new LinkedHashMap<>();
        for (Figure figure : evaluator.evaluate(samples, Progress.NONE).figures()) {
            scores.put(figure.key(), new TrainingStatistics.Score(figure.value(), figure.floor()));
        }
        return scores;
    }

    private float[] latents(long stream, int rows) {
        float[] latents = new float[rows * shapes.latent()];
        Philox random = new Philox(options.seed(), Philox.Purpose.EVALUATION, stream);
        random.fillNormal(latents, 0, latents.length);
        Latents kinds = options.recipe().latents();
        if (kinds != null) {
            kinds.shape(latents);
        }
        if (byClass()) {
            kinds.label(latents, real.randomLabels(random, rows));
        }
        return latents;
    }
}

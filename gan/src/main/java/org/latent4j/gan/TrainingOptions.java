package org.latent4j.gan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.latent4j.data.DataException;

/**
 * How the adversarial game is played: Goodfellow's algorithm 1 with k discriminator and l generator updates a step.
 *
 * @param loss what each network descends
 * @param update in which order they learn
 * @param k discriminator updates in a step
 * @param l generator updates in a step
 * @param batch m, real samples and latent vectors in a minibatch
 * @param steps adversarial steps of the whole run
 * @param seed decides initial weights (of the built-in networks), latents, data order and noise
 * @param device {@code auto}, {@code nd4j}, {@code cpu}, {@code cuda[:i]}
 * @param precision {@code fp32}, or {@code bf16}: 16-bit activations and copies of weights, on compiled devices
 * @param tf32 device cuda: whether factors of fp32 products are rounded to 11 bits, for tensor cores
 * @param deterministic device cuda: whether only algorithms are used that repeat bit for bit; cpu always does
 * @param ema decay of the generator's moving average at each of its updates; 0: no average is kept
 * @param flip whether each real image is mirrored left to right with probability 1/2
 * @param recipe penalties and schedules
 * @param holdOut stored real samples that the discriminator never learns from, to see whether it memorises the others
 * @param evaluateEvery steps between evaluations of the samples' quality; 0: none, or with {@code keepBest} as many as checkpoints
 * @param keepBest the figure of evaluations, as {@code frechet}, by which the best checkpoint is kept for good; null: only the last ones are
 * @param reportEvery steps between lines of statistics; 0: 200 lines in a run
 * @param sampleEvery steps between sample grids; 0: 20 grids in a run, 10 steps apart at least
 * @param checkpointEvery steps between checkpoints; 0: 20 checkpoints in a run, 10 steps apart at least
 */
public record TrainingOptions(
        Loss loss,
        UpdateRule update,
        int k,
        int l,
        int batch,
        long steps,
        long seed,
        String device,
        String precision,
        boolean tf32,
        boolean deterministic,
        double ema,
        boolean flip,
        Recipe recipe,
        int holdOut,
        long evaluateEvery,
        String keepBest,
        long reportEvery,
        long sampleEvery,
        long checkpointEvery) {
    /** Steps between grids, checkpoints or looks at samples unless asked for more: in a short run they would take longer than the steps. */
    static final int LEAST_BETWEEN = 10;

    public static final List<String> PRECISIONS = List.of("fp32", "bf16");

    public TrainingOptions {
        update = update == null ? UpdateRule.ALTERNATING : update; // absent in runs of earlier versions
        recipe = recipe == null ? Recipe.PLAIN : recipe;
        precision = precision == null ? PRECISIONS.get(0) : precision;
        List<String> problems = new ArrayList<>();
        atLeastOne("--k (discriminator updates in a step)", k, problems);
        atLeastOne("--l (generator updates in a step)", l, problems);
        atLeastOne("--batch", batch, problems);
        atLeastOne("--steps", steps, problems);
        if (update == UpdateRule.SIMULTANEOUS && (k > 1 || l > 1)) {
            problems.add("--update simultaneous makes one update of each network in a step, but --k is " + k
                    + " and --l " + l + "; leave them out, or use --update alternating");
        }
        if (!PRECISIONS.contains(precision)) {
            problems.add("--precision must be fp32 or bf16, but is " + precision);
        }
        if (!(ema >= 0 && ema < 1)) {
            problems.add("--ema must be a decay of at least 0 and below 1, but is " + ema);
        }
        if (holdOut < 0 || evaluateEvery < 0) {
            problems.add("--hold-out and --evaluate-every must not be negative");
        }
        if (reportEvery < 0 || sampleEvery < 0 || checkpointEvery < 0) {
            problems.add("--report-every, --sample-every and --checkpoint-every must not be negative");
        }
        if (!problems.isEmpty()) {
            throw new DataException(String.join("\n", problems));
        }
        reportEvery = reportEvery > 0 ? reportEvery : Math.max(1, steps / 200);
        sampleEvery = sampleEvery > 0 ? sampleEvery : Math.max(LEAST_BETWEEN, steps / 20);
        checkpointEvery = checkpointEvery > 0 ? checkpointEvery : Math.max(LEAST_BETWEEN, steps / 20);
        evaluateEvery = evaluateEvery == 0 && keepBest != null ? checkpointEvery : evaluateEvery;
    }

    private static void atLeastOne(String name, long value, List<String> problems) {
        if (value < 1) {
            problems.add(name + " must be at least 1, but is " + value);
        }
    }

    /**
     * Non-saturating loss, k = l = 1 alternating, minibatches of 64, 2,000 steps, seed 1, automatic device, fp32, no moving average, no
     * flips, nothing held out, no evaluations.
     */
    public static TrainingOptions defaults() {
        return new TrainingOptions(
                Loss.NON_SATURATING,
                UpdateRule.ALTERNATING,
                1,
                1,
                64,
                2000,
                1,
                "auto",
                PRECISIONS.get(0),
                false,
                false,
                0,
                false,
                Recipe.PLAIN,
                0,
                0,
                null,
                0,
                0,
                0);
    }

    /** The same but for what a change sets. */
    private TrainingOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    public TrainingOptions withLoss(Loss value) {
        return with(draft -> draft.loss = value);
    }

    public TrainingOptions withUpdateRule(UpdateRule value) {
        return with(draft -> draft.update = value);
    }

    /** k discriminator and l generator updates a step. */
    public TrainingOptions withUpdates(int discriminator, int generator) {
        return with(draft -> {
            draft.k = discriminator;
            draft.l = generator;
        });
    }

    public TrainingOptions withBatch(int value) {
        return with(draft -> draft.batch = value);
    }

    /** Length of the run; the intervals of reports, samples and checkpoints follow it again. */
    public TrainingOptions withSteps(long value) {
        return with(draft -> {
            draft.steps = value;
            draft.reportEvery = 0;
            draft.sampleEvery = 0;
            draft.checkpointEvery = 0;
        });
    }

    public TrainingOptions withSeed(long value) {
        return with(draft -> draft.seed = value);
    }

    public TrainingOptions withDevice(String value) {
        return with(draft -> draft.device = value);
    }

    public TrainingOptions withPrecision(String value) {
        return with(draft -> draft.precision = value);
    }

    /** Device cuda: whether factors of fp32 products are rounded to 11 bits, and whether only algorithms are used that repeat bit for bit. */
    public TrainingOptions withArithmetic(boolean tf32Products, boolean repeatable) {
        return with(draft -> {
            draft.tf32 = tf32Products;
            draft.deterministic = repeatable;
        });
    }

    /** Decay of the generator's moving average at each of its updates. */
    public TrainingOptions withEma(double decay) {
        return with(draft -> draft.ema = decay);
    }

    public TrainingOptions withFlip(boolean value) {
        return with(draft -> draft.flip = value);
    }

    public TrainingOptions withRecipe(Recipe value) {
        return with(draft -> draft.recipe = value);
    }

    /** Stored real samples to keep from the discriminator. */
    public TrainingOptions withHoldOut(int value) {
        return with(draft -> draft.holdOut = value);
    }

    public TrainingOptions withEvaluateEvery(long value) {
        return with(draft -> draft.evaluateEvery = value);
    }

    /** The figure by which the best checkpoint is kept, by its key ({@link org.latent4j.gan.evaluate.Figure#key}); null: none is. */
    public TrainingOptions withKeepBest(String figure) {
        return with(draft -> draft.keepBest = figure);
    }

    public TrainingOptions withIntervals(long report, long sample, long checkpoint) {
        return with(draft -> {
            draft.reportEvery = report;
            draft.sampleEvery = sample;
            draft.checkpointEvery = checkpoint;
        });
    }

    /** Thousands of real samples shown to the discriminator by the end of a step. */
    public double kimg(long step) {
        return step * (double) k * batch / 1000;
    }

    /** The fields one by one, to change some of them. */
    private static final class Draft {
        Loss loss;
        UpdateRule update;
        int k;
        int l;
        int batch;
        long steps;
        long seed;
        String device;
        String precision;
        boolean tf32;
        boolean deterministic;
        double ema;
        boolean flip;
        Recipe recipe;
        int holdOut;
        long evaluateEvery;
        String keepBest;
        long reportEvery;
        long sampleEvery;
        long checkpointEvery;

        Draft(TrainingOptions from) {
            loss = from.loss;
            update = from.update;
            k = from.k;
            l = from.l;
            batch = from.batch;
            steps = from.steps;
            seed = from.seed;
            device = from.device;
            precision = from.precision;
            tf32 = from.tf32;
            deterministic = from.deterministic;
            ema = from.ema;
            flip = from.flip;
            recipe = from.recipe;
            holdOut = from.holdOut;
            evaluateEvery = from.evaluateEvery;
            keepBest = from.keepBest;
            reportEvery = from.reportEvery;
            sampleEvery = from.sampleEvery;
            checkpointEvery = from.checkpointEvery;
        }

        TrainingOptions options() {
            return new TrainingOptions(
                    loss,
                    update,
                    k,
                    l,
                    batch,
                    steps,
                    seed,
                    device,
                    precision,
                    tf32,
                    deterministic,
                    ema,
                    flip,
                    recipe,
                    holdOut,
                    evaluateEvery,
                    keepBest,
                    reportEvery,
                    sampleEvery,
                    checkpointEvery);
        }
    }
}

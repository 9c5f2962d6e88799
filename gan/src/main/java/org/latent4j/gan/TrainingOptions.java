package org.latent4j.gan;

import java.util.ArrayList;
import java.util.List;
import org.latent4j.data.DataException;

/**
 * How the adversarial game is played: Goodfellow's algorithm 1 with k discriminator and l generator updates a step.
 *
 * @param loss the generator's loss; the discriminator always ascends V
 * @param k discriminator updates in a step
 * @param l generator updates in a step
 * @param batch m, real samples and latent vectors in a minibatch
 * @param steps adversarial steps of the whole run
 * @param seed decides initial weights (of the built-in networks), latents, data order and noise
 * @param device {@code auto}, {@code nd4j}, {@code cpu}, {@code cuda[:i]}
 * @param reportEvery steps between lines of statistics; 0: 200 lines in a run
 * @param sampleEvery steps between sample grids; 0: 20 grids in a run
 * @param checkpointEvery steps between checkpoints; 0: 20 checkpoints in a run
 */
public record TrainingOptions(
        Loss loss,
        int k,
        int l,
        int batch,
        long steps,
        long seed,
        String device,
        long reportEvery,
        long sampleEvery,
        long checkpointEvery) {

    public TrainingOptions {
        List<String> problems = new ArrayList<>();
        atLeastOne("--k (discriminator updates in a step)", k, problems);
        atLeastOne("--l (generator updates in a step)", l, problems);
        atLeastOne("--batch", batch, problems);
        atLeastOne("--steps", steps, problems);
        if (reportEvery < 0 || sampleEvery < 0 || checkpointEvery < 0) {
            problems.add("--report-every, --sample-every and --checkpoint-every must not be negative");
        }
        if (!problems.isEmpty()) {
            throw new DataException(String.join("\n", problems));
        }
        reportEvery = reportEvery > 0 ? reportEvery : Math.max(1, steps / 200);
        sampleEvery = sampleEvery > 0 ? sampleEvery : Math.max(1, steps / 20);
        checkpointEvery = checkpointEvery > 0 ? checkpointEvery : Math.max(1, steps / 20);
    }

    private static void atLeastOne(String name, long value, List<String> problems) {
        if (value < 1) {
            problems.add(name + " must be at least 1, but is " + value);
        }
    }

    /** Non-saturating loss, k = l = 1, minibatches of 64, 2,000 steps, seed 1, automatic device. */
    public static TrainingOptions defaults() {
        return new TrainingOptions(Loss.NON_SATURATING, 1, 1, 64, 2000, 1, "auto", 0, 0, 0);
    }

    public TrainingOptions withLoss(Loss value) {
        return new TrainingOptions(value, k, l, batch, steps, seed, device, reportEvery, sampleEvery, checkpointEvery);
    }

    /** k discriminator and l generator updates a step. */
    public TrainingOptions withUpdates(int discriminator, int generator) {
        return new TrainingOptions(
                loss, discriminator, generator, batch, steps, seed, device, reportEvery, sampleEvery, checkpointEvery);
    }

    public TrainingOptions withBatch(int value) {
        return new TrainingOptions(loss, k, l, value, steps, seed, device, reportEvery, sampleEvery, checkpointEvery);
    }

    /** Length of the run; the intervals of reports, samples and checkpoints follow it again. */
    public TrainingOptions withSteps(long value) {
        return new TrainingOptions(loss, k, l, batch, value, seed, device, 0, 0, 0);
    }

    public TrainingOptions withSeed(long value) {
        return new TrainingOptions(loss, k, l, batch, steps, value, device, reportEvery, sampleEvery, checkpointEvery);
    }

    public TrainingOptions withDevice(String value) {
        return new TrainingOptions(loss, k, l, batch, steps, seed, value, reportEvery, sampleEvery, checkpointEvery);
    }

    public TrainingOptions withIntervals(long report, long sample, long checkpoint) {
        return new TrainingOptions(loss, k, l, batch, steps, seed, device, report, sample, checkpoint);
    }

    /** Thousands of real samples shown to the discriminator by the end of a step. */
    public double kimg(long step) {
        return step * (double) k * batch / 1000;
    }
}

package org.latent4j.gan.watch;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Raises alarms from what a run reports. Each needs to be seen several times in a row, so that no single bad minibatch raises one, and ends when it is not
 * seen any more.
 *
 * <p>The discriminator wins when D(x) is above 0.98 and D(G(z)) below 0.02 on three lines of statistics, or, while it tells nearly all samples right,
 * the generator's gradient is below a hundredth of its largest so far. Losses that don't aim at probabilities (hinge, least-squares, wasserstein, relativistic)
 * are judged by pairs: D holds the real one for more real in 999 of 1000, and its loss is nearly 0. The first alone is no sign: with a penalty on its slope a
 * discriminator that tells all samples right still has a way to go, and shows it to the generator. Samples collapse when both their spread and their coverage
 * are below half of the best so far, or the spread is below a tenth of real samples' long after the start. It memorises when held-out logits have
 * gone half of the way from training logits to generated ones', by more than three standard errors.
 */
public final class Watch {
    private static final int LINES = 3;
    private static final int SIGHTS = 2;
    private static final double SURE = 0.98;
    private static final double NEARLY_SURE = 0.9;
    private static final double VANISHED = 0.01;
    private static final double SEPARATED = 0.999;
    private static final double NO_LOSS = 0.01; // wasserstein's is far below 0
    private static final double FALLEN = 0.5;
    private static final double LEAST_COVERAGE = 0.1;
    private static final double ALIKE = 0.1;
    private static final int FIRST_SIGHTS = 5;
    private static final double MEMORISED = 0.5;
    private static final double STANDARD_ERRORS = 3;

    private static final String WEAKEN =
            "weaken D: a penalty on its slope (--penalty r1+r2), a lower --discriminator-updater rate, fewer --k, or a smaller D";
    private static final Map<Alarm.Kind, String> REMEDIES = Map.of(
            Alarm.Kind.DISCRIMINATOR_WINS,
            WEAKEN
                    + "; with --loss minimax, change to non-saturating; resume from an earlier checkpoint, as this seldom mends itself",
            Alarm.Kind.COLLAPSE,
            "a penalty on D's slope (--penalty r1+r2), lower rates for both networks, a larger --batch, or --loss relativistic; resume from a checkpoint before it, or start again",
            Alarm.Kind.MEMORISES,
            "more data, --flip or other augmentation, a stronger penalty (--gamma) or a smaller D; or stop here: the best checkpoint is behind you");

    private final boolean probabilities;
    private final Map<Alarm.Kind, Integer> streaks = new EnumMap<>(Alarm.Kind.class);
    private final Map<Alarm.Kind, Long> beginnings = new EnumMap<>(Alarm.Kind.class);
    private final Map<Alarm.Kind, Alarm> active = new EnumMap<>(Alarm.Kind.class);
    private double largestGradient;
    private double bestSpread;
    private double bestCoverage;
    private int sights;

    /** {@code probabilities}: whether the loss aims at D(x) = 1 and D(G(z)) = 0. */
    public Watch(boolean probabilities) {
        this.probabilities = probabilities;
    }

    /** What a line of statistics says of the game: D(x), D(G(z)), D's loss and the norm of the generator's gradient, means since the line before. */
    public record Line(long step, double dReal, double dFake, double lossD, double gradientNormG) {}

    /**
     * Takes in a line of statistics, and a look at the samples if there was one.
     *
     * @return the alarms that are on
     */
    public List<Alarm> hear(Line line, Sight sight) {
        largestGradient = Math.max(largestGradient, line.gradientNormG());
        if (probabilities) {
            probabilities(line);
        }
        if (sight != null) {
            sights++;
            if (!probabilities) {
                pairs(line, sight);
            }
            collapse(line.step(), sight);
            memory(line.step(), sight);
            bestSpread =
                    Math.max(bestSpread, Math.min(1, sight.spread())); // samples far outside of the data are no aim
            bestCoverage = Math.max(bestCoverage, sight.coverage());
        }
        return new ArrayList<>(active.values());
    }

    private void probabilities(Line line) {
        double share = line.gradientNormG() / largestGradient;
        boolean sure = line.dReal() > SURE && line.dFake() < 1 - SURE;
        boolean vanished =
                line.dReal() > NEARLY_SURE && line.dFake() < 1 - NEARLY_SURE && !(share >= VANISHED); // 0 / 0 too
        String text = words(
                "the discriminator wins: D(x) is %.3f and D(G(z)) %.3f, so it tells all samples right",
                line.dReal(), line.dFake());
        if (vanished) {
            text += words("; the generator's gradient has vanished, to %.2g of its largest", share);
        }
        note(Alarm.Kind.DISCRIMINATOR_WINS, line.step(), sure || vanished, LINES, text);
    }

    private void pairs(Line line, Sight sight) {
        note(
                Alarm.Kind.DISCRIMINATOR_WINS,
                line.step(),
                sight.separation() >= SEPARATED && Math.abs(line.lossD()) < NO_LOSS,
                SIGHTS,
                words(
                        "the discriminator wins: it holds the real sample for more real in %.2f %% of all pairs, and its loss is %.2g",
                        100 * sight.separation(), line.lossD()));
    }

    private void collapse(long step, Sight sight) {
        boolean fallen = sight.spread() < FALLEN * bestSpread
                && sight.coverage() < FALLEN * bestCoverage
                && bestCoverage >= LEAST_COVERAGE;
        boolean alike = sights > FIRST_SIGHTS && sight.spread() < ALIKE;
        note(
                Alarm.Kind.COLLAPSE,
                step,
                fallen || alike,
                SIGHTS,
                words(
                        "samples collapse: two of them differ by %.0f %% of what two real ones do (at best %.0f %%), and they cover %.0f %% of the data (at best %.0f %%)",
                        100 * sight.spread(),
                        100 * Math.max(bestSpread, sight.spread()),
                        100 * sight.coverage(),
                        100 * Math.max(bestCoverage, sight.coverage())));
    }

    private void memory(long step, Sight sight) {
        double gap = sight.training() - sight.heldOut();
        note(
                Alarm.Kind.MEMORISES,
                step,
                sight.memorised() > MEMORISED
                        && gap > STANDARD_ERRORS * sight.error()
                        && sight.training() > sight.generated(),
                SIGHTS,
                words(
                        "the discriminator memorises: its mean logit is %.2f for real samples that it learns from, but %.2f for real ones that it never saw (generated ones have %.2f)",
                        sight.training(), sight.heldOut(), sight.generated()));
    }

    private void note(Alarm.Kind kind, long step, boolean seen, int needed, String text) {
        if (!seen) {
            streaks.remove(kind);
            active.remove(kind);
            return;
        }
        if (streaks.merge(kind, 1, Integer::sum) == 1) {
            beginnings.put(kind, step);
        }
        if (streaks.get(kind) >= needed) {
            active.put(kind, new Alarm(kind, beginnings.get(kind), text, REMEDIES.get(kind)));
        }
    }

    private static String words(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

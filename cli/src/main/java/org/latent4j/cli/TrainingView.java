package org.latent4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.latent4j.compute.Device;
import org.latent4j.gan.Augmentation;
import org.latent4j.gan.GanTrainer;
import org.latent4j.gan.Recipe;
import org.latent4j.gan.SlopePenalty;
import org.latent4j.gan.TrainingObserver;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.TrainingPlan;
import org.latent4j.gan.TrainingStatistics;
import org.latent4j.gan.UpdateRule;
import org.latent4j.gan.watch.Alarm;

/** Tells a person what a training run decided, how far it is and how the game stands. */
final class TrainingView implements TrainingObserver {
    private final PrintWriter err;
    private final ProgressView progress;
    private final Path run;
    private long steps;
    private Set<Alarm.Kind> alarms = EnumSet.noneOf(Alarm.Kind.class);

    TrainingView(PrintWriter err, ProgressView progress, Path run) {
        this.err = err;
        this.progress = progress;
        this.run = run;
    }

    @Override
    public void started(TrainingPlan plan, long firstStep) {
        steps = plan.options().steps();
        print(err, plan);
        err.println("run      " + run + (firstStep > 0 ? ", going on after step " + firstStep : ""));
        err.flush();
    }

    static void print(PrintWriter err, TrainingPlan plan) {
        TrainingOptions options = plan.options();
        err.println("device   " + plan.device().device() + ": " + plan.device().reason());
        err.println("data     " + plan.data() + ": "
                + (plan.size() == 0 ? "endless" : String.format(Locale.ROOT, "%,d samples", plan.size())) + ", "
                + plan.shapes().sample() + (plan.held().isEmpty() ? "" : "; " + plan.held()));
        err.println(String.format(
                Locale.ROOT,
                "networks generator %,d parameters from %d latent numbers, discriminator %,d",
                plan.generatorParameters(),
                plan.shapes().latent(),
                plan.discriminatorParameters()));
        err.println(String.format(
                Locale.ROOT,
                "game     %s loss, %sk = %d, l = %d, batch %d, %,d steps (%.1f kimg), seed %d%s%s%s",
                options.loss().label(),
                options.update() == UpdateRule.SIMULTANEOUS ? "simultaneous updates, " : "",
                options.k(),
                options.l(),
                options.batch(),
                options.steps(),
                options.kimg(options.steps()),
                options.seed(),
                options.precision().equals("fp32") ? "" : ", " + options.precision(),
                options.ema() == 0 ? "" : ", moving average " + options.ema(),
                options.flip() ? ", flips" : ""));
        String recipe = recipe(options.recipe(), plan.shapes().classes());
        if (!recipe.isEmpty()) {
            err.println("recipe   " + recipe);
        }
        if (options.precision().equals("bf16")
                && plan.device().device().kind() == Device.Kind.CPU
                && Machine.isSlowInBf16()) {
            err.println(
                    "note     an Intel processor without AMX: bf16 saves memory here, but --precision fp32 is faster");
        }
    }

    private static String recipe(Recipe recipe, int classes) {
        List<String> parts = new ArrayList<>();
        if (recipe.penalty() != SlopePenalty.NONE) {
            parts.add("penalty " + recipe.penalty().label() + " with gamma " + recipe.gamma());
        }
        if (classes > 0) {
            parts.add(classes + " classes");
        }
        if (recipe.spectralNorm()) {
            parts.add("spectral norm");
        }
        if (!recipe.augmentation().equals(Augmentation.NONE)) {
            parts.add("augmentation " + recipe.augmentation());
        }
        return String.join(", ", parts);
    }

    static void print(PrintWriter err, GanTrainer.Trial trial) {
        print(err, trial.plan());
        TrainingOptions options = trial.plan().options();
        double perThousand = trial.secondsPerStep() / options.kimg(1);
        err.println(String.format(
                Locale.ROOT,
                "memory   %.0f MB of parameters, gradients and updater state; the process holds %.0f MB",
                trial.parameterBytes() / 1e6,
                trial.processBytes() / 1e6));
        err.println(String.format(
                Locale.ROOT,
                "time     %.3f s a step, %.2f s per thousand samples, %s for the whole run",
                trial.secondsPerStep(),
                perThousand,
                duration(trial.secondsPerStep() * options.steps())));
        err.println("dry run: nothing was trained or written");
        err.flush();
    }

    @Override
    public void step(long step) {
        progress.report("training", step, steps);
    }

    @Override
    public void statistics(TrainingStatistics s) {
        double left = (steps - s.step()) * s.kimg() / s.step() * 1000 / s.samplesPerSecond();
        progress.figures(String.format(
                Locale.ROOT,
                "step %,d  D %.3f  G %.3f  %s  %.0f samples/s  %s left",
                s.step(),
                s.lossD(),
                s.lossG(),
                game(s),
                s.samplesPerSecond(),
                duration(left)));
        if (!s.evaluation().isEmpty()) {
            progress.say(String.format(Locale.ROOT, "step %,d: ", s.step())
                    + s.evaluation().entrySet().stream()
                            .map(e -> String.format(
                                    Locale.ROOT,
                                    "%s %.4g (%.4g)",
                                    e.getKey(),
                                    e.getValue().value(),
                                    e.getValue().floor()))
                            .collect(Collectors.joining("  "))
                    + "  (in brackets: real samples)");
        }
        alarms(s);
    }

    /** How well D tells samples, in the terms of its loss. */
    private static String game(TrainingStatistics s) {
        return Double.isNaN(s.value())
                ? String.format(
                        Locale.ROOT, "real lead by %.3f  D tells %.0f %% of pairs", s.lead(), 100 * s.pairsWon())
                : String.format(
                        Locale.ROOT,
                        "D(x) %.2f  D(G(z)) %.2f  V %.3f  JS >= %.3f",
                        s.dReal(),
                        s.dFake(),
                        s.value(),
                        Math.max(0, s.jsLowerBound()));
    }

    /** Each alarm is told when it begins, and when it is over. */
    private void alarms(TrainingStatistics s) {
        Set<Alarm.Kind> now = EnumSet.noneOf(Alarm.Kind.class);
        for (Alarm alarm : s.alarms()) {
            now.add(alarm.kind());
            if (!alarms.contains(alarm.kind())) {
                progress.say(String.format(
                        Locale.ROOT,
                        "ALARM at step %,d (seen since step %,d): %s%n  what helps: %s",
                        s.step(),
                        alarm.since(),
                        alarm.text(),
                        alarm.remedy()));
            }
        }
        for (Alarm.Kind kind : alarms) {
            if (!now.contains(kind)) {
                progress.say(String.format(Locale.ROOT, "step %,d: the alarm %s is over", s.step(), kind.label()));
            }
        }
        alarms = now;
    }

    static String duration(double seconds) {
        long s = Math.round(seconds);
        if (s < 60) {
            return s + " s";
        }
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d min", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d h", s / 3600, s / 60 % 60);
    }
}

package org.latent4j.cli;

import static org.latent4j.cli.DataOptions.first;

import java.util.Objects;
import java.util.stream.Stream;
import org.latent4j.data.DataException;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.data.PointSet;
import org.latent4j.gan.Loss;
import org.latent4j.gan.MovingAverage;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.UpdateRule;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the game is played: losses, updates, its length, where it runs, and how often it tells of itself. */
final class GameOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--loss",
            paramLabel = "LOSS",
            description = "non-saturating (default), minimax, hinge, least-squares, wasserstein or relativistic.")
    private String loss;

    @Option(
            names = "--update",
            paramLabel = "RULE",
            description = "alternating (default): D learns, then G; simultaneous: both from the same minibatch.")
    private String update;

    @Option(
            names = "--ema",
            paramLabel = "E",
            description = "Keep a moving average of the generator: decay of each update (0.999), or half-life (10kimg);"
                    + " 1kimg..10kimg grows over the burn-in.")
    private String ema;

    @Option(names = "--flip", description = "Mirror each real image left to right with probability 1/2.")
    private Boolean flip;

    @Option(names = "--k", paramLabel = "K", description = "Discriminator updates in a step (default 1).")
    private Integer k;

    @Option(names = "--l", paramLabel = "L", description = "Generator updates in a step (default 1).")
    private Integer l;

    @Option(
            names = "--batch",
            paramLabel = "M",
            description = "Real samples, and latent vectors, in a minibatch (default 64).")
    private Integer batch;

    @Option(names = "--steps", paramLabel = "N", description = "Adversarial steps (default 2000).")
    private Long steps;

    @Option(names = "--epochs", paramLabel = "N", description = "Instead of --steps: passes over the data.")
    private Double epochs;

    @Option(names = "--kimg", paramLabel = "N", description = "Instead of --steps: thousands of real samples shown.")
    private Double kimg;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides weights, latents, data order and noise (default 1).")
    private Long seed;

    @Option(names = "--device", paramLabel = "DEV", description = "auto (default), nd4j, cpu, cuda or cuda:INDEX.")
    private String device;

    @Option(names = "--precision", paramLabel = "P", description = "fp32 (default) or bf16 (compiled devices).")
    private String precision;

    @Option(names = "--tf32", description = "Device cuda: round factors of fp32 products to 11 bits, for tensor cores.")
    private Boolean tf32;

    @Option(
            names = "--deterministic",
            description = "Device cuda: only algorithms that repeat bit for bit (cpu always does).")
    private Boolean deterministic;

    @Option(
            names = "--report-every",
            paramLabel = "N",
            description = "Steps between lines of statistics (default: 200 lines).")
    private Long reportEvery;

    @Option(
            names = "--sample-every",
            paramLabel = "N",
            description = "Steps between sample grids (default: 20 grids, 10 steps apart at least).")
    private Long sampleEvery;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            description =
                    "Steps between checkpoints (default: 20 of them, 10 steps apart at least; the last 3 are kept).")
    private Long checkpointEvery;

    /** Whether losses and updates are left to us, on a device that has exact penalties. */
    boolean isUsual() {
        return Stream.of(loss, update, k, l).allMatch(Objects::isNull) && !"nd4j".equals(device);
    }

    /**
     * A game with what was said of it.
     *
     * @param fresh nothing was played yet: pauses between reports follow from the length
     */
    TrainingOptions over(TrainingOptions base, boolean fresh, Dataset samples) {
        int newK = first(k, base.k());
        int newL = first(l, base.l());
        int newBatch = first(batch, base.batch());
        boolean otherLength = steps != null || epochs != null || kimg != null;
        double kimgOfUpdate = newK * (double) newBatch / Math.max(1, newL) / 1000;
        double[] decays = ema == null ? null : MovingAverage.decays(ema, kimgOfUpdate);
        return new TrainingOptions(
                loss == null ? base.loss() : Loss.of(loss),
                update == null ? base.update() : UpdateRule.of(update),
                newK,
                newL,
                newBatch,
                otherLength ? steps(newK, newBatch, samples) : base.steps(),
                first(seed, base.seed()),
                first(device, base.device()),
                first(precision, base.precision()),
                first(tf32, base.tf32()),
                first(deterministic, base.deterministic()),
                decays == null ? base.ema() : decays[1],
                first(flip, base.flip()),
                decays == null ? base.recipe() : base.recipe().withEmaFrom(decays[0] == decays[1] ? null : decays[0]),
                base.holdOut(),
                base.evaluateEvery(),
                base.keepBest(),
                first(reportEvery, otherLength || fresh ? 0 : base.reportEvery()),
                first(sampleEvery, otherLength || fresh ? 0 : base.sampleEvery()),
                first(checkpointEvery, otherLength || fresh ? 0 : base.checkpointEvery()));
    }

    private long steps(int newK, int newBatch, Dataset samples) {
        if (Stream.of(steps, epochs, kimg).filter(Objects::nonNull).count() > 1) {
            throw new ParameterException(
                    spec.commandLine(), "--steps, --epochs and --kimg say the same: give one of them");
        }
        if (steps != null) {
            return steps;
        }
        String name = epochs != null ? "--epochs" : "--kimg";
        double value = epochs != null ? epochs : kimg;
        if (!(value > 0 && Double.isFinite(value))) {
            throw new DataException(name + " must be above 0, but is " + value);
        }
        double shown = value * 1000;
        if (epochs != null) {
            int size = samples instanceof ImageSet images
                    ? images.size()
                    : samples instanceof PointSet points ? points.size() : 0;
            if (size == 0) {
                throw new DataException("--epochs: " + samples.name() + " gives fresh points for ever and has no end;"
                        + " use --steps, or hold some with n=..., as in " + samples.name()
                        + (samples.name().contains(":") ? "," : ":") + "n=10000");
            }
            shown = value * size;
        }
        return Math.max(1, (long) Math.ceil(shown / Math.max(1, (double) newK * newBatch)));
    }
}

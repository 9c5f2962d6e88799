package org.latent4j.cli;

import static org.latent4j.cli.DataOptions.first;

import java.util.List;
import java.util.Optional;
import org.latent4j.compute.Devices;
import org.latent4j.data.DataSource;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.data.PointSet;
import org.latent4j.data.Progress;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.evaluate.Evaluator;
import org.latent4j.gan.evaluate.FeatureSpaces;
import org.latent4j.gan.evaluate.Measure;
import picocli.CommandLine.Option;

/** The options of looking at a training while it runs: evaluations, and samples held out for the alarm of memorising. */
final class WatchOptions {
    private static final int MOST_HELD_OUT = 256;
    private static final int ONE_IN = 20;
    private static final int LEAST_HELD_OUT = 32;
    private static final int SAMPLES = 1000;

    @Option(
            names = "--evaluate-every",
            paramLabel = "N",
            description = "Steps between evaluations of 1,000 samples as by gan evaluate (default: none).")
    private Long evaluateEvery;

    @Option(
            names = "--keep-best",
            paramLabel = "FIGURE",
            description =
                    "Keep for good the checkpoint whose samples come nearest to what real ones score by a figure of evaluations:"
                            + " frechet, kid, precision, coverage, modeKl, ... (default: only the last three stay; evaluations"
                            + " then are as many as checkpoints).")
    private String keepBest;

    @Option(
            names = "--features",
            paramLabel = "SPACE",
            defaultValue = FeatureSpaces.AUTO,
            description = "Where --evaluate-every compares images; as in gan evaluate.")
    private String features;

    @Option(
            names = "--metrics",
            paramLabel = "M,...",
            description =
                    "What --evaluate-every measures, as in gan evaluate (default: all that apply but two-sample and"
                            + " nearest, which take longest).")
    private String metrics;

    @Option(
            names = "--hold-out",
            paramLabel = "N",
            description =
                    "Real samples kept from the discriminator, to see whether it memorises the others (default: a 20th of stored "
                            + "data, 256 at most; none below 640).")
    private Integer holdOut;

    /** Options with what was given here; {@code fresh}: the run has no earlier part that decides. */
    TrainingOptions over(TrainingOptions base, boolean fresh, Dataset data) {
        int automatic = fresh ? automatic(data) : base.holdOut();
        return base.withKeepBest(first(keepBest, base.keepBest()))
                .withHoldOut(first(holdOut, automatic))
                .withEvaluateEvery(first(evaluateEvery, base.evaluateEvery()));
    }

    private static int automatic(Dataset data) {
        int size =
                data instanceof ImageSet images ? images.size() : data instanceof PointSet points ? points.size() : 0;
        int share = Math.min(MOST_HELD_OUT, size / ONE_IN);
        return share >= LEAST_HELD_OUT ? share : 0;
    }

    /** What measures the samples, or nothing if that was not asked for. */
    Optional<Evaluator> evaluator(TrainingOptions options, DataSource.Opened opened, Progress progress) {
        if (options.evaluateEvery() == 0) {
            return Optional.empty();
        }
        // Stock DL4J is chosen for networks that nothing else runs, which those of features are not.
        String device = options.device().equals("nd4j") ? "auto" : options.device();
        return Optional.of(new Evaluator(
                opened.data(),
                opened.synthetic(),
                FeatureSpaces.of(features, opened.data(), 1, device, progress),
                metrics == null ? Evaluator.quick() : Measure.parse(metrics),
                metrics != null,
                SAMPLES,
                1,
                Devices.primitives(Devices.choose(device, List::of).device()),
                progress));
    }
}

package org.latent4j.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.ImageSet;
import org.latent4j.data.SampleShape;
import org.latent4j.data.ising.Estimate;
import org.latent4j.data.ising.IsingObservables;
import org.latent4j.data.ising.IsingSamples;
import org.latent4j.data.synthetic.GaussianMixtureDistribution;
import org.latent4j.data.synthetic.Synthetic;
import org.latent4j.gan.evaluate.IsingEvaluation;
import org.latent4j.gan.evaluate.MixtureEvaluation;
import org.latent4j.gan.evaluate.NearestImages;
import org.latent4j.gan.evaluate.RealRows;
import org.latent4j.gan.evaluate.Rows;
import org.latent4j.gan.evaluate.SlicedWasserstein;
import org.latent4j.gan.run.SamplePictures;
import org.latent4j.gan.run.StoredRun;
import org.latent4j.gan.run.TrainedGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gan evaluate}: how close a trained generator's samples are to the real ones, each figure beside its floor. */
@Command(
        name = "evaluate",
        description = "Measure a trained run against real samples, each figure beside what real samples score.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class GanEvaluateCommand implements Callable<Integer> {
    private static final int DIRECTIONS = 128;

    @Spec
    private CommandSpec spec;

    @Option(names = "--run", paramLabel = "RUN", required = true, description = "Run directory of a gan train.")
    private Path run;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Option(
            names = "--n",
            paramLabel = "N",
            defaultValue = "2500",
            description = "Generated samples (default ${DEFAULT-VALUE}).")
    private int n;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures (default: RUN/evaluation.json).")
    private Path json;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Decides latents and projections (default ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws IOException {
        if (n < 2) {
            throw new DataException("--n must be at least 2, but is " + n);
        }
        StoredRun stored = StoredRun.open(run);
        DataSource before = stored.config().data();
        DataSource source =
                data.over(data.given() && !data.source.equals(before.source()) ? DataSource.of(null) : before);
        Map<String, Object> figures = new LinkedHashMap<>();
        try (ProgressView progress = new ProgressView(spec.commandLine().getErr())) {
            DataSource.Opened opened = source.open(GanTrainCommand.store(run), progress);
            progress.end();
            opened.notes().forEach(spec.commandLine().getErr()::println);
            try {
                TrainedGenerator generator = TrainedGenerator.of(stored);
                if (!opened.data().shape().equals(generator.shape())) {
                    throw new DataException("the run's samples are " + generator.shape() + ", but " + source.source()
                            + " gives " + opened.data().shape()
                            + "; give the same kind of data, for images with --size and --channels");
                }
                figures.put("run", run.toString());
                figures.put("step", generator.step());
                figures.put("data", source);
                figures.put("samples", n);
                figures.put("seed", seed);
                float[] samples = generator.generate(generator.latents(seed, 0, n));
                evaluate(samples, opened, progress, figures);
            } finally {
                if (opened.data() instanceof ImageSet images) {
                    images.close();
                }
            }
        }
        Path file = json != null ? json : run.resolve("evaluation.json");
        AtomicFiles.write(
                file,
                JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(figures));
        spec.commandLine().getOut().println(file);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private void evaluate(
            float[] samples, DataSource.Opened opened, ProgressView progress, Map<String, Object> figures) {
        Synthetic synthetic = opened.synthetic().orElse(null);
        SampleShape shape = opened.data().shape();
        if (synthetic instanceof Synthetic.Ising ising) {
            int side = ising.options().size();
            byte[][] spins = IsingSamples.spins(SamplePictures.toBytes(samples, (SampleShape.Image) shape), side);
            IsingEvaluation evaluation =
                    IsingEvaluation.of(spins, side, ising.options().temperature(), seed, progress);
            figures.put("ising", evaluation);
            progress.end();
            print(evaluation);
        }
        if (synthetic instanceof Synthetic.Points points
                && points.distribution() instanceof GaussianMixtureDistribution mixture) {
            MixtureEvaluation evaluation = MixtureEvaluation.of(samples, mixture);
            figures.put("mixture", evaluation);
            print(evaluation);
        }
        Rows generated = Rows.of(samples, shape.elements());
        Rows real = RealRows.of(opened.data(), 2 * n, seed);
        SlicedWasserstein wasserstein = SlicedWasserstein.of(generated, real, DIRECTIONS, seed);
        figures.put("slicedWasserstein", wasserstein);
        line(
                "sliced Wasserstein distance  %.4f   real against real %.4f   (%d directions)",
                wasserstein.distance(), wasserstein.floor(), wasserstein.directions());
        if (opened.data() instanceof ImageSet && !(synthetic instanceof Synthetic.Ising)) {
            NearestImages nearest = NearestImages.of(generated, real, seed, progress);
            figures.put("nearestImages", nearest);
            progress.end();
            line(
                    "nearest training image       median %.4f, least %.4f   held-out real median %.4f, least %.4f   (RMS in -1 .. 1)",
                    nearest.medianDistance(), nearest.minDistance(), nearest.medianReference(), nearest.minReference());
            if (nearest.medianDistance() < 0.5 * nearest.medianReference()) {
                line(
                        "  the samples are much closer to training images than other real images are: the generator copies");
            }
        }
    }

    private void print(MixtureEvaluation m) {
        line("modes                        %d of %d", m.modesCovered(), m.modes());
        line(
                "high quality (3 sigma)       %.1f %%   perfect %.1f %%",
                100 * m.highQualityShare(), 100 * m.expectedHighQualityShare());
        line("reverse KL of the modes      %.4f   perfect %.4f", m.reverseKl(), m.expectedReverseKl());
        line("spread within modes          %.4f   perfect %.4f", m.spread(), m.expectedSpread());
    }

    private void print(IsingEvaluation e) {
        IsingObservables g = e.generated();
        IsingObservables r = e.replica();
        line(
                "%-28s %22s %22s %12s",
                "T = " + g.temperature() + ", " + g.samples() + " samples", "generated", "Monte Carlo", "exact");
        row("|m|", g.absMagnetisation(), r.absMagnetisation(), "");
        row(
                "energy per spin",
                g.energy(),
                r.energy(),
                String.format(Locale.ROOT, "%.5f", e.exact().energy()));
        row(
                "specific heat",
                g.specificHeat(),
                r.specificHeat(),
                String.format(Locale.ROOT, "%.5f", e.exact().specificHeat()));
        row("susceptibility", g.susceptibility(), r.susceptibility(), "");
        for (int distance = 1; distance < g.correlation().size(); distance *= 2) {
            row(
                    "G(" + distance + ")",
                    g.correlation().get(distance),
                    r.correlation().get(distance),
                    "");
        }
        line(
                "JS divergence of m           %.4f   replica against replica %.4f",
                e.magnetisationDivergence(), e.magnetisationFloor());
        line("JS divergence of E           %.4f   replica against replica %.4f", e.energyDivergence(), e.energyFloor());
    }

    private void row(String name, Estimate generated, Estimate replica, String exact) {
        line(
                "%-28s %12.5f +- %7.5f %12.5f +- %7.5f %12s",
                name, generated.value(), generated.standardError(), replica.value(), replica.standardError(), exact);
    }

    private void line(String format, Object... values) {
        spec.commandLine().getOut().println(String.format(Locale.ROOT, format, values));
    }
}

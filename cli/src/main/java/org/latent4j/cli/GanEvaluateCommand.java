package org.latent4j.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.latent4j.data.DataSource;
import org.latent4j.data.ImageSet;
import org.latent4j.gan.evaluate.Evaluation;
import org.latent4j.gan.evaluate.Evaluator;
import org.latent4j.gan.evaluate.FeatureSpaces;
import org.latent4j.gan.evaluate.Figure;
import org.latent4j.gan.evaluate.Measure;
import org.latent4j.gan.report.EvaluationPictures;
import org.latent4j.gan.report.HtmlReport;
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
    private static final String ALL = "all";

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

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Option(
            names = "--features",
            paramLabel = "SPACE",
            defaultValue = FeatureSpaces.AUTO,
            description = {
                "Where images are compared: pixels, random (convolutions), classifier (trained on the class folders, kept with the",
                "data), or FILE:LAYER of your own DL4J zip or Keras .h5. Default: classifier with classes, else random."
            })
    private String features;

    @Option(
            names = "--metrics",
            paramLabel = "M,...",
            defaultValue = ALL,
            description =
                    "Of prdc, kid, frechet, wasserstein, classes, two-sample, nearest, modes, ising (default: all that apply).")
    private String metrics;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures (default: RUN/evaluation.json).")
    private Path json;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Decides latents, the real samples chosen, and projections (default ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws IOException {
        if (n < 2) {
            throw new DataException("--n must be at least 2, but is " + n);
        }
        Set<Measure> measures = Measure.parse(metrics);
        StoredRun stored = sampling.open(run);
        DataSource before = stored.config().data();
        DataSource source =
                data.over(data.given() && !data.source.equals(before.source()) ? DataSource.of(null) : before);
        PrintWriter err = spec.commandLine().getErr();
        Map<String, Object> results = new LinkedHashMap<>();
        Evaluation evaluation;
        List<Path> pictures;
        try (ProgressView progress = new ProgressView(err)) {
            DataSource.Opened opened = source.open(GanTrainCommand.store(run), progress);
            progress.end();
            opened.notes().forEach(err::println);
            try (Primitives primitives =
                    Devices.primitives(Devices.choose(sampling.device, List::of).device())) {
                TrainedGenerator generator = sampling.generator(stored);
                if (!opened.data().shape().equals(generator.shape())) {
                    throw new DataException("the run's samples are " + generator.shape() + ", but " + source.source()
                            + " gives " + opened.data().shape()
                            + "; give the same kind of data, for images with --size and --channels");
                }
                Evaluator evaluator = new Evaluator(
                        opened.data(),
                        opened.synthetic(),
                        FeatureSpaces.of(features, opened.data(), seed, sampling.device, progress),
                        measures,
                        !metrics.equals(ALL),
                        n,
                        seed,
                        primitives,
                        progress);
                float[] generated = generator.generate(generator.latents(seed, 0, n));
                evaluation = evaluator.evaluate(generated, progress);
                pictures = EvaluationPictures.write(run, evaluation, opened.data(), generated, generator, seed);
                results.put("run", run.toString());
                results.put("step", generator.step());
                results.put("bestOf", sampling.candidates);
                results.put("data", source);
            } finally {
                if (opened.data() instanceof ImageSet images) {
                    images.close();
                }
            }
        }
        print(evaluation);
        write(evaluation, results, pictures);
        return ExitCode.OK;
    }

    private void print(Evaluation evaluation) {
        if (evaluation.generated() != null) {
            line(
                    "%,d generated samples against as many real ones, and others of these for the floor; features: %s (%,d)",
                    evaluation.samples(), evaluation.features(), evaluation.dimensions());
        }
        if (evaluation.generated() == null && metrics.equals(ALL)) {
            line("precision, distances and the like need at least 8 generated and 16 real samples, and are left out");
        }
        line("%-34s %12s %12s", "", "generated", evaluation.ising() == null ? "real" : "real (MC)");
        for (Figure figure : evaluation.figures()) {
            line(
                    "%-34s %12s %12s   %s",
                    figure.title(), number(figure.value()), number(figure.floor()), figure.remark());
        }
    }

    private static String number(double value) {
        return Double.isNaN(value)
                ? ""
                : String.format(Locale.ROOT, Math.abs(value) >= 1e-3 || value == 0 ? "%.4f" : "%.2e", value);
    }

    /** The figures as JSON; they and the pictures appear in the run's report. */
    private void write(Evaluation evaluation, Map<String, Object> results, List<Path> pictures) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        results.put("figures", evaluation.figures());
        results.put("details", evaluation);
        Path file = json != null ? json : run.resolve("evaluation.json");
        AtomicFiles.write(
                file,
                JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(results));
        out.println(file);
        pictures.forEach(out::println);
        out.println(HtmlReport.write(run));
        out.flush();
    }

    private void line(String format, Object... values) {
        spec.commandLine()
                .getOut()
                .println(String.format(Locale.ROOT, format, values).stripTrailing());
    }
}

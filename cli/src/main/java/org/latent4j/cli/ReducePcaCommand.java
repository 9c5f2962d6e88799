package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;
import org.latent4j.data.picture.Charts;
import org.latent4j.data.table.Table;
import org.latent4j.reduction.pca.ComponentRule;
import org.latent4j.reduction.pca.Pca;
import org.latent4j.reduction.pca.PcaCharts;
import org.latent4j.reduction.pca.PcaModel;
import org.latent4j.reduction.pca.PcaOptions;
import org.latent4j.reduction.pca.Solver;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reduce pca}: principal components of a table, of images, or of a covariance matrix. */
@Command(
        name = "pca",
        description = "Principal components: the directions of largest variance, and the data along them.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class ReducePcaCommand implements Callable<Integer> {
    private static final int MOST_SHOWN = 40;

    /** 1 GiB of floats: the error of larger data would cost another pass through their file. */
    private static final long MOST_READ_AGAIN = 1L << 28;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Option(
            names = "--components",
            paramLabel = "P",
            defaultValue = "all",
            description =
                    "A number, a share of the variance (0.95 or 95%%), mle, parallel or all (default ${DEFAULT-VALUE}).")
    private String components;

    @Option(
            names = "--solver",
            paramLabel = "S",
            defaultValue = "auto",
            description = "auto, full, covariance, gram, randomized or incremental (default ${DEFAULT-VALUE}).")
    private String solver;

    @Option(names = "--standardize", description = "Divide columns by their standard deviations.")
    private boolean standardize;

    @Option(names = "--whiten", description = "Scores of variance 1.")
    private boolean whiten;

    @Option(
            names = "--covariance",
            description = "The data are a covariance matrix (p, p) of theory errors, not samples.")
    private boolean covariance;

    @Option(
            names = "--shifts",
            description = "The data are shift vectors in columns (p, m), whose products add up to a covariance matrix.")
    private boolean shifts;

    @Option(
            names = "--names",
            paramLabel = "FILE.csv",
            description = "With --covariance or --shifts: a line \"name,group\" for each data point.")
    private Path names;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "pca",
            description = "Results go here (default ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Decides the randomized solver and parallel analysis (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = "auto",
            description = "auto, nd4j, cpu, cuda or cuda:INDEX (default ${DEFAULT-VALUE}).")
    private String device;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        PcaOptions options = options();
        Devices.Choice choice = Devices.choose(device, List::of);
        try (ProgressView progress = new ProgressView(err);
                Primitives primitives = Devices.primitives(choice.device())) {
            RowInput input = RowInput.open(data, progress);
            progress.end();
            err.println("device " + choice.device() + ": " + choice.reason());
            err.println(String.format(
                    Locale.ROOT,
                    "data %s: %,d rows, %,d columns, %s",
                    input.name(),
                    input.rows().rows(),
                    input.rows().columns(),
                    input.rows().type()));
            ReductionResults results =
                    new ReductionResults(out, spec.commandLine().getOut());
            if (covariance || shifts) {
                new CovarianceReport(input, shifts, names, options.components(), primitives).write(results, err);
            } else {
                samples(input, options, choice.device().toString(), primitives, results);
            }
        }
        return ExitCode.OK;
    }

    private PcaOptions options() {
        List<String> problems = new ArrayList<>();
        if (covariance && shifts) {
            problems.add("--covariance and --shifts are two kinds of data: give one of them");
        }
        if (names != null && !covariance && !shifts) {
            problems.add("--names belongs to --covariance and --shifts");
        }
        if ((covariance || shifts) && (standardize || whiten)) {
            problems.add("--standardize and --whiten are for samples, not for --covariance and --shifts");
        }
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
        PcaOptions options = PcaOptions.defaults()
                .with(ComponentRule.parse(components))
                .with(Suggest.choice(Solver.class, "--solver", solver))
                .withSeed(seed);
        options = standardize ? options.standardized() : options;
        return whiten ? options.whitened() : options;
    }

    private void samples(
            RowInput input, PcaOptions options, String deviceName, Primitives primitives, ReductionResults results)
            throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        long start = System.nanoTime();
        PcaModel model = Pca.fit(input.rows(), options, primitives);
        double seconds = (System.nanoTime() - start) / 1e9;
        err.println(String.format(Locale.ROOT, "solver %s: %s; %.2f s", model.solver(), model.reason(), seconds));
        if (model.constantColumns().length > 0) {
            err.println("constant columns, which stay 0: " + String.join(", ", constant(model, input)));
        }
        double[] ratio = model.explainedVarianceRatio();
        double kept = 0;
        for (double share : ratio) {
            kept += share;
        }
        err.println(String.format(
                Locale.ROOT,
                "%,d %s %.2f %% of the variance, the first %.2f %%",
                model.kept(),
                model.kept() == 1 ? "component carries" : "components carry",
                100 * kept,
                100 * ratio[0]));
        try (INDArray scores = model.transform(input.rows(), primitives)) {
            results.array("scores", scores);
            results.array("components", model.components());
            results.vector("mean", model.mean());
            if (model.scale() != null) {
                results.vector("scale", model.scale());
            }
            Map<String, Object> figures = figures(model, input, deviceName);
            if (input.rows().rows() * input.rows().columns() <= MOST_READ_AGAIN) {
                double error = model.reconstructionError(input.rows(), primitives);
                figures.put("reconstructionError", error);
                err.println(String.format(
                        Locale.ROOT,
                        "reconstruction error: %.6g, the mean squared distance of a row%s from what its scores keep",
                        error,
                        standardize ? ", standardized," : ""));
            }
            results.json("pca.json", figures);
            results.picture(
                    "spectrum.png",
                    Charts.draw(PcaCharts.spectrum(
                            model.spectrum(), model.totalVariance(), MOST_SHOWN, "Variance by principal component")));
            if (model.kept() >= 2) {
                results.picture(
                        "scores.png",
                        Charts.draw(plane(scores, ratio, input.target().orElse(null))));
            }
        }
    }

    private static XYChart plane(INDArray scores, double[] ratio, Table.Target target) {
        return PcaCharts.scores(
                scores.get(NDArrayIndex.all(), NDArrayIndex.point(0)).toDoubleVector(),
                scores.get(NDArrayIndex.all(), NDArrayIndex.point(1)).toDoubleVector(),
                target,
                "The data along their first two principal directions",
                String.format(Locale.ROOT, "component 1 (%.1f %% of the variance)", 100 * ratio[0]),
                String.format(Locale.ROOT, "component 2 (%.1f %%)", 100 * ratio[1]));
    }

    private static List<String> constant(PcaModel model, RowInput input) {
        return IntStream.of(model.constantColumns())
                .mapToObj(j -> input.rows().names().get(j))
                .toList();
    }

    private static Map<String, Object> figures(PcaModel model, RowInput input, String deviceName) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("data", input.name());
        figures.put("rows", model.rows());
        figures.put("columns", model.columns());
        figures.put("device", deviceName);
        figures.put("solver", model.solver().toString());
        figures.put("reason", model.reason());
        figures.put("seed", model.seed());
        figures.put("standardize", model.scale() != null);
        figures.put("whiten", model.whiten());
        figures.put("constantColumns", constant(model, input));
        figures.put("components", model.kept());
        figures.put("explainedVariance", model.explainedVariance());
        figures.put("explainedVarianceRatio", model.explainedVarianceRatio());
        figures.put("singularValues", model.singularValues());
        figures.put("totalVariance", model.totalVariance());
        figures.put("noiseVariance", model.noiseVariance());
        return figures;
    }
}

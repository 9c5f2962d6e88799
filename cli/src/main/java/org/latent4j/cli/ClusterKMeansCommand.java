package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.latent4j.clustering.ChoiceOfK;
import org.latent4j.clustering.Dispersion;
import org.latent4j.clustering.IterationListener;
import org.latent4j.clustering.KMeans;
import org.latent4j.clustering.KMeansModel;
import org.latent4j.clustering.KMeansOptions;
import org.latent4j.clustering.Silhouette;
import org.latent4j.clustering.picture.ChoicePicture;
import org.latent4j.clustering.picture.ClusterScatter;
import org.latent4j.clustering.picture.Plane;
import org.latent4j.clustering.picture.SilhouettePicture;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;
import org.latent4j.data.table.NumberTable;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cluster kmeans}. */
@Command(
        name = "kmeans",
        description = "Splits points into k clusters around their means.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class ClusterKMeansCommand implements Callable<Integer> {
    private static final int SILHOUETTE_SAMPLE = 2000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final ClusterOptions common = new ClusterOptions();

    @Option(names = "--k", paramLabel = "K", description = "Number of clusters.")
    private Integer k;

    @Option(
            names = "--choose",
            paramLabel = "A..B",
            description = "Try every k of a range, draw elbow, silhouette and gap, and take the k of the highest "
                    + "silhouette (of the gap statistic, if A is 1).")
    private String choose;

    @Option(
            names = "--start",
            paramLabel = "plus-plus|random|FILE",
            defaultValue = "plus-plus",
            description = "How the first centres are drawn, or a table of them, CSV or NPY, as centres.csv is "
                    + "(default ${DEFAULT-VALUE}).")
    private String start;

    @Option(
            names = "--weights",
            paramLabel = "COLUMN",
            description = "A column with the weight of each point, by name or number from 1: left out; a weight of 3 "
                    + "does what the point three times would.")
    private String weightColumn;

    @Option(
            names = "--restarts",
            paramLabel = "N",
            defaultValue = "8",
            description = "Runs, of which the best is kept (default ${DEFAULT-VALUE}).")
    private int restarts;

    @Option(
            names = "--max-iterations",
            paramLabel = "N",
            defaultValue = "300",
            description = "Iterations of a run at most (default ${DEFAULT-VALUE}).")
    private int maxIterations;

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            defaultValue = "1e-6",
            description = "Stop when the cost changes by less than this part of itself; 0: when no label changes "
                    + "(default ${DEFAULT-VALUE}).")
    private double tolerance;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        Path startFile = startFile();
        if (startFile == null && (k == null) == (choose == null) || k != null && choose != null) {
            throw new DataException("give --k K, the number of clusters, or --choose A..B, a range of them to try"
                    + (k == null ? "" : "; not both"));
        }
        if (choose != null && (startFile != null || weightColumn != null)) {
            throw new DataException("--choose draws its own starts and takes points of equal weight; leave out "
                    + (startFile == null ? "--weights" : "--start " + start) + ", or give --k");
        }
        int[] range = choose == null ? null : ClusterOptions.range(choose);
        INDArray given = startFile == null ? null : ClusterOptions.centres(startFile);
        int clusters = k != null ? k : given != null ? (int) given.size(0) : range[1];
        KMeansOptions options = new KMeansOptions(
                clusters,
                given == null
                        ? Suggest.choice(KMeansOptions.Start.class, "--start", start)
                        : KMeansOptions.Start.PLUS_PLUS,
                given,
                restarts,
                maxIterations,
                KMeansOptions.Stop.COST,
                tolerance,
                common.seed);
        double[] weights = weightColumn == null ? null : common.takeWeights(weightColumn);
        NumberTable data = common.points(err);
        INDArray points = ClusterOptions.array(data);
        try (Primitives primitives = common.primitives(err);
                ProgressView progress = new ProgressView(err)) {
            Map<String, Object> summary = common.summary(data);
            if (weights != null) {
                summary.put("weightColumn", weightColumn);
            }
            KMeansModel model;
            ChoiceOfK choice = null;
            if (range == null) {
                model = KMeans.fit(points, weights, options, primitives, listener(progress, options));
            } else {
                choice = ChoiceOfK.of(points, range[0], range[1], options, 10, primitives, progress);
                int best = range[0] == 1 ? choice.byGap() : choice.bySilhouette();
                model = choice.models().get(best - range[0]);
                summary.put("choice", figures(choice));
            }
            progress.end();
            write(data, points, model, choice, primitives, summary);
        }
        return ExitCode.OK;
    }

    /** Null where the start is drawn. */
    private Path startFile() {
        boolean isNamed = Arrays.stream(KMeansOptions.Start.values())
                .anyMatch(known -> known.name().replace('_', '-').equalsIgnoreCase(start));
        return !isNamed && (start.contains(".") || Files.exists(Path.of(start))) ? Path.of(start) : null;
    }

    private static IterationListener listener(ProgressView progress, KMeansOptions options) {
        return (iteration, cost) -> {
            progress.report("k-means", iteration, options.maxIterations());
            progress.figures(String.format(Locale.ROOT, "cost %.6g", cost));
        };
    }

    private void write(
            NumberTable data,
            INDArray points,
            KMeansModel model,
            ChoiceOfK choice,
            Primitives primitives,
            Map<String, Object> summary)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        figures(model, summary);
        boolean scored = model.distinctCentres() > 1;
        Silhouette silhouette =
                scored ? Silhouette.of(points, model.labels(), SILHOUETTE_SAMPLE, common.seed, primitives) : null;
        if (scored) {
            summary.put("silhouette", silhouette.mean());
            summary.put("silhouettePoints", silhouette.values().length);
            if (model.distinctCentres() < data.rows()) {
                Dispersion dispersion = Dispersion.of(points, model.labels(), primitives);
                summary.put("calinskiHarabasz", dispersion.calinskiHarabasz());
                summary.put("daviesBouldin", dispersion.daviesBouldin());
            }
        }
        out.println(line(model, silhouette));
        ClusterResults results = new ClusterResults(common.out, out);
        common.compare(model.labels(), summary, out);
        results.labels(model.labels());
        results.table("centres", data.columns(), model.centres());
        Plane plane = Plane.of(points, data.columns(), primitives);
        results.picture(
                "clusters.png",
                new ClusterScatter(
                                "k-means, k = " + model.k() + ": " + data.name(),
                                plane.xTitle(),
                                plane.yTitle(),
                                plane.isWhole())
                        .draw(
                                plane.places(points),
                                model.labels(),
                                data.columns().size() == 1 ? null : plane.places(model.centres())));
        if (scored) {
            results.picture(
                    "silhouette.png", SilhouettePicture.draw(silhouette, "Silhouettes of " + model.k() + " clusters"));
        }
        if (choice != null) {
            results.picture("choice.png", ChoicePicture.draw(choice));
        }
        results.summary(summary);
    }

    private static String line(KMeansModel model, Silhouette silhouette) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "k = %d: inertia %.6g after %d iterations (%s)",
                model.k(),
                model.inertia(),
                model.iterations(),
                switch (model.stopped()) {
                    case LABELS -> "no label changed";
                    case TOLERANCE -> "cost within tolerance";
                    case ITERATIONS -> "the most allowed; more may lower it";
                }));
        if (silhouette != null) {
            line.append(String.format(Locale.ROOT, ", mean silhouette %.3f", silhouette.mean()));
        }
        if (model.distinctCentres() < model.k()) {
            line.append("; only ").append(model.distinctCentres()).append(" distinct centres: the points repeat");
        }
        if (!model.reseeded().isEmpty()) {
            line.append("; ").append(model.reseeded().size()).append(" empty clusters were started anew");
        }
        return line.toString();
    }

    private static void figures(KMeansModel model, Map<String, Object> summary) {
        summary.put("model", ClusterModel.CENTRES);
        summary.put("k", model.k());
        summary.put("inertia", model.inertia());
        summary.put("iterations", model.iterations());
        summary.put("stopped", model.stopped().name().toLowerCase(Locale.ROOT));
        summary.put("costHistory", model.costHistory());
        summary.put("restartCosts", model.restartCosts());
        summary.put("counts", model.counts());
        summary.put("weights", model.weights());
        summary.put("reseeded", model.reseeded());
        summary.put("distinctCentres", model.distinctCentres());
        summary.put("seed", model.seed());
        summary.put("device", model.device().toString());
    }

    private static Map<String, Object> figures(ChoiceOfK choice) {
        List<Map<String, Object>> tried = new ArrayList<>();
        for (int i = 0; i < choice.models().size(); i++) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("k", choice.from() + i);
            one.put("inertia", choice.models().get(i).inertia());
            one.put("silhouette", finite(choice.silhouettes()[i]));
            one.put("gap", finite(choice.gaps()[i]));
            one.put("gapError", finite(choice.gapErrors()[i]));
            tried.add(one);
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("byElbow", choice.byElbow());
        figures.put("bySilhouette", choice.bySilhouette());
        figures.put("byGap", choice.byGap());
        figures.put("tried", tried);
        return figures;
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null; // JSON has no NaN
    }
}

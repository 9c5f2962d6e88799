package org.latent4j.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.latent4j.clustering.GaussianMixture;
import org.latent4j.clustering.GaussianMixtureModel;
import org.latent4j.clustering.GaussianMixtureOptions;
import org.latent4j.clustering.GaussianMixtureOptions.Covariance;
import org.latent4j.clustering.picture.ClusterScatter;
import org.latent4j.clustering.picture.Plane;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;
import org.latent4j.data.table.NumberTable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cluster gmm}. */
@Command(
        name = "gmm",
        description = "Fits a mixture of Gaussians: clusters of unequal size, spread and direction.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class ClusterGmmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private final ClusterOptions common = new ClusterOptions();

    @Option(names = "--k", paramLabel = "K", description = "Number of components.")
    private Integer k;

    @Option(
            names = "--choose",
            paramLabel = "A..B",
            description = "Try every k of a range and take that of the lowest BIC.")
    private String choose;

    @Option(
            names = "--covariance",
            paramLabel = "C",
            defaultValue = "full",
            description = "full, tied, diagonal or spherical (default ${DEFAULT-VALUE}).")
    private String covariance;

    @Option(
            names = "--restarts",
            paramLabel = "N",
            defaultValue = "4",
            description = "Runs from different k-means, of which the likeliest is kept (default ${DEFAULT-VALUE}).")
    private int restarts;

    @Option(
            names = "--max-iterations",
            paramLabel = "N",
            defaultValue = "500",
            description = "Iterations of a run at most (default ${DEFAULT-VALUE}).")
    private int maxIterations;

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            defaultValue = "1e-5",
            description = "Stop when a point's mean log-likelihood changes by less (default ${DEFAULT-VALUE}).")
    private double tolerance;

    @Option(
            names = "--regularization",
            paramLabel = "R",
            defaultValue = "1e-6",
            description = "Added to variances, as a part of each feature's (default ${DEFAULT-VALUE}).")
    private double regularization;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        if ((k == null) == (choose == null)) {
            throw new DataException("give --k K, the number of components, or --choose A..B, a range of them to try"
                    + (k == null ? "" : "; not both"));
        }
        int[] range = choose == null ? new int[] {k, k} : ClusterOptions.range(choose);
        GaussianMixtureOptions options = new GaussianMixtureOptions(
                range[1],
                Suggest.choice(Covariance.class, "--covariance", covariance),
                restarts,
                maxIterations,
                tolerance,
                regularization,
                common.seed);
        NumberTable data = common.points(err);
        INDArray points = ClusterOptions.array(data);
        try (Primitives primitives = common.primitives(err);
                ProgressView progress = new ProgressView(err)) {
            List<GaussianMixtureModel> models = new ArrayList<>();
            for (int tried = range[0]; tried <= range[1]; tried++) {
                models.add(GaussianMixture.fit(points, options.withK(tried), primitives, (iteration, cost) -> {
                    progress.report("EM", iteration, options.maxIterations());
                    progress.figures(String.format(Locale.ROOT, "log-likelihood %.6g", -cost));
                }));
            }
            progress.end();
            write(data, points, models, primitives);
        }
        return ExitCode.OK;
    }

    private void write(NumberTable data, INDArray points, List<GaussianMixtureModel> models, Primitives primitives)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        GaussianMixtureModel model = models.get(0);
        for (GaussianMixtureModel other : models) {
            model = other.bic() < model.bic() ? other : model;
        }
        out.printf(
                Locale.ROOT,
                "k = %d, %s covariances: log-likelihood %.6g after %d iterations (%s), BIC %.6g, AIC %.6g%n",
                model.k(),
                covariance.toLowerCase(Locale.ROOT),
                model.logLikelihood(),
                model.history().length,
                model.converged() ? "within tolerance" : "the most allowed; more may raise it",
                model.bic(),
                model.aic());
        int[] labels = model.predict(points);
        ClusterResults results = new ClusterResults(common.out, out);
        Map<String, Object> summary = summary(data, model, models, labels);
        common.compare(labels, summary, out);
        results.labels(labels);
        results.table("means", data.columns(), Nd4j.createFromArray(model.means()));
        int p = data.columns().size();
        double[] covariances = new double[model.k() * p * p];
        for (int c = 0; c < model.k(); c++) {
            double[][] own = model.covariance(c);
            for (int f = 0; f < p; f++) {
                System.arraycopy(own[f], 0, covariances, (c * p + f) * p, p);
            }
        }
        results.array("covariances", covariances, model.k(), p, p);
        INDArray probabilities = model.probabilities(points);
        results.array("probabilities", probabilities.data().asDouble(), data.rows(), model.k());
        results.picture("clusters.png", picture(data, points, model, labels, primitives));
        results.summary(summary);
    }

    private BufferedImage picture(
            NumberTable data, INDArray points, GaussianMixtureModel model, int[] labels, Primitives primitives) {
        Plane plane = Plane.of(points, data.columns(), primitives);
        boolean drawn = data.columns().size() == 2;
        double[][][] covariances =
                IntStream.range(0, model.k()).mapToObj(model::covariance).toArray(double[][][]::new);
        return new ClusterScatter(
                        "Mixture of " + model.k() + " Gaussians: " + data.name(), plane.xTitle(), plane.yTitle(), false)
                .draw(plane.places(points), labels, drawn ? model.means() : null, drawn ? covariances : null);
    }

    private Map<String, Object> summary(
            NumberTable data, GaussianMixtureModel model, List<GaussianMixtureModel> models, int[] labels) {
        Map<String, Object> summary = common.summary(data);
        summary.put("model", ClusterModel.MIXTURE);
        summary.put("k", model.k());
        summary.put("covariance", covariance.toLowerCase(Locale.ROOT));
        summary.put("logLikelihood", model.logLikelihood());
        summary.put("bic", model.bic());
        summary.put("aic", model.aic());
        summary.put("parameters", model.parameters());
        summary.put("converged", model.converged());
        summary.put("iterations", model.history().length);
        summary.put("history", model.history());
        summary.put("weights", model.weights());
        long[] counts = new long[model.k()];
        IntStream.of(labels).forEach(label -> counts[label]++);
        summary.put("counts", counts);
        if (models.size() > 1) {
            summary.put(
                    "tried",
                    models.stream()
                            .map(tried -> Map.of("k", tried.k(), "bic", tried.bic(), "aic", tried.aic()))
                            .toList());
        }
        summary.put("seed", common.seed);
        return summary;
    }
}

package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.latent4j.clustering.Hybrid;
import org.latent4j.clustering.HybridModel;
import org.latent4j.clustering.HybridOptions;
import org.latent4j.clustering.IterationListener;
import org.latent4j.clustering.KMeansModel;
import org.latent4j.clustering.Linkage;
import org.latent4j.clustering.picture.ClusterScatter;
import org.latent4j.clustering.picture.DendrogramPicture;
import org.latent4j.clustering.picture.Plane;
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

/** {@code cluster hybrid}. */
@Command(
        name = "hybrid",
        description = "A hierarchy of many points: k-means to small clusters, then agglomeration of their means.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class ClusterHybridCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private final ClusterOptions common = new ClusterOptions();

    @Option(
            names = "--m",
            paramLabel = "M",
            defaultValue = "1000",
            description = "Small clusters; with as many as points, the hierarchy is theirs (default ${DEFAULT-VALUE}).")
    private int m;

    @Option(
            names = "--linkage",
            paramLabel = "L",
            defaultValue = "ward",
            description = "single, complete, average, weighted, centroid, median or ward (default ${DEFAULT-VALUE}).")
    private String linkageName;

    @Option(names = "--k", paramLabel = "K", description = "Cut into so many clusters.")
    private Integer k;

    @Option(names = "--consolidate", description = "Let a last k-means of all points mend the k clusters.")
    private boolean consolidate;

    @Option(
            names = "--max-iterations",
            paramLabel = "N",
            defaultValue = "10",
            description = "Iterations of k-means over all points, at most (default ${DEFAULT-VALUE}).")
    private int maxIterations;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        Linkage linkage = Suggest.choice(Linkage.class, "--linkage", linkageName);
        HybridOptions options = new HybridOptions(m, linkage, maxIterations, common.seed);
        if (consolidate && k == null) {
            throw new DataException("--consolidate needs the number of clusters: --k K");
        }
        if (k != null && (k < 1 || k > m)) {
            throw new DataException(
                    "--k must be within 1 ... " + m + ", the number of small clusters --m, but is " + k);
        }
        NumberTable data = common.points(err);
        INDArray points = ClusterOptions.array(data);
        try (Primitives primitives = common.primitives(err);
                ProgressView progress = new ProgressView(err)) {
            IterationListener listener = (iteration, cost) -> {
                progress.report("k-means", iteration, options.maxIterations());
                progress.figures(String.format(Locale.ROOT, "cost %.6g", cost));
            };
            HybridModel model = Hybrid.fit(points, options, primitives, listener);
            int[] labels = k == null ? null : model.cutInto(k);
            KMeansModel end = consolidate ? model.consolidate(points, k, primitives, IterationListener.NONE) : null;
            progress.end();
            write(data, points, model, end == null ? labels : end.labels(), end, primitives);
        }
        return ExitCode.OK;
    }

    private void write(
            NumberTable data, INDArray points, HybridModel model, int[] labels, KMeansModel end, Primitives primitives)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(data.rows() + " points, " + model.m() + " small clusters, " + linkageName + " linkage"
                + (labels == null ? "" : ", cut into " + k + " clusters")
                + (end == null ? "" : ", consolidated in " + end.iterations() + " iterations"));
        ClusterResults results = new ClusterResults(common.out, out);
        results.table("means", data.columns(), model.means());
        if (model.m() > 1) {
            results.table(
                    "Z",
                    List.of("left", "right", "height", "size"),
                    model.table().toArray());
            results.picture(
                    "dendrogram.png",
                    new DendrogramPicture(model.table(), k == null ? 1 : k)
                            .draw(
                                    "Hierarchy of " + model.m() + " small clusters by " + linkageName + " linkage: "
                                            + data.name(),
                                    "distance"));
        }
        Map<String, Object> summary = common.summary(data);
        summary.put("smallClusters", model.m());
        summary.put("sizes", model.weights());
        summary.put("inertiaOfSmallClusters", model.inertia());
        summary.put("linkage", linkageName.toLowerCase(Locale.ROOT));
        if (labels != null) {
            common.compare(labels, summary, out);
            results.labels(labels);
            long[] counts = new long[k];
            IntStream.of(labels).forEach(label -> counts[label]++);
            summary.put("clusters", k);
            summary.put("counts", counts);
            Plane plane = Plane.of(points, data.columns(), primitives);
            results.picture(
                    "clusters.png",
                    new ClusterScatter(
                                    k + " clusters through " + model.m() + " small ones: " + data.name(),
                                    plane.xTitle(),
                                    plane.yTitle(),
                                    false)
                            .draw(plane.places(points), labels, null));
        }
        if (end != null) {
            results.table("centres", data.columns(), end.centres());
            summary.put("model", ClusterModel.CENTRES);
            summary.put("consolidated", true);
            summary.put("inertia", end.inertia());
        }
        summary.put("seed", common.seed);
        summary.put("device", primitives.device().toString());
        results.summary(summary);
    }
}

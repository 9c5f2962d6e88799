package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.latent4j.clustering.Agglomerative;
import org.latent4j.clustering.Linkage;
import org.latent4j.clustering.LinkageTable;
import org.latent4j.clustering.picture.ClusterScatter;
import org.latent4j.clustering.picture.DendrogramPicture;
import org.latent4j.clustering.picture.Plane;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Metric;
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

/** {@code cluster hierarchical}. */
@Command(
        name = "hierarchical",
        description = "Merges the closest two clusters until one is left: table Z as SciPy has it, cuts, dendrogram.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class ClusterHierarchicalCommand implements Callable<Integer> {
    /** Of so many points all distances are compared with the tree's: 8 million, twice, in 128 MB. */
    private static final int MOST_COMPARED = 4000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final ClusterOptions common = new ClusterOptions();

    @Option(
            names = "--linkage",
            paramLabel = "L",
            defaultValue = "ward",
            description = "single, complete, average, weighted, centroid, median or ward (default ${DEFAULT-VALUE}).")
    private String linkageName;

    @Option(
            names = "--metric",
            paramLabel = "M",
            defaultValue = "euclidean",
            description =
                    "euclidean; for single, complete, average and weighted linkage also manhattan, chebyshev, cosine "
                            + "(default ${DEFAULT-VALUE}).")
    private String metricName;

    @Option(
            names = "--distances",
            description = "The table holds distances: a square matrix, or those of all pairs in one column or row.")
    private boolean distances;

    @Option(names = "--k", paramLabel = "K", description = "Cut into so many clusters.")
    private Integer k;

    @Option(names = "--height", paramLabel = "H", description = "Cut at this height.")
    private Double height;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        Linkage linkage = Suggest.choice(Linkage.class, "--linkage", linkageName);
        Metric metric = Suggest.choice(Metric.class, "--metric", metricName);
        if (k != null && height != null) {
            throw new DataException("give --k, a number of clusters, or --height, where to cut; not both");
        }
        NumberTable data = distances ? common.distances(err) : common.points(err);
        LinkageTable table = distances ? fitDistances(data, linkage, err) : fit(data, linkage, metric, err);
        int[] labels = k != null ? table.cutInto(k) : height != null ? table.cutAt(height) : null;
        int clusters = labels == null ? 1 : IntStream.of(labels).max().orElseThrow() + 1;
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("data", common.source);
        summary.put("points", table.n());
        summary.put("linkage", linkageName.toLowerCase(Locale.ROOT));
        summary.put("metric", distances ? "given distances" : metricName.toLowerCase(Locale.ROOT));
        summary.put("standardized", common.standardize);
        if (table.n() > 1) {
            summary.put("lastHeight", table.height()[table.n() - 2]);
        }
        faithfulness(data, table, metric, summary);
        if (labels != null) {
            int[] cut = labels;
            summary.put("clusters", clusters);
            summary.put(
                    "counts",
                    IntStream.range(0, clusters)
                            .mapToLong(
                                    c -> IntStream.of(cut).filter(l -> l == c).count())
                            .toArray());
        }
        write(data, table, labels, clusters, summary);
        return ExitCode.OK;
    }

    private LinkageTable fit(NumberTable data, Linkage linkage, Metric metric, PrintWriter err) {
        try (Primitives primitives = common.primitives(err);
                ProgressView progress = new ProgressView(err)) {
            return Agglomerative.fit(ClusterOptions.array(data), linkage, metric, primitives, progress);
        }
    }

    private static LinkageTable fitDistances(NumberTable data, Linkage linkage, PrintWriter err) {
        try (ProgressView progress = new ProgressView(err)) {
            return Agglomerative.fitDistances(distancesOf(data), linkage, progress);
        }
    }

    /** The cophenetic correlation; two points have none, and many points too many distances. */
    private void faithfulness(NumberTable data, LinkageTable table, Metric metric, Map<String, Object> summary) {
        PrintWriter out = spec.commandLine().getOut();
        if (table.n() > MOST_COMPARED) {
            out.println(String.format(Locale.ROOT, "cophenetic correlation: of up to %,d points only", MOST_COMPARED));
            return;
        }
        double correlation = Double.NaN;
        if (table.n() > 2 && distances) {
            correlation = table.copheneticCorrelation(distancesOf(data));
        } else if (table.n() > 2) {
            try (Primitives primitives =
                    Devices.primitives(Devices.choose(common.device, List::of).device())) {
                correlation = table.copheneticCorrelation(
                        Agglomerative.distances(ClusterOptions.array(data), metric, primitives));
            }
        }
        if (Double.isFinite(correlation)) { // else all distances are the same
            summary.put("copheneticCorrelation", correlation);
            out.println(String.format(Locale.ROOT, "cophenetic correlation: %.4f", correlation));
        }
    }

    private void write(NumberTable data, LinkageTable table, int[] labels, int clusters, Map<String, Object> summary)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(table.n() + " points, " + linkageName + " linkage"
                + (table.n() > 1
                        ? String.format(Locale.ROOT, ", last merge at height %.6g", table.height()[table.n() - 2])
                        : ": one point has no merges")
                + (labels == null ? "" : ", cut into " + clusters + " clusters"));
        ClusterResults results = new ClusterResults(common.out, out);
        if (table.n() > 1) {
            results.table("Z", List.of("left", "right", "height", "size"), table.toArray());
            results.picture(
                    "dendrogram.png",
                    new DendrogramPicture(table, clusters)
                            .draw(
                                    "Hierarchy by " + linkageName + " linkage: " + data.name(),
                                    distances ? "distance" : metricName + " distance"));
        }
        if (labels != null) {
            common.compare(labels, summary, out);
            results.labels(labels);
            if (!distances) {
                INDArray points = ClusterOptions.array(data);
                try (Primitives primitives =
                        common.primitives(spec.commandLine().getErr())) {
                    Plane plane = Plane.of(points, data.columns(), primitives);
                    results.picture(
                            "clusters.png",
                            new ClusterScatter(
                                            clusters + " clusters by " + linkageName + " linkage: " + data.name(),
                                            plane.xTitle(),
                                            plane.yTitle(),
                                            false)
                                    .draw(plane.places(points), labels, null));
                }
            }
        }
        results.summary(summary);
    }

    /** One row or column: all pairs; else a square matrix. */
    private static double[] distancesOf(NumberTable data) {
        int rows = data.rows();
        int columns = data.columns().size();
        double[] values = data.values();
        if (rows == 1 || columns == 1) {
            return values;
        }
        double[][] square = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(values, i * columns, square[i], 0, columns);
        }
        return Agglomerative.condensed(square);
    }
}

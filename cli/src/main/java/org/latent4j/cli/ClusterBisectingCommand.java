package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.latent4j.clustering.BisectingKMeans;
import org.latent4j.clustering.KMeansOptions;
import org.latent4j.clustering.picture.ClusterScatter;
import org.latent4j.clustering.picture.Plane;
import org.latent4j.compute.Primitives;
import org.latent4j.data.table.NumberTable;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cluster bisecting}. */
@Command(
        name = "bisecting",
        description = "Splits the cluster of the largest cost in two by k-means, until there are k.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class ClusterBisectingCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private final ClusterOptions common = new ClusterOptions();

    @Option(names = "--k", paramLabel = "K", required = true, description = "Number of clusters.")
    private int k;

    @Option(
            names = "--restarts",
            paramLabel = "N",
            defaultValue = "4",
            description = "Runs for each split, of which the best is kept (default ${DEFAULT-VALUE}).")
    private int restarts;

    @Override
    public Integer call() throws IOException {
        KMeansOptions options = KMeansOptions.of(k).withRestarts(restarts).withSeed(common.seed);
        PrintWriter err = spec.commandLine().getErr();
        NumberTable data = common.points(err);
        INDArray points = ClusterOptions.array(data);
        try (Primitives primitives = common.primitives(err)) {
            write(data, points, BisectingKMeans.fit(points, options, primitives), primitives);
        }
        return ExitCode.OK;
    }

    private void write(NumberTable data, INDArray points, BisectingKMeans.Split split, Primitives primitives)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%d clusters: inertia %.6g%s%n",
                split.k(),
                split.inertia(),
                split.k() < k ? "; no more than these, because points repeat" : "");
        Map<String, Object> summary = common.summary(data);
        summary.put("k", split.k());
        summary.put("inertia", split.inertia());
        summary.put("costs", split.costs());
        summary.put("seed", common.seed);
        ClusterResults results = new ClusterResults(common.out, out);
        common.compare(split.labels(), summary, out);
        results.labels(split.labels());
        Plane plane = Plane.of(points, data.columns(), primitives);
        results.picture(
                "clusters.png",
                new ClusterScatter(
                                "Bisecting k-means, k = " + split.k() + ": " + data.name(),
                                plane.xTitle(),
                                plane.yTitle(),
                                plane.isWhole())
                        .draw(plane.places(points), split.labels(), null));
        results.summary(summary);
    }
}

package org.latent4j.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.latent4j.clustering.picture.ClusterScatter;
import org.latent4j.clustering.picture.Plane;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.table.NumberTable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cluster assign}. */
@Command(
        name = "assign",
        description = "Gives other points to clusters that were found before: to the nearest centre, or the likeliest "
                + "component of a mixture.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class ClusterAssignCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            required = true,
            description = "Folder that kmeans, minibatch, gmm, or hybrid with --consolidate has written.")
    private Path folder;

    @Mixin
    private final PointOptions input = new PointOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "assigned",
            description = "Results go here (default ${DEFAULT-VALUE}).")
    private Path results;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        ClusterModel model = ClusterModel.read(folder);
        if (Files.exists(results) && Files.isSameFile(results, folder)) {
            throw new DataException("--out " + results
                    + " is the folder of the clusters, whose files would be replaced; give another one");
        }
        NumberTable data = model.prepared(input.points(err, results));
        INDArray points = Nd4j.create(
                data.values(), new long[] {data.rows(), data.columns().size()}, 'c');
        try (Primitives primitives = input.primitives(err)) {
            write(data, points, model, primitives);
        }
        return ExitCode.OK;
    }

    private void write(NumberTable data, INDArray points, ClusterModel model, Primitives primitives)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        ClusterModel.Assigned assigned = model.assign(points, primitives);
        int[] labels = assigned.labels();
        out.printf(
                Locale.ROOT,
                "%,d points to %d clusters: %s %.6g, %.6g a point%n",
                labels.length,
                model.k(),
                assigned.probabilities() == null ? "inertia" : "log-likelihood",
                assigned.value(),
                assigned.value() / labels.length);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("data", input.source);
        summary.put("model", folder.toString());
        summary.put("points", data.rows());
        summary.put("features", data.columns().size());
        summary.put("k", model.k());
        summary.put(assigned.score(), assigned.value());
        long[] counts = new long[model.k()];
        IntStream.of(labels).forEach(label -> counts[label]++);
        summary.put("counts", counts);
        input.compare(labels, summary, out);
        ClusterResults files = new ClusterResults(results, out);
        files.labels(labels);
        if (assigned.probabilities() != null) {
            files.array("probabilities", assigned.probabilities().data().asDouble(), data.rows(), model.k());
        }
        files.picture("clusters.png", picture(data, points, labels, model, primitives));
        summary.put("device", primitives.device().toString());
        files.summary(summary);
    }

    private static BufferedImage picture(
            NumberTable data, INDArray points, int[] labels, ClusterModel model, Primitives primitives) {
        Plane plane = Plane.of(points, data.columns(), primitives);
        boolean cells = model.mixture() == null && plane.isWhole();
        return new ClusterScatter(
                        data.name() + " in " + model.k() + " clusters found before",
                        plane.xTitle(),
                        plane.yTitle(),
                        cells)
                .draw(plane.places(points), labels, data.columns().size() == 1 ? null : plane.places(model.middles()));
    }
}

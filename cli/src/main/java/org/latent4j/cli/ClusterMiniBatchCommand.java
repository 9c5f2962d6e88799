package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.latent4j.clustering.MiniBatchKMeans;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.data.npy.NpyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cluster minibatch}. */
@Command(
        name = "minibatch",
        description = "k-means of an NPY file that may be larger than memory, by batches of random rows.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class ClusterMiniBatchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "FILE", required = true, description = "NPY of shape (n, p).")
    private Path data;

    @Option(names = "--k", paramLabel = "K", required = true, description = "Number of clusters.")
    private int k;

    @Option(
            names = "--batch",
            paramLabel = "ROWS",
            defaultValue = "4096",
            description = "Rows at once (default ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--batches",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many move the centres, before a last pass over all rows (default ${DEFAULT-VALUE}).")
    private int batches;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "clusters",
            description = "Results go here (default ${DEFAULT-VALUE}).")
    private Path folder;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Decides every random number (default ${DEFAULT-VALUE}).")
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
        PrintWriter out = spec.commandLine().getOut();
        NpyFile file = NpyFile.open(data);
        Devices.Choice choice = Devices.choose(device, List::of);
        err.println("device " + choice.device() + ": " + choice.reason());
        MiniBatchKMeans.Found found;
        try (Primitives primitives = Devices.primitives(choice.device())) {
            found = MiniBatchKMeans.fit(file, k, batch, batches, seed, primitives);
        }
        out.printf(
                Locale.ROOT,
                "k = %d: inertia %.6g of %,d points after %d batches of %,d%n",
                k,
                found.inertia(),
                file.rows(),
                batches,
                batch);
        ClusterResults results = new ClusterResults(folder, out);
        results.labels(found.labels());
        results.table(
                "centres",
                IntStream.rangeClosed(1, file.rowElements())
                        .mapToObj(feature -> "x" + feature)
                        .toList(),
                found.centres());
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("data", data.toString());
        summary.put("points", file.rows());
        summary.put("features", file.rowElements());
        summary.put("model", ClusterModel.CENTRES);
        summary.put("k", k);
        summary.put("batch", batch);
        summary.put("batches", batches);
        summary.put("inertia", found.inertia());
        summary.put("counts", found.counts());
        summary.put("seed", seed);
        summary.put("device", choice.device().toString());
        results.summary(summary);
        return ExitCode.OK;
    }
}

package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.npy.Npy;
import org.latent4j.reduction.dimension.Embedding;
import org.latent4j.reduction.dimension.IntrinsicDimension;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reduce dimension}: how many dimensions points fill, and what an embedding keeps. */
@Command(
        name = "dimension",
        description =
                "Estimate how many dimensions the points fill; with --embedding, how well it keeps neighbourhoods.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class ReduceDimensionCommand implements Callable<Integer> {
    private static final int HALVINGS = 5;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Option(
            names = "--neighbours",
            paramLabel = "K1..K2",
            defaultValue = "10..20",
            description = "Of the Levina-Bickel estimate (default ${DEFAULT-VALUE}).")
    private String neighbours;

    @Option(
            names = "--embedding",
            paramLabel = "E.npy",
            description =
                    "Embedded points (n, q), as scores.npy of reduce pca: measure trustworthiness and continuity.")
    private Path embedding;

    @Option(
            names = "--k",
            paramLabel = "K",
            defaultValue = "10",
            description = "Neighbours that an embedding should keep (default ${DEFAULT-VALUE}).")
    private int k;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "dimension",
            description = "Results go here (default ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Decides the parts of the sample (default ${DEFAULT-VALUE}).")
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
        int[] range = range();
        Devices.Choice choice = Devices.choose(device, List::of);
        try (ProgressView progress = new ProgressView(err);
                Primitives primitives = Devices.primitives(choice.device())) {
            RowInput input = RowInput.open(data, progress);
            progress.end();
            err.println("device " + choice.device() + ": " + choice.reason());
            INDArray x = input.inMemory();
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("data", input.name());
            figures.put("rows", x.size(0));
            figures.put("columns", x.size(1));
            figures.put("device", choice.device().toString());
            figures.put("seed", seed);
            // all of them before the first is shown: what one of them can't use is an error, not half an answer
            Embedding embedded = embedding == null ? null : embedded(x, primitives);
            IntrinsicDimension.Estimate twoNn = IntrinsicDimension.twoNn(x, primitives);
            IntrinsicDimension.Estimate fit = IntrinsicDimension.twoNnFit(x, primitives);
            IntrinsicDimension.Estimate levinaBickel =
                    IntrinsicDimension.levinaBickel(x, range[0], range[1], primitives);
            List<IntrinsicDimension.Estimate> byScale = IntrinsicDimension.byScale(x, HALVINGS, seed, primitives);
            show(err, figures, "twoNn", "TwoNN", twoNn);
            show(err, figures, "twoNnFit", "TwoNN, fit to nine tenths", fit);
            show(err, figures, "levinaBickel", "Levina-Bickel, k = " + neighbours, levinaBickel);
            figures.put("twoNnOfHalves", byScale);
            for (IntrinsicDimension.Estimate one : byScale.subList(1, byScale.size())) {
                err.println(String.format(
                        Locale.ROOT,
                        "  TwoNN of %,d points: %.2f +- %.2f",
                        one.points(),
                        one.dimension(),
                        one.standardError()));
            }
            if (embedded != null) {
                figures.put("embedding", embedded);
                err.println(String.format(
                        Locale.ROOT,
                        "%s keeps neighbourhoods of %d: trustworthiness %.4f, continuity %.4f",
                        embedding,
                        k,
                        embedded.trustworthiness(),
                        embedded.continuity()));
            }
            new ReductionResults(out, spec.commandLine().getOut()).json("dimension.json", figures);
        }
        return ExitCode.OK;
    }

    private int[] range() {
        if (!neighbours.matches("\\d{1,6}\\.\\.\\d{1,6}")) {
            throw new DataException("--neighbours must be a range such as 10..20, but is '" + neighbours + "'");
        }
        String[] ends = neighbours.split("\\.\\.");
        return new int[] {Integer.parseInt(ends[0]), Integer.parseInt(ends[1])};
    }

    private static void show(
            PrintWriter err,
            Map<String, Object> figures,
            String key,
            String name,
            IntrinsicDimension.Estimate estimate) {
        figures.put(key, estimate);
        err.println(String.format(
                Locale.ROOT,
                "%s: %.2f +- %.2f dimensions%s",
                name,
                estimate.dimension(),
                estimate.standardError(),
                estimate.repeated() == 0 ? "" : " (" + estimate.repeated() + " repeated points left out)"));
    }

    private Embedding embedded(INDArray x, Primitives primitives) {
        Npy.Floats values = Npy.readFloats(embedding);
        try (INDArray floats = Nd4j.create(values.values(), new long[] {values.rows(), values.columns()}, 'c')) {
            return Embedding.measure(x, floats, k, primitives);
        }
    }
}

package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.latent4j.data.Suggest;
import org.latent4j.reduction.divergence.Discrete;
import org.latent4j.reduction.divergence.Gaussian;
import org.latent4j.reduction.divergence.Histograms;
import org.latent4j.reduction.divergence.NearestNeighbours;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code divergence}: how far two distributions or samples are apart. */
@Command(
        name = "divergence",
        description = "Kullback-Leibler and Jensen-Shannon divergences, entropies and cross-entropy, in nats.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class DivergenceCommand implements Callable<Integer> {
    /** What P and Q are. */
    private enum Kind {
        AUTO,
        DISCRETE,
        HISTOGRAM,
        GAUSSIAN,
        SAMPLES
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--p",
            paramLabel = "P",
            required = true,
            description = "Probabilities as in 0.5,0.5; normal:MEAN,SD; or a CSV or NPY file.")
    private String p;

    @Option(names = "--q", paramLabel = "Q", required = true, description = "The same for the other distribution.")
    private String q;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "auto",
            description = {
                "discrete: probabilities in one row or column. samples: rows are points, by nearest neighbours.",
                "histogram: samples of one feature, in bins. gaussian: samples, by a normal distribution fitted to each.",
                "auto (default): discrete if both are written out or sum to 1, else histogram for one column, else samples."
            })
    private String kind;

    @Option(
            names = "--k",
            paramLabel = "K",
            defaultValue = "5",
            description = "Which nearest neighbour, for samples (default ${DEFAULT-VALUE}).")
    private int k;

    @Option(names = "--bins", paramLabel = "B", description = "Bins of histograms (default: Freedman and Diaconis).")
    private Integer bins;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there.")
    private Path json;

    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = "auto",
            description = "auto, nd4j, cpu, cuda or cuda:INDEX (default ${DEFAULT-VALUE}).")
    private String device;

    @Override
    public Integer call() throws IOException {
        Kind asked = Suggest.choice(Kind.class, "--kind", kind);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("p", p);
        figures.put("q", q);
        if (p.startsWith("normal:") != q.startsWith("normal:")) {
            throw new DataException(
                    "--p and --q must be of one kind, but one of them is a normal distribution: " + p + " and " + q);
        }
        if (p.startsWith("normal:")) {
            gaussians(normal(p), normal(q), figures);
        } else {
            double[][] ours = numbers("--p", p);
            double[][] theirs = numbers("--q", q);
            Kind found = asked == Kind.AUTO ? guess(ours, theirs) : asked;
            switch (found) {
                case DISCRETE -> discrete(Discrete.compare(flat(ours, p), flat(theirs, q)), "discrete", figures);
                case HISTOGRAM -> histogram(flat(ours, p), flat(theirs, q), figures);
                case GAUSSIAN -> gaussians(Gaussian.fit(ours), Gaussian.fit(theirs), figures);
                default -> samples(ours, theirs, figures);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        figures.forEach((name, value) -> out.println(name + ": " + shown(value)));
        if (json != null) {
            Path folder = json.toAbsolutePath().getParent();
            new ReductionResults(folder, out).json(json.getFileName().toString(), figures);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static String shown(Object value) {
        return value instanceof Double number ? String.format(Locale.ROOT, "%.10g", number) : String.valueOf(value);
    }

    /** Numbers written out are probabilities, right or wrong: as a sample they would be one point. */
    private Kind guess(double[][] ours, double[][] theirs) {
        if (isWritten(p) && isWritten(q) || isDistribution(ours) && isDistribution(theirs)) {
            return Kind.DISCRETE;
        }
        return ours[0].length == 1 && theirs[0].length == 1 ? Kind.HISTOGRAM : Kind.SAMPLES;
    }

    private static boolean isDistribution(double[][] rows) {
        double[] all = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
        return (rows.length == 1 || rows[0].length == 1)
                && Arrays.stream(all).allMatch(x -> x >= 0)
                && Math.abs(Arrays.stream(all).sum() - 1) < 1e-3;
    }

    /** A list with commas, right or wrong; generated data have options with '=', and a file's name may hold commas. */
    private static boolean isWritten(String text) {
        return text.contains(",") && !text.contains("=") && !Files.exists(Path.of(text));
    }

    /** Numbers written out make one row; a file gives its rows. */
    private static double[][] numbers(String option, String text) {
        if (isWritten(text)) {
            return new double[][] {
                Arrays.stream(text.split(",", -1))
                        .mapToDouble(part -> probability(option, text, part))
                        .toArray()
            };
        }
        DataOptions options = new DataOptions();
        options.source = text;
        try (INDArray exact = RowInput.open(options, Progress.NONE).inMemory().castTo(DataType.DOUBLE)) {
            return exact.toDoubleMatrix();
        } catch (DataException e) {
            throw new DataException(e.getMessage().replaceFirst("^--data ", option + " "), e);
        }
    }

    private static double probability(String option, String text, String part) {
        try {
            return Double.parseDouble(part.strip().equalsIgnoreCase("nan") ? "NaN" : part);
        } catch (NumberFormatException e) {
            throw new DataException(
                    option + " must be probabilities with commas between them or a file that is there; '" + part
                            + "' in " + text + " is no number",
                    e);
        }
    }

    private static double[] flat(double[][] rows, String text) {
        if (rows.length > 1 && rows[0].length > 1) {
            throw new DataException(text + " has " + rows.length + " rows and " + rows[0].length
                    + " columns; a distribution or a sample of one feature has one row or one column");
        }
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    private static Gaussian normal(String text) {
        String[] parts = text.substring("normal:".length()).split(",");
        try {
            if (parts.length == 2) {
                return Gaussian.of(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
            }
        } catch (NumberFormatException e) {
            throw new DataException("a normal distribution is normal:MEAN,SD, but it is " + text, e);
        }
        throw new DataException("a normal distribution is normal:MEAN,SD, but it is " + text);
    }

    private void discrete(Discrete.Comparison found, String name, Map<String, Object> figures) {
        figures.put("kind", name);
        figures.put("kl_pq", found.klPq());
        figures.put("kl_qp", found.klQp());
        figures.put("js", found.js());
        figures.put("js_distance", found.jsDistance());
        figures.put("entropy_p", found.entropyP());
        figures.put("entropy_q", found.entropyQ());
        figures.put("cross_entropy_pq", found.crossEntropy());
        sayInfinite("p", "q", found.impossible());
        sayInfinite("q", "p", found.reverseImpossible());
    }

    private void sayInfinite(String above, String zero, List<Integer> places) {
        if (places.isEmpty()) {
            return;
        }
        List<Integer> some = places.subList(0, Math.min(10, places.size()));
        spec.commandLine()
                .getErr()
                .println("KL(" + above + "||" + zero + ") is infinite: " + zero + " is 0 where " + above
                        + " is above 0, at place" + (some.size() > 1 ? "s " : " ")
                        + some.toString().replaceAll("[\\[\\]]", "")
                        + (some.size() < places.size() ? " and others" : "")
                        + "; the Jensen-Shannon divergence is finite");
    }

    private void histogram(double[] x, double[] y, Map<String, Object> figures) {
        Histograms histograms = bins == null ? Histograms.of(x, y) : Histograms.of(x, y, bins);
        figures.put("points_p", x.length);
        figures.put("points_q", y.length);
        figures.put("bins", histograms.p().length);
        discrete(histograms.compare(), "histogram", figures);
    }

    private static void gaussians(Gaussian ours, Gaussian theirs, Map<String, Object> figures) {
        figures.put("kind", "gaussian");
        figures.put("kl_pq", ours.kl(theirs));
        figures.put("kl_qp", theirs.kl(ours));
        double js = ours.js(theirs);
        figures.put("js", js);
        figures.put("js_distance", Math.sqrt(js));
        figures.put("entropy_p", ours.entropy());
        figures.put("entropy_q", theirs.entropy());
        figures.put("cross_entropy_pq", ours.crossEntropy(theirs));
    }

    private void samples(double[][] x, double[][] y, Map<String, Object> figures) {
        Devices.Choice choice = Devices.choose(device, List::of);
        spec.commandLine().getErr().println("device " + choice.device() + ": " + choice.reason());
        try (Primitives primitives = Devices.primitives(choice.device());
                INDArray ours = Nd4j.createFromArray(x);
                INDArray theirs = Nd4j.createFromArray(y)) {
            figures.put("kind", "samples");
            figures.put("points_p", x.length);
            figures.put("points_q", y.length);
            figures.put("features", x[0].length);
            figures.put("k", k);
            NearestNeighbours.Estimate pq = NearestNeighbours.kl(ours, theirs, k, primitives);
            NearestNeighbours.Estimate qp = NearestNeighbours.kl(theirs, ours, k, primitives);
            figures.put("kl_pq", pq.value());
            figures.put("kl_pq_error", pq.standardError());
            figures.put("kl_qp", qp.value());
            figures.put("kl_qp_error", qp.standardError());
            NearestNeighbours.Estimate js = NearestNeighbours.js(ours, theirs, k, primitives);
            figures.put("js", js.value());
            figures.put("js_error", js.standardError());
            figures.put("js_distance", Math.sqrt(Math.max(0, js.value()))); // an estimate may be just below 0
            figures.put(
                    "entropy_p", NearestNeighbours.entropy(ours, k, primitives).value());
            figures.put(
                    "entropy_q",
                    NearestNeighbours.entropy(theirs, k, primitives).value());
            NearestNeighbours.Estimate cross = NearestNeighbours.crossEntropy(ours, theirs, k, primitives);
            figures.put("cross_entropy_pq", cross.value());
            figures.put("cross_entropy_pq_error", cross.standardError());
            figures.put(
                    "note",
                    "nearest neighbours: biased towards 0, the more so the more features; errors leave that out");
        }
    }
}

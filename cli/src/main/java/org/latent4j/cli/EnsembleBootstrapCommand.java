package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.latent4j.compute.Devices;
import org.latent4j.compute.Primitives;
import org.latent4j.data.DataException;
import org.latent4j.data.Progress;
import org.latent4j.data.Suggest;
import org.latent4j.data.npy.Npy;
import org.latent4j.data.picture.Charts;
import org.latent4j.data.table.NumberTable;
import org.latent4j.data.table.Tables;
import org.latent4j.ensembles.bootstrap.Bootstrap;
import org.latent4j.ensembles.bootstrap.BootstrapOptions;
import org.latent4j.ensembles.bootstrap.BootstrapResult;
import org.latent4j.ensembles.bootstrap.Interval;
import org.latent4j.ensembles.bootstrap.Moments;
import org.latent4j.ensembles.bootstrap.PairStatistic;
import org.latent4j.ensembles.bootstrap.SampleStatistic;
import org.latent4j.ensembles.picture.ReplicatesPicture;
import org.latent4j.ensembles.tree.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ensemble bootstrap}: standard errors and confidence intervals of a table's columns. */
@Command(
        name = "bootstrap",
        description = "Standard errors and confidence intervals by drawing from the points with replacement.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class EnsembleBootstrapCommand implements Callable<Integer> {

    /** What is computed of columns. */
    enum Statistic {
        MEAN,
        MEDIAN,
        VARIANCE,
        DEVIATION,
        SKEWNESS,
        COVARIANCE,
        CORRELATION;

        boolean ofPairs() {
            return this == COVARIANCE || this == CORRELATION;
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "T", required = true, description = "Table, CSV or NPY of shape (n, p).")
    private Path data;

    @Mixin
    private TableFormat format = new TableFormat();

    @Option(
            names = "--target",
            paramLabel = "COLUMN",
            description = "The column whose statistic is wanted, by name or number from 1 (default: each column).")
    private String target;

    @Option(
            names = "--with",
            paramLabel = "COLUMN",
            description = "The other column of a covariance or correlation; pairs stay pairs.")
    private String with;

    @Option(
            names = "--by",
            paramLabel = "COLUMN",
            description =
                    "A column of two groups: the statistic's difference, first group less second, each drawn apart.")
    private String by;

    @Option(
            names = "--statistic",
            paramLabel = "S",
            defaultValue = "mean",
            description =
                    "mean, median, variance, deviation, skewness, covariance, correlation (default ${DEFAULT-VALUE}).")
    private String statistic;

    @Option(
            names = "--resamples",
            paramLabel = "B",
            defaultValue = "10000",
            description = "How often it is drawn (default ${DEFAULT-VALUE}).")
    private int resamples;

    @Option(
            names = "--inner",
            paramLabel = "N",
            defaultValue = "0",
            description = "Resamples of each resample, for studentised intervals; a mean needs none (default: none).")
    private int inner;

    @Option(
            names = "--level",
            paramLabel = "L",
            defaultValue = "0.95",
            description = "Of the intervals (default ${DEFAULT-VALUE}).")
    private double level;

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
            description = "Runs the products of counts and data: auto, nd4j, cpu, cuda (default ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--threads", paramLabel = "N", description = "Threads (default: all cores); results are the same.")
    private Integer threads;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "bootstrap",
            description = "Results go here (default ${DEFAULT-VALUE}).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        PrintWriter print = spec.commandLine().getOut();
        Statistic asked = Suggest.choice(Statistic.class, "--statistic", statistic);
        BootstrapOptions options =
                new BootstrapOptions(resamples, inner, seed, threads == null ? Workers.all() : threads);
        check(asked);
        NumberTable table = Tables.readNumbers(data, format.options(data, by));
        BootstrapColumns columns = new BootstrapColumns(table, data);
        List<Named> results = new ArrayList<>();
        long start = System.nanoTime();
        try (ProgressView view = new ProgressView(err)) {
            progress = view;
            bootstrap(asked, columns, options, results, err);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("data", data.toString());
        summary.put("points", table.rows());
        summary.put("statistic", asked.name().toLowerCase(Locale.ROOT));
        summary.put("resamples", resamples);
        summary.put("seed", seed);
        summary.put("level", level);
        summary.put("seconds", seconds);
        write(results, summary, print);
        return ExitCode.OK;
    }

    private void bootstrap(
            Statistic asked, BootstrapColumns columns, BootstrapOptions options, List<Named> results, PrintWriter err) {
        if (asked.ofPairs()) {
            String name = asked.name().toLowerCase(Locale.ROOT) + " of " + columns.name(target) + " and "
                    + columns.name(with);
            results.add(new Named(name, pairs(asked, columns.of(target), columns.of(with), options, err)));
        } else {
            List<String> chosen = target == null ? columns.names() : List.of(columns.name(target));
            for (String column : chosen) {
                String name = asked.name().toLowerCase(Locale.ROOT) + " of " + column;
                results.add(single(asked, name, columns, column, options, err));
            }
        }
    }

    private record Named(String name, BootstrapResult result) {}

    private void check(Statistic asked) {
        List<String> problems = new ArrayList<>();
        if (!(level > 0 && level < 1)) {
            problems.add("--level must lie between 0 and 1, as 0.95 does, but is " + level);
        }
        if (asked.ofPairs() && (target == null || with == null)) {
            problems.add("--statistic " + statistic + " needs two columns: --target and --with");
        }
        if (!asked.ofPairs() && with != null) {
            problems.add("--with is for covariance and correlation, but --statistic is " + statistic);
        }
        if (asked.ofPairs() && by != null) {
            problems.add("--by compares groups in one column; leave it out with --statistic " + statistic);
        }
        if (by != null && by.equals(target)) {
            problems.add("--by and --target both name " + by);
        }
        if (!problems.isEmpty()) {
            throw new DataException(String.join("; ", problems));
        }
    }

    private Named single(
            Statistic asked,
            String name,
            BootstrapColumns columns,
            String column,
            BootstrapOptions options,
            PrintWriter err) {
        double[] x = columns.of(column);
        if (by != null) {
            return difference(asked, name, columns, x, options);
        }
        if (asked == Statistic.MEAN && inner == 0) {
            return new Named(name, Bootstrap.ofMean(x, options));
        }
        if (asked == Statistic.MEDIAN || inner > 0) {
            SampleStatistic own = SampleStatistic.valueOf(asked.name());
            return new Named(
                    name, Bootstrap.of(new int[] {x.length}, rows -> own.of(drawn(x, rows[0])), options, progress));
        }
        return new Named(name, moments(options, err, m -> switch (asked) {
            case VARIANCE -> m.variance(x);
            case DEVIATION -> m.deviation(x);
            default -> m.skewness(x);
        }));
    }

    private Named difference(
            Statistic asked, String name, BootstrapColumns columns, double[] x, BootstrapOptions options) {
        BootstrapColumns.Groups groups = columns.groups();
        SampleStatistic own = SampleStatistic.valueOf(asked.name());
        double[] first = drawn(x, groups.first());
        double[] second = drawn(x, groups.second());
        return new Named(
                name + ", " + groups.firstName() + " less " + groups.secondName(),
                Bootstrap.of(
                        new int[] {first.length, second.length},
                        rows -> own.of(drawn(first, rows[0])) - own.of(drawn(second, rows[1])),
                        options,
                        progress));
    }

    private BootstrapResult pairs(Statistic asked, double[] x, double[] y, BootstrapOptions options, PrintWriter err) {
        if (inner > 0) {
            PairStatistic own = PairStatistic.valueOf(asked.name());
            return Bootstrap.of(
                    new int[] {x.length}, rows -> own.of(drawn(x, rows[0]), drawn(y, rows[0])), options, progress);
        }
        return moments(options, err, m -> asked == Statistic.COVARIANCE ? m.covariance(x, y) : m.correlation(x, y));
    }

    private boolean said;
    private Progress progress;

    private BootstrapResult moments(
            BootstrapOptions options, PrintWriter err, Function<Moments, BootstrapResult> wanted) {
        Devices.Choice choice = Devices.choose(device, List::of);
        if (!said) {
            err.println("device " + choice.device() + ": " + choice.reason());
            said = true;
        }
        try (Primitives primitives = Devices.primitives(choice.device())) {
            return wanted.apply(new Moments(options, primitives));
        }
    }

    private static double[] drawn(double[] x, int[] rows) {
        double[] drawn = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            drawn[i] = x[rows[i]];
        }
        return drawn;
    }

    private void write(List<Named> results, Map<String, Object> summary, PrintWriter print) throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        ClusterResults files = new ClusterResults(out, print);
        double[] replicates = new double[resamples * results.size()];
        for (int s = 0; s < results.size(); s++) {
            BootstrapResult result = results.get(s).result();
            List<Interval> intervals = Arrays.stream(Interval.Kind.values())
                    .map(kind -> result.interval(kind, level))
                    .toList();
            print.println(String.format(
                    Locale.ROOT,
                    "%s: %.6g, standard error %.4g, bias %.3g",
                    results.get(s).name(),
                    result.estimate(),
                    result.standardError(),
                    result.bias()));
            intervals.forEach(interval -> print.println(line(interval)));
            all.add(described(results.get(s), intervals));
            int column = s;
            IntStream.range(0, resamples)
                    .forEach(r -> replicates[r * results.size() + column] = result.replicates()[r]);
            files.picture(
                    results.size() == 1 ? "replicates.png" : "replicates-" + (s + 1) + ".png",
                    ReplicatesPicture.draw(
                            String.format(Locale.ROOT, "%,d resamples", resamples),
                            results.get(s).name(),
                            result,
                            intervals));
        }
        Npy.write(out.resolve("replicates.npy"), replicates, resamples, results.size());
        print.println("replicates: " + out.resolve("replicates.npy"));
        summary.put("results", all);
        files.summary(summary);
    }

    private static String line(Interval interval) {
        String kind = String.format(
                Locale.ROOT,
                "  %-11s %s %%: ",
                interval.kind().name().toLowerCase(Locale.ROOT),
                Charts.tickLabel(100 * interval.level()));
        return (interval.isDefined() ? kind + apart(interval.low(), interval.high()) : kind + "none")
                + (interval.note().isEmpty() ? "" : " (" + interval.note() + ")");
    }

    /** Both ends with so many digits that they differ in the last three. */
    private static String apart(double low, double high) {
        double ratio = Math.max(Math.abs(low), Math.abs(high)) / (high - low);
        int digits = ratio > 1 && Double.isFinite(ratio) ? (int) Math.min(17, 3 + Math.ceil(Math.log10(ratio))) : 0;
        String format = "%." + Math.max(6, digits) + "g";
        return String.format(Locale.ROOT, format + " ... " + format, low, high);
    }

    private static Map<String, Object> described(Named named, List<Interval> intervals) {
        BootstrapResult result = named.result();
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", named.name());
        described.put("estimate", result.estimate());
        described.put("standardError", result.standardError());
        described.put("bias", result.bias());
        if (result.jackknife() != null) {
            described.put("jackknifeStandardError", result.jackknife().standardError());
            described.put("jackknifeBias", result.jackknife().bias());
        }
        Map<String, Object> kinds = new LinkedHashMap<>();
        for (Interval interval : intervals) {
            Map<String, Object> ends = new LinkedHashMap<>();
            ends.put("low", interval.isDefined() ? interval.low() : null);
            ends.put("high", interval.isDefined() ? interval.high() : null);
            if (!interval.note().isEmpty()) {
                ends.put("note", interval.note());
            }
            kinds.put(interval.kind().name().toLowerCase(Locale.ROOT), ends);
        }
        described.put("intervals", kinds);
        return described;
    }
}

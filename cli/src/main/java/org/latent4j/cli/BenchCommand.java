package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.latent4j.bench.Bench;
import org.latent4j.bench.BenchException;
import org.latent4j.bench.BenchReport;
import org.latent4j.bench.Peers;
import org.latent4j.bench.Row;
import org.latent4j.bench.Suite;
import org.latent4j.bench.Suites;
import org.latent4j.compute.Devices;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench}: measures ours and a peer in turns, in one run. */
@Command(
        name = "bench",
        description = "Measures ours and peers in turns, and compares what they compute.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SUITE",
            arity = "1..*",
            completionCandidates = Names.class,
            description = "What to measure: ${COMPLETION-CANDIDATES}.")
    private List<String> names;

    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = "auto",
            description = "auto, nd4j, cpu, cuda or cuda:INDEX (default ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--peers",
            paramLabel = "FOLDER",
            description = "Where gpu-bench/setup-peers FOLDER has installed the Python peers. "
                    + "Without it only ours is measured.")
    private Path peers;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Turns of ours and the peer; medians are given (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--penalties", description = "Suite gan: steps with the R1 and R2 penalties.")
    private boolean penalties;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the rows as JSON.")
    private Path json;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write the rows as a Markdown table.")
    private Path markdown;

    @Override
    public Integer call() throws IOException {
        if (rounds < 1) {
            throw new DataException("--rounds must be at least 1, but is " + rounds);
        }
        if (peers != null && !Files.isRegularFile(peers.resolve("env"))) {
            throw new DataException("--peers " + peers + " holds no file env, which sets PEERS_PYTHON and PYTHONPATH;"
                    + " gpu-bench/setup-peers " + peers + " installs them");
        }
        List<Suite> suites = chosen();
        makeFolder("--json", json);
        makeFolder("--markdown", markdown);
        Devices.Choice choice = Devices.choose(device, List::of);
        PrintWriter err = spec.commandLine().getErr();
        err.println("device " + choice.device() + ": " + choice.reason());
        Optional<Peers> tuned = Optional.ofNullable(peers).map(Peers::tuned);
        tuned.ifPresent(found -> err.println("peers' OpenBLAS: " + found.openBlas()));
        Bench bench = new Bench(
                choice.device(),
                choice.device().toString(),
                tuned,
                rounds,
                penalties,
                line -> err.println("  " + line));
        Map<String, List<Row>> measured = new LinkedHashMap<>();
        BenchReport report = BenchReport.of(bench, measured);
        PrintWriter out = spec.commandLine().getOut();
        List<String> failures = new ArrayList<>();
        for (Suite suite : suites) {
            err.println(suite.name() + ": " + suite.about());
            List<Row> rows = new ArrayList<>();
            measured.put(suite.name(), rows);
            try {
                suite.run(bench, row -> {
                    rows.add(row);
                    save(report);
                });
            } catch (BenchException e) { // the others are measured all the same
                err.println("  failed: " + e.getMessage());
                failures.add(suite.name() + ": " + e.getMessage());
            } finally { // a suite that fails shows what it has measured before
                out.println(TextTable.of(
                        suite.name(),
                        BenchReport.COLUMNS,
                        rows.stream().map(BenchReport::cells).toList()));
            }
        }
        if (json != null) {
            out.println("rows: " + json);
        }
        if (markdown != null) {
            out.println("table: " + markdown);
        }
        if (!failures.isEmpty()) {
            throw new BenchException(String.join("; ", failures));
        }
        return ExitCode.OK;
    }

    /** Before anything is measured: what can't be written is known at once. */
    private static void makeFolder(String option, Path file) {
        if (file == null) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new DataException(
                    option + " " + file + ": the folder " + folder + " can't be made (" + e + "); choose another", e);
        }
        if (Files.isDirectory(file) || !Files.isWritable(folder)) {
            throw new DataException(option + " " + file + " can't be written; choose a file in a folder of yours");
        }
    }

    /** After each row: a run of all suites takes half an hour, and may be stopped. */
    private void save(BenchReport report) {
        try {
            if (json != null) {
                AtomicFiles.write(json, report.json());
            }
            if (markdown != null) {
                AtomicFiles.write(markdown, report.markdown());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Suite> chosen() {
        if (names.contains("all")) {
            return Suites.all();
        }
        return names.stream()
                .distinct()
                .map(name -> Suites.all().stream()
                        .filter(suite -> suite.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new DataException(Suggest.unknown("benchmark suite", name, new Names()))))
                .toList();
    }

    /** What may be typed. */
    static final class Names extends ArrayList<String> {
        Names() {
            add("all");
            Suites.all().forEach(suite -> add(suite.name()));
        }
    }
}

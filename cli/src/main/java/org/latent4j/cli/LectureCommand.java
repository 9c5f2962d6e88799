package org.latent4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.latent4j.cli.lecture.Exhibit;
import org.latent4j.cli.lecture.Gallery;
import org.latent4j.cli.lecture.Lecture;
import org.latent4j.cli.lecture.LectureRoom;
import org.latent4j.cli.lecture.Lectures;
import org.latent4j.compute.Devices;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lecture}: draws the lectures' figures anew from computed results. */
@Command(
        name = "lecture",
        description = "Draws the lectures' figures and tables anew, all of them computed.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = Main.Version.class)
final class LectureCommand implements Callable<Integer> {
    private static final String ALL = "all";

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            completionCandidates = Names.class,
            description = "Which: ${COMPLETION-CANDIDATES} (default all).")
    private List<String> names = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "figures",
            description = "Pictures, numbers and the page index.html go here (default ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = "auto",
            description = "auto, nd4j, cpu, cuda or cuda:INDEX (default ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Decides every random number (default ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws IOException {
        List<Lecture> chosen = chosen();
        Devices.Choice choice = Devices.choose(device, List::of);
        PrintWriter err = spec.commandLine().getErr();
        err.println("device " + choice.device() + ": " + choice.reason());
        Files.createDirectories(out);
        Gallery gallery = new Gallery(out);
        List<Gallery.Entry> entries = new ArrayList<>();
        for (Lecture lecture : chosen) {
            err.println(lecture.name() + ": " + lecture.title());
            long start = System.nanoTime();
            Exhibit exhibit = lecture.compute(new LectureRoom(choice.device(), seed, line -> err.println("  " + line)));
            double seconds = (System.nanoTime() - start) / 1e9;
            Gallery.Entry entry = new Gallery.Entry(lecture, exhibit, seconds, command(lecture));
            gallery.write(entry);
            entries.add(entry);
            err.println(String.format(Locale.ROOT, "  done in %.1f s", seconds));
        }
        PrintWriter results = spec.commandLine().getOut();
        entries.forEach(entry -> print(results, entry.exhibit()));
        results.println("page: " + gallery.page(entries));
        return ExitCode.OK;
    }

    private static void print(PrintWriter results, Exhibit exhibit) {
        for (Exhibit.NumberTable table : exhibit.tables()) {
            results.println(TextTable.of(table.heading(), table.columns(), table.rows()));
        }
    }

    private String command(Lecture lecture) {
        return "latent4j lecture " + lecture.name() + (seed == 1 ? "" : " --seed " + seed)
                + (device.equals("auto") ? "" : " --device " + device);
    }

    private List<Lecture> chosen() {
        if (names.isEmpty() || names.contains(ALL)) {
            return Lectures.all();
        }
        return names.stream().distinct().map(LectureCommand::named).toList();
    }

    private static Lecture named(String name) {
        return Lectures.all().stream()
                .filter(lecture -> lecture.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new DataException(Suggest.unknown("lecture", name, new Names())));
    }

    /** What may be typed. */
    static final class Names extends ArrayList<String> {
        Names() {
            add(ALL);
            Lectures.all().forEach(lecture -> add(lecture.name()));
        }
    }
}

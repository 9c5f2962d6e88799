package org.latent4j.compute.cpu;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.latent4j.compute.io.AtomicFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of several ways to do an operation is the fastest here: timed once, and then known by the operation's shape, the number of
 * threads, the processor and the library's version. A file keeps what is known, so that a run that is resumed computes by the same
 * kernels, bit for bit.
 *
 * <p>A file that can't be read or written is reported and done without: it changes speed only, and the last bits.
 */
public final class KernelChoices {
    private static final Logger LOG = LoggerFactory.getLogger(KernelChoices.class);

    /** How much faster than the first way another one has to be: timings are uncertain, and the first needs the least memory. */
    private static final double GAIN = 0.95;

    /** How many times as long as the fastest a way takes that isn't worth a trial under other circumstances, such as that a part of it is done. */
    private static final double SLOW = 1.5;

    private static final long TOLD_NANOS = 1_000_000_000;

    /** The share of the processor that others may take while ways are timed: with more, the slower way often is the faster one. */
    private static final double QUIET = 0.15;

    private final Properties known = new Properties();
    private final Map<String, Set<String>> slow = new HashMap<>(); // by operation
    private final Path file;
    private final List<String> always;
    private final ScratchMemory scratch = new ScratchMemory();
    private boolean changed;
    private long nanosTimed;
    private double nanosOfOthers; // of these
    private boolean toldOfOthers;

    private KernelChoices(Path file, List<String> always) {
        this.file = file;
        this.always = always;
        known.putAll(stored());
    }

    private Properties stored() {
        Properties stored = new Properties();
        if (file != null && Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                stored.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                LOG.warn("{} can't be read; kernels are timed anew: {}", file, e.toString());
            }
        }
        return stored;
    }

    /** In the user's cache folder. */
    public static KernelChoices ofUser() {
        String folder = System.getenv("XDG_CACHE_HOME");
        Path cache = folder == null || folder.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(folder);
        return at(cache.resolve("latent4j").resolve("cpu-kernels.properties"));
    }

    public static KernelChoices at(Path file) {
        return new KernelChoices(file, null);
    }

    /** The named ways wherever there is one of them, for comparing ways with each other; the first way elsewhere. */
    public static KernelChoices always(String... ways) {
        return new KernelChoices(null, List.of(ways));
    }

    /** Times ways of doing the same. */
    @FunctionalInterface
    interface Trial {
        /** Seconds of each way, in the order given. */
        double[] seconds(List<String> ways);
    }

    /**
     * Chooses one of the ways.
     *
     * @param operation with its shapes; what was slow for it is not timed again under other circumstances
     * @param circumstances what else the answer depends on
     * @param trial not asked if the answer is known
     */
    synchronized String choose(
            String operation, String circumstances, List<String> ways, boolean worthTiming, Trial trial) {
        if (always != null) {
            return always.stream().filter(ways::contains).findFirst().orElse(ways.get(0));
        }
        String key = (operation + circumstances).replace(' ', '_');
        String name = known.getProperty(key);
        if (name != null && ways.contains(name)) {
            return name;
        }
        if (!worthTiming || ways.size() == 1) {
            return ways.get(0);
        }
        String fastest = fastest(ways, slow.computeIfAbsent(operation, any -> new HashSet<>()), trial);
        known.setProperty(key, fastest);
        changed = true;
        return fastest;
    }

    private String fastest(List<String> all, Set<String> slowBefore, Trial trial) {
        List<String> ways =
                all.stream().filter(way -> !slowBefore.contains(way)).toList();
        double[] seconds = ways.size() == 1 ? new double[1] : timed(ways, trial);
        int best = 0;
        for (int i = 1; i < seconds.length; i++) {
            boolean isFirst = ways.get(best).equals(all.get(0));
            if (seconds[i] < seconds[best] * (isFirst ? GAIN : 1)) {
                best = i;
            }
        }
        for (int i = 0; i < seconds.length; i++) {
            if (seconds[i] > SLOW * seconds[best]) {
                slowBefore.add(ways.get(i));
            }
        }
        return ways.get(best);
    }

    private double[] timed(List<String> ways, Trial trial) {
        long start = System.nanoTime();
        Optional<OtherLoad> before = OtherLoad.now();
        double[] seconds = trial.seconds(ways);
        long nanos = System.nanoTime() - start;
        nanosOfOthers +=
                nanos * OtherLoad.now().flatMap(now -> before.map(now::since)).orElse(0.0);
        tell(nanos);
        return seconds;
    }

    /** Says once why nothing else happens for a while. */
    private void tell(long nanos) {
        boolean wasShort = nanosTimed < TOLD_NANOS;
        nanosTimed += nanos;
        if (wasShort && nanosTimed >= TOLD_NANOS) {
            LOG.info(
                    "kernels  timing which are the fastest for these shapes on this processor, once{}",
                    file == null ? "" : "; kept in " + file);
        }
    }

    /** A choice is kept, so that whoever suffers from a bad one has to know. */
    private void tellOfOthers() {
        double share = nanosOfOthers / Math.max(1, nanosTimed);
        if (!toldOfOthers && nanosTimed >= TOLD_NANOS && share > QUIET) {
            toldOfOthers = true;
            LOG.warn(
                    "kernels  others took {} % of the processor meanwhile, so that slow ones may have been chosen; delete {} on a"
                            + " quiet machine to have them timed anew",
                    Math.round(100 * share), file);
        }
    }

    /** What ways that are timed share, one {@link Trial} at a time. */
    ScratchMemory scratch() {
        return scratch;
    }

    /** Writes what is new to the file, beside what other processes have found out meanwhile, and frees what the trials needed. */
    synchronized void save() {
        scratch.close();
        if (!changed || file == null) {
            return;
        }
        changed = false;
        tellOfOthers();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            StringWriter text = new StringWriter();
            Properties all = stored();
            all.putAll(known);
            all.store(text, "The fastest kernels on this machine, as timed; delete to time anew.");
            AtomicFiles.write(file, text.toString());
        } catch (IOException e) {
            LOG.warn("{} can't be written; kernels are timed again next time: {}", file, e.toString());
        }
    }
}

package org.latent4j.compute.cpu;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
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

    private final Properties known = new Properties();
    private final Path file;
    private final List<String> always;
    private boolean changed;

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
     * @param trial not asked if the answer is known
     */
    synchronized String choose(String key, List<String> ways, boolean worthTiming, Trial trial) {
        if (always != null) {
            return always.stream().filter(ways::contains).findFirst().orElse(ways.get(0));
        }
        String name = known.getProperty(key);
        if (name != null && ways.contains(name)) {
            return name;
        }
        if (!worthTiming || ways.size() == 1) {
            return ways.get(0);
        }
        double[] seconds = trial.seconds(ways);
        int best = 0;
        for (int i = 1; i < seconds.length; i++) {
            if (seconds[i] < seconds[best] * (best == 0 ? GAIN : 1)) {
                best = i;
            }
        }
        known.setProperty(key, ways.get(best));
        changed = true;
        return ways.get(best);
    }

    /** Writes what is new to the file, beside what other processes have found out meanwhile. */
    synchronized void save() {
        if (!changed || file == null) {
            return;
        }
        changed = false;
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

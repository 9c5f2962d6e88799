package org.latent4j.compute.cuda;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.function.Supplier;
import org.latent4j.compute.io.AtomicFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The libraries' algorithms that were the fastest here, known by card, versions, shape and types, so that they are timed once and a resumed
 * run computes by the same ones.
 *
 * <p>A file that can't be read or written is reported and done without.
 */
final class Choices {
    private static final Logger LOG = LoggerFactory.getLogger(Choices.class);

    private final Path file;
    private final Properties known = new Properties();
    private boolean changed;

    Choices(Path file) {
        this.file = file;
        known.putAll(stored());
    }

    /** The user's cache folder for this product. */
    static Path cacheFolder() {
        String folder = System.getenv("XDG_CACHE_HOME");
        Path cache = folder == null || folder.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(folder);
        return cache.resolve("latent4j");
    }

    private Properties stored() {
        Properties stored = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                stored.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                LOG.warn("{} can't be read; algorithms are timed anew: {}", file, e.toString());
            }
        }
        return stored;
    }

    synchronized String choose(String key, Supplier<String> find) {
        String name = key.replace(' ', '_');
        String value = known.getProperty(name);
        if (value == null) {
            value = find.get();
            known.setProperty(name, value);
            changed = true;
        }
        return value;
    }

    /** Writes what is new to the file, beside what other processes have found out meanwhile. */
    synchronized void save() {
        if (!changed) {
            return;
        }
        changed = false;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            StringWriter text = new StringWriter();
            Properties all = stored();
            all.putAll(known);
            all.store(
                    text,
                    "The fastest algorithms of the CUDA libraries on this machine's cards, as timed; delete to time anew.");
            AtomicFiles.write(file, text.toString());
        } catch (IOException e) {
            LOG.warn("{} can't be written; algorithms are timed again next time: {}", file, e.toString());
        }
    }
}

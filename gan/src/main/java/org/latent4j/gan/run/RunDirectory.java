package org.latent4j.gan.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.io.AtomicFiles;
import org.latent4j.data.DataException;
import org.latent4j.gan.TrainingStatistics;

/**
 * {@code runs/NAME/} of a run in training: {@code config.json}, {@code generator.json}, {@code discriminator.json}, {@code stats.jsonl},
 * {@code samples/000006.400-kimg.png}, {@code checkpoints/00000100/}, {@code report.html}. One process holds it at a time.
 *
 * <p>Throws {@link DataException} when it holds another run or another process holds it, {@link RunException} when it can't be written.
 */
public final class RunDirectory implements AutoCloseable {
    private static final ObjectMapper LINES = JsonMapper.builder().build();
    private static final int KEPT_CHECKPOINTS = 3;

    private final Path folder;
    private final FileChannel lock;

    private RunDirectory(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Opens a folder for training and locks it. */
    public static RunDirectory open(Path folder) {
        FileChannel lock = null;
        try {
            Files.createDirectories(folder);
            lock = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock.tryLock() == null) {
                throw new OverlappingFileLockException();
            }
            AtomicFiles.sweep(folder);
            AtomicFiles.sweep(folder.resolve("checkpoints"));
            AtomicFiles.sweep(folder.resolve("samples"));
            return new RunDirectory(folder, lock);
        } catch (OverlappingFileLockException e) {
            throw new DataException(
                    folder + " is in use by another training process: wait for it, or choose another --out");
        } catch (IOException e) {
            throw new RunException("the run directory " + folder + " can't be written: " + reason(e), e);
        }
    }

    public Path folder() {
        return folder;
    }

    /** Writes what decides the run. */
    void begin(RunConfig config, ComputationGraph generator, ComputationGraph discriminator) {
        attempt("config.json", () -> {
            AtomicFiles.write(folder.resolve("generator.json"), ModelZip.canonicalJson(generator));
            AtomicFiles.write(folder.resolve("discriminator.json"), ModelZip.canonicalJson(discriminator));
            AtomicFiles.write(folder.resolve("config.json"), Json.MAPPER.writeValueAsString(config));
        });
    }

    /** True once a run has begun here. */
    public boolean holdsRun() {
        return Files.exists(folder.resolve("config.json"));
    }

    /** Prepares to go on at a step: forgets statistics and samples that a killed process wrote after it. */
    void rewind(long step, double kimg) {
        attempt("stats.jsonl", () -> {
            Path stats = folder.resolve("stats.jsonl");
            if (Files.exists(stats)) {
                String kept = Files.readAllLines(stats).stream()
                        .filter(line -> stepOf(line) <= step)
                        .map(line -> line + "\n")
                        .collect(Collectors.joining());
                AtomicFiles.write(stats, kept);
            }
            if (Files.isDirectory(folder.resolve("samples"))) {
                try (Stream<Path> samples = Files.list(folder.resolve("samples"))) {
                    for (Path sample : (Iterable<Path>) samples::iterator) {
                        if (sample.getFileName().toString().compareTo(sampleName(kimg)) > 0) {
                            Files.delete(sample);
                        }
                    }
                }
            }
        });
    }

    /** Step of a line of statistics; a torn line counts as later than all. */
    private static long stepOf(String line) {
        try {
            return LINES.readTree(line).path("step").asLong(Long.MAX_VALUE);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    /** The whole lines of a run's {@code stats.jsonl}; a torn last one is left out. */
    static List<JsonNode> statistics(Path run) throws IOException {
        Path file = run.resolve("stats.jsonl");
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            if (stepOf(line) < Long.MAX_VALUE) {
                lines.add(LINES.readTree(line));
            }
        }
        return lines;
    }

    void append(TrainingStatistics statistics) {
        attempt(
                "stats.jsonl",
                () -> Files.write(
                        folder.resolve("stats.jsonl"),
                        (LINES.writeValueAsString(statistics) + "\n").getBytes(StandardCharsets.UTF_8),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND));
    }

    /**
     * Writes a checkpoint, and deletes those that are neither among the last ones nor kept.
     *
     * @param average of the generator, or null
     * @param kept step of an earlier checkpoint that stays; -1: none
     */
    Checkpoint checkpoint(
            Checkpoint.State state,
            ComputationGraph generator,
            ComputationGraph discriminator,
            ComputationGraph average,
            long kept) {
        Checkpoint[] written = new Checkpoint[1];
        attempt("a checkpoint of step " + state.step(), () -> {
            Path checkpoints = folder.resolve("checkpoints");
            written[0] = Checkpoint.write(checkpoints, state, generator, discriminator, average);
            List<Checkpoint> all = Checkpoint.list(checkpoints);
            for (Checkpoint old : all.subList(0, Math.max(0, all.size() - KEPT_CHECKPOINTS))) {
                if (old.step() != kept) {
                    AtomicFiles.deleteTree(old.folder());
                }
            }
        });
        return written[0];
    }

    /** Path of the sample grid after so many thousand real samples; sorts by name. */
    Path samplePath(double kimg) {
        Path samples = folder.resolve("samples");
        attempt("samples", () -> Files.createDirectories(samples));
        return samples.resolve(sampleName(kimg));
    }

    private static String sampleName(double kimg) {
        return String.format(Locale.ROOT, "%010.3f-kimg.png", kimg);
    }

    /** Does a write; a failure says what is still there. */
    void attempt(String what, Write write) {
        try {
            write.run();
        } catch (IOException e) {
            throw new RunException(
                    folder + ": " + what + " could not be written: " + reason(e)
                            + "; earlier checkpoints are intact, continue with --resume when the cause is gone",
                    e);
        }
    }

    /** One write that can fail. */
    @FunctionalInterface
    interface Write {
        void run() throws IOException;
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() == null) {
            return f.getClass()
                            .getSimpleName()
                            .replace("Exception", "")
                            .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                            .toLowerCase(Locale.ROOT)
                    + " " + f.getFile();
        }
        return e.getMessage();
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new RunException(folder + ": the lock could not be released: " + e.getMessage(), e);
        }
    }
}

package org.latent4j.gan.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.compute.io.AtomicFiles;

/**
 * One checkpoint folder, {@code checkpoints/00001200/}: {@code generator.zip} and {@code discriminator.zip} (DL4J models with updater
 * state), {@code ema.zip} (a DL4J model without, of runs that average their generator) and {@code state.json}. It appears by one rename when all of it is on the disk; all randomness is a function of the counters.
 *
 * @param step adversarial steps done
 * @param folder where it lies
 */
public record Checkpoint(long step, Path folder) {

    /**
     * What a run needs besides its networks to go on.
     *
     * @param seconds training time over all parts of the run
     * @param spectralNorm directions of the discriminator's normalised weights; absent where they are not
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record State(long step, double seconds, Map<String, double[]> spectralNorm) {}

    public Path generator() {
        return folder.resolve("generator.zip");
    }

    public Path discriminator() {
        return folder.resolve("discriminator.zip");
    }

    /** The generator's moving average; there only in runs that keep one. */
    public Path average() {
        return folder.resolve("ema.zip");
    }

    /** {@code average}: of the generator, or null. */
    static Checkpoint write(
            Path checkpoints,
            State state,
            ComputationGraph generator,
            ComputationGraph discriminator,
            ComputationGraph average)
            throws IOException {
        Files.createDirectories(checkpoints);
        Path folder = checkpoints.resolve(String.format("%08d", state.step()));
        Path temporary = AtomicFiles.temporary(folder);
        try {
            Files.createDirectory(temporary);
            Checkpoint unfinished = new Checkpoint(state.step(), temporary);
            ModelZip.write(generator, unfinished.generator(), true);
            ModelZip.write(discriminator, unfinished.discriminator(), true);
            if (average != null) {
                ModelZip.write(average, unfinished.average(), false);
            }
            AtomicFiles.write(temporary.resolve("state.json"), Json.MAPPER.writeValueAsString(state));
            AtomicFiles.deleteTree(folder); // only a resumed run that was stopped at once writes the same step again
            AtomicFiles.move(temporary, folder);
        } finally {
            AtomicFiles.deleteTree(temporary);
        }
        return new Checkpoint(state.step(), folder);
    }

    State readState() throws IOException {
        return Json.MAPPER.readValue(folder.resolve("state.json").toFile(), State.class);
    }

    /** The finished checkpoints of a run, oldest first. */
    static List<Checkpoint> list(Path checkpoints) throws IOException {
        if (!Files.isDirectory(checkpoints)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(checkpoints)) {
            return folders.filter(folder -> folder.getFileName().toString().matches("\\d{8,}"))
                    .map(folder ->
                            new Checkpoint(Long.parseLong(folder.getFileName().toString()), folder))
                    .sorted(Comparator.comparingLong(Checkpoint::step))
                    .toList();
        }
    }
}

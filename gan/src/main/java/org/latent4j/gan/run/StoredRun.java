package org.latent4j.gan.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.data.DataException;
import org.latent4j.gan.NetworkShapes;

/**
 * A run directory to read from: generate, evaluate, resume.
 *
 * <p>Throws {@link DataException} when there is no run, no checkpoint, or a damaged one.
 *
 * @param folder the run directory
 * @param config what decided the run
 * @param checkpoints oldest first; at least one unless the run was stopped before its first
 */
public record StoredRun(Path folder, RunConfig config, List<Checkpoint> checkpoints) {

    public static StoredRun open(Path folder) {
        Path file = folder.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw new DataException(folder + " holds no run (no config.json): give the --out folder of a 'gan train'");
        }
        try {
            RunConfig config = Json.MAPPER.readValue(file.toFile(), RunConfig.class);
            if (config.format() != RunConfig.FORMAT) {
                throw new DataException(
                        file + " has format " + config.format() + ", this version reads " + RunConfig.FORMAT);
            }
            return new StoredRun(folder, config, Checkpoint.list(folder.resolve("checkpoints")));
        } catch (JsonProcessingException e) {
            throw new DataException(file + " is damaged or from another version: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new DataException(file + " can't be read: " + e.getMessage(), e);
        }
    }

    /** The newest checkpoint. */
    public Checkpoint newest() {
        if (checkpoints.isEmpty()) {
            throw new DataException(folder + " has no checkpoint yet: let 'gan train' run until its first");
        }
        return checkpoints.get(checkpoints.size() - 1);
    }

    public ComputationGraph readGenerator() {
        return ModelZip.read(newest().generator());
    }

    public ComputationGraph readDiscriminator() {
        return ModelZip.read(newest().discriminator());
    }

    /** Checks both networks of the newest checkpoint against the run's samples. */
    public NetworkShapes shapes(ComputationGraph generator, ComputationGraph discriminator) {
        return NetworkShapes.check(
                generator,
                discriminator,
                config.sample().toShape(),
                config.networks().latent(),
                config.classes() == null ? 0 : config.classes().names().size());
    }
}

package org.latent4j.gan.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.latent4j.data.DataException;
import org.latent4j.gan.BestSoFar;
import org.latent4j.gan.NetworkShapes;
import org.latent4j.gan.TrainingStatistics;

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

    /**
     * The run as it was at one of its checkpoints, which then is the newest.
     *
     * @param which {@code newest}, {@code best} (by the figure that it was trained to keep the best by), or steps done
     */
    public StoredRun at(String which) {
        if (which.equals("newest")) {
            return this;
        }
        long step = which.equals("best") ? best().step() : which.matches("\\d{1,18}") ? Long.parseLong(which) : -1;
        List<Checkpoint> until = checkpoints.stream()
                .filter(checkpoint -> checkpoint.step() <= step)
                .toList();
        if (until.isEmpty() || until.get(until.size() - 1).step() != step) {
            throw new DataException("--checkpoint " + which + ": " + folder + " has the checkpoints "
                    + checkpoints.stream()
                            .map(checkpoint -> String.valueOf(checkpoint.step()))
                            .collect(Collectors.joining(", "))
                    + "; give one of them, newest or best");
        }
        return new StoredRun(folder, config, until);
    }

    /** The best of the checkpoints that are there. */
    public BestSoFar best() {
        String figure = config.training().keepBest();
        if (figure == null) {
            throw new DataException(
                    folder + " was trained without --keep-best, so that no checkpoint is known as its best");
        }
        BestSoFar best = bestBy(figure);
        if (best.step() < 0) {
            throw new DataException(
                    folder + " has no checkpoint with an evaluation yet: let 'gan train' run until its first");
        }
        return best;
    }

    /** Likewise by any figure, as the statistics have it; without a step where no checkpoint was evaluated by it. */
    BestSoFar bestBy(String figure) {
        BestSoFar best = new BestSoFar(figure);
        Set<Long> steps = checkpoints.stream().map(Checkpoint::step).collect(Collectors.toSet());
        try {
            for (JsonNode line : RunDirectory.statistics(folder)) {
                JsonNode score = line.path("evaluation").path(figure);
                if (steps.contains(line.path("step").asLong()) && score.isObject()) {
                    best.improves(
                            line.path("step").asLong(),
                            new TrainingStatistics.Score(
                                    score.path("value").asDouble(Double.NaN),
                                    score.path("floor").asDouble(Double.NaN)));
                }
            }
        } catch (IOException e) {
            throw new DataException(folder + ": the statistics can't be read: " + e.getMessage(), e);
        }
        return best;
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

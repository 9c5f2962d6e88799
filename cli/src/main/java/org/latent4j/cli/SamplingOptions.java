package org.latent4j.cli;

import java.nio.file.Path;
import org.latent4j.gan.run.StoredRun;
import org.latent4j.gan.run.TrainedGenerator;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How samples are drawn, for commands that draw some. */
final class SamplingOptions {
    @Option(
            names = "--best-of",
            paramLabel = "M",
            defaultValue = "1",
            description = "Of M candidates for each sample, draw the one that the discriminator takes most for real "
                    + "(default ${DEFAULT-VALUE}); gan evaluate tells whether that helps a run.")
    int candidates;

    @Option(
            names = "--device",
            paramLabel = "DEV",
            defaultValue = "auto",
            description = "auto (default), nd4j, cpu, cuda or cuda:INDEX.")
    String device;

    @Mixin
    private final CheckpointOptions checkpoint = new CheckpointOptions();

    StoredRun open(Path run) {
        return checkpoint.open(run);
    }

    TrainedGenerator generator(StoredRun run) {
        return TrainedGenerator.of(run, device).bestOf(candidates, run);
    }

    TrainedGenerator generator(StoredRun run, TrainedGenerator.Weights weights) {
        return TrainedGenerator.of(run, weights, device).bestOf(candidates, run);
    }
}

package org.latent4j.cli;

import java.nio.file.Path;
import org.latent4j.gan.run.StoredRun;
import picocli.CommandLine.Option;

/** Which of a run's checkpoints is read, for commands that read one. */
final class CheckpointOptions {
    @Option(
            names = "--checkpoint",
            paramLabel = "C",
            defaultValue = "newest",
            description = "newest (default), best (of a run with --keep-best), or the steps of one that is there.")
    private String checkpoint;

    StoredRun open(Path run) {
        return StoredRun.open(run).at(checkpoint);
    }
}

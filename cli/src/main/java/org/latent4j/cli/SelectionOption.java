package org.latent4j.cli;

import org.latent4j.gan.run.StoredRun;
import org.latent4j.gan.run.TrainedGenerator;
import picocli.CommandLine.Option;

/** Which samples are drawn, for commands that draw some. */
final class SelectionOption {
    @Option(
            names = "--best-of",
            paramLabel = "M",
            defaultValue = "1",
            description = "Of M candidates for each sample, draw the one that the discriminator takes most for real "
                    + "(default ${DEFAULT-VALUE}); gan evaluate tells whether that helps a run.")
    int candidates;

    TrainedGenerator of(TrainedGenerator generator, StoredRun run) {
        return generator.bestOf(candidates, run);
    }
}

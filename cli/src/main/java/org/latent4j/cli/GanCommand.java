package org.latent4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Groups the commands of generative adversarial networks. */
@Command(
        name = "gan",
        description = "Generative adversarial networks: train, generate, evaluate, edit directions.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            GanTrainCommand.class,
            GanGenerateCommand.class,
            GanEvaluateCommand.class,
            GanDirectionsCommand.class
        })
final class GanCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw Main.missingCommand(spec);
    }
}

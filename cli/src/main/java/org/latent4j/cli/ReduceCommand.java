package org.latent4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Groups the commands of dimensional reduction. */
@Command(
        name = "reduce",
        description = "Dimensional reduction: principal components, intrinsic dimension.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {ReducePcaCommand.class, ReduceDimensionCommand.class})
final class ReduceCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw Main.missingCommand(spec);
    }
}

package org.latent4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Groups the commands of ensembles. */
@Command(
        name = "ensemble",
        description = "Ensembles: forests of trees, bagging, the bootstrap.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {EnsembleForestCommand.class, EnsembleBagCommand.class, EnsembleBootstrapCommand.class})
final class EnsembleCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw Main.missingCommand(spec);
    }
}

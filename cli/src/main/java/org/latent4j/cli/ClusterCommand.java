package org.latent4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Groups the commands of clustering. */
@Command(
        name = "cluster",
        description = "Clustering: k-means and its variants, Gaussian mixtures, hierarchies, and both combined.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            ClusterKMeansCommand.class,
            ClusterBisectingCommand.class,
            ClusterMiniBatchCommand.class,
            ClusterGmmCommand.class,
            ClusterHierarchicalCommand.class,
            ClusterHybridCommand.class,
            ClusterAssignCommand.class
        })
final class ClusterCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw Main.missingCommand(spec);
    }
}

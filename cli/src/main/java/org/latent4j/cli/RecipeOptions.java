package org.latent4j.cli;

import static org.latent4j.cli.DataOptions.first;

import org.latent4j.data.SampleShape;
import org.latent4j.gan.Latents;
import org.latent4j.gan.Ramp;
import org.latent4j.gan.Recipe;
import org.latent4j.gan.SlopePenalty;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Preset;
import org.latent4j.gan.network.Updaters;
import picocli.CommandLine.Option;

/** What makes a game stable: presets, penalties and schedules, and the networks that they ask for. */
final class RecipeOptions {

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "A recipe to start from: grid (points of many modes) or mnist (small pictures); other options"
                    + " change it.")
    private String preset;

    @Option(
            names = "--penalty",
            paramLabel = "P",
            description = "On D's slope: none (default), r1, r2, r1+r2, wasserstein, or approximate.")
    private String penalty;

    @Option(
            names = "--gamma",
            paramLabel = "G",
            description = "Weight of the penalty (default 1, wasserstein 10); 10..1 falls over the burn-in.")
    private String gamma;

    @Option(
            names = "--burn-in",
            paramLabel = "N",
            description = "Steps over which everything that changes does so (default: the whole run).")
    private Long burnIn;

    @Option(
            names = "--latent",
            paramLabel = "N",
            description = "Numbers in a latent vector; or their kinds, as in normal:2+bits:8.")
    private String latent;

    @Option(
            names = "--fourier",
            paramLabel = "K",
            description = "Octaves of sines and cosines that mlp's discriminator sees points by (default 0).")
    private Integer fourier;

    @Option(
            names = "--norm",
            paramLabel = "N",
            description = "Batch norm in dcgan: batch (both networks, default), generator, or none.")
    private String norm;

    @Option(
            names = "--discriminator-width",
            paramLabel = "W",
            description = "Width of the discriminator where it is another than --width.")
    private Integer discriminatorWidth;

    private Preset preset() {
        return preset == null ? null : Preset.of(preset);
    }

    /** Where a new run starts from. */
    TrainingOptions training() {
        return preset == null ? TrainingOptions.defaults() : preset().training();
    }

    /** The preset's networks, or null. */
    NetworkOptions networks(SampleShape sample) {
        return preset == null ? null : preset().networks(sample);
    }

    boolean hasNetworkOptions() {
        return preset != null || fourier != null || norm != null || discriminatorWidth != null;
    }

    /** Numbers in a latent vector, if they were given. */
    Integer latentSize() {
        return latent == null ? null : Latents.of(latent).size();
    }

    NetworkOptions over(NetworkOptions base, Integer width, String generatorUpdater, String discriminatorUpdater) {
        return new NetworkOptions(
                base.name(),
                first(width, base.width()),
                first(discriminatorWidth, base.discriminatorWidth()),
                first(latentSize(), base.latent()),
                norm == null ? base.norm() : NetworkOptions.Norm.of(norm),
                first(fourier, base.fourier()),
                first(generatorUpdater, base.generatorUpdater()),
                first(discriminatorUpdater, base.discriminatorUpdater()));
    }

    /** The recipe of a run whose other options are known. */
    TrainingOptions over(TrainingOptions options, NetworkOptions networks) {
        Recipe base = options.recipe();
        SlopePenalty chosen = penalty == null ? base.penalty() : SlopePenalty.of(penalty);
        Ramp weight = gamma != null
                ? Ramp.of(gamma)
                : chosen == SlopePenalty.WASSERSTEIN && base.penalty() != chosen ? Ramp.constant(10) : base.gamma();
        Latents kinds = latent == null ? base.latents() : Latents.of(latent);
        Recipe recipe = base.withPenalty(chosen, weight)
                .withBurnIn(first(burnIn, base.burnIn()))
                .withPaces(Updaters.pace(networks.generatorUpdater()), Updaters.pace(networks.discriminatorUpdater()))
                .withLatents(kinds == null || kinds.areNormal() ? null : kinds);
        // Kept with the run, so that a longer one goes on as it was begun.
        return options.withRecipe(
                recipe.changes() && recipe.burnIn() == 0 ? recipe.withBurnIn(options.steps()) : recipe);
    }
}

package org.latent4j.cli;

import static org.latent4j.cli.DataOptions.first;

import java.util.Objects;
import java.util.stream.Stream;
import org.latent4j.data.DataException;
import org.latent4j.data.Dataset;
import org.latent4j.data.ImageSet;
import org.latent4j.data.SampleShape;
import org.latent4j.data.synthetic.Synthetic;
import org.latent4j.gan.Augmentation;
import org.latent4j.gan.Latents;
import org.latent4j.gan.Ramp;
import org.latent4j.gan.Recipe;
import org.latent4j.gan.SlopePenalty;
import org.latent4j.gan.TrainingOptions;
import org.latent4j.gan.network.NetworkOptions;
import org.latent4j.gan.network.Networks;
import org.latent4j.gan.network.Preset;
import org.latent4j.gan.network.Updaters;
import picocli.CommandLine.Option;

/** What makes a game stable: presets, penalties and schedules, and the networks that they ask for. */
final class RecipeOptions {
    private static final String NO_PRESET = "none";

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "A recipe to start from: grid (points of many modes), mnist (small grey pictures), small (small"
                            + " colour pictures), faces64, or ising (the default for --data ising); other options change it. none: the plain"
                            + " game.")
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

    @Option(names = "--depth", paramLabel = "N", description = "Residual blocks of r3 at each size (default 1).")
    private Integer depth;

    @Option(
            names = "--group",
            paramLabel = "N",
            description =
                    "Channels of a group of r3's 3x3 convolutions, which then are twice as wide as their blocks; 0: of half"
                            + " the width and not in groups (default).")
    private Integer group;

    @Option(
            names = "--conditional",
            description = "Make and judge samples by class: the data's class folders, or IDX labels.")
    private boolean conditional;

    @Option(
            names = "--augment",
            paramLabel = "A",
            description =
                    "Change images at random before D sees them, for small data sets: colour, translation, cutout,"
                            + " and for periodic lattices roll, joined by +; or none (default).")
    private String augment;

    @Option(
            names = "--spectral-norm",
            description =
                    "Keep the largest singular value of each of D's weights at 1; dcgan's D is then without batch norm.")
    private boolean spectralNorm;

    private Preset suiting;

    /** What was asked for, or else what suits the data; null: none. */
    private Preset preset() {
        return preset == null ? suiting : preset.equals(NO_PRESET) ? null : Preset.of(preset);
    }

    /**
     * Takes the preset that suits the data, unless something was said about the game, here or elsewhere.
     *
     * @return what was done, in words; empty if there is nothing to tell
     */
    String suit(Synthetic data, boolean saidElsewhere) {
        suiting = null;
        if (preset != null || !(data instanceof Synthetic.Ising)) {
            return "";
        }
        boolean said = saidElsewhere
                || spectralNorm
                || Stream.of(penalty, norm, augment).anyMatch(Objects::nonNull);
        if (said) {
            return "none, as options say something of the game (--preset ising: its recipe, and what they say)";
        }
        suiting = Preset.ISING;
        return "ising, as the data are spin configurations (--preset none: the plain game)";
    }

    /** Where a new run starts from. */
    TrainingOptions training() {
        return preset() == null ? TrainingOptions.defaults() : preset().training();
    }

    /** The preset's networks, or null. */
    NetworkOptions networks(SampleShape sample) {
        return preset() == null ? null : preset().networks(sample);
    }

    boolean hasNetworkOptions() {
        return preset != null
                || fourier != null
                || norm != null
                || depth != null
                || group != null
                || discriminatorWidth != null;
    }

    /** The user's own graphs; those of a run before say how many numbers their latent vectors have. */
    NetworkOptions own(NetworkOptions before, Dataset data) {
        int classes = conditional || before.classes() > 0 ? classes(data) : 0;
        if (classes > 0 && latent == null && before.latent() == 0) {
            throw new DataException("--conditional: give the numbers of a latent vector beside the " + classes
                    + " that name its class by --latent; your generator takes both");
        }
        int size =
                latent == null ? before.latent() - before.classes() : latents().size();
        return NetworkOptions.own(size + classes).withClasses(classes);
    }

    private Latents latents() {
        Latents kinds = Latents.of(latent);
        if (kinds.classes() > 0) {
            throw new DataException("--latent " + latent + ": the classes come from the data; use --conditional");
        }
        return kinds;
    }

    /** Latents without the class, as asked for; null: as many normals as the networks take. */
    private Latents kinds(Recipe base) {
        return latent != null ? latents() : base.latents();
    }

    private static int classes(Dataset data) {
        int classes = data instanceof ImageSet images ? images.classes().size() : 0;
        if (classes == 0) {
            throw new DataException("--conditional needs images with classes, but " + data.name()
                    + " has none; put the images of each class in a folder of its own, or leave it out");
        }
        return classes;
    }

    /**
     * The networks asked for.
     *
     * @param recipe that they begin from
     */
    NetworkOptions over(
            NetworkOptions base,
            Recipe recipe,
            Dataset data,
            Integer width,
            String generatorUpdater,
            String discriminatorUpdater) {
        int classes = conditional || base.classes() > 0 ? classes(data) : 0;
        Latents kinds = kinds(recipe);
        int size = kinds == null ? base.latent() - base.classes() : kinds.size() - kinds.classes();
        return new NetworkOptions(
                base.name(),
                first(width, base.width()),
                first(discriminatorWidth, base.discriminatorWidth()),
                first(depth, base.depth()),
                first(group, base.group()),
                classes,
                size + classes,
                norm == null ? norm(base) : NetworkOptions.Norm.of(norm),
                first(fourier, base.fourier()),
                first(generatorUpdater, base.generatorUpdater()),
                first(discriminatorUpdater, base.discriminatorUpdater()));
    }

    /** Batch norm would undo a bound on D's slope. */
    private NetworkOptions.Norm norm(NetworkOptions base) {
        boolean both = base.norm() == NetworkOptions.Norm.BATCH;
        return spectralNorm && both && base.name().equals(Networks.DCGAN) ? NetworkOptions.Norm.GENERATOR : base.norm();
    }

    /** The recipe of a run whose other options are known. */
    TrainingOptions over(TrainingOptions options, NetworkOptions networks) {
        Recipe base = options.recipe();
        SlopePenalty chosen = penalty == null ? base.penalty() : SlopePenalty.of(penalty);
        Ramp weight = gamma != null
                ? Ramp.of(gamma)
                : chosen == SlopePenalty.WASSERSTEIN && base.penalty() != chosen ? Ramp.constant(10) : base.gamma();
        Latents kinds = kinds(base);
        if (networks.classes() > 0) {
            kinds = (kinds == null ? Latents.normal(networks.latent() - networks.classes()) : kinds)
                    .withClasses(networks.classes());
        }
        Recipe recipe = base.withPenalty(chosen, weight)
                .withAugmentation(augment == null ? base.augmentation() : Augmentation.of(augment))
                .withSpectralNorm(spectralNorm || base.spectralNorm())
                .withBurnIn(first(burnIn, base.burnIn()))
                .withPaces(Updaters.pace(networks.generatorUpdater()), Updaters.pace(networks.discriminatorUpdater()))
                .withLatents(kinds == null || kinds.areNormal() ? null : kinds);
        // Kept with the run, so that a longer one goes on as it was begun.
        return options.withRecipe(
                recipe.changes() && recipe.burnIn() == 0 ? recipe.withBurnIn(options.steps()) : recipe);
    }
}

package org.latent4j.gan.network;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;

/**
 * Which networks to train.
 *
 * @param name {@code mlp}, {@code dcgan}, {@code r3}, {@code lattice}, or {@code own} for the user's graphs
 * @param width units of the widest hidden layer (mlp) or channels at full size (dcgan, r3, lattice)
 * @param discriminatorWidth likewise of the discriminator; 0: as wide as the generator
 * @param depth residual blocks at each size (r3); 0 elsewhere
 * @param group channels of a group of a block's 3x3 convolution, which then is twice as wide as the block (r3); 0: of half the width, not in groups
 * @param classes of which the discriminator has a logit each; 0: one logit for all samples
 * @param latent numbers in a latent vector, those that name its class included; 0 for {@code own} means as many as the generator's first layer takes
 * @param norm which of dcgan's networks have batch norm; lattice's generator has it unless there is none
 * @param fourier octaves of sines and cosines that an mlp's discriminator sees points by; 0: the coordinates alone
 * @param generatorUpdater DL4J updater as {@link Updaters} writes it; null for {@code own}, where the graph has it
 * @param discriminatorUpdater likewise
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record NetworkOptions(
        String name,
        int width,
        int discriminatorWidth,
        int depth,
        int group,
        int classes,
        int latent,
        Norm norm,
        int fourier,
        String generatorUpdater,
        String discriminatorUpdater) {
    private static final int MOST_OCTAVES = 16;

    /** Where batch norm is. Exact penalties need a discriminator without. */
    public enum Norm {
        BATCH,
        GENERATOR,
        NONE;

        /** The name on the command line and in run directories. */
        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static Norm of(String label) {
            return Suggest.choice(Norm.class, "--norm", label);
        }
    }

    public NetworkOptions {
        norm = norm == null ? Norm.BATCH : norm;
        if (!name.equals(Networks.OWN)) {
            List<String> problems = new ArrayList<>();
            if (width < 1 || discriminatorWidth < 0) {
                problems.add("--width must be at least 1, but is " + (width < 1 ? width : discriminatorWidth));
            }
            if (depth < (name.equals(Networks.R3) ? 1 : 0)) {
                problems.add("--depth must be at least 1, but is " + depth);
            }
            if (group < 0) {
                problems.add("--group must be at least 1 channel, or 0 for no groups, but is " + group);
            }
            if (latent < 1) {
                problems.add("--latent must be at least 1, but is " + latent);
            }
            if (fourier < 0 || fourier > MOST_OCTAVES) {
                problems.add("--fourier must be 0 to " + MOST_OCTAVES + " octaves, but is " + fourier);
            }
            if (!problems.isEmpty()) {
                throw new DataException(String.join("\n", problems));
            }
            Updaters.parse(generatorUpdater);
            Updaters.parse(discriminatorUpdater);
        }
    }

    /** Equal widths, batch norm where a network knows it, coordinates alone. */
    public NetworkOptions(String name, int width, int latent, String generatorUpdater, String discriminatorUpdater) {
        this(
                name,
                width,
                0,
                name.equals(Networks.R3) ? 1 : 0,
                0,
                0,
                latent,
                Norm.BATCH,
                0,
                generatorUpdater,
                discriminatorUpdater);
    }

    /** The user's own graphs. */
    public static NetworkOptions own(int latent) {
        return new NetworkOptions(Networks.OWN, 0, latent, null, null);
    }

    public NetworkOptions withLatent(int value) {
        return new NetworkOptions(
                name,
                width,
                discriminatorWidth,
                depth,
                group,
                classes,
                value,
                norm,
                fourier,
                generatorUpdater,
                discriminatorUpdater);
    }

    /** With so many classes; the latent vector is as it is. */
    public NetworkOptions withClasses(int value) {
        return new NetworkOptions(
                name,
                width,
                discriminatorWidth,
                depth,
                group,
                value,
                latent,
                norm,
                fourier,
                generatorUpdater,
                discriminatorUpdater);
    }

    /** The discriminator's logits for a sample. */
    int logits() {
        return Math.max(1, classes);
    }

    /** The discriminator's own width. */
    int widthOfDiscriminator() {
        return discriminatorWidth == 0 ? width : discriminatorWidth;
    }
}

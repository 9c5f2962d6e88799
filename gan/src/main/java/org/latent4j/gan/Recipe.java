package org.latent4j.gan;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.latent4j.data.DataException;

/**
 * What makes the game stable beyond its losses: penalties, and what changes over the burn-in.
 *
 * @param penalty on the discriminator's slopes
 * @param gamma the penalty's weight
 * @param burnIn steps until everything that changes has arrived at its end; 0: the whole run
 * @param generatorPace of the generator's updater
 * @param discriminatorPace of the discriminator's updater
 * @param latents what latent vectors are made of; null: standard normals
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Recipe(
        SlopePenalty penalty, Ramp gamma, long burnIn, Pace generatorPace, Pace discriminatorPace, Latents latents) {
    public static final Recipe PLAIN =
            new Recipe(SlopePenalty.NONE, Ramp.constant(1), 0, Pace.STEADY, Pace.STEADY, null);

    public Recipe {
        penalty = penalty == null ? SlopePenalty.NONE : penalty;
        gamma = gamma == null ? Ramp.constant(1) : gamma;
        generatorPace = generatorPace == null ? Pace.STEADY : generatorPace;
        discriminatorPace = discriminatorPace == null ? Pace.STEADY : discriminatorPace;
        if (burnIn < 0) {
            throw new DataException("--burn-in must not be negative, but is " + burnIn);
        }
    }

    public Recipe withPenalty(SlopePenalty value, Ramp weight) {
        return new Recipe(value, weight, burnIn, generatorPace, discriminatorPace, latents);
    }

    public Recipe withBurnIn(long steps) {
        return new Recipe(penalty, gamma, steps, generatorPace, discriminatorPace, latents);
    }

    public Recipe withPaces(Pace generator, Pace discriminator) {
        return new Recipe(penalty, gamma, burnIn, generator, discriminator, latents);
    }

    public Recipe withLatents(Latents value) {
        return new Recipe(penalty, gamma, burnIn, generatorPace, discriminatorPace, value);
    }

    /** Whether anything depends on the length of the burn-in. */
    public boolean changes() {
        return gamma.changes()
                || generatorPace.rateFactor().changes()
                || discriminatorPace.rateFactor().changes()
                || generatorPace.beta2() != null
                || discriminatorPace.beta2() != null;
    }

    /** The burn-in of a run of so many steps. */
    public long burnIn(long steps) {
        return burnIn > 0 ? burnIn : steps;
    }
}

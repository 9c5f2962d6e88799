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
 * @param augmentation of what the discriminator sees
 * @param emaFrom the moving average's decay at the beginning; null: that of its end
 * @param spectralNorm whether the discriminator's weights are kept at a largest singular value of 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Recipe(
        SlopePenalty penalty,
        Ramp gamma,
        long burnIn,
        Pace generatorPace,
        Pace discriminatorPace,
        Latents latents,
        Augmentation augmentation,
        Double emaFrom,
        boolean spectralNorm) {
    public static final Recipe PLAIN = new Recipe(
            SlopePenalty.NONE, Ramp.constant(1), 0, Pace.STEADY, Pace.STEADY, null, Augmentation.NONE, null, false);

    public Recipe {
        penalty = penalty == null ? SlopePenalty.NONE : penalty;
        gamma = gamma == null ? Ramp.constant(1) : gamma;
        generatorPace = generatorPace == null ? Pace.STEADY : generatorPace;
        discriminatorPace = discriminatorPace == null ? Pace.STEADY : discriminatorPace;
        augmentation = augmentation == null ? Augmentation.NONE : augmentation;
        if (burnIn < 0) {
            throw new DataException("--burn-in must not be negative, but is " + burnIn);
        }
    }

    public Recipe withPenalty(SlopePenalty value, Ramp weight) {
        return new Recipe(
                value, weight, burnIn, generatorPace, discriminatorPace, latents, augmentation, emaFrom, spectralNorm);
    }

    public Recipe withBurnIn(long steps) {
        return new Recipe(
                penalty, gamma, steps, generatorPace, discriminatorPace, latents, augmentation, emaFrom, spectralNorm);
    }

    public Recipe withPaces(Pace generator, Pace discriminator) {
        return new Recipe(
                penalty, gamma, burnIn, generator, discriminator, latents, augmentation, emaFrom, spectralNorm);
    }

    public Recipe withLatents(Latents value) {
        return new Recipe(
                penalty, gamma, burnIn, generatorPace, discriminatorPace, value, augmentation, emaFrom, spectralNorm);
    }

    public Recipe withAugmentation(Augmentation value) {
        return new Recipe(
                penalty, gamma, burnIn, generatorPace, discriminatorPace, latents, value, emaFrom, spectralNorm);
    }

    public Recipe withSpectralNorm(boolean value) {
        return new Recipe(
                penalty, gamma, burnIn, generatorPace, discriminatorPace, latents, augmentation, emaFrom, value);
    }

    public Recipe withEmaFrom(Double decay) {
        return new Recipe(
                penalty, gamma, burnIn, generatorPace, discriminatorPace, latents, augmentation, decay, spectralNorm);
    }

    /** Whether anything depends on the length of the burn-in. */
    public boolean changes() {
        return gamma.changes()
                || emaFrom != null
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

package org.latent4j.gan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;

/**
 * Penalties on the discriminator's slope |dD/dx|, which keep the game from running away.
 *
 * <p>Sources: Mescheder, Geiger, Nowozin, "Which training methods for GANs do actually converge?", ICML 2018; Huang et al., "The GAN is
 * dead; long live the GAN!", NeurIPS 2024; Gulrajani et al., "Improved training of Wasserstein GANs", NeurIPS 2017.
 */
public enum SlopePenalty {
    NONE("none"),
    /** gamma / 2 |dD/dx|^2 at real samples. */
    R1("r1"),
    /** gamma / 2 |dD/dx|^2 at generated samples. */
    R2("r2"),
    /** Both. */
    R1_R2("r1+r2"),
    /** gamma (|dD/dx| - 1)^2 at random places between a real and a generated sample. */
    WASSERSTEIN("wasserstein"),
    /** R1 and R2 with gradients by finite differences: for discriminators that the exact ones are not for. */
    APPROXIMATE("approximate");

    private final String label;

    SlopePenalty(String label) {
        this.label = label;
    }

    /** The name on the command line and in run directories. */
    @JsonValue
    public String label() {
        return label;
    }

    @JsonCreator
    public static SlopePenalty of(String label) {
        List<String> labels = Arrays.stream(values()).map(SlopePenalty::label).toList();
        int index = labels.indexOf(label.toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw new DataException(Suggest.unknown("value of --penalty", label, labels));
        }
        return values()[index];
    }

    public boolean onReal() {
        return this == R1 || this == R1_R2 || this == APPROXIMATE;
    }

    public boolean onFake() {
        return this == R2 || this == R1_R2 || this == APPROXIMATE;
    }

    /** Whether its gradient is exact, which asks for a discriminator that is piecewise linear. */
    public boolean isExact() {
        return this != NONE && this != APPROXIMATE;
    }
}

package org.latent4j.gan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.latent4j.data.Suggest;

/** In which order the two networks learn in a step. */
public enum UpdateRule {
    /** The lecture's: k updates of the discriminator, then l of the generator against the discriminator that they made. */
    ALTERNATING,

    /** One update of each, both by the gradients of the same minibatch at the same parameters: the passes are shared. */
    SIMULTANEOUS;

    /** The name on the command line and in run directories. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static UpdateRule of(String label) {
        return Suggest.choice(UpdateRule.class, "--update", label);
    }
}

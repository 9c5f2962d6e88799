package org.latent4j.gan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;

/**
 * How images change at random before the discriminator sees them, real and generated ones alike, written {@code colour+translation+cutout}.
 * The discriminator of a small data set can't know its images by heart then; the generator's gradient goes back through each change, so that
 * the changes don't get into its samples.
 *
 * <p>{@link #of} throws {@link DataException} for names that it does not know.
 *
 * <p>Source: Zhao et al., "Differentiable augmentation for data-efficient GAN training", NeurIPS 2020.
 */
public record Augmentation(Set<Kind> kinds) {
    public static final Augmentation NONE = new Augmentation(Set.of());

    /** What changes, in the order in which it does. */
    public enum Kind {
        /** Brightness by up to a quarter of the whole scale, saturation between none and twice, contrast between half and one and a half. */
        COLOUR,
        /** A shift of every other image by any distance, what leaves on one side coming in on the other: for samples without borders, as periodic lattices. */
        ROLL,
        /** A shift by up to an eighth of each side; zeros, which are mid-grey, come in. */
        TRANSLATION,
        /** Zeros in a window of half of each side, somewhere, as far as it is inside. */
        CUTOUT;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Augmentation {
        kinds = kinds.isEmpty() ? Set.of() : EnumSet.copyOf(kinds);
    }

    @JsonCreator
    public static Augmentation of(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        List<String> labels = Arrays.stream(Kind.values()).map(Kind::label).toList();
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (String part : text.split("\\+", -1)) {
            int index = labels.indexOf(part.strip().toLowerCase(Locale.ROOT));
            if (index < 0) {
                throw new DataException("--augment " + text + ": "
                        + Suggest.unknown("augmentation", part.strip(), labels) + "; join several by +");
            }
            kinds.add(Kind.values()[index]);
        }
        return new Augmentation(kinds);
    }

    public boolean has(Kind kind) {
        return kinds.contains(kind);
    }

    @JsonValue
    @Override
    public String toString() {
        return kinds.isEmpty() ? "none" : kinds.stream().map(Kind::label).collect(Collectors.joining("+"));
    }
}

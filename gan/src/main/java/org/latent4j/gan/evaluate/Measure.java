package org.latent4j.gan.evaluate;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;

/** What can be measured of generated samples, by the names of the command line. */
public enum Measure {
    /** {@link Manifolds}. */
    PRDC("prdc"),
    /** {@link KernelDistance}. */
    KID("kid"),
    /** {@link FrechetDistance}. */
    FRECHET("frechet"),
    /** {@link SlicedWasserstein}. */
    WASSERSTEIN("wasserstein"),
    /** {@link ClassBalance}: needs a feature space that is a classifier. */
    CLASSES("classes"),
    /** {@link TwoSampleTest}. */
    TWO_SAMPLE("two-sample"),
    /** {@link NearestImages}: of images other than Ising configurations. */
    NEAREST("nearest"),
    /** {@link MixtureEvaluation}: of Gaussian mixtures. */
    MODES("modes"),
    /** {@link IsingEvaluation}: of Ising configurations. */
    ISING("ising");

    private final String label;

    Measure(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }

    /** Names separated by commas, or {@code all}; throws {@link DataException} for an unknown one. */
    public static Set<Measure> parse(String names) {
        if (names.equals("all")) {
            return EnumSet.allOf(Measure.class);
        }
        Set<Measure> chosen = EnumSet.noneOf(Measure.class);
        for (String name : names.split(",")) {
            chosen.add(Arrays.stream(values())
                    .filter(measure -> measure.label.equals(name.trim()))
                    .findFirst()
                    .orElseThrow(() -> new DataException("--metrics: "
                            + Suggest.unknown(
                                    "metric",
                                    name.trim(),
                                    Arrays.stream(values()).map(Measure::label).toList()))));
        }
        return chosen;
    }
}

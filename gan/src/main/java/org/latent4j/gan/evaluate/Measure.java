package org.latent4j.gan.evaluate;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.latent4j.data.DataException;
import org.latent4j.data.Suggest;

/** What can be measured of generated samples, by the names of the command line. */
public enum Measure {
    /** {@link Manifolds}. */
    PRDC("prdc", "precision", "recall", "density", "coverage"),
    /** {@link KernelDistance}. */
    KID("kid", "kid"),
    /** {@link FrechetDistance}. */
    FRECHET("frechet", "frechet"),
    /** {@link SlicedWasserstein}. */
    WASSERSTEIN("wasserstein", "wasserstein"),
    /** {@link ClassBalance}: needs a feature space that is a classifier. */
    CLASSES("classes", "classes", "classKl", "recognised"),
    /** {@link TwoSampleTest}. */
    TWO_SAMPLE("two-sample", "twoSample"),
    /** {@link NearestImages}: of images other than Ising configurations. */
    NEAREST("nearest", "nearest", "copies"),
    /** {@link MixtureEvaluation}: of Gaussian mixtures. */
    MODES("modes", "modes", "highQuality", "modeKl", "spread"),
    /** {@link IsingEvaluation}: of Ising configurations. */
    ISING(
            "ising",
            "absMagnetisation",
            "energy",
            "specificHeat",
            "susceptibility",
            "correlation1",
            "siteMagnetisation",
            "bondSpread",
            "magnetisationJs",
            "energyJs");

    private final String label;
    private final List<String> figures;

    Measure(String label, String... figures) {
        this.label = label;
        this.figures = List.of(figures);
    }

    public String label() {
        return label;
    }

    /** The keys of the figures ({@link Figure#key}) that it gives for all data that it applies to. */
    public List<String> figures() {
        return figures;
    }

    /** The one that gives a figure; throws {@link DataException} for an unknown key. */
    public static Measure giving(String figure) {
        return Arrays.stream(values())
                .filter(measure -> measure.figures.contains(figure))
                .findFirst()
                .orElseThrow(() -> new DataException("--keep-best: "
                        + Suggest.unknown(
                                "figure",
                                figure,
                                Arrays.stream(values())
                                        .flatMap(measure -> measure.figures.stream())
                                        .toList())));
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

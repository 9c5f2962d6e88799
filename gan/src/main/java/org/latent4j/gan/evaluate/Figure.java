package org.latent4j.gan.evaluate;

import java.util.Map;

/**
 * One number of an evaluation, for tables and curves.
 *
 * @param key name in files, as in {@code frechet}
 * @param title name for a person
 * @param value of the generated samples
 * @param floor what a perfect generator would score; NaN where none is known
 * @param remark what else to know, as an interval; may be empty
 */
public record Figure(String key, String title, double value, double floor, String remark) {
    private static final Map<String, String> TITLES = Map.ofEntries(
            Map.entry("precision", "precision"),
            Map.entry("recall", "recall"),
            Map.entry("density", "density"),
            Map.entry("coverage", "coverage"),
            Map.entry("kid", "kernel distance (KID)"),
            Map.entry("frechet", "Frechet distance"),
            Map.entry("wasserstein", "sliced Wasserstein distance"),
            Map.entry("twoSample", "two-sample test, accuracy"),
            Map.entry("classes", "classes covered"),
            Map.entry("classKl", "reverse KL of the classes"),
            Map.entry("recognised", "recognised with p >= 0.9"),
            Map.entry("nearest", "nearest training image, RMS"),
            Map.entry("copies", "samples nearer than 99 % of real"),
            Map.entry("modes", "modes"),
            Map.entry("highQuality", "high quality (3 sigma)"),
            Map.entry("modeKl", "reverse KL of the modes"),
            Map.entry("spread", "spread within modes"),
            Map.entry("absMagnetisation", "|m|"),
            Map.entry("energy", "energy per spin"),
            Map.entry("specificHeat", "specific heat"),
            Map.entry("susceptibility", "susceptibility"),
            Map.entry("siteMagnetisation", "RMS magnetisation of a site"),
            Map.entry("bondSpread", "spread of energy over bonds"),
            Map.entry("magnetisationJs", "JS divergence of m"),
            Map.entry("energyJs", "JS divergence of E"));

    private static final String CORRELATION = "correlation";

    Figure(String key, double value, double floor, String remark) {
        this(key, title(key), value, floor, remark);
    }

    /** The name for a person of a figure's key; the key itself if it is unknown. */
    public static String title(String key) {
        return key.startsWith(CORRELATION)
                ? "correlation G(" + key.substring(CORRELATION.length()) + ")"
                : TITLES.getOrDefault(key, key);
    }
}

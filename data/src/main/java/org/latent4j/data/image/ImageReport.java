package org.latent4j.data.image;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.latent4j.data.image.ImageOptions.Size;

/**
 * What was found in a source of images, and what became of it.
 *
 * <p>{@code found} files or array entries were taken for images, of which {@code decoded} are in the store and {@code skipped} are not,
 * with the reasons; {@code ignored} files are plainly none (by name). Sizes are those of the source, before cropping and resizing;
 * {@code kinds} counts images by channel kind (GREY, GREY_ALPHA, RGB, RGB_ALPHA, PALETTE). {@code sizing} says how the size was chosen.
 * {@code seconds} is the time that opening took; {@code reused} says that an earlier store was taken.
 */
public record ImageReport(
        int found,
        int decoded,
        List<Skipped> skipped,
        int ignored,
        int distinctSizes,
        Size smallest,
        Size largest,
        Map<String, Integer> kinds,
        String sizing,
        boolean reused,
        double seconds) {

    /** A file that could not be used, and why. */
    public record Skipped(String name, String reason) {
        @Override
        public String toString() {
            return name + ": " + reason;
        }
    }

    public ImageReport {
        skipped = List.copyOf(skipped);
        kinds = Collections.unmodifiableMap(new TreeMap<>(kinds));
    }

    ImageReport asReused(double newSeconds) {
        return new ImageReport(
                found, decoded, skipped, ignored, distinctSizes, smallest, largest, kinds, sizing, true, newSeconds);
    }

    /** The first bad files with their reasons, and how many more there are. */
    public static String list(List<Skipped> skipped, int most) {
        StringBuilder text = new StringBuilder();
        for (Skipped file : skipped.subList(0, Math.min(most, skipped.size()))) {
            text.append(text.isEmpty() ? "" : "; ").append(file);
        }
        return skipped.size() <= most ? text.toString() : text + "; and " + (skipped.size() - most) + " more";
    }
}

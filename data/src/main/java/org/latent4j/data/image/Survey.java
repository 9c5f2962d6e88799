package org.latent4j.data.image;

import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.latent4j.data.SampleShape;
import org.latent4j.data.image.ImageHeader.Kind;
import org.latent4j.data.image.ImageOptions.Size;
import org.latent4j.data.image.ImageReport.Skipped;

/** Sizes, channel kinds and bad files seen so far, and the shape that follows where the options leave it open. */
final class Survey {
    private static final int LARGEST_KEPT_SIDE = 256;
    private static final int LARGEST_CHOSEN_SIDE = 64;

    private final Map<Size, Integer> sizes = new TreeMap<>(
            Comparator.comparingLong((Size s) -> (long) s.width() * s.height()).thenComparingInt(Size::width));
    private final Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    private final List<Skipped> bad = new ArrayList<>();

    void add(ImageHeader header) {
        sizes.merge(new Size(header.width(), header.height()), 1, Integer::sum);
        kinds.merge(header.kind(), 1, Integer::sum);
    }

    void addBad(String name, Exception e) {
        // The message of a file system's exception is the path, which the name tells already.
        boolean says = e.getMessage() != null && !(e instanceof FileSystemException);
        bad.add(new Skipped(
                name, says ? e.getMessage() : "can't be read: " + e.getClass().getSimpleName()));
    }

    void addAll(Survey other) {
        other.sizes.forEach((size, count) -> sizes.merge(size, count, Integer::sum));
        other.kinds.forEach((kind, count) -> kinds.merge(kind, count, Integer::sum));
        bad.addAll(other.bad);
    }

    int good() {
        return kinds.values().stream().mapToInt(Integer::intValue).sum();
    }

    List<Skipped> bad() {
        return bad;
    }

    /** The shape of the decoded images. */
    SampleShape.Image shape(ImageOptions options) {
        int channels = options.channels().orElse(kinds.keySet().stream().anyMatch(Kind::hasColour) ? 3 : 1);
        Size size = options.size().orElseGet(this::chosenSize);
        return new SampleShape.Image(channels, size.height(), size.width());
    }

    String sizing(ImageOptions options) {
        if (options.size().isPresent()) {
            return options.size().get() + " as asked for";
        }
        Size size = chosenSize();
        return isKept()
                ? size + ", the size of all images"
                : size + (sizes.size() > 1 ? ", as the sizes are mixed" : ", as the images are large")
                        + ": the smaller of " + LARGEST_CHOSEN_SIDE + " and the median short side " + medianShortSide()
                        + ", rounded down to a multiple of 4";
    }

    private boolean isKept() {
        Size first = sizes.keySet().iterator().next();
        return sizes.size() == 1 && Math.max(first.width(), first.height()) <= LARGEST_KEPT_SIDE;
    }

    private Size chosenSize() {
        if (isKept()) {
            return sizes.keySet().iterator().next();
        }
        int side = Math.max(4, Math.min(LARGEST_CHOSEN_SIDE, medianShortSide()) / 4 * 4);
        return new Size(side, side);
    }

    /** The lower median. */
    private int medianShortSide() {
        TreeMap<Integer, Integer> sides = new TreeMap<>();
        sizes.forEach((size, count) -> sides.merge(Math.min(size.width(), size.height()), count, Integer::sum));
        int before = (good() - 1) / 2;
        for (Map.Entry<Integer, Integer> side : sides.entrySet()) {
            before -= side.getValue();
            if (before < 0) {
                return side.getKey();
            }
        }
        throw new IllegalStateException("no images");
    }

    ImageReport report(ImageSource source, String sizing, double seconds) {
        List<Size> ordered = List.copyOf(sizes.keySet());
        return new ImageReport(
                source.count(),
                good(),
                bad,
                source.ignored(),
                ordered.size(),
                ordered.get(0),
                ordered.get(ordered.size() - 1),
                kinds.entrySet().stream()
                        .collect(Collectors.toMap(e -> e.getKey().name(), Map.Entry::getValue)),
                sizing,
                false,
                seconds);
    }
}

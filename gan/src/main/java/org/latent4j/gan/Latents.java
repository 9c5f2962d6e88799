package org.latent4j.gan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.latent4j.compute.Philox;
import org.latent4j.data.DataException;

/**
 * What the numbers of a latent vector are, written {@code normal:2+bits:8}: standard normals, and bits of -1 or 1 with equal chances, which
 * let a generator reach modes that lie apart. A number alone, {@code 64}, means normals. {@code classes:10} says which of 10 classes a
 * sample is to be of: the square root of 10 in the place of its class, which gives these numbers a mean square of 1, and 0 elsewhere.
 *
 * <p>{@link #of} throws {@link DataException} for anything else.
 */
public record Latents(List<Part> parts) {

    private static final List<String> KINDS = List.of("normal", "bits", "classes");

    /** Kinds of numbers. */
    public enum Kind {
        NORMAL,
        BITS,
        CLASSES
    }

    /** {@code count} numbers of one kind. */
    public record Part(Kind kind, int count) {}

    public Latents {
        parts = List.copyOf(parts);
        if (parts.stream().filter(part -> part.kind() == Kind.CLASSES).count() > 1) {
            throw new DataException("a latent vector names one class, but here are several lists of them: " + parts);
        }
    }

    public static Latents normal(int count) {
        return new Latents(List.of(new Part(Kind.NORMAL, count)));
    }

    @JsonCreator
    public static Latents of(String text) {
        List<Part> parts = new ArrayList<>();
        for (String part : text.split("\\+", -1)) {
            String[] sides = part.strip().split(":", 2);
            String kind = sides.length == 2 ? sides[0].strip() : "normal";
            int count;
            try {
                count = Integer.parseInt(sides[sides.length - 1].strip());
            } catch (NumberFormatException e) {
                count = 0;
            }
            if (count < 1 || KINDS.stream().noneMatch(kind::equals)) {
                throw new DataException(
                        "--latent must be a number of normals, as in 64, or kinds with their numbers, as in"
                                + " normal:2+bits:8, but is '" + text + "'");
            }
            parts.add(new Part(Kind.valueOf(kind.toUpperCase(Locale.ROOT)), count));
        }
        return new Latents(parts);
    }

    /** Numbers in a latent vector. */
    public int size() {
        return parts.stream().mapToInt(Part::count).sum();
    }

    /** Number of classes, 0 if vectors name none. */
    public int classes() {
        return parts.stream()
                .filter(part -> part.kind() == Kind.CLASSES)
                .mapToInt(Part::count)
                .sum();
    }

    /** The same, naming one of so many classes besides. */
    public Latents withClasses(int count) {
        List<Part> more = new ArrayList<>(parts);
        more.removeIf(part -> part.kind() == Kind.CLASSES);
        more.add(new Part(Kind.CLASSES, count));
        return new Latents(more);
    }

    public boolean areNormal() {
        return parts.stream().allMatch(part -> part.kind() == Kind.NORMAL);
    }

    /** Draws latent vectors (n, size): what {@link #shape} makes of {@link Philox#fillNormal}, but faster. */
    public void draw(Philox random, float[] out) {
        if (areNormal() || parts.stream().anyMatch(part -> part.count() % 2 == 1)) { // normals come in pairs
            random.fillNormal(out, 0, out.length);
            shape(out);
            return;
        }
        for (int at = 0; at < out.length; ) {
            for (Part part : parts) {
                if (part.kind() == Kind.BITS) {
                    random.fillSigns(out, at, part.count());
                } else {
                    random.fillNormal(out, at, part.count());
                    nameLargest(part, out, at);
                }
                at += part.count();
            }
        }
    }

    /** Turns standard normals (n, size) into latent vectors, in place; all classes have equal chances. */
    public void shape(float[] normals) {
        if (areNormal()) {
            return;
        }
        for (int at = 0; at < normals.length; ) {
            for (Part part : parts) {
                if (part.kind() == Kind.BITS) {
                    for (int i = at; i < at + part.count(); i++) {
                        // Without a branch, which no processor could foresee; adding 0 makes a 0 of -0.
                        normals[i] = 1 - 2 * (Float.floatToRawIntBits(normals[i] + 0f) >>> 31);
                    }
                } else {
                    nameLargest(part, normals, at);
                }
                at += part.count();
            }
        }
    }

    /** Where a part names a class: that of its largest normal. */
    private static void nameLargest(Part part, float[] normals, int at) {
        if (part.kind() == Kind.CLASSES) {
            int largest = at;
            for (int i = at + 1; i < at + part.count(); i++) {
                largest = normals[i] > normals[largest] ? i : largest;
            }
            name(normals, at, part.count(), largest - at);
        }
    }

    /** Writes classes into latent vectors (n, size), in place: {@code labels[i % labels.length]} into vector i. */
    public void label(float[] vectors, int[] labels) {
        int size = size();
        int from = 0;
        for (Part part : parts) {
            if (part.kind() == Kind.CLASSES) {
                for (int i = 0; i < vectors.length / size; i++) {
                    name(vectors, i * size + from, part.count(), labels[i % labels.length]);
                }
            }
            from += part.count();
        }
    }

    /** The classes that latent vectors (n, size) name; none if they name none. */
    public int[] labels(float[] vectors) {
        int classes = classes();
        int size = size();
        int[] labels = new int[classes == 0 ? 0 : vectors.length / size];
        int from = 0;
        for (Part part : parts) {
            for (int i = 0; i < labels.length && part.kind() == Kind.CLASSES; i++) {
                while (vectors[i * size + from + labels[i]] == 0) {
                    labels[i]++;
                }
            }
            from += part.count();
        }
        return labels;
    }

    private static void name(float[] vectors, int at, int classes, int label) {
        Arrays.fill(vectors, at, at + classes, 0);
        vectors[at + label] = (float) Math.sqrt(classes);
    }

    @JsonValue
    @Override
    public String toString() {
        return parts.stream()
                .map(part -> part.kind().name().toLowerCase(Locale.ROOT) + ":" + part.count())
                .collect(Collectors.joining("+"));
    }
}

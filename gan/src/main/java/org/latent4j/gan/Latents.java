package org.latent4j.gan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.latent4j.data.DataException;

/**
 * What the numbers of a latent vector are, written {@code normal:2+bits:8}: standard normals, and bits of -1 or 1 with equal chances, which
 * let a generator reach modes that lie apart. A number alone, {@code 64}, means normals.
 *
 * <p>{@link #of} throws {@link DataException} for anything else.
 */
public record Latents(List<Part> parts) {

    /** Kinds of numbers. */
    public enum Kind {
        NORMAL,
        BITS
    }

    /** {@code count} numbers of one kind. */
    public record Part(Kind kind, int count) {}

    public Latents {
        parts = List.copyOf(parts);
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
            if (count < 1 || !kind.equals("normal") && !kind.equals("bits")) {
                throw new DataException(
                        "--latent must be a number of normals, as in 64, or kinds with their numbers, as in"
                                + " normal:2+bits:8, but is '" + text + "'");
            }
            parts.add(new Part(kind.equals("bits") ? Kind.BITS : Kind.NORMAL, count));
        }
        return new Latents(parts);
    }

    /** Numbers in a latent vector. */
    public int size() {
        return parts.stream().mapToInt(Part::count).sum();
    }

    public boolean areNormal() {
        return parts.stream().allMatch(part -> part.kind() == Kind.NORMAL);
    }

    /** Turns standard normals (n, size) into latent vectors, in place. */
    public void shape(float[] normals) {
        if (areNormal()) {
            return;
        }
        for (int at = 0; at < normals.length; ) {
            for (Part part : parts) {
                if (part.kind() == Kind.BITS) {
                    for (int i = at; i < at + part.count(); i++) {
                        normals[i] = normals[i] < 0 ? -1 : 1;
                    }
                }
                at += part.count();
            }
        }
    }

    @JsonValue
    @Override
    public String toString() {
        return parts.stream()
                .map(part -> part.kind().name().toLowerCase(java.util.Locale.ROOT) + ":" + part.count())
                .collect(Collectors.joining("+"));
    }
}

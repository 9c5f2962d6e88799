package org.latent4j.data;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds what a person probably meant to type.
 *
 * <p>Case is ignored. Nearest is by the number of letters inserted, left out, replaced or swapped with their neighbour; of equally near
 * names the first is taken. Throws {@link IllegalArgumentException} when there is nothing to choose from.
 *
 * <p>Source: Damerau, Commun. ACM 7 (1964) 171, in the restricted form (no letter is moved twice).
 */
public final class Suggest {
    private Suggest() {}

    public static String nearest(String given, Collection<String> valid) {
        return valid.stream()
                .min(Comparator.comparingInt(
                        name -> distance(given.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))))
                .orElseThrow(() -> new IllegalArgumentException("nothing to suggest for " + given));
    }

    /** A sentence for a message: {@code there is no key "sgima"; did you mean "sigma"? (valid: side, spacing, sigma)}. */
    public static String unknown(String kind, String given, Collection<String> valid) {
        return "there is no " + kind + " \"" + given + "\"; did you mean \"" + nearest(given, valid) + "\"? (valid: "
                + String.join(", ", valid) + ")";
    }

    /** The word that was most likely meant, if at most every third letter, and always one, has to change. */
    public static Optional<String> likely(String given, Collection<String> valid) {
        return valid.isEmpty()
                ? Optional.empty()
                : Optional.of(nearest(given, valid))
                        .filter(name -> distance(given.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))
                                <= Math.max(1, given.length() / 3));
    }

    /** The constant that a text names, in any case, with {@code -} for {@code _}. */
    public static <E extends Enum<E>> E choice(Class<E> type, String option, String given) {
        List<String> names = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
        int index = names.indexOf(given.toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw new DataException(unknown("value of " + option, given, names));
        }
        return type.getEnumConstants()[index];
    }

    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}

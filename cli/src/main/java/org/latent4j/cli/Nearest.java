package org.latent4j.cli;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The word that a person most likely meant: the one with the smallest edit distance, where at most every third letter, and always one, has
 * to change. Case doesn't count.
 *
 * <p>Source: Levenshtein, "Binary codes capable of correcting deletions, insertions and reversals", 1966; a swap of neighbours counts as
 * one change (Damerau, 1964).
 */
final class Nearest {
    private Nearest() {}

    static Optional<String> to(String word, Iterable<String> candidates) {
        int most = Math.max(1, word.length() / 3);
        return StreamSupport.stream(candidates.spliterator(), false)
                .filter(candidate -> distance(word, candidate) <= most)
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
    }

    static int distance(String first, String second) {
        String a = first.toLowerCase(Locale.ROOT);
        String b = second.toLowerCase(Locale.ROOT);
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
